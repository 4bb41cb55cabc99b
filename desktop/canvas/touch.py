"""Wheel, touchpad and pinch: a wheel zooms at the cursor, two fingers on a touchpad pan, a pinch zooms."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

NOTCH = 120.0
PER_NOTCH = 1.15
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def wheel(view: "CanvasView", event: QWheelEvent) -> None:
    """Zoom or pan by a wheel event; Ctrl always zooms, Shift moves sideways."""
    touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
    turned, moved = event.angleDelta(), event.pixelDelta()
    if touchpad and not event.modifiers() & CONTROL:
        step = QPointF(moved) if not moved.isNull() else QPointF(turned) / 3.0
        view.pan_by(step / view.zoom)
    elif event.modifiers() & SHIFT:
        view.pan_by(QPointF(turned.y() or turned.x(), 0.0) / 2.0 / view.zoom)
    elif turned.y():
        view.camera.zoom_by(math.pow(PER_NOTCH, turned.y() / NOTCH), event.position())


def pinch(view: "CanvasView", event: QEvent) -> bool:
    """Zoom by a pinch, from a touchpad's own gesture or from two fingers on a screen; whether it was one."""
    if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
        view.camera.zoom_by(1.0 + event.value(), event.position())
        return True
    if isinstance(event, QGestureEvent):
        gesture = event.gesture(Qt.GestureType.PinchGesture)
        if isinstance(gesture, QPinchGesture):
            at = QPointF(view.viewport().mapFromGlobal(gesture.centerPoint().toPoint()))
            view.camera.zoom_by(gesture.scaleFactor(), at)
            event.accept(gesture)
            return True
    return False
