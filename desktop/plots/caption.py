"""The small line at the right of a plot's head: what does not fit is left out whole, and stands in the tool tip."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextDocument, QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.plots.style import font

PART = " · "
"""Stands between two parts of a caption, either of which says something by itself."""
SENTENCE = 24
"""From so many letters on, a part is cut rather than left out."""


class Caption(QLabel):
    """Rich text in parts; where there is no room for all, the last ones go first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font("small"))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = self._color = ""
        self._measure = QTextDocument(self)
        self._measure.setDefaultFont(self.font())
        self._measure.setDocumentMargin(0.0)

    @property
    def whole(self) -> str:
        """All that is to be said, whether there is room for it or not."""
        return self._whole

    def say(self, text: str, color: str) -> None:
        """Say this from now on."""
        if (text, color) != (self._whole, self._color):
            self._whole, self._color = text, color
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self._fitting(self.width())
        self.setText(f'<span style="color:{self._color}">{shown}</span>')
        self.setToolTip("" if shown == self._whole else self._whole)

    def _fitting(self, room: int) -> str:
        """As much of the text as there is room for."""
        parts = self._whole.split(PART)
        while len(parts) > 1 and self._needs(PART.join(parts)) > room:
            parts.pop()
        text = PART.join(parts)
        if self._needs(text) <= room:
            return text
        plain = QTextDocumentFragment.fromHtml(text).toPlainText()
        if len(plain) < SENTENCE:
            return ""
        return escape(self.fontMetrics().elidedText(plain, Qt.TextElideMode.ElideRight, room))

    def _needs(self, text: str) -> float:
        self._measure.setHtml(text)
        return self._measure.idealWidth()
