"""Axes: a pyqtgraph plot stripped to what a calm picture needs: thin lines across, muted figures, one small word per axis."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal

from desktop.plots.sanitizer import safe_range
from desktop.plots.style import font, number, power_of_ten
from desktop.theme import Theme

# Fixed, because an axis that finds its own width changes it while it is painted, and then everything is painted twice.
LEFT_PIXELS = 48
RIGHT_PIXELS = 42
BOTTOM_PIXELS = 34
EDGE = 0.002
LINE_OPACITY = 0.5


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks at round numbers; on a logarithmic scale the axis holds log10 of the values and shows the values."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.logarithmic = False
        self.percent = False
        self.last = np.inf
        """No tick beyond this value: what lies there is room for labels."""
        self.setStyle(
            tickLength=0,
            tickAlpha=LINE_OPACITY,
            tickTextOffset=6,
            autoExpandTextSpace=False,
            autoReduceTextSpace=False,
            hideOverlappingLabels=False,
        )
        self.setTickFont(font("tiny"))
        self.enableAutoSIPrefix(False)
        if orientation == "bottom":
            self.setHeight(BOTTOM_PIXELS)
        else:
            self.setWidth(LEFT_PIXELS if orientation == "left" else RIGHT_PIXELS)

    def boundingRect(self) -> QRectF:
        """With room for the figures at both ends, which are left out else."""
        return QRectF(super().boundingRect()).adjusted(0, -8, 0, 8)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """One level of ticks, up to one every 26 pixels (every 44 on the horizontal axis, none where it would be cut off)."""
        across = self.orientation == "bottom"
        room = 44.0 if across else 26.0
        if self.logarithmic:
            return [(1.0, _logarithmic_ticks(low, high, max(2, int(size // room))))]
        step = _round_step((high - low) * room / max(size, 1.0))
        if (high - low) / step < 2.5:
            step /= 2.0
        first = np.ceil(low / step - 1e-6)
        if across:
            high = min(high - (high - low) * 12.0 / max(size, 1.0), self.last)
        last = np.floor(high / step + 1e-6)
        return [(step, [float(step * k) + 0.0 for k in np.arange(first, last + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The values as people write them, all with the same number of decimals."""
        if self.logarithmic:
            return [_logarithmic_label(value) for value in values]
        if self.percent:
            return [f"{value * 100 + 0.0:.0f} %" for value in values]
        if values and max(abs(value) for value in values) >= 1e6:
            return [number(value, 2) for value in values]
        decimals = _decimals(spacing)
        if decimals is None:
            return [number(value, 2) for value in values]
        return [f"{value + 0.0:,.{decimals}f}".replace("-", "−") for value in values]


