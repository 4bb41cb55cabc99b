"""The questions and answers of the File menu, as dialogs that call back: none of them runs an event loop of its own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QHeaderView, QMessageBox, QPushButton, QTreeView, QWidget

OPEN_FILTER = "Neuroloom projects (*.nloom *.nloom.json);;All files (*)"
PROJECT_FILTER = "Neuroloom project with its weights (*.nloom)"
TEXT_FILTER = "Diagram as text (*.nloom.json)"
PROJECT_SUFFIX = ".nloom"
TEXT_SUFFIX = ".nloom.json"
KIND_COLUMN = 2
"""In the table of a file dialog: name, size, kind of file, date."""

Role = QMessageBox.ButtonRole


def ask_unsaved(parent: QWidget, name: str, why: str, save: Callable[[], None], discard: Callable[[], None]) -> None:
    """Save, Discard or Cancel, before a document goes away; Cancel calls nothing. Asked once, however often one tries."""
    open_already = parent.findChild(QMessageBox, "question.unsaved")
    if open_already is not None and open_already.isVisible():
        return
    box = _box(parent, "question.unsaved", f"Save “{name}” first?", why)
    _button(box, "Discard", Role.DestructiveRole, discard)
    _button(box, "Cancel", Role.RejectRole, None, escape=True)
    _button(box, "Save", Role.AcceptRole, save, default=True)
    box.open()


def ask_changed_on_disk(parent: QWidget, name: str, overwrite: Callable[[], None], save_as: Callable[[], None]) -> None:
    """Overwrite, Save as or Cancel, when the file is no longer the one that was read."""
    box = _box(
        parent,
        "question.changedOnDisk",
        f"“{name}” was changed by another program.",
        "The file on disk is not the one that was opened here. Overwriting it loses what the other program wrote; "
        "the file as it is now would be kept beside it once, with a ~ at its end.",
    )
    _button(box, "Overwrite", Role.DestructiveRole, overwrite)
    _button(box, "Cancel", Role.RejectRole, None, escape=True)
    _button(box, "Save as…", Role.AcceptRole, save_as, default=True)
    box.open()


def tell(parent: QWidget, headline: str, sentence: str) -> None:
    """One sentence about what went wrong."""
    box = _box(parent, "message.error", headline, sentence)
    _button(box, "OK", Role.AcceptRole, None, escape=True, default=True)
    box.open()


def choose_file_to_open(parent: QWidget, folder: Path, chosen: Callable[[Path], None]) -> None:
    """A file dialog; ``chosen`` is called with the file."""
    dialog = _file_dialog(parent, "Open a project", folder, chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(OPEN_FILTER)
    dialog.open()


def choose_file_to_save(parent: QWidget, suggestion: Path, chosen: Callable[[Path], None]) -> None:
    """A file dialog; ``chosen`` is called with the file, whose name ends as it should."""

    def complete(path: Path) -> None:
        wanted = TEXT_SUFFIX if dialog.selectedNameFilter() == TEXT_FILTER else PROJECT_SUFFIX
        chosen(with_suffix(path, wanted))

    dialog = _file_dialog(parent, "Save the project", suggestion.parent, complete)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([PROJECT_FILTER, TEXT_FILTER])
    if suggestion.name.endswith(TEXT_SUFFIX):
        dialog.selectNameFilter(TEXT_FILTER)
    dialog.selectFile(suggestion.name)
    dialog.open()


def with_suffix(path: Path, wanted: str) -> Path:
    """The path with ``wanted`` at its end, unless it already ends as a project does."""
    if path.name.endswith((PROJECT_SUFFIX, TEXT_SUFFIX)):
        return path
    return path.with_name(path.name + wanted)


def _box(parent: QWidget, name: str, headline: str, sentence: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.setWindowTitle("Neuroloom")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(headline)
    box.setInformativeText(sentence)
    return box


def _button(
    box: QMessageBox,
    text: str,
    role: QMessageBox.ButtonRole,
    handler: Callable[[], None] | None,
    *,
    default: bool = False,
    escape: bool = False,
) -> QPushButton:
    button = box.addButton(text, role)
    if handler is not None:
        # In the next turn, so that the dialog is gone before its answer opens another one.
        button.clicked.connect(lambda: QTimer.singleShot(0, handler))
    if default:
        box.setDefaultButton(button)
    if escape:
        box.setEscapeButton(button)
    return button


def _file_dialog(parent: QWidget, title: str, folder: Path, chosen: Callable[[Path], None]) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setObjectName("fileDialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    _make_room(dialog)
    return dialog


def _make_room(dialog: QFileDialog) -> None:
    """Let the columns of Qt's own dialog be as wide as what is in them; that of the desktop is left as it is."""
    table = dialog.findChild(QTreeView, "treeView")
    if table is None:
        return
    dialog.resize(760, 480)
    header = table.header()
    header.setStretchLastSection(False)
    header.hideSection(KIND_COLUMN)  # all of them are projects
    for column in range(header.count()):
        wide = QHeaderView.ResizeMode.Stretch if column == 0 else QHeaderView.ResizeMode.ResizeToContents
        header.setSectionResizeMode(column, wide)
