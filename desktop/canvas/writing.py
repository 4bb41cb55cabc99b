"""Writing on the canvas: the text of a note and the title of a frame, through the one editor laid over them."""

from typing import TYPE_CHECKING

from core.diagram import edits

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

LOWEST = 40
"""The editor is no lower than this, however small the thing is on screen."""


def write(view: "CanvasView", key: str) -> None:
    """Edit the note or the frame of this id."""
    item = view.canvas.notes.get(key) or view.canvas.frames.get(key)
    if item is None:
        return
    diagram = view.bridge.diagram
    text = diagram.notes[key].text if key in diagram.notes else diagram.frames[key].title

    def done(text: str) -> None:
        now = view.bridge.diagram
        if key in now.notes:
            view.apply(edits.update_note(now, key, text=text), "Edit note")
        elif key in now.frames:
            view.apply(edits.update_frame(now, key, title=" ".join(text.split())), "Rename frame")

    rect = view.mapFromScene(item.body).boundingRect()
    rect.setHeight(max(rect.height(), LOWEST))
    view.note_editor.edit(rect, text, done)
