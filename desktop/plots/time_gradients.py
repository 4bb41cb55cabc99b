"""How far back an error reaches: the size of the gradient by every time step of the sequences, on a logarithmic scale.

A line that falls steeply to the left belongs to a network that cannot learn from what lies long ago: its gradient vanishes on the way.
"""

import numpy as np
from PySide6.QtWidgets import QWidget

from core.inspection.snapshot import FloatArray
from desktop.plots.axes import Axes
from desktop.plots.caption import PART
from desktop.plots.line import Line
from desktop.plots.style import number
from desktop.theme import Theme

FLOOR = 1e-16
"""What is not larger counts as 0."""
SHOWN = 1e-12
FADED = 1e-4
"""Below this share of the last step's gradient the first step learns next to nothing."""


class TimeGradientView:
    """One line per input node that brings sequences."""

    def __init__(self) -> None:
        self._axes = Axes("time step", "")
        self._axes.left.logarithmic = True
        self._lines: list[Line] = []
        self.caption = ""
        self.trouble = ""
        """A sentence where the gradient fades or grows on its way back, else ""."""

    @property
    def widget(self) -> QWidget:
        """What is shown in the panel."""
        return self._axes

    def restyle(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._axes.restyle(theme)
        for line, color in zip(self._lines, theme.series):
            line.set_style(color, 1.6)

    def show_gradients(self, gradients: dict[str, FloatArray], theme: Theme) -> None:
        """Draw these from now on: node -> (time,) sizes."""
        while len(self._lines) < len(gradients):
            line = Line()
            line.set_style(theme.series[len(self._lines) % len(theme.series)], 1.6)
            self._axes.addItem(line, ignoreBounds=True)
            self._lines.append(line)
        sizes = [np.log10(np.maximum(np.nan_to_num(values), SHOWN)) for values in gradients.values()]
        for line, heights in zip(self._lines, sizes):
            line.draw(np.arange(1.0, len(heights) + 1), heights)
            line.setVisible(True)
        for line in self._lines[len(sizes) :]:
            line.setVisible(False)
        low = float(np.floor(min(heights.min() for heights in sizes) - 0.05))
        high = float(np.ceil(max(heights.max() for heights in sizes) + 0.05))
        self._axes.set_range((1.0, float(max(len(heights) for heights in sizes))), (low, high))
        self.caption = f"by time step{PART}log scale"
        self.trouble = told(next(iter(gradients.values())))


def told(gradient: FloatArray) -> str:
    """What the first step gets of the last step's gradient, where that is far from the same; short, for it stands in a head."""
    first, last = float(gradient[0]), float(gradient[-1])
    if not (np.isfinite(first) and np.isfinite(last)) or max(first, last) <= FLOOR:
        return ""
    if first <= FADED * last:
        share = "nothing" if first <= FLOOR else number(first / last, 2)
        return f"Vanishing: {share} left at step 1"
    if first >= last / FADED:
        return f"Exploding: {number(first / max(last, FLOOR), 2)} times at step 1"
    return ""
