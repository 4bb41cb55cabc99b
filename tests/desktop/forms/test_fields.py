"""The fields of forms: typed into, stepped, refused, told."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QVBoxLayout, QWidget

from desktop.forms.choice_field import ChoiceField
from desktop.forms.number_field import NumberField, NumberRange
from desktop.forms.switch import Switch
from desktop.forms.text_field import TextField

UNITS = NumberRange("Units", whole=True, minimum=1, maximum=4096)
RATE = NumberRange("Rate", minimum=0, exclusive_minimum=True, maximum=10, ladder=True)
SHARE = NumberRange("Share", minimum=0, maximum=1, exclusive_maximum=True)


@pytest.fixture
def shown(qtbot):
    """Puts a field beside another one into an active window."""
    window = QWidget()
    layout = QVBoxLayout(window)
    qtbot.addWidget(window)

    def put(field):
        other = TextField("Other")
        layout.addWidget(other)
        layout.addWidget(field)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        field.other = other
        field.setFocus()
        return field

    return put


def asked(field):
    found = []
    field.committed.connect(lambda *values: found.append(values))
    return found


def told(field):
    found = []
    field.refused.connect(found.append)
    return found


def wheel(field, up=True):
    turn = QPoint(0, 120 if up else -120)
    event = QWheelEvent(
        QPointF(5, 5), QPointF(field.mapToGlobal(QPoint(5, 5))), QPoint(), turn,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def test_a_typed_number_is_asked_for_on_enter_and_shown_when_it_is_told(shown):
    field = shown(NumberField(UNITS))
    field.set_value(8)
    found = asked(field)
    field.selectAll()
    QTest.keyClicks(field, "16")
    assert not found
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert found == [(16, False)]
    assert isinstance(found[0][0], int)
    assert field.text() == "8"
    field.set_value(16)
    assert field.text() == "16"


def test_a_number_is_asked_for_when_the_field_is_left(shown):
    field = shown(NumberField(RATE))
    field.set_value(0.01)
    found = asked(field)
    field.selectAll()
    QTest.keyClicks(field, "0,3")
    field.other.setFocus()
    assert found == [(0.3, False)]


@pytest.mark.parametrize(
    ("allowed", "typed", "sentence"),
    [
        (UNITS, "0", "Units must be a whole number from 1 to 4,096, not “0”."),
        (UNITS, "2.5", "Units must be a whole number from 1 to 4,096, not “2.5”."),
        (UNITS, "many", "Units must be a whole number from 1 to 4,096, not “many”."),
        (RATE, "0", "Rate must be a number above 0 to 10, not “0”."),
        (SHARE, "1", "Share must be a number from 0 below 1, not “1”."),
        (NumberRange("R²", maximum=1), "2", "R² must be a number to 1, not “2”."),
        (NumberRange("Loss", minimum=0), "-1", "Loss must be a number from 0 upwards, not “-1”."),
    ],
)
def test_what_is_out_of_range_is_refused_in_words(shown, allowed, typed, sentence):
    field = shown(NumberField(allowed))
    field.set_value(1)
    found, said = asked(field), told(field)
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not found
    assert said == [sentence]
    assert field.property("invalid") is True
    assert field.toolTip() == sentence
    field.other.setFocus()
    assert field.text() == "1"
    assert said == [sentence, ""]
    assert field.property("invalid") is False


def test_escape_brings_back_what_is_true(shown):
    field = shown(NumberField(UNITS))
    field.set_value(8)
    found = asked(field)
    QTest.keyClicks(field, "99")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "8"
    assert not found


@pytest.mark.parametrize(
    ("allowed", "start", "key", "keys", "next_value"),
    [
        (UNITS, 8, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 9),
        (UNITS, 8, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, 18),
        (RATE, 0.03, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.05),
        (RATE, 0.03, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 0.02),
        (RATE, 0.1, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 0.05),
        (SHARE, 0.2, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.21),
        (
            NumberRange("Batch", whole=True, minimum=1, ladder=True),
            32,
            Qt.Key.Key_Up,
            Qt.KeyboardModifier.NoModifier,
            33,
        ),
    ],
)
def test_arrow_keys_step(shown, allowed, start, key, keys, next_value):
    field = shown(NumberField(allowed))
    field.set_value(start)
    found = asked(field)
    QTest.keyClick(field, key, keys)
    assert found == [(next_value, True)]


def test_steps_stop_at_the_bounds(shown):
    field = shown(NumberField(UNITS))
    field.set_value(4090)
    found = asked(field)
    QTest.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert found == [(4096, True)]
    assert RATE.stepped(10, 1) == 10
    assert SHARE.stepped(0.995, 10) == 0.995
    assert NumberRange("Free").stepped(0.0, 1) == pytest.approx(0.01)


def test_the_wheel_turns_a_field_only_while_it_has_the_focus(shown):
    field = shown(NumberField(UNITS))
    field.set_value(8)
    found = asked(field)
    assert wheel(field)
    assert wheel(field, up=False)
    assert found == [(9, True), (7, True)]
    field.other.setFocus()
    assert not wheel(field)
    assert len(found) == 2


def test_news_does_not_disturb_what_is_being_typed(shown):
    field = shown(NumberField(UNITS))
    field.set_value(8)
    QTest.keyClicks(field, "1")
    field.set_value(64)
    assert field.text() == "81"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "64"


def test_several_different_values_are_an_empty_field(qtbot):
    number, choice, text = NumberField(UNITS), ChoiceField("Kind", [("a", "A")]), TextField("Name")
    for field in (number, choice, text):
        qtbot.addWidget(field)
        field.set_value(None)
        assert field.placeholderText() == "several"
    assert number.text() == text.text() == ""
    assert choice.currentIndex() == -1


def test_a_choice_is_asked_for_by_its_key(qtbot):
    field = ChoiceField("Activation", [("tanh", "Tanh"), ("relu", "ReLU")])
    qtbot.addWidget(field)
    field.set_value("tanh")
    found = asked(field)
    field.choose("relu")
    field.choose("no such")
    assert found == [("relu",)]
    field.set_value("relu")
    field.choose("relu")
    assert len(found) == 1


def test_a_key_that_is_not_offered_is_shown_as_it_is(qtbot):
    field = ChoiceField("Data", [("circle", "Circle")])
    qtbot.addWidget(field)
    field.set_value("mnist")
    assert field.currentText() == "mnist"
    field.set_value("mnist")
    assert field.count() == 2


def test_the_wheel_leaves_a_choice_alone(shown):
    field = shown(ChoiceField("Activation", [("a", "A"), ("b", "B")]))
    field.set_value("a")
    assert not wheel(field, up=False)
    assert field.currentData() == "a"


def test_a_long_choice_is_shortened_with_dots(qtbot):
    field = ChoiceField("Data", [("a", "A very long title that does not fit at all")])
    qtbot.addWidget(field)
    field.set_value("a")
    field.resize(90, 26)
    assert not field.grab().isNull()


def test_a_text_is_asked_for_when_it_is_done(shown):
    field = shown(TextField("Title"))
    field.set_value("h1")
    found = asked(field)
    QTest.keyClicks(field, "x")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "h1"
    QTest.keyClicks(field, "x ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert found == [("h1x",)]
    field.set_value("h1x")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert len(found) == 1


def test_a_list_of_names_is_ticked_together_in_a_menu(shown, monkeypatch):
    opened = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, place: opened.append(menu))  # offscreen, nothing can pop up
    field = shown(TextField("Columns"))
    field.committed.connect(field.set_value)
    field.offer(("x1", "x2", "a&b"), "all: x1, x2, a&b")
    assert field.placeholderText() == "all: x1, x2, a&b"

    def pick(text):
        menu = field.offer_menu()
        next(entry for entry in menu.actions() if entry.text() == text).trigger()
        menu.close()
        return field.value

    def ticked():
        return [entry.text() for entry in field.offer_menu().actions() if entry.isChecked()]

    assert ticked() == ["All"]
    assert pick("x2") == "x2"
    assert pick("a&&b") == "x2, a&b"
    assert ticked() == ["x2", "a&&b"]
    assert pick("x2") == "a&b"
    assert pick("All") == field.text() == ""
    (button,) = field.findChildren(QToolButton)
    assert button.accessibleName() == "Choose columns"
    QTest.keyClick(field, Qt.Key.Key_Down)
    (menu,) = opened
    assert [entry.text() for entry in menu.actions() if entry.isChecked()] == ["All"]
    assert menu.minimumWidth() == field.width()
    field.set_value(None)
    assert field.placeholderText() == "several"


def test_a_switch_looks_different_when_it_is_on(qtbot):
    switch = Switch("Bias")
    qtbot.addWidget(switch)

    def pixels():
        image = switch.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(image.constBits(), np.uint8).copy()

    off = pixels()
    with qtbot.waitSignal(switch.clicked):
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert switch.isChecked()
    assert (pixels() != off).any()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()
