"""The camera: zoom at a point, pan, fit, and the rest that makes pictures sharp again after zooming."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

from core.diagram.change import Change

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

NEAREST, FARTHEST = 6.0, 0.04
STEP = 1.2
FIT_MARGIN = 14.0
FIT_NEAREST = 1.25
"""A small diagram is not blown up beyond this when it is fitted."""
READABLE = 0.55
"""Below this zoom nobody is taken there unasked."""
FAR = 0.3
"""Below this zoom a node's picture need not lie on whole pixels."""
REST = 0.12
"""Seconds without zooming after which pictures are rendered anew at the zoom reached."""


class Camera:
    """Where a view looks, and how near."""

    def __init__(self, view: "CanvasView") -> None:
        self._view = view
        self._rest = 0.0
        self._fits = False

    @property
    def zoom(self) -> float:
        """Pixels of the screen per unit of the canvas."""
        return self._view.transform().m11()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Come nearer by a factor; the point of the viewport ``at`` (its middle by default) stays where it is."""
        self.zoom_to(self.zoom * factor, at)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Set the zoom."""
        view = self._view
        zoom = min(NEAREST, max(FARTHEST, zoom))
        place = QPointF(view.viewport().rect().center()) if at is None else at
        before = view.scene_point(place)
        sharpness = view.canvas.sharpness
        sharpness.resting = False
        sharpness.zooms += 1
        sharpness.far = zoom < FAR
        view.resetTransform()
        view.scale(zoom, zoom)
        self.pan_by(view.scene_point(place) - before)
        self._rest = REST
        view.clock.add(self._come_to_rest)

    def pan_by(self, shift: QPointF) -> None:
        """Move what is seen by a distance of the scene."""
        view = self._view
        self._fits = False
        across, down = view.horizontalScrollBar(), view.verticalScrollBar()
        across.setValue(across.value() - round(shift.x() * self.zoom))
        down.setValue(down.value() - round(shift.y() * self.zoom))
        view.minimap.follow()

    def fit_all(self) -> None:
        """Show everything, also when the view becomes larger or smaller, until someone zooms or pans; at 100 % where nothing is."""
        rect = self._view.canvas.content_rect()
        if rect.isNull():
            self.zoom_to(1.0)
            self.centre(QPointF(0.0, 0.0))
            return
        self.show_rect(rect)
        self._fits = True

    def sees(self, rect: QRectF) -> bool:
        """Whether all of a rectangle of the scene is in view."""
        view = self._view
        return QRectF(view.viewport().rect()).contains(view.viewportTransform().mapRect(rect))

    def refit(self) -> None:
        """The view has another size: show everything again if that is what it showed."""
        if self._fits:
            self.fit_all()

    def take_in(self, change: Change) -> None:
        """The document has changed: show everything again if that was shown, what was added lies beyond, and all stays readable."""
        if not change.added or not self._fits:
            return
        rect = self._view.canvas.content_rect()
        if not self.sees(rect) and self._zoom_for(rect) >= READABLE:
            self.fit_all()

    def show_rect(self, rect: QRectF) -> None:
        """Fit a rectangle of the scene into the view."""
        if rect.isNull():
            return
        self.zoom_to(self._zoom_for(rect))
        self.centre(rect.center())

    def centre(self, point: QPointF) -> None:
        """Bring a point of the scene to the middle."""
        middle = self._view.scene_point(QPointF(self._view.viewport().rect().center()))
        self.pan_by(middle - point)

    def _zoom_for(self, rect: QRectF) -> float:
        """The zoom at which a rectangle of the scene fits into the view."""
        room = QSizeF(self._view.viewport().size())
        across = (room.width() - 2 * FIT_MARGIN) / max(rect.width(), 1.0)
        down = (room.height() - 2 * FIT_MARGIN) / max(rect.height(), 1.0)
        return min(across, down, FIT_NEAREST)

    def _come_to_rest(self, seconds: float) -> bool:
        self._rest -= seconds
        if self._rest > 0:
            return True
        self._view.canvas.sharpness.resting = True
        self._view.viewport().update()
        return False
