"""A picture of a whole diagram for a file: PNG, SVG or PDF, painted by the same items as on the canvas, in any theme.

SVG and PDF are painted as lines and letters, not as cached pictures, so they are sharp at any size.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from core.errors import NeuroloomError
from desktop import theme
from desktop.canvas.scene import CanvasScene
from desktop.document_bridge import DocumentBridge
from desktop.selection import Selection

if TYPE_CHECKING:
    from core.inspection.snapshot import Snapshot
    from core.storage.project import Project

MARGIN = 24.0
MOST_PIXELS = 200_000_000
POINTS_PER_INCH = 72


def picture_bytes(project: "Project", suffix: str, scale: float = 1.0) -> bytes:
    """The contents of a ".png", ".svg" or ".pdf" file with the diagram of a project, in the theme that holds now.

    Raises NeuroloomError for another suffix, an empty diagram, or a PNG of more than 200 million pixels.
    """
    draw = WRITERS.get(suffix)
    if draw is None:
        raise NeuroloomError(
            f"A picture can be written as {', '.join(WRITERS)}, not as {suffix or 'a file without suffix'!r}."
        )
    bridge = DocumentBridge()
    bridge.open_project(project, None)
    scene = CanvasScene(Selection())
    scene.load(bridge.diagram)
    scene.show_compilation(bridge.compilation, bridge.dataset)
    snapshot = _snapshot(bridge)
    if snapshot is not None:
        scene.live.show(snapshot)
        while scene.live.hand_out(0.0):
            pass
    area = scene.content_rect()
    if area.isNull():
        raise NeuroloomError("There is nothing on the canvas to make a picture of.")
    return draw(scene, area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN), scale)


def _snapshot(bridge: DocumentBridge) -> "Snapshot | None":
    """The network with the parameters of the file, or as training would begin."""
    from core.inspection.probe import Prober
    from core.inspection.snapshot import ProbeRequest
    from core.model.model import Model

    plan, dataset = bridge.compilation.plan, bridge.dataset
    if plan is None or dataset is None:
        return None
    model = Model(plan, seed=bridge.diagram.training.seed)
    if bridge.parameters is not None:
        model.load(bridge.parameters)
    return Prober(plan, dataset).take(model, ProbeRequest(decision_map=False, predictions=False))


def _png(scene: CanvasScene, area: QRectF, scale: float) -> bytes:
    size = QSize(max(1, round(area.width() * scale)), max(1, round(area.height() * scale)))
    if size.width() * size.height() > MOST_PIXELS:
        raise NeuroloomError(f"The picture would be {size.width():,} × {size.height():,} pixels: take a smaller scale.")
    image = QImage(size, QImage.Format.Format_RGB32)
    _paint(scene, QPainter(image), QRectF(0, 0, size.width(), size.height()), area)
    buffer = _opened(QByteArray())
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes for the format
    return _taken(buffer)


def _svg(scene: CanvasScene, area: QRectF, scale: float) -> bytes:
    buffer = _opened(QByteArray())
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    target = QRectF(0, 0, area.width() * scale, area.height() * scale)
    generator.setSize(target.size().toSize())
    generator.setViewBox(target)
    generator.setTitle("Neuroloom")
    scene.sharpness.vector = True
    _paint(scene, QPainter(generator), target, area)
    return _taken(buffer)


def _pdf(scene: CanvasScene, area: QRectF, scale: float) -> bytes:
    buffer = _opened(QByteArray())
    writer = QPdfWriter(buffer)
    writer.setResolution(POINTS_PER_INCH)
    page = QSizeF(area.width() * scale, area.height() * scale)
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF())
    scene.sharpness.vector = True
    _paint(scene, QPainter(writer), QRectF(0, 0, page.width(), page.height()), area)
    return _taken(buffer)


WRITERS: dict[str, Callable[[CanvasScene, QRectF, float], bytes]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}


def _paint(scene: CanvasScene, painter: QPainter, target: QRectF, area: QRectF) -> None:
    try:
        painter.fillRect(target, QColor(theme.current().ground))
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        scene.render(painter, target, area)
    finally:
        painter.end()


def _opened(data: QByteArray) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _taken(buffer: QBuffer) -> bytes:
    buffer.close()
    return bytes(buffer.data().data())
