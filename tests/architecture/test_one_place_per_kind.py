"""Adding a kind of node touches one place: here a kind is declared in this file, and the whole program knows it.

The kind squares its input. That makes it easy to prove that it really takes part: a network of one such node and one unit
can tell the inside of a circle from the outside, which without it is impossible.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.catalogue import registry
from core.catalogue.hyperparameters import fields
from core.catalogue.kind import Builder, Category, NodeKind, Shapes, Value, Values
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec, data_spec_for
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, OptimizerChoice, TrainingSettings
from core.model.model import Model
from core.ops.op import Array, Binding, Bound, Op, Shape
from core.storage.project import Project, load_project
from desktop.actions import ActionTable
from desktop.canvas.view import CanvasView
from desktop.document_bridge import DocumentBridge
from desktop.inspector.panel import InspectorPanel
from desktop.kinds.drag import kind_mime
from desktop.palette.panel import PalettePanel
from desktop.problems.panel import ProblemsPanel
from desktop.selection import Selection
from desktop.training.bar import TrainingBar
from desktop.training.controller import TrainingController
from tests.drags import drop_on
from tests.gradients import SMOOTH, model_errors, op_errors

# --------------------------------------------------------------------- the one place


@dataclass(frozen=True)
class Square(Op):
    """``y = gain x^2``, ``dy/dx = 2 gain x``."""

    gain: float = 1.0

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def bind(self, arrays: Binding) -> Bound:
        (x,), y = arrays.inputs, arrays.output
        forward = (partial(np.multiply, x, x, y), partial(np.multiply, y, arrays.constant(self.gain), y))
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward)
        above, below = path
        twice = arrays.constant(2 * self.gain)
        return Bound(forward, (partial(np.multiply, x, twice, below), partial(np.multiply, below, above, below)))


class SquareKind(NodeKind):
    """Every value times itself."""

    key = "square"
    title = "Square"
    category = Category.ACTIVATIONS
    synonyms = ("home-made bowl", "product with itself", "gain squared")
    help = "Multiplies every value by itself. Both signs give the same answer, so it finds distances."
    formula = r"f(x) = g x^{2}"
    glyph = "M4 4 Q 12 36 20 4"

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        gain: Annotated[float, msgspec.Meta(ge=0.5, le=4, title="Gain", description="How steep the parabola is.")] = 1.0

    def headline(self, settings: Any) -> str:
        return f"times {settings.gain:g}"

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": shapes["input"][0]}

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        return {"output": builder.apply(Square(settings.gain), *values["input"])}


# --------------------------------------------------------------------- the whole program


class Desk:
    """All the panels that a kind can appear in, around one document."""

    def __init__(self) -> None:
        self.bridge, self.selection, self.actions = DocumentBridge(), Selection(), ActionTable()
        self.controller = TrainingController(self.bridge)
        self.palette = PalettePanel(self.bridge)
        self.canvas = CanvasView(self.bridge, self.selection, self.actions)
        self.inspector = InspectorPanel(self.bridge, self.selection, self.controller)
        self.problems = ProblemsPanel(self.bridge, self.selection)
        self.bar = TrainingBar(self.bridge, self.controller, self.actions)
        self.controller.snapshot_ready.connect(self.canvas.set_snapshot)
        self.panels = (self.palette, self.canvas, self.inspector, self.problems, self.bar)

    def drop(self, key: str, x: float, y: float) -> str:
        """Drag the tile of a kind onto the canvas; the id of the new node."""
        target, data = self.canvas.viewport(), kind_mime(self.palette.tile(key).kind)
        point = self.canvas.mapFromScene(QPointF(x, y))
        before = set(self.bridge.diagram.nodes)
        assert drop_on(target, point, data)
        (added,) = set(self.bridge.diagram.nodes) - before
        return added


@pytest.fixture
def square() -> Iterator[NodeKind]:
    with registry.registered(SquareKind()) as kind:
        yield kind


@pytest.fixture
def desk(square, qtbot) -> Iterator[Desk]:
    made = Desk()
    for panel in made.panels:
        qtbot.addWidget(panel)
        panel.resize(900 if panel is made.canvas else 280, 600)
        panel.show()
    QApplication.processEvents()
    yield made
    assert made.controller.close()
    made.canvas.clock.stop()


def circle_net(square_settings: dict[str, Any] | None = None) -> Diagram:
    """x -> square -> one unit -> loss: too little for a circle, but for the square."""
    nodes = [
        Node(id="x", kind="input"),
        Node(id="s", kind="square", hyperparameters=square_settings or {}, position=(0, -120)),
        Node(id="y", kind="dense", hyperparameters={"units": 1, "activation": "sigmoid"}, position=(240, 0)),
        Node(id="loss", kind="binary_cross_entropy", position=(480, 0)),
    ]
    training = TrainingSettings(
        dataset=DatasetChoice(key="circle"), optimizer=OptimizerChoice(learning_rate=0.1), epochs=60
    )
    return Diagram.build(nodes, [("x", "s"), ("s", "y"), ("y", "loss")], training)


def test_the_palette_has_a_tile_and_the_search_finds_it(desk, square):
    tile = desk.palette.tile(square.key)
    assert tile.isVisible()
    assert square.help in tile.toolTip()
    assert "f(x) = gx²" in tile.toolTip()
    QTest.keyClicks(desk.palette.search, "home-made")
    assert desk.palette.visible_kinds() == [square.key]


def test_the_canvas_takes_it_and_paints_it(desk, square):
    node = desk.drop(square.key, 40, 60)
    assert desk.bridge.diagram.nodes[node].kind == square.key
    assert desk.selection.nodes == {node}
    QApplication.processEvents()
    rect = desk.canvas.node_rect(node)
    image = desk.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = {image.pixel(x, y) for x in range(rect.left(), rect.right(), 2) for y in range(rect.top(), rect.bottom(), 2)}
    assert len({QColor(pixel).name() for pixel in seen}) > 8
    assert desk.canvas.port_point(node, "output").x() > desk.canvas.port_point(node, "input").x()


def test_the_inspector_shows_and_edits_its_hyperparameter(desk, square):
    node = desk.drop(square.key, 0, 0)
    page = desk.inspector.page
    assert page.kind is square
    (declared,) = fields(SquareKind)
    field = page.form.field_widget(declared.name)
    assert (field.text(), field.accessibleName()) == ("1", "Gain")
    field.selectAll()
    QTest.keyClicks(field, "2.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.bridge.diagram.nodes[node].hyperparameters == {"gain": 2.5}
    assert "times\u00a02.5" in _caption_after_compiling(desk)
    field.selectAll()
    QTest.keyClicks(field, "9")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.bridge.diagram.nodes[node].hyperparameters["gain"] == 2.5
    assert "Gain must be a number from 0.5 to 4" in page.form.refusal
    desk.bridge.undo()
    assert desk.bridge.diagram.nodes[node].hyperparameters.get("gain", 1.0) == 1.0


def _caption_after_compiling(desk: Desk) -> str:
    QApplication.processEvents()
    return desk.inspector.page.heading.caption


def test_it_is_dropped_trained_saved_and_opened_again(desk, square, qtbot, tmp_path):
    desk.bridge.open_project(Project(diagram=circle_net({"gain": 0.5}), parameters=None), None)
    QApplication.processEvents()
    assert desk.problems.counts == (0, 0)
    with qtbot.waitSignal(desk.controller.run_ended, timeout=20_000) as ended:
        desk.bar.play.click()
    assert ended.args[0].metric_value > 0.97
    path = tmp_path / "circle.nloom"
    trained = desk.controller.parameters()
    desk.bridge.save(path, trained)

    opened = load_project(path)
    assert opened.diagram.nodes["s"] == desk.bridge.diagram.nodes["s"]
    assert all(np.array_equal(opened.parameters[name], value) for name, value in trained.items())
    again = Model(compile_diagram(opened.diagram, data_spec_for(opened.diagram, desk.bridge.dataset)).plan)
    again.load(opened.parameters)
    inputs = desk.bridge.dataset.inputs[:50]
    answers = again.forward({"x": inputs})["y"]
    agreement = ((answers > 0.5) == (desk.bridge.dataset.targets[:50] > 0.5)).mean()
    assert agreement > 0.9


def test_without_the_kind_the_file_still_opens_and_keeps_it(tmp_path):
    path = tmp_path / "net.nloom.json"
    with registry.registered(SquareKind()):
        bridge = DocumentBridge()
        bridge.open_project(Project(diagram=circle_net({"gain": 2.0}), parameters=None), None)
        bridge.save(path)
    opened = load_project(path)
    assert opened.diagram.nodes["s"].hyperparameters == {"gain": 2.0}
    assert compile_diagram(opened.diagram, None).errors


def test_it_compiles_to_its_op_with_shapes(square):
    found = compile_diagram(circle_net({"gain": 3.0}), DataSpec(inputs={"x": (2,)}, targets={"loss": (1,)}))
    assert not found.errors
    (step,) = [step for step in found.plan.steps if step.node == "s"]
    assert step.op == Square(3.0)
    assert found.shapes["s", "output"] == (2,)
    wrong = compile_diagram(circle_net({"gain": -1.0}), DataSpec(inputs={"x": (2,)}, targets={"loss": (1,)}))
    assert any("Gain is -1.0" in item.message for item in wrong.errors)


def test_its_gradients_are_right(square):
    numbers = np.random.default_rng(0)
    x: Array = numbers.standard_normal((3, 5))
    assert max(op_errors(Square(1.5), x).values()) < SMOOTH
    spec = DataSpec(inputs={"x": (2,)}, targets={"loss": (1,)})
    model = Model(compile_diagram(circle_net({"gain": 1.5}), spec).plan, seed=1, dtype="float64")
    targets = (numbers.random((8, 1)) > 0.5).astype(float)
    errors = model_errors(model, {"x": numbers.standard_normal((8, 2))}, {"loss": targets})
    assert errors
    assert max(errors.values()) < SMOOTH


def test_nobody_knows_it_any_more():
    assert registry.find_kind(SquareKind.key) is None
    assert SquareKind.key not in [kind.key for kind in registry.all_kinds()]
