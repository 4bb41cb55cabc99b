"""The commands that belong to no panel: files, undo and redo, docks, help."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

Standard = QKeySequence.StandardKey


def add_commands(window: "MainWindow") -> None:
    """Put the window's own commands into its action table."""
    _add_files(window)
    _add_history(window)
    actions = window.commands
    actions.add("view.reset_layout", "&Reset layout", window.docks.reset, tip="Put every panel back in its place")
    actions.add("help.keys", "&Keys…", lambda: _show_keys(window), shortcut="F1")
    actions.add("help.about", "&About Neuroloom…", lambda: _show_about(window))


def _show_keys(window: "MainWindow") -> None:
    from desktop.canvas import guide
    from desktop.help import show_keys

    show_keys(window, window.commands, {"Canvas by keys": guide.KEYBOARD, "Canvas by mouse": guide.MOUSE})


def _show_about(window: "MainWindow") -> None:
    from desktop.help import show_about

    show_about(window)


def _add_files(window: "MainWindow") -> None:
    actions, files = window.commands, window.files
    actions.add("file.new_from_template", "New from &template…", window.show_gallery, shortcut="Ctrl+Shift+N")
    actions.add("file.new", "&New empty", files.new_empty, shortcut=Standard.New, tip="Start with an empty canvas")
    actions.add("file.open", "&Open…", files.open, shortcut=Standard.Open)
    actions.add("file.save", "&Save", files.save, shortcut=Standard.Save)
    actions.add("file.save_as", "Save &as…", files.save_as, shortcut="Ctrl+Shift+S")
    actions.add("file.quit", "&Quit", window.close, shortcut="Ctrl+Q")


def _add_history(window: "MainWindow") -> None:
    actions, bridge = window.commands, window.bridge
    undo = actions.add("edit.undo", "&Undo", bridge.undo, shortcut=Standard.Undo)
    redo = actions.add("edit.redo", "&Redo", bridge.redo, shortcut=(Standard.Redo, "Ctrl+Y"))

    def show() -> None:
        document = bridge.document
        undo.setEnabled(document.can_undo)
        undo.setText(_with_label("&Undo", document.undo_label))
        redo.setEnabled(document.can_redo)
        redo.setText(_with_label("&Redo", document.redo_label))

    bridge.history_changed.connect(show)
    show()


def _with_label(verb: str, label: str) -> str:
    """ "Undo connect Dense 1 to ReLU 2": the label as part of a sentence, its ampersands safe from Qt."""
    if not label:
        return verb
    lowered = label[0].lower() + label[1:] if len(label) < 2 or label[1].islower() or label[1] == " " else label
    return f"{verb} {lowered.replace('&', '&&')}"
