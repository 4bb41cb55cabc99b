"""Some PySide6 releases lose one reference to None per void call, and abort the interpreter after some thousands."""

import sys

import pytest

pytest.importorskip("PySide6")


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on: there is nothing to lose"
)
def test_void_calls_keep_their_references_to_none(qtbot):
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for number in range(2000):
        widget.resize(number % 50 + 10, 20)
        widget.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 200
