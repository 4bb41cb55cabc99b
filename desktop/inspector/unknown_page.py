"""A node of a kind that this version does not know: what it is called and what it holds, untouched."""

from core.diagram import edits
from desktop.document_bridge import DocumentBridge
from desktop.inspector.heading import Heading
from desktop.inspector.page import Page, muted_label


class UnknownPage(Page):
    """The page of a placeholder."""

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.node_id = ""
        self.heading = Heading(editable=True)
        self.column.addWidget(self.heading)
        self._sentence, self._settings = muted_label(), muted_label()
        self.column.addWidget(self._sentence)
        self.column.addWidget(self._settings)
        self.column.addStretch(1)
        self.heading.renamed.connect(self._rename)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        (self.node_id,) = ids
        self.heading.field.setModified(False)

    def refresh(self) -> None:
        node = self._bridge.diagram.nodes[self.node_id]
        self.heading.set_title(node.title, otherwise=node.id)
        self.heading.set_caption(node.kind)
        self._sentence.setText(
            f"This version of Neuroloom does not know the kind “{node.kind}”. "
            "The node is kept as it is, and saved with all its settings."
        )
        self._settings.setText("\n".join(f"{name}: {value}" for name, value in list(node.hyperparameters.items())[:40]))

    def _rename(self, title: str) -> None:
        self._bridge.apply(edits.set_title(self._bridge.diagram, self.node_id, title), "Rename")
