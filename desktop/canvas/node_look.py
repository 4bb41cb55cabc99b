"""What a node's picture says, gathered into one frozen value: from its record, its kind, and what the compiler found.

A picture is painted anew only when this value, the node's live values or the theme differ from what was painted last.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from core.catalogue import hyperparameters, registry
from core.catalogue.kind import Category, Form, LossKind, NodeKind, SourceKind
from core.compiler.diagnostics import Diagnostic, Severity
from core.diagram.records import Node
from core.errors import HyperparameterError
from core.ops.activations import Softmax
from core.ops.op import Op, Shape
from desktop.canvas.figures import shape_text
from desktop.forms.numbers import count_text

if TYPE_CHECKING:
    from core.compiler.compile import Compilation

SEGMENTS = "segments"
"""What a dataset says whose samples are digits of a calculator."""
ANSWER = 1.3
"""How much larger than other neurons a neuron is drawn whose output is the network's answer."""


class Body(Enum):
    """What the middle of a node shows."""

    RESPONSE = auto()
    STRIP = auto()
    SEQUENCE = auto()
    IMAGE = auto()
    SEGMENTS = auto()
    MAPS = auto()
    BARS = auto()
    CURVE = auto()
    FIGURE = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class NodeLook:
    """Everything of a node's picture but its live values. ``kind`` is None for a kind that this version does not know."""

    title: str
    headline: str = ""
    kind: NodeKind | None = None
    category: Category = Category.NEURONS
    form: Form = Form.CARD
    body: Body = Body.UNKNOWN
    shape: Shape | None = None
    parameters: int = 0
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    curve: Op | None = None
    answer: bool = False
    severity: Severity | None = None
    messages: tuple[str, ...] = ()

    @property
    def size_text(self) -> str:
        """The size of the output in words, or "" while it is not known."""
        if self.shape is None:
            return ""
        if len(self.shape) == 1:
            return count_text(self.shape[0], "value")
        if len(self.shape) == 2:
            return f"{count_text(self.shape[0], 'step')} of {self.shape[1]:,}"
        return shape_text(self.shape)

    @property
    def parameter_text(self) -> str:
        """How many numbers the node trains, or "" where it trains none."""
        return count_text(self.parameters, "parameter") if self.parameters else ""


def plain_look(node: Node) -> NodeLook:
    """The look of a node before the compiler has seen it."""
    kind = registry.find_kind(node.kind)
    if kind is None:
        return NodeLook(title=node.title or node.id, headline=node.kind, category=Category.JOINING)
    headline, fallback = _headline(kind, node)
    circle = kind.form is not Form.CARD
    return NodeLook(
        title=node.title or (fallback or node.id if circle else kind.title),
        headline=headline,
        kind=kind,
        category=kind.category,
        form=kind.form,
        body=_body(kind, None, None),
        inputs=tuple(port.name for port in kind.inputs),
        outputs=tuple(port.name for port in kind.outputs),
    )


class Findings:
    """What one compilation says of each node, sorted by node once, so that asking for a node costs nothing."""

    def __init__(self, compilation: "Compilation", class_names: tuple[str, ...] = (), drawing: str = "") -> None:
        self.compilation = compilation
        self.class_names = class_names
        self._drawing = drawing
        self.diagnostics: dict[str, list[Diagnostic]] = {}
        for item in (*compilation.errors, *compilation.warnings):
            for node in item.nodes:
                self.diagnostics.setdefault(node, []).append(item)
        plan = compilation.plan
        self.answers = frozenset(plan.predictions) if plan is not None else frozenset()
        self.ops: dict[str, Op] = plan.node_ops if plan is not None else {}

    def look(self, node: Node) -> NodeLook:
        """The look of a node as the compiler sees it."""
        look = plain_look(node)
        found = self.diagnostics.get(node.id, [])
        severity = found[0].severity if found else None
        messages = tuple(item.message for item in found)
        if look.kind is None:
            return _replaced(look, severity=severity, messages=messages)
        shape = self.compilation.shapes.get((node.id, look.outputs[0])) if look.outputs else None
        op = self.ops.get(node.id)
        body = _body(look.kind, shape, op)
        if self._drawing == SEGMENTS and shape == (7,) and _takes_all_columns(look.kind, node):
            body = Body.SEGMENTS
        is_card = look.form is Form.SQUARE and body is not Body.RESPONSE
        return _replaced(
            look,
            title=node.title or look.kind.title if is_card else look.title,
            shape=shape,
            form=Form.CARD if is_card else look.form,
            body=body,
            parameters=self.compilation.node_parameters.get(node.id, 0),
            class_names=self.class_names if shape == (len(self.class_names),) else (),
            curve=op,
            answer=node.id in self.answers and look.form is Form.CIRCLE,
            severity=severity,
            messages=messages,
        )


def _replaced(look: NodeLook, **changes: object) -> NodeLook:
    values = {name: getattr(look, name) for name in NodeLook.__slots__}
    return NodeLook(**{**values, **changes})


def _headline(kind: NodeKind, node: Node) -> tuple[str, str]:
    """The headline of a node, and for a source the names of the columns that it takes."""
    try:
        settings = hyperparameters.parse(kind, node.hyperparameters)
    except HyperparameterError:
        return "", ""
    columns = ", ".join(str(name) for name in kind.columns(settings)) if isinstance(kind, SourceKind) else ""
    return kind.headline(settings), columns


def _takes_all_columns(kind: NodeKind, node: Node) -> bool:
    return isinstance(kind, SourceKind) and not _headline(kind, node)[1]


def _body(kind: NodeKind, shape: Shape | None, op: Op | None) -> Body:
    if isinstance(kind, LossKind):
        return Body.FIGURE
    if kind.form is Form.CIRCLE or (kind.form is Form.SQUARE and shape in (None, (1,))):
        return Body.RESPONSE
    if shape is not None and len(shape) == 3:
        return Body.IMAGE if shape[2] in (1, 3) else Body.MAPS
    if shape is not None and len(shape) == 2:
        return Body.SEQUENCE
    if isinstance(op, Softmax):
        return Body.BARS
    return Body.CURVE if kind.category is Category.ACTIVATIONS else Body.STRIP
