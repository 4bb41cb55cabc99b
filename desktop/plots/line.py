"""Line: one curve of a plot, made once, whose pen gets thin where the line gets long.

Qt strokes antialiased lines of one pixel by a fast path, and wider ones by computing their outline, which for a long and noisy curve
takes forty milliseconds instead of two.
"""

import pyqtgraph as pg

from desktop.plots.sanitizer import Values
from desktop.plots.style import pen
from desktop.theme import DARK_INK

FEW_POINTS = 160


class Line(pg.PlotCurveItem):  # type: ignore[misc]
    """A curve through finite points."""

    def __init__(self) -> None:
        super().__init__(antialias=True, skipFiniteCheck=True)
        self._style: tuple[str, float, bool, float] = (DARK_INK, 1.0, False, 1.0)
        self._look = (False, 1.0)

    def set_style(self, color: str, width: float = 1.0, *, dashed: bool = False, alpha: float = 1.0) -> None:
        """Colour, and the width as long as there are few points."""
        if (color, width, dashed, alpha) != self._style:
            self._style = (color, width, dashed, alpha)
            self._take_pen()

    def draw(self, x: Values, y: Values) -> None:
        """Draw these points from now on."""
        widget = self.getViewWidget()
        look = (len(x) > FEW_POINTS, 1.0 if widget is None else float(widget.devicePixelRatioF()))
        if look != self._look:
            self._look = look
            self._take_pen()
        self.setData(x, y)

    def _take_pen(self) -> None:
        """Cosmetic widths are in pixels of the device, so on a fine screen a line needs more of them."""
        color, width, dashed, alpha = self._style
        long, ratio = self._look
        in_segments = long and ratio > 1.0 and not dashed
        if long:
            width = 1.0 if dashed else min(ratio, 1.6)
        else:
            width *= ratio
        self.setSegmentedLineMode("on" if in_segments else "off")
        self.setPen(pen(color, width, dashed=dashed, alpha=alpha))
