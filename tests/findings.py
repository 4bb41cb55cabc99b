"""What the tests of the compiler's findings have in common: forms of data, ways to provoke, and ways to click."""

import itertools
from typing import Any

import msgspec

from core.catalogue.kind import Builder, Category, LossKind, NodeKind, Port, ShapeError, Shapes, Task, Value, Values
from core.compiler.compile import Compilation
from core.compiler.data_spec import DataSpec
from core.compiler.diagnostics import Diagnostic
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.ops.activations import Step
from core.ops.linear import Linear
from core.ops.losses import MeanSquaredError
from core.ops.op import LossOp, Shape

ROW = DataSpec({"x": (2,)}, {"loss": (1,)}, task=Task.REGRESSION, dataset_title="Line")
BINARY = DataSpec({"x": (2,)}, {"loss": (1,)}, task=Task.BINARY, dataset_title="Circle")
CLASSES = DataSpec({"x": (4,)}, {"loss": (3,)}, task=Task.CLASSES, dataset_title="Iris")
PICTURES = DataSpec({"x": (8, 8, 1)}, {"loss": (10,)}, task=Task.CLASSES, dataset_title="Digits")


def chain(*nodes: Node) -> Diagram:
    """Nodes wired one after the other, and placed so."""
    placed = [msgspec.structs.replace(each, position=(index * 200.0, 0.0)) for index, each in enumerate(nodes)]
    keys = [each.id for each in nodes]
    return Diagram.build(placed, itertools.pairwise(keys))


def only(compilation: Compilation, code: str) -> Diagnostic:
    """The one finding with this code."""
    found = [item for item in compilation.diagnostics if item.code == code]
    assert len(found) == 1, [(item.code, item.message) for item in compilation.diagnostics]
    return found[0]


def codes(compilation: Compilation) -> list[str]:
    return [item.code for item in compilation.diagnostics]


def clicked(diagram: Diagram, finding: Diagnostic, title: str) -> Diagram:
    """The diagram after the fix whose button has this text."""
    fixes = {fix.title: fix for fix in finding.fixes}
    assert title in fixes, list(fixes)
    after = diagram.apply(fixes[title].change)
    assert after.apply(fixes[title].change.inverse()) == diagram
    return after


class Gate(NodeKind):
    """A kind with two ports, one of which can be too strict."""

    key = "gate"
    title = "Gate"
    category = Category.JOINING
    help = "Only for these tests. It passes its input on."
    formula = "y = x"
    glyph = "M3 3 H21"
    inputs = (Port("input", "Input"), Port("opening", "Opening"))

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        strict: bool = False

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        if settings.strict:
            raise ShapeError(
                "Gate is too strict for this.", code="too-strict", settings={"Be lenient": {"strict": False}}
            )
        return {"output": shapes["input"][0]}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": values["input"][0]}


class Pause(Gate):
    """A kind that mends loops."""

    key = "pause"
    title = "Pause"
    inputs = (Port("input", "Input"),)
    remedies = frozenset({"loop"})


class PlainLoss(LossKind):
    """A loss that says nothing of what it suits."""

    key = "plain_loss"
    title = "Plain loss"
    category = Category.LOSS
    help = "Only for these tests. It squares."
    formula = "y = x^2"
    glyph = "M3 3 H21"
    inputs = (Port("input", "Prediction"),)

    def loss(self, settings: Any, values: Values, builder: Builder) -> tuple[LossOp, tuple[Value, ...]]:
        return MeanSquaredError(), values["input"]


class Weigher(Gate):
    """A weighted sum and a step after it, if wanted, whose activation cannot be chosen."""

    key = "weigher"
    title = "Weigher"
    inputs = (Port("input", "Input"),)

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        step: bool = False

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": (1,)}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        total = builder.apply(Linear(1), value, blocks=(Linear(1).block(value.shape[0], "normal"),))
        return {"output": builder.apply(Step(), total) if settings.step else total}


class Sorter(Gate):
    """A kind with two outputs that claims to mend pictures, and cannot: there is no telling what would go where."""

    key = "sorter"
    title = "Sorter"
    outputs = (Port("output", "Left"), Port("right", "Right"))
    remedies = frozenset({"needs-row"})

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return dict.fromkeys(("output", "right"), shapes["input"][0])

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return dict.fromkeys(("output", "right"), values["input"][0])
