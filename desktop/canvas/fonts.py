"""The canvas's fonts, made once each; unhinted, so that text keeps its place at every zoom."""

from PySide6.QtGui import QFont, QFontMetricsF

from desktop.lifetime import remembered
from desktop.theme import FONT_FAMILIES

TINY, SMALL, NORMAL, LARGE, FIGURE = 11, 12, 13, 15, 21


@remembered()
def font(pixels: int, bold: bool = False, italic: bool = False) -> QFont:
    """One font by its size in pixels at 100 %."""
    made = QFont()
    made.setFamilies(list(FONT_FAMILIES))
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@remembered()
def metrics(pixels: int, bold: bool = False, italic: bool = False) -> QFontMetricsF:
    """The measures of the same font."""
    return QFontMetricsF(font(pixels, bold, italic))
