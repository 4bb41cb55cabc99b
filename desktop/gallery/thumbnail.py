"""The picture of a template: its diagram as the canvas paints it, with the responses of its untrained network in it."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import data_spec_for
from core.datasets.dataset import Dataset
from core.datasets.registry import dataset
from core.errors import NeuroloomError
from core.inspection.probe import Prober
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.model.model import Model
from core.storage.project import Project
from desktop.canvas.scene import CanvasScene
from desktop.selection import Selection
from desktop.theme import Theme

MARGIN = 14.0
LARGEST_SCALE = 0.62
"""A diagram of three nodes is not blown up to fill its card: nodes are of like size on all cards."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is worked out of a template once, for pictures in any theme."""

    project: Project
    dataset: Dataset | None
    compilation: Compilation
    snapshot: Snapshot | None

    @property
    def parameter_count(self) -> int:
        """How many numbers training can change."""
        return self.compilation.parameter_count


def sketch_of(project: Project) -> Sketch:
    """Compile a template and look at its network as it is before training."""
    diagram = project.diagram
    try:
        data = dataset(diagram.training.dataset.key, **diagram.training.dataset.options)
    except NeuroloomError:
        return Sketch(project, None, compile_diagram(diagram, None), None)
    compilation = compile_diagram(diagram, data_spec_for(diagram, data))
    return Sketch(project, data, compilation, _snapshot(project, compilation, data))


def _snapshot(project: Project, compilation: Compilation, data: Dataset) -> Snapshot | None:
    if compilation.plan is None:
        return None
    model = Model(compilation.plan, seed=project.diagram.training.seed)
    model.load(project.parameters or {})
    request = ProbeRequest(decision_map=False, predictions=False)
    try:
        return Prober(compilation.plan, data).take(model, request)
    except NeuroloomError:
        return None


def paint_sketch(sketch: Sketch, size: QSize, pixel_ratio: float, theme: Theme) -> QPixmap:
    """The picture, ``size`` logical pixels large, in the colours of the present theme."""
    pixmap = QPixmap(size * pixel_ratio)
    pixmap.setDevicePixelRatio(pixel_ratio)
    pixmap.fill(QColor(theme.ground))
    selection = Selection()
    scene = CanvasScene(selection)
    scene.load(sketch.project.diagram)
    scene.show_compilation(sketch.compilation, sketch.dataset)
    if sketch.snapshot is not None:
        scene.live.show(sketch.snapshot)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    content = scene.content_rect()
    if not content.isEmpty():
        scene.render(painter, _target(content, size), content, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()
    scene.deleteLater()
    selection.deleteLater()
    return pixmap


def _target(content: QRectF, size: QSize) -> QRectF:
    """Where the diagram goes: in the middle, as large as fits, but not larger than life is on other cards."""
    room = QRectF(0, 0, size.width(), size.height()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    scale = min(room.width() / content.width(), room.height() / content.height(), LARGEST_SCALE)
    target = QRectF(0, 0, content.width() * scale, content.height() * scale)
    target.moveCenter(room.center())
    return target
