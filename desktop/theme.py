"""The theme: one table of colours and sizes that widgets, canvas and plots read, and nothing beside it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from core.catalogue.kind import Category
from desktop.lifetime import remembered

SPACE = 4
RADIUS = 8
FONT_FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
FONT_PIXELS = {"tiny": 10.5, "small": 12.0, "normal": 13.0, "large": 15.0, "figure": 19.0}


@dataclass(frozen=True)
class Theme:
    """Colours as "#rrggbb"; what each is for stands in the design of the look."""

    name: str
    ground: str
    panel: str
    card: str
    raised: str
    line: str
    text: str
    muted: str
    positive: str
    negative: str
    neutral: str
    ok: str
    warning: str
    error: str
    accent: str
    on_accent: str
    hues: dict[Category, str]
    series: tuple[str, ...]

    @property
    def is_dark(self) -> bool:
        """Whether the ground is darker than the text."""
        return QColor(self.ground).lightness() < QColor(self.text).lightness()

    @cached_property
    def diverging_table(self) -> NDArray[np.uint8]:
        """(256, 3) RGB from negative over neutral to positive: the one scale for values, weights and gradients."""
        stops = np.array([_rgb(self.negative), _rgb(self.neutral), _rgb(self.positive)], float)
        at = np.linspace(-1.0, 1.0, 256)
        return np.stack([np.interp(at, (-1.0, 0.0, 1.0), stops[:, channel]) for channel in range(3)], 1).astype(
            np.uint8
        )

    def diverging(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        """RGB of values in [-1, 1] (clipped; not-a-number is neutral), shape ``values.shape + (3,)``."""
        clean = np.clip(np.nan_to_num(np.asarray(values, float)), -1.0, 1.0)
        return np.asarray(self.diverging_table[(clean * 127.5 + 127.5).astype(np.intp)])

    def color_of(self, value: float) -> QColor:
        """The colour of one value in [-1, 1]."""
        red, green, blue = (int(channel) for channel in self.diverging(np.array(value)))
        return QColor(red, green, blue)


HUES = {
    Category.DATA: "#2aa79b",
    Category.NEURONS: "#6f86ff",
    Category.ACTIVATIONS: "#b07cf0",
    Category.CONVOLUTION: "#4fb3e8",
    Category.SHAPING: "#7fb86a",
    Category.JOINING: "#8fa3b8",
    Category.RECURRENCE: "#e06fa8",
    Category.LOSS: "#e5b53c",
}

DARK_INK, LIGHT_INK = "#10151d", "#ffffff"
"""What is written or drawn on a colour that means data, in any theme."""
NOTE_HUE = HUES[Category.LOSS]

DARK = Theme(
    name="dark", ground="#12151b", panel="#191e26", card="#212833", raised="#2a3240", line="#313b4a", text="#e7ecf3",
    muted="#93a1b5", positive="#3f8fe8", negative="#f08a24", neutral="#262d38", ok="#37b58b", warning="#e5b53c",
    error="#e5534f", accent="#5b9cff", on_accent="#0c1220", hues=HUES,
    series=("#3f8fe8", "#37b58b", "#e5b53c", "#f08a24", "#b07cf0", "#e06fa8", "#2aa79b", "#93a1b5"),
)  # fmt: skip

LIGHT = Theme(
    name="light", ground="#f4f6f9", panel="#ffffff", card="#ffffff", raised="#eef2f7", line="#d5dce6", text="#1a2230",
    muted="#5d6a7d", positive="#1c6fd0", negative="#dd7410", neutral="#e9edf2", ok="#1d8f69", warning="#b98708",
    error="#cc3a36", accent="#1f6fe0", on_accent="#ffffff", hues=HUES,
    series=("#1c6fd0", "#1d8f69", "#b98708", "#dd7410", "#7b45c4", "#b83f7e", "#177d73", "#5d6a7d"),
)  # fmt: skip

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


class ThemeHub(QObject):
    """Says which theme holds now, and tells everyone when it changes; follows the system unless told otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mode = "system"
        self.theme = self._resolved()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    @property
    def mode(self) -> str:
        """ "system", or the name of a theme."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Follow the system ("system"), or hold on to a theme by its name."""
        self._mode = mode
        self._refresh()

    def _resolved(self) -> Theme:
        if self._mode in THEMES:
            return THEMES[self._mode]
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _refresh(self) -> None:
        theme = self._resolved()
        if theme is not self.theme:
            self.theme = theme
            self.changed.emit()


@remembered()
def hub() -> ThemeHub:
    """The one ThemeHub of the application; a QGuiApplication must exist."""
    return ThemeHub()


def current() -> Theme:
    """The theme that holds now."""
    return hub().theme


def readable_on(ground: QColor) -> QColor:
    """Dark or light ink, whichever is read better on a colour (by relative luminance, WCAG 2)."""
    linear = [(channel / 255) ** 2.2 for channel in (ground.red(), ground.green(), ground.blue())]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return QColor(DARK_INK if luminance > 0.18 else LIGHT_INK)


def qt_palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for every widget that the style sheet does not name."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.panel,
        QPalette.ColorRole.Base: theme.raised,
        QPalette.ColorRole.AlternateBase: theme.card,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.card,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Link: theme.accent,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, QColor(theme.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(theme.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, QColor(theme.muted))
    return palette


def _rgb(color: str) -> tuple[int, int, int]:
    value = QColor(color)
    return value.red(), value.green(), value.blue()
