"""How fast training may go: from one step a second, to be watched, up to full speed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSlider, QVBoxLayout, QWidget

from desktop.forms.numbers import count_text

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10000, None)
"""Steps per second at each notch; None is full speed."""

WATCHING = 300
"""Where the slider starts: at full speed a small network has learned before anyone has seen it learn."""


class PaceSlider(QWidget):
    """A caption that says the speed over a slider; ``chosen`` carries steps per second, or None for full speed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = QLabel()
        self._caption.setProperty("textRole", "caption")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("paceSlider")
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setPageStep(3)
        self.slider.setValue(SPEEDS.index(WATCHING))
        self.slider.setMinimumWidth(84)
        self.slider.setMaximumWidth(160)
        self.slider.setToolTip(
            "How fast training may go: to the left to watch single steps, all the way to the right for full speed."
        )
        self._caption.ensurePolished()
        widest = max(self._caption.fontMetrics().horizontalAdvance(_said(speed)) for speed in SPEEDS)
        self._caption.setMinimumWidth(widest + 2)  # Nothing beside it moves when another speed is chosen.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self._caption)
        layout.addWidget(self.slider)
        self.slider.valueChanged.connect(self._moved)
        self._say()

    @property
    def speed(self) -> float | None:
        """Steps per second, or None for full speed."""
        return SPEEDS[self.slider.value()]

    def _moved(self, _notch: int) -> None:
        self._say()
        self.chosen.emit(self.speed)

    def _say(self) -> None:
        speed = self.speed
        self._caption.setText(_said(speed))
        self.slider.setAccessibleName(
            f"Speed: {'full' if speed is None else count_text(int(speed), 'step') + ' a second'}"
        )


def _said(speed: float | None) -> str:
    return "Speed: full" if speed is None else f"Speed: {speed:,g} a second"
