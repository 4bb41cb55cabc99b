"""A process that has copied something ends in order, also where the platform keeps the clipboard itself."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("PySide6")

COPIES_AND_ENDS = """
from PySide6.QtWidgets import QApplication
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from desktop.canvas.clipboard import fragment_on_clipboard, put_on_clipboard
application = QApplication([])
assert put_on_clipboard(Diagram.build([Node(id="x", kind="input")]), ["x"], [])
assert fragment_on_clipboard() is not None
"""


def test_a_copy_does_not_outlive_the_program():
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run([sys.executable, "-c", COPIES_AND_ENDS], env=environment, timeout=60, check=False)
    assert run.returncode == 0
