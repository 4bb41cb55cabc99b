"""The picture of a template: its diagram as the canvas paints it, with what its network answers after a moment of training."""

from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import data_spec_for
from core.datasets.dataset import Dataset
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.errors import NeuroloomError
from core.inspection.probe import Prober
from core.inspection.snapshot import ProbeRequest, Snapshot
from core.model.model import Model
from core.storage.project import Project
from core.training.trainer import Trainer
from desktop.canvas.scene import CanvasScene
from desktop.selection import Selection
from desktop.theme import Theme

SIDE, TOP, BOTTOM = 14.0, 26.0, 10.0
TRAINING_SECONDS = 0.06
"""Enough for a circle to be seen, and too short for a person who types to notice."""
PAINTED_SCALE = 0.66
"""Also the largest: a diagram of three nodes is not blown up to fill its card."""


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
    """Compile a template, train it for a moment where that can be seen in its nodes, and look at its network."""
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
        prober = Prober(compilation.plan, data)
        snapshot = prober.take(model, request)
        if not snapshot.responses or project.parameters:
            return snapshot
        end = perf_counter() + TRAINING_SECONDS
        for _ in Trainer(model, data, project.diagram.training).events(lambda: perf_counter() > end):
            pass
        return prober.take(model, request)
    except NeuroloomError:
        return None


def paint_sketch(sketch: Sketch, size: QSize, pixel_ratio: float, theme: Theme) -> QPixmap:
    """The picture, ``size`` logical pixels large, in the colours of the present theme."""
    pixmap = QPixmap(size * pixel_ratio)
    pixmap.setDevicePixelRatio(pixel_ratio)
    pixmap.fill(QColor(theme.ground))
    large = _painted(sketch, pixel_ratio, theme)
    if not large.isNull():
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = _target(large.deviceIndependentSize(), size)
        whole = (target.size() * pixel_ratio).toSize()
        small = large.toImage().scaled(whole, mode=Qt.TransformationMode.SmoothTransformation)
        small.setDevicePixelRatio(pixel_ratio)
        painter.drawImage(target.topLeft(), small)
        painter.end()
    return pixmap


def _painted(sketch: Sketch, pixel_ratio: float, theme: Theme) -> QPixmap:
    """The whole diagram at a scale at which the canvas still paints what is in the nodes; notes are left out."""
    diagram = sketch.project.diagram
    selection = Selection()
    scene = CanvasScene(selection)
    scene.load(Diagram(nodes=dict(diagram.nodes), wires=dict(diagram.wires), training=diagram.training))
    scene.show_compilation(sketch.compilation, sketch.dataset)
    if sketch.snapshot is not None:
        scene.live.show(sketch.snapshot)
        while scene.live.hand_out(1.0):
            pass
    content = scene.content_rect()
    pixmap = QPixmap((content.size() * PAINTED_SCALE * pixel_ratio).toSize())
    if not pixmap.isNull():
        pixmap.setDevicePixelRatio(pixel_ratio)
        pixmap.fill(QColor(theme.ground))
        painter = QPainter(pixmap)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scene.render(painter, QRectF(QPointF(), pixmap.deviceIndependentSize()), content)
        painter.end()
    scene.deleteLater()
    selection.deleteLater()
    return pixmap


def _target(content: QSizeF, size: QSize) -> QRectF:
    """Where the diagram goes: in the middle, as large as fits, but no larger than it was painted."""
    room = QRectF(QPointF(), QSizeF(size)).adjusted(SIDE, TOP, -SIDE, -BOTTOM)
    scale = min(room.width() / content.width(), room.height() / content.height(), 1.0)
    target = QRectF(QPointF(), content * scale)
    target.moveCenter(room.center())
    return target
