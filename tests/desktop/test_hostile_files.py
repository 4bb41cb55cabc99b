"""Each of the hostile files, opened in a window: one sentence, and what was open stays as it was."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from core.diagram import edits
from desktop.files import questions
from desktop.main_window import MainWindow
from tests.robustness.hostile import corpus

LARGEST = 100_000


def test_each_gets_one_sentence_and_leaves_the_open_document_alone(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def tell(parent: QWidget, headline: str, sentence: str) -> None:
        told.append(sentence)

    monkeypatch.setattr(questions, "tell", tell)
    bridge = window.bridge
    bridge.apply(edits.add_node(bridge.diagram, "dense", (0.0, 0.0))[0], "add")
    document, diagram, state = bridge.document, bridge.diagram, bridge.document.state
    before = (bridge.path, bridge.is_clean, window.files.name, list(window.settings.recent))
    files = {name: data for name, data in corpus().items() if len(data) < LARGEST}
    assert len(files) > 300
    for name, data in files.items():
        path = tmp_path / f"{name}.nloom"
        path.write_bytes(data)
        told.clear()
        window.files.load(path)
        assert len(told) == 1, name
        assert re.fullmatch(r"[^\n]{10,400}\.", told[0]), (name, told)
    assert bridge.document is document
    assert bridge.diagram is diagram
    assert document.state == state
    assert (bridge.path, bridge.is_clean, window.files.name, list(window.settings.recent)) == before
