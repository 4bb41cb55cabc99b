"""Arrays as pictures: the pixels are computed with NumPy in one go, and Qt only lays them on the screen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from desktop.theme import current

Pixels = NDArray[np.uint8]


def image(pixels: Pixels) -> QImage:
    """(rows, columns, 3) RGB with row 0 at the top -> a picture that owns its pixels."""
    rows, columns, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def ink_on_paper(shares: NDArray[Any]) -> QImage:
    """(rows, columns) from 0 to 1 -> a picture from the neutral colour to the positive one."""
    theme = current()
    paper, ink = np.array(rgb(theme.neutral), float), np.array(rgb(theme.positive), float)
    return image((paper + np.clip(shares, 0.0, 1.0)[..., None] * (ink - paper)).astype(np.uint8))


def rgb(color: str) -> tuple[int, int, int]:
    """ "#rrggbb" -> red, green, blue."""
    shade = QColor(color)
    return shade.red(), shade.green(), shade.blue()


def mixed(shares: NDArray[Any], colors: list[str], ground: str) -> Pixels:
    """(..., classes) shares from 0 to 1 -> the colour of the greatest, paler towards ``ground`` the less sure it is."""
    table = np.array([rgb(color) for color in colors], float)
    winner = shares.argmax(-1)
    classes = shares.shape[-1]
    best = np.take_along_axis(shares, winner[..., None], -1)
    sure = np.clip((best - 1 / classes) / (1 - 1 / classes), 0.0, 1.0) * 0.85
    pixels = table[winner] * sure + np.array(rgb(ground), float) * (1 - sure)
    return np.asarray(pixels.astype(np.uint8))


def bars(values: NDArray[Any], colors: Pixels, ground: str, height: int, width: int, gap: int) -> Pixels:
    """(n,) values in [-1, 1] as bars that stand on the lower edge, (height, n * width, 3); colours (n, 3).

    The height is the size of the value; the colour carries the sign.
    """
    count = len(values)
    tall = np.maximum(np.round(np.abs(values) * height), 1)
    inside = np.arange(height)[:, None] >= height - tall[None, :]
    pixels = np.empty((height, count, width, 3), np.uint8)
    pixels[:] = rgb(ground)
    drawn = pixels[:, :, : max(1, width - gap)]
    drawn[:] = np.where(inside[:, :, None, None], colors[None, :, None, :], drawn)
    return pixels.reshape(height, count * width, 3)
