"""NodeItem: one item per node, which paints a cached picture of itself and renders that anew only when it changed.

The picture is made at exactly the device pixels that it covers and laid on whole pixels, so it is as sharp as painting
directly. While someone is zooming, the old picture is stretched; the view says when the zoom has come to rest.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.diagram.records import Position
from desktop import theme
from desktop.canvas.geometry import Geometry, geometry_of
from desktop.canvas.node_look import NodeLook
from desktop.canvas.node_painter import Picture, paint_node
from desktop.canvas.node_values import NO_VALUES, NodeValues

DIMMED = 0.3
SAME_SCALE = 1e-4
VECTOR_SCALE = 4.0
"""Pixels per unit that response maps are given where the picture itself has none."""


class Sharpness:
    """Shared by the items of a scene: ``resting`` is False while the zoom is on its way.

    With ``vector`` nothing is kept: every picture is painted as lines and letters.
    ``zooms`` counts the changes of zoom; far out a picture made since the last one is laid down without more ado.
    """

    def __init__(self) -> None:
        self.resting = True
        self.zooms = 0
        self.far = False
        self.vector = False


class NodeItem(QGraphicsItem):
    """The item of one node; its position is the node's."""

    def __init__(self, key: str, look: NodeLook, sharpness: Sharpness) -> None:
        super().__init__()
        self.key = key
        self.look = look
        self.values: NodeValues = NO_VALUES
        self.geometry: Geometry = geometry_of(look)
        self.place: Position = (0.0, 0.0)
        self._sharpness = sharpness
        self._selected = False
        self._dimmed = False
        self._pixmap: QPixmap | None = None
        self._source = QRectF()
        self._scale = 0.0
        self._ratio = 0.0
        self._zooms = -1
        self.setZValue(10.0)
        self.setToolTip("\n".join(look.messages))

    def put_at(self, place: Position) -> None:
        """Lie there. The place is kept as plain numbers, because a hit test asks every node for it."""
        self.place = place
        self.setPos(*place)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all that is painted, in the scene."""
        x, y = self.place
        left, top, right, bottom = self.geometry.box
        return x + left, y + top, x + right, y + bottom

    def covers(self, x: float, y: float) -> bool:
        """Whether a point of the scene is on the body."""
        half_width, half_height = self.geometry.half
        return abs(x - self.place[0]) <= half_width and abs(y - self.place[1]) <= half_height

    def set_look(self, look: NodeLook) -> bool:
        """Show another look; True if the ports or the body moved by it."""
        if look == self.look:
            return False
        geometry = geometry_of(look)
        moved = geometry.body != self.geometry.body or (look.inputs, look.outputs) != (
            self.look.inputs,
            self.look.outputs,
        )
        if geometry.bounds != self.geometry.bounds:
            self.prepareGeometryChange()
        self.look, self.geometry = look, geometry
        self.setToolTip("\n".join(look.messages))
        self.forget_picture()
        return moved

    def set_values(self, values: NodeValues) -> None:
        """Show other values."""
        if values is not self.values:
            self.values = values
            self.forget_picture()

    def set_selected(self, selected: bool) -> None:
        """Ring the node as selected, or not."""
        if selected != self._selected:
            self._selected = selected
            self.setZValue(11.0 if selected else 10.0)
            self.forget_picture()

    def set_dimmed(self, dimmed: bool) -> None:
        """Fade the node: it does not take part in what is being done."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def forget_picture(self) -> None:
        """Render the picture anew when it is next seen."""
        self._pixmap = None
        self.update()

    @property
    def selected(self) -> bool:
        """Whether the node is ringed as selected."""
        return self._selected

    @property
    def dimmed(self) -> bool:
        """Whether the node is faded."""
        return self._dimmed

    @property
    def body(self) -> QRectF:
        """The body in scene coordinates."""
        return self.geometry.body.translated(self.pos())

    def port(self, name: str) -> QPointF:
        """The middle of a port in scene coordinates."""
        return self.pos() + self.geometry.port(name)

    def boundingRect(self) -> QRectF:
        return self.geometry.bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        sharpness = self._sharpness
        if sharpness.vector:
            now = theme.current()
            paint_node(painter, Picture(self.look, self.geometry, self.values, now, self._selected, VECTOR_SCALE, True))
            return
        if sharpness.far and self._zooms == sharpness.zooms and self._pixmap is not None and not self._dimmed:
            painter.drawPixmap(self.geometry.bounds, self._pixmap, self._source)
            return
        transform = painter.worldTransform()
        ratio = painter.device().devicePixelRatio()
        scale = transform.m11() * ratio
        same = abs(scale - self._scale) < SAME_SCALE
        if self._pixmap is None or (not same and sharpness.resting):
            self._pixmap = self._rendered(scale, ratio)
            bounds = self.geometry.bounds
            self._source = QRectF(0.0, 0.0, bounds.width() * scale, bounds.height() * scale)
            self._scale, self._ratio = scale, ratio
            same = True
        if same:
            self._zooms = sharpness.zooms
            if self._ratio != ratio:  # the window has come to another screen
                self._ratio = ratio
                self._pixmap.setDevicePixelRatio(ratio)
        if self._dimmed:
            painter.setOpacity(DIMMED)
        bounds = self.geometry.bounds
        if not same:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(bounds, self._pixmap, self._source)
            return
        x = round((transform.dx() + bounds.x() * transform.m11()) * ratio) / ratio
        y = round((transform.dy() + bounds.y() * transform.m11()) * ratio) / ratio
        painter.setWorldTransform(QTransform.fromTranslate(x, y))
        painter.drawPixmap(QPointF(0.0, 0.0), self._pixmap)

    def _rendered(self, scale: float, ratio: float) -> QPixmap:
        bounds = self.geometry.bounds
        pixmap = QPixmap(int(bounds.width() * scale) + 2, int(bounds.height() * scale) + 2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        try:
            painter.scale(scale, scale)
            painter.translate(-bounds.x(), -bounds.y())
            paint_node(
                painter, Picture(self.look, self.geometry, self.values, theme.current(), self._selected, scale / ratio)
            )
        finally:
            painter.end()  # Qt crashes when a picture goes before the painter on it
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
