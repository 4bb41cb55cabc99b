"""A number in a form: typed and confirmed, or stepped with the arrow keys; what is out of range is refused in words.

The field never changes anything by itself. It says what was asked for, and shows what it is told.
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.forms.focus import give_back, is_for_the_document
from desktop.forms.numbers import number_text, parse_number
from desktop.forms.refusal import mark_refused


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Which numbers are allowed; None is no bound. ``ladder`` steps by thirds of a decade (1, 2, 5, 10), as suits a rate."""

    title: str
    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    ladder: bool = False

    def refusal(self, text: str) -> str:
        """Why a text is refused, as a sentence; "" where it is allowed."""
        value = parse_number(text)
        fits = value is not None and self.holds(value) and (not self.whole or value == int(value))
        return "" if fits else f"{self.title} must be {self._wanted()}, not “{text.strip()}”."

    def holds(self, value: float) -> bool:
        """Whether a number lies in the range."""
        low, high = self.minimum, self.maximum
        above = low is None or value > low or (value == low and not self.exclusive_minimum)
        return above and (high is None or value < high or (value == high and not self.exclusive_maximum))

    def stepped(self, value: float, steps: int) -> float:
        """The number so many steps further, kept in the range."""
        moved: float
        if self.whole:
            moved = value + steps
        elif self.ladder:
            moved = _on_ladder(value, steps)
        else:
            unit = 10.0 ** math.floor(math.log10(abs(value)) - 1) if value else 0.01
            moved = round(value + steps * max(unit, 0.001), 6)
        if self.holds(moved):
            return moved
        bound = self.minimum if steps < 0 else self.maximum
        exclusive = self.exclusive_minimum if steps < 0 else self.exclusive_maximum
        return value if bound is None or exclusive else bound

    def _wanted(self) -> str:
        noun = "a whole number" if self.whole else "a number"
        low = "" if self.minimum is None else f" {'above' if self.exclusive_minimum else 'from'} {self.minimum:,g}"
        high = "" if self.maximum is None else f" {'below' if self.exclusive_maximum else 'to'} {self.maximum:,g}"
        if low and self.minimum is not None and self.maximum is None and not self.exclusive_minimum:
            high = " upwards"
        return noun + low + high


class NumberField(QLineEdit):
    """Asks by ``committed`` (the number, and whether it was stepped to); says by ``refused`` why not ("" when all is well)."""

    committed = Signal(object, bool)
    refused = Signal(str)

    def __init__(self, allowed: NumberRange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.allowed = allowed
        self._value: float | None = None
        self.setAccessibleName(allowed.title)
        self.setMaxLength(24)
        self.editingFinished.connect(self._commit)
        self.textEdited.connect(lambda _text: self._say(""))

    @property
    def value(self) -> float | None:
        """The number that the field was last told; None where several differ."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a number; None is shown as an empty field, "several"."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def event(self, event: QEvent) -> bool:
        if is_for_the_document(self, event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step((1 if key == Qt.Key.Key_Up else -1) * _times(event.modifiers()))
        elif key == Qt.Key.Key_Escape:
            self._show()
            give_back(self)
        else:
            super().keyPressEvent(event)
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isModified():  # else it was refused
                give_back(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step while the field has the focus; else let the panel scroll."""
        turned = event.angleDelta().y()
        if not self.hasFocus() or not turned:
            event.ignore()
            return
        self._step((1 if turned > 0 else -1) * _times(event.modifiers()))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isModified():  # it was refused: what is true is shown again
            self._show()
        self._show_its_start()

    def _commit(self) -> None:
        if not self.isModified():
            return
        sentence = self.allowed.refusal(self.text())
        if sentence:
            self._say(sentence)
            return
        value = parse_number(self.text())
        assert value is not None
        self._ask(value, stepped=False)

    def _step(self, steps: int) -> None:
        start = parse_number(self.text()) if self.isModified() else self._value
        if start is not None and self.allowed.holds(start):
            self._ask(self.allowed.stepped(start, steps), stepped=True)

    def _ask(self, value: float, *, stepped: bool) -> None:
        self.setModified(False)
        number = int(value) if self.allowed.whole else float(value)
        if number != self._value:
            self.committed.emit(number, stepped)
        self._show()

    def _show(self) -> None:
        self.setText("" if self._value is None else number_text(self._value))
        if not self.hasFocus():
            self._show_its_start()
        self.setPlaceholderText("several" if self._value is None else "")
        self.setModified(False)
        self._say("")

    def _show_its_start(self) -> None:
        """A number that is too long is cut at its end, or 1000000 would read 000000."""
        self.home(False)

    def _say(self, sentence: str) -> None:
        if mark_refused(self, sentence):
            self.refused.emit(sentence)


def _times(modifiers: Qt.KeyboardModifier) -> int:
    return 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1


def _on_ladder(value: float, steps: int) -> float:
    """The next rung of 1, 2, 5, 10 ... in the direction of ``steps``, one rung for each step."""
    rungs = (1.0, 2.0, 5.0)
    for _ in range(abs(steps)):
        if value <= 0:
            return value
        decade = math.floor(math.log10(value) + 1e-9)
        ladder = [rung * 10.0**power for power in (decade - 1, decade, decade + 1) for rung in rungs]
        if steps > 0:
            value = min(rung for rung in ladder if rung > value * (1 + 1e-9))
        else:
            value = max(rung for rung in ladder if rung < value * (1 - 1e-9))
    return float(f"{value:.6g}")
