"""One wire: where it comes from, where it goes, what it carries, and the weight it has where it has one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from core.catalogue.registry import find_kind
from core.compiler.compile import Compilation
from core.diagram.records import Wire
from core.inspection.snapshot import Snapshot
from desktop.document_bridge import DocumentBridge
from desktop.inspector import readings
from desktop.inspector.heading import Heading
from desktop.inspector.names import node_title, pretty_name, subscript
from desktop.inspector.page import Page, muted_label
from desktop.inspector.weight_image import WeightImage
from desktop.inspector.weight_list import WeightLine, WeightList

MOST_LISTED = 8


class WirePage(Page):
    """The page of one wire; ``node_wanted`` asks to select the node at one of its ends."""

    node_wanted = Signal(str)

    def __init__(self, bridge: DocumentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.wire_id = ""
        self.heading = Heading()
        self.weights = WeightList()
        self.image = WeightImage("weight")
        self._shape = QLabel()
        self._meaning = muted_label()
        self.column.addWidget(self.heading)
        self._ends = [self._end("From"), self._end("To")]
        self._row("Shape", self._shape)
        for widget in (self.weights, self.image, self._meaning):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        (self.wire_id,) = ids

    def refresh(self) -> None:
        nodes, wire = self._bridge.diagram.nodes, self._wire
        names = [pretty_name(node_title(nodes[end[0]])) for end in (wire.source, wire.target)]
        self.heading.set_title(" → ".join(names))
        self.heading.set_caption("Wire")
        for button, end, name in zip(self._ends, (wire.source, wire.target), names, strict=True):
            button.setText(name)
            button.setAccessibleName(f"Show {name}")
            button.setProperty("node", end[0])

    def show_compilation(self, compilation: Compilation) -> None:
        shape = compilation.shapes.get(self._wire.source)
        self._shape.setText("not known yet" if shape is None else " × ".join(map(str, shape)) or "one value")

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        diagram, wire = self._bridge.diagram, self._wire
        kind = find_kind(diagram.nodes[wire.target[0]].kind)
        weights = None
        if snapshot is not None:
            weights = readings.wire_weights(diagram, self._bridge.compilation, snapshot, kind, wire)
        has_any = weights is not None and weights.size > 0
        lines: list[WeightLine] = []
        if weights is not None and has_any and weights.shape[0] == 1 and weights.shape[1] <= MOST_LISTED:
            single = weights.shape[1] == 1
            lines = [
                WeightLine("weight" if single else f"w{subscript(number)}", float(value))
                for number, value in enumerate(weights[0], start=1)
            ]
        self.weights.set_lines(lines)
        self.weights.setVisible(bool(lines))
        self.image.setVisible(has_any and not lines)
        if weights is not None and has_any and not lines:
            self.image.set_values(weights)
        self._meaning.setText(
            "The weight says how much of this value counts. Blue adds, orange takes away."
            if has_any
            else "This wire hands on its values as they are; it has no weight of its own."
        )

    @property
    def _wire(self) -> Wire:
        return self._bridge.diagram.wires[self.wire_id]

    def _end(self, label: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("buttonRole", "flat")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.node_wanted.emit(button.property("node")))
        self._row(label, button)
        return button

    def _row(self, label: str, widget: QPushButton | QLabel) -> None:
        row = QHBoxLayout()
        row.addWidget(QLabel(label), 1)
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(row)
