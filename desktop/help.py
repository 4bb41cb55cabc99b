"""The two small dialogs of the Help menu: the list of keys, and what this program is."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.actions import ActionTable, KeyLine
from desktop.crash import program_version

Guide = Mapping[str, Sequence[tuple[str, str]]]
"""Heading -> what is done, and how."""

_SECTIONS = {
    "file": "Files",
    "edit": "Editing",
    "canvas": "Canvas",
    "view": "View",
    "training": "Training",
    "help": "Help",
}


def show_keys(parent: QWidget, actions: ActionTable, guide: Guide) -> QDialog:
    """Open the list of keys: those of the commands, then the guide to what hands and keys do beside them."""
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 12, 0)
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(7)
    row = 0
    beside = [(title, [KeyLine("", text, keys) for text, keys in lines]) for title, lines in guide.items()]
    for title, lines in _sections(actions.keys()) + beside:
        heading = QLabel(title.upper())
        heading.setProperty("textRole", "heading")
        heading.setContentsMargins(0, 10 if row else 0, 0, 2)
        grid.addWidget(heading, row, 0, 1, 2)
        row += 1
        for line in lines:
            keys = QLabel(line.keys)
            keys.setProperty("textRole", "muted")
            grid.addWidget(QLabel(line.text), row, 0)
            grid.addWidget(keys, row, 1)
            row += 1
    grid.setColumnStretch(1, 1)
    scroll = QScrollArea()
    scroll.setWidget(content)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return _dialog(parent, "dialog.keys", "Keys", scroll, (640, 600))


def show_about(parent: QWidget) -> QDialog:
    """Open what this program is."""
    text = QLabel(
        f"<p>Version {program_version()}</p>"
        "<p>Draw a neural network, press Train, and watch it learn. The network that you draw is compiled to NumPy, "
        "and everything that moves is its own numbers.</p>"
        "<p>Free software under the MIT licence. Your work stays on this computer: "
        "the program opens no network connection.</p>"
    )
    text.setWordWrap(True)
    return _dialog(parent, "dialog.about", "Neuroloom", text, (420, 240))


def _sections(lines: list[KeyLine]) -> list[tuple[str, list[KeyLine]]]:
    """The lines by the first part of their ids; parts that have no title of their own stand together at the end."""
    found: dict[str, list[KeyLine]] = {title: [] for title in [*_SECTIONS.values(), "Other"]}
    for line in lines:
        found[_SECTIONS.get(line.action_id.partition(".")[0], "Other")].append(line)
    return [(title, group) for title, group in found.items() if group]


def _dialog(parent: QWidget, name: str, title: str, content: QWidget, size: tuple[int, int]) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    headline = QLabel(title)
    headline.setProperty("textRole", "headline")
    close = QPushButton("Close")
    close.setDefault(True)
    close.clicked.connect(dialog.accept)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(22, 20, 22, 18)
    layout.setSpacing(12)
    layout.addWidget(headline)
    layout.addWidget(content, 1)
    layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    room = parent.window().size()  # On a small screen the button must not lie below its edge.
    dialog.resize(min(size[0], room.width()), min(size[1], room.height()))
    dialog.open()
    return dialog
