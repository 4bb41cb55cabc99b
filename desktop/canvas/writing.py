"""Writing on the canvas: the text of a note and the title of a frame, through the one editor laid over them."""

from functools import partial
from typing import TYPE_CHECKING

from core.diagram import edits
from core.diagram.change import Change

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

LOWEST = 40
"""The editor is no lower than this, however small the thing is on screen."""
NOTE_HINT = "Ctrl+Enter or a click elsewhere ends writing, Enter begins a new line, Esc leaves what was there"
NEW_NOTE_HINT = "Ctrl+Enter, Esc or a click elsewhere ends writing, Enter begins a new line; an empty note goes away"
TITLE_HINT = "Enter ends writing, Esc leaves the title that was there"


def add(view: "CanvasView", change: Change, label: str, key: str) -> None:
    """Add a note or a frame and begin to write in it: one undo step, and none at all for a note left empty."""
    if view.apply(change, label, _merge_key(key)):
        view.selection.set(notes=(key,))
        write(view, key, label)


def write(view: "CanvasView", key: str, joins: str = "") -> None:
    """Edit the note or the frame of this id; the text joins the step of this name that has just added it."""
    item = view.canvas.notes.get(key) or view.canvas.frames.get(key)
    if item is None:
        return
    diagram = view.bridge.diagram
    is_note = key in diagram.notes
    text = diagram.notes[key].text if is_note else diagram.frames[key].title
    rect = view.mapFromScene(item.body).boundingRect()
    rect.setHeight(max(rect.height(), LOWEST))
    view.note_editor.edit(rect, text, partial(_written, view, key, joins), one_line=not is_note)
    view.status_message.emit((NOTE_HINT if text else NEW_NOTE_HINT) if is_note else TITLE_HINT)


def _written(view: "CanvasView", key: str, joins: str, text: str | None) -> None:
    """Put the text into the document, or leave what is there for None; a note without a word is deleted."""
    now = view.bridge.diagram
    merge_key = _merge_key(key) if joins else None
    view.status_message.emit("")
    if key in now.notes:
        kept = now.notes[key].text if text is None else text
        if not kept.strip():
            view.apply(edits.delete(now, notes=(key,)), joins or "Delete note", merge_key)
        else:
            view.apply(edits.update_note(now, key, text=kept), joins or "Edit note", merge_key)
    elif key in now.frames and text is not None:
        view.apply(edits.update_frame(now, key, title=" ".join(text.split())), joins or "Rename frame", merge_key)


def _merge_key(key: str) -> str:
    return f"write {key}"
