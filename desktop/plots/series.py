"""Series: the points of one curve, however long the run: when it is full, only the extremes of neighbours are kept."""

import numpy as np

from desktop.plots.sanitizer import Values, finite_points, thinned_to_pixels

CAPACITY = 8192


class Series:
    """Grows in two arrays of fixed size; x ascends. What is not finite is left out."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._points = np.empty((2, capacity))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Values:
        """A view of the x coordinates."""
        return self._points[0, : self._count]

    @property
    def y(self) -> Values:
        """A view of the y coordinates."""
        return self._points[1, : self._count]

    def append(self, x: float, y: float) -> None:
        """Add one point at the end."""
        self.extend([x], [y])

    def extend(self, x: list[float], y: list[float]) -> None:
        """Add points at the end; a full series is thinned to half or less first. More points than fit are thinned as well."""
        capacity = self._points.shape[1]
        xs, ys = thinned_to_pixels(*finite_points(np.array(x, float), np.array(y, float)), capacity // 8)
        if self._count + len(xs) > capacity:
            self._thin()
        self._points[0, self._count : self._count + len(xs)] = xs
        self._points[1, self._count : self._count + len(xs)] = ys
        self._count += len(xs)

    def clear(self) -> None:
        """Forget every point."""
        self._count = 0

    def at(self, x: float) -> float | None:
        """The y of the point nearest to ``x``, or None where there is no point."""
        if not self._count:
            return None
        right = int(np.searchsorted(self.x, x))
        near = [index for index in (right - 1, right) if 0 <= index < self._count]
        return float(self.y[min(near, key=lambda index: abs(self.x[index] - x))])

    def copy(self) -> "Series":
        """Another series with the same points."""
        other = Series(self._points.shape[1])
        other._points[:, : self._count] = self._points[:, : self._count]
        other._count = self._count
        return other

    def _thin(self) -> None:
        x, y = thinned_to_pixels(self.x.copy(), self.y.copy(), self._count // 4)
        self._count = len(x)
        self._points[:, : self._count] = x, y