class Axes(pg.PlotWidget):  # type: ignore[misc]
    """A plot with a bottom and a left axis, whose ranges are set by its owner and by nobody else."""

    hovered = Signal(float)
    """The mouse is over the plot, at this x."""
    left_by_mouse = Signal()
    """The mouse went away."""

    def __init__(self, bottom: str, left: str) -> None:
        self.bottom, self.left = NumberAxis("bottom"), NumberAxis("left")
        super().__init__(axisItems={"bottom": self.bottom, "left": self.left})
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumSize(60, 40)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._labels = {self.bottom: bottom, self.left: left}
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        plot.layout.setContentsMargins(0, 7, 0, 0)
        plot.layout.setHorizontalSpacing(0)
        plot.layout.setVerticalSpacing(0)
        self.view = plot.getViewBox()
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0.0)
        self._range: tuple[float, float, float, float] | None = None

    def name_axis(self, axis: NumberAxis, text: str) -> None:
        """Another word at an axis."""
        if self._labels.get(axis) != text:
            self._labels[axis] = text
            axis.setLabel(text)

    def extend_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show at least this part of the plane, and not much more.

        The range grows by a little more than it must, and shrinks only when far too wide: to repaint the axes is dear.
        """
        if self._range is None:
            self.set_range(x, y)
            return
        old = self._range
        self.set_range(_grown(old[:2], x), _grown(old[2:], y))

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this part of the plane; degenerate and non-finite ranges are mended."""
        wanted = (*safe_range(*x), *safe_range(*y))
        if wanted != self._range:
            self._range = wanted
            # A tick that lies exactly on the edge would be lost to rounding.
            across, up = safe_range(*wanted[:2], margin=EDGE), safe_range(*wanted[2:], margin=EDGE)
            self.view.setRange(xRange=across, yRange=up, padding=0, disableAutoRange=False)
            # Else the view moves its contents in the middle of the next paint, and everything is painted twice.
            self.view.updateMatrix()

    @property
    def pixels_across(self) -> int:
        """How many logical pixels the curves have from left to right."""
        return max(40, int(self.view.width()))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setBackground(theme.panel)
        for axis, text in self._labels.items():
            style_axis(axis, theme)
            axis.setLabel(text, **{"color": theme.muted, "font-size": "10px"})
        self.left.setGrid(255)

    def mouseMoveEvent(self, event: Any) -> None:
        """Tell where the mouse is; there is nothing to drag."""
        place = self.mapToScene(event.position().toPoint())
        if self.view.sceneBoundingRect().contains(place):
            self.hovered.emit(float(self.view.mapSceneToView(place).x()))
        else:
            self.left_by_mouse.emit()

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self.left_by_mouse.emit()

    def wheelEvent(self, event: Any) -> None:
        """The wheel belongs to whatever the plot lies in."""
        event.ignore()


def style_axis(axis: NumberAxis, theme: Theme) -> None:
    """Thin lines, muted figures."""
    axis.setPen(pg.mkPen(None))
    axis.setTickPen(pg.mkPen(theme.line, width=1))
    axis.setTextPen(pg.mkPen(theme.muted))


def _grown(old: tuple[float, float], wanted: tuple[float, float]) -> tuple[float, float]:
    """The old range while the wanted one lies in it and fills most of it; else the wanted one, with room to grow into."""
    low, high = safe_range(*wanted)
    size = high - low
    if old[0] <= low and high <= old[1] and size >= 0.85 * (old[1] - old[0]):
        return old
    grows = 0.05 * size if high > old[1] and abs(low - old[0]) < 0.02 * size else 0.0
    return low, high + grows


def _decimals(step: float) -> int | None:
    """How many decimals a multiple of ``step`` needs; None where those are more than five."""
    for decimals in range(6):
        scaled = step * 10.0**decimals
        if round(scaled) and abs(scaled - round(scaled)) < 1e-6 * scaled:
            return decimals
    return None


def _round_step(least: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is not under ``least``."""
    power = 10.0 ** np.floor(np.log10(max(least, 1e-300)))
    for step in (1.0, 2.0, 5.0):
        if least <= step * power * (1 + 1e-9):
            return float(step * power)
    return float(10.0 * power)


def _logarithmic_ticks(low: float, high: float, most: int) -> list[float]:
    """Powers of ten; where fewer than two are in sight, 2 and 5 times them as well."""
    powers = np.arange(np.ceil(low - 1e-9), np.floor(high + 1e-9) + 1)
    if len(powers) < 2:
        around = np.arange(np.floor(low), np.ceil(high) + 1)
        ticks = np.sort((around[:, None] + np.log10([1.0, 2.0, 5.0])).ravel())
        return [float(tick) for tick in ticks if low <= tick <= high]
    stride = -(-len(powers) // most)
    return [float(power) for power in powers if power % stride == 0]


def _logarithmic_label(exponent: float) -> str:
    whole = round(exponent)
    if abs(exponent - whole) > 1e-6:
        return number(10.0**exponent, 1)
    return "1" if whole == 0 else power_of_ten(whole)
