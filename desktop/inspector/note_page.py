"""What only people read: the words of a note, or the title of a frame and how much it carries."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from core.diagram import edits
from desktop.document_bridge import DocumentBridge
from desktop.forms.numbers import count_text
from desktop.inspector.heading import Heading
from desktop.inspector.page import Page, muted_label


class NotePage(Page):
    """The page of one note."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.note_id = ""
        self.heading = Heading()
        self.heading.set_title("Note")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.column.addWidget(self.heading)
        self.column.addWidget(self.text)
        self.column.addWidget(
            muted_label("Double-click it on the canvas to write in it. It has no part in the network.")
        )
        self.column.addStretch(1)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        (self.note_id,) = ids

    def refresh(self) -> None:
        self.text.setText(self._bridge.diagram.notes[self.note_id].text)


class FramePage(Page):
    """The page of one frame, whose title can be set here."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.frame_id = ""
        self.heading = Heading(editable=True)
        self.column.addWidget(self.heading)
        self.column.addWidget(
            muted_label("Whoever moves a frame moves the nodes in it. It has no part in the network.")
        )
        self.column.addStretch(1)
        self.heading.renamed.connect(self._rename)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        (self.frame_id,) = ids
        self.heading.field.setModified(False)

    def refresh(self) -> None:
        frame = self._bridge.diagram.frames[self.frame_id]
        self.heading.set_title(frame.title, otherwise="Frame")
        self.heading.set_caption(f"Frame around {count_text(len(frame.nodes), 'node')}")

    def _rename(self, title: str) -> None:
        change = edits.update_frame(self._bridge.diagram, self.frame_id, title=" ".join(title.split()))
        self._bridge.apply(change, "Rename frame")
