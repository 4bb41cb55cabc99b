"""What may reach a plot: finite numbers, ranges that are wide enough, and no more points than there are pixels.

pyqtgraph divides by the width of its ranges and fails where that is near the smallest float; a diverging run has infinite
losses; a long run has millions of points. Everything drawn goes through here first.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]

LARGEST = 1e30
NARROWEST = 1e-9


def finite_points(x: Values, y: Values) -> tuple[Values, Values]:
    """The points where both coordinates are finite and of a size that can be drawn, as float64."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    good = np.isfinite(x) & np.isfinite(y) & (np.abs(x) < LARGEST) & (np.abs(y) < LARGEST)
    return (x, y) if good.all() else (x[good], y[good])


def safe_range(low: float, high: float, *, margin: float = 0.0) -> tuple[float, float]:
    """A range that is finite and not degenerate, around (low, high), wider by ``margin`` of its width on each side."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return 0.0, 1.0
    low, high = (float(np.clip(value, -LARGEST, LARGEST)) for value in (min(low, high), max(low, high)))
    narrowest = max(NARROWEST, 1e-6 * max(abs(low), abs(high)))
    if high - low < narrowest:
        middle = (low + high) / 2
        low, high = middle - narrowest / 2, middle + narrowest / 2
    extra = (high - low) * margin
    return low - extra, high + extra


def thinned_to_pixels(x: Values, y: Values, pixels: int) -> tuple[Values, Values]:
    """Two points per pixel, and the last: the least and the greatest of each group of neighbours, in their order."""
    groups = max(2, pixels)
    if len(x) <= 2 * groups:
        return x, y
    size = -(-len(x) // groups)
    whole = len(x) // size * size
    kept = [(_extremes(y[:whole].reshape(-1, size)) + np.arange(0, whole, size)[:, None]).ravel()]
    if whole < len(x):
        kept.append(_extremes(y[None, whole:]).ravel() + whole)
    index = np.unique(np.concatenate([*kept, [len(x) - 1]]))
    return x[index], y[index]


def smoothed(y: Values, window: int) -> Values:
    """The mean over the ``window`` latest values of each point, over fewer at the start."""
    if window < 2 or len(y) < 3:
        return y
    sums = np.concatenate([[0.0], np.cumsum(y)])
    ends = np.arange(1, len(y) + 1)
    starts = np.maximum(0, ends - window)
    result: Values = (sums[ends] - sums[starts]) / (ends - starts)
    return result


def robust_scale(values: Values, percentile: float = 98.0) -> float:
    """A round number (1, 2 or 5 times a power of ten) that nearly all sizes stay under; at least 1e-6."""
    sizes = np.abs(values[np.isfinite(values)])
    size = float(np.percentile(sizes, percentile)) if len(sizes) else 1.0
    return nice_ceiling(max(size, 1e-6))


def sensible_top(top: float, usual: float, times: float) -> float:
    """``top``, or ``times`` the usual value where it lies far above that."""
    return min(top, times * usual) if usual > 0 else top


def nice_ceiling(size: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is not under ``size`` (within 2 %)."""
    power = 10.0 ** np.floor(np.log10(size))
    for step in (1.0, 2.0, 5.0):
        if size <= step * power * 1.02:
            return float(step * power)
    return float(10.0 * power)


def _extremes(groups: Values) -> Values:
    """(n, 2): where the least and the greatest of each row are, in ascending order."""
    return np.sort(np.stack([groups.argmin(1), groups.argmax(1)], 1), 1)
