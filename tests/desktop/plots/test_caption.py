"""The line at the right of a plot's head, in rooms of different sizes."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.plots.caption import PART, Caption


@pytest.fixture
def caption(qtbot: QtBot) -> Caption:
    """An empty caption of a plot."""
    made = Caption()
    qtbot.addWidget(made)
    made.resize(600, 20)
    made.show()
    return made


def test_all_is_shown_where_there_is_room(caption: Caption) -> None:
    caption.say(f"48 samples{PART}by target", "gray")
    assert f"48 samples{PART}by target" in caption.text()
    assert not caption.toolTip()


def test_whole_parts_are_left_out_from_the_end(caption: Caption) -> None:
    text = f'training <span style="color:red">—</span>{PART}validation --{PART}accuracy —'
    caption.say(text, "gray")
    whole = caption.text()
    caption.resize(round(caption._needs(text)) - 4, 20)
    assert "validation" in caption.text()
    assert "accuracy" not in caption.text()
    assert caption.toolTip() == caption.whole == text
    caption.resize(600, 20)
    assert caption.text() == whole
    assert not caption.toolTip()


def test_a_long_sentence_is_cut_and_a_short_one_left_out(caption: Caption) -> None:
    caption.resize(70, 20)
    caption.say("Vanishing: the first layer gets 3 < 10 of the last layer's gradient.".replace("<", "&lt;"), "gray")
    assert "…" in caption.text()
    assert caption.toolTip().startswith("Vanishing")
    caption.say("over x1 and x2", "gray")
    assert "over" not in caption.text()
    assert caption.toolTip() == "over x1 and x2"
