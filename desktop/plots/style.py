"""Fonts and pens of the plots, taken from the theme table; every plot asks here, so that all of them look alike."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPen

from desktop.theme import FONT_FAMILIES, FONT_PIXELS


def font(size: str = "small", *, bold: bool = False) -> QFont:
    """The font of a size in the theme's table, with figures that stand under each other."""
    result = QFont()
    result.setFamilies(list(FONT_FAMILIES))
    result.setPixelSize(round(FONT_PIXELS[size]))
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return result


def pen(color: str, width: float = 1.0, *, dashed: bool = False, alpha: float = 1.0) -> QPen:
    """A cosmetic pen: as wide on screen at any scale of the axes."""
    shade = QColor(color)
    shade.setAlphaF(alpha)
    result = QPen(shade, width)
    result.setCosmetic(True)
    result.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        result.setDashPattern([4.0, 3.0])
    return result


def number(value: float, digits: int = 3) -> str:
    """A number as a person reads it: as many digits as can be believed, a real minus sign, powers of ten as 3 × 10⁻⁵."""
    if value != value:
        return "–"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size and not 1e-3 <= size < 1e6:
        mantissa, exponent = f"{value:.{max(0, digits - 1)}e}".split("e")
        return f"{mantissa} × {power_of_ten(int(exponent))}".replace("-", "−")
    decimals = max(0, digits - 1 - math.floor(math.log10(size))) if size else 0
    return f"{value:,.{decimals}f}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """10 with the exponent raised."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def shade(color: str, place: int, count: int) -> str:
    """The colour for ``place`` of ``count`` things that share a hue: from darker to lighter, the colour itself in the middle."""
    base = QColor(color)
    step = 0.0 if count < 2 else 0.4 * place / (count - 1) - 0.2
    lightness = min(max(base.lightnessF() + step, 0.15), 0.9)
    return QColor.fromHslF(max(0.0, base.hslHueF()), base.hslSaturationF(), lightness).name() if step else color
