"""CanvasScene: the items of a diagram by their ids, kept in step with the document by its Changes alone.

It shows records, what the compiler found, live values and the selection; it changes nothing itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import Frame, Node, Note, Position, Record, TrainingSettings, Wire
from desktop import theme
from desktop.canvas.figures import shape_text
from desktop.canvas.geometry import LABEL
from desktop.canvas.live_values import LiveValues
from desktop.canvas.node_item import NodeItem, Sharpness
from desktop.canvas.node_look import Findings, plain_look
from desktop.canvas.note_item import FrameItem, NoteItem
from desktop.canvas.pulses import PulseItem
from desktop.canvas.wire_curve import WireCurve
from desktop.canvas.wire_item import EVERYWHERE, WireItem, WireLook
from desktop.selection import Selection

if TYPE_CHECKING:
    from core.compiler.compile import Compilation
    from core.datasets.dataset import Dataset


class CanvasScene(QGraphicsScene):
    """Everything that is drawn of one diagram."""

    def __init__(self, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSceneRect(EVERYWHERE)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.diagram = Diagram()
        self.nodes: dict[str, NodeItem] = {}
        self.notes: dict[str, NoteItem] = {}
        self.frames: dict[str, FrameItem] = {}
        self.sharpness = Sharpness()
        self.wires = WireItem()
        self.pulses = PulseItem(self.wires)
        self.addItem(self.wires)
        self.addItem(self.pulses)
        self.findings: Findings | None = None
        self.live = LiveValues(self)
        self.hovered_node: str | None = None
        self.hovered_wire: str | None = None
        self._selection = selection
        self._ringed: frozenset[str] = frozenset()
        self._lit: set[str] = set()
        selection.changed.connect(self._show_selection)
        theme.hub().changed.connect(self._repaint_all)

    def load(self, diagram: Diagram) -> None:
        """Show another diagram."""
        for item in (*self.nodes.values(), *self.notes.values(), *self.frames.values()):
            self.removeItem(item)
        self.nodes.clear()
        self.notes.clear()
        self.frames.clear()
        self.wires.clear()
        self._ringed, self._lit = frozenset(), set()
        self.findings = None
        self.live.forget()
        records: list[Record] = [*diagram.nodes.values(), *diagram.wires.values()]
        records += [*diagram.frames.values(), *diagram.notes.values()]
        self.follow(Change(added=tuple(records)), diagram)

    def follow(self, change: Change, diagram: Diagram) -> None:
        """Show what a change made of the diagram; wires go before their nodes, and come after them."""
        self.diagram = diagram
        for record in sorted(change.removed, key=_wires_first):
            self._remove(record)
        # What went and comes back by an undo begins without ring and light.
        gone = {record.id for record in change.removed if not isinstance(record, TrainingSettings)}
        self._ringed -= gone
        self._lit -= gone
        after = [update.after for update in change.updated]
        for record in sorted((*change.added, *after), key=_wires_first, reverse=True):
            self._put(record)
        self._show_selection()

    def show_compilation(self, compilation: "Compilation", dataset: "Dataset | None") -> None:
        """Show what the compiler found: shapes, parameters, badges."""
        names = dataset.class_names if dataset is not None else ()
        self.findings = Findings(compilation, names, dataset.drawing if dataset is not None else "")
        for key, item in self.nodes.items():
            node = self.diagram.nodes.get(key)
            if node is not None and item.set_look(self.findings.look(node)):
                self.reroute(key)
                self._point_notes((key,))
        for key, wire in self.diagram.wires.items():
            if key in self.wires.wires:
                self.wires.change(key, shape_text=self._shape_text(wire))
        self.live.compiled(compilation, dataset)

    def preview_positions(self, positions: Mapping[str, Position]) -> None:
        """Show nodes, notes and frames elsewhere, without changing the document."""
        for key, position in positions.items():
            node = self.nodes.get(key)
            extra = self.notes.get(key) or self.frames.get(key)
            if node is not None:
                node.put_at(position)
            elif extra is not None:
                extra.setPos(*position)
        for key in positions:
            if key in self.nodes:
                self.reroute(key)
        self._point_notes(positions)

    def reroute(self, node: str) -> None:
        """Lead the wires of a node to where its ports are now."""
        for wire in (*self.diagram.incoming(node), *self.diagram.outgoing(node)):
            if wire.id in self.wires.wires:
                self.wires.change(wire.id, curve=self._curve(wire))

    def hover(self, node: str | None, wire: str | None) -> None:
        """Light up what the mouse is over."""
        if (node, wire) != (self.hovered_node, self.hovered_wire):
            before = self.hovered_node
            self.hovered_node, self.hovered_wire = node, wire
            self._light_wires()
            self.live.show_numbers_of({key for key in (before, node) if key is not None})

    def dim_others(self, kept: Iterable[str] | None) -> None:
        """Fade every node but some; None fades none."""
        keep = None if kept is None else set(kept)
        for key, item in self.nodes.items():
            item.set_dimmed(keep is not None and key not in keep)

    def content_rect(self, nodes: Iterable[str] | None = None) -> QRectF:
        """What encloses these nodes, or everything there is; null where there is nothing."""
        items = self.nodes.values() if nodes is None else [self.nodes[key] for key in nodes if key in self.nodes]
        rect = QRectF()
        if items:
            # Plain numbers: a thousand unions of rectangles take four times as long.
            boxes = [item.box for item in items]
            left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
            rect = QRectF(left, top, max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top)
        if nodes is None:
            for extra in (*self.notes.values(), *self.frames.values()):
                rect = rect.united(extra.boundingRect().translated(extra.pos()))
            for look in self.wires.wires.values():
                if look.curve.leads_back:  # Only these swing out beyond the nodes that they join.
                    rect = rect.united(look.curve.path.boundingRect())
        return rect

    def body_width(self, node: str) -> float:
        """How wide the body of a node is drawn."""
        return self.nodes[node].geometry.body.width()

    def node_at(self, point: QPointF) -> str | None:
        """The node whose body is at a point, the uppermost one."""
        x, y = point.x(), point.y()
        for key in reversed(self.nodes):
            if self.nodes[key].covers(x, y):
                return key
        return None

    def note_at(self, point: QPointF) -> str | None:
        """The note, or the frame by its title, at a point."""
        for table in (self.notes, self.frames):
            for key in reversed(table):
                if table[key].body.contains(point):
                    return key
        return None

    def _remove(self, record: Record) -> None:
        if isinstance(record, Wire):
            self.wires.take(record.id)
        elif isinstance(record, Node):
            self._drop(self.nodes, record.id)
        elif isinstance(record, Note):
            self._drop(self.notes, record.id)
        elif isinstance(record, Frame):
            self._drop(self.frames, record.id)

    def _drop(self, table: dict[str, NodeItem] | dict[str, NoteItem] | dict[str, FrameItem], key: str) -> None:
        item = table.pop(key, None)
        if item is not None:
            self.removeItem(item)

    def _put(self, record: Record) -> None:
        if isinstance(record, Node):
            self._put_node(record)
        elif isinstance(record, Wire):
            before = self.wires.wires.get(record.id)
            look = WireLook(self._curve(record), self._shape_text(record))
            if before is not None:
                look = replace(before, curve=look.curve, shape_text=look.shape_text)
            self.wires.put(record.id, look)
        elif isinstance(record, Note):
            item = self.notes.get(record.id)
            if item is None:
                self.notes[record.id] = item = NoteItem(record, self._body_of)
                self.addItem(item)
            item.set_note(record)
        elif isinstance(record, Frame):
            frame = self.frames.get(record.id)
            if frame is None:
                self.frames[record.id] = frame = FrameItem(record)
                self.addItem(frame)
            frame.set_frame(record)

    def _put_node(self, node: Node) -> None:
        item = self.nodes.get(node.id)
        look = plain_look(node)
        if item is None:
            self.nodes[node.id] = item = NodeItem(node.id, look, self.sharpness)
            item.put_at(node.position)
            self.addItem(item)
            return
        if self.findings is not None:
            look = self.findings.look(node)
        moved = item.place != node.position
        if moved:
            item.put_at(node.position)
        if item.set_look(look) or moved:
            self.reroute(node.id)
            self._point_notes((node.id,))

    def _body_of(self, node: str) -> QRectF | None:
        item = self.nodes.get(node)
        if item is None:
            return None
        place = item.body
        if item.geometry.label.top() > item.geometry.body.bottom():
            place.setBottom(place.bottom() + 2 * LABEL)  # an arrow must not cross the name below a circle
        return place

    def _point_notes(self, keys: Iterable[str]) -> None:
        if not self.notes:
            return
        moved = set(keys)
        for note in self.notes.values():
            if note.key in moved or note.note.target in moved:
                note.point()

    def _curve(self, wire: Wire) -> WireCurve:
        start, end = self.nodes[wire.source[0]].port(wire.source[1]), self.nodes[wire.target[0]].port(wire.target[1])
        return WireCurve((start.x(), start.y()), (end.x(), end.y()))

    def _shape_text(self, wire: Wire) -> str:
        if self.findings is None:
            return ""
        shape = self.findings.compilation.shapes.get(wire.source)
        # A single value needs no pill: it would stand on every wire between neurons.
        return "" if shape is None or shape == (1,) else shape_text(shape)

    def _show_selection(self) -> None:
        """Ring what is selected now and was not, and the other way round: the cost is that of the difference."""
        selected = self._selection.nodes | self._selection.notes
        fresh = selected ^ self._ringed
        for key in fresh:
            item = self.nodes.get(key) if key in self.nodes else self.notes.get(key) or self.frames.get(key)
            if item is not None:
                item.set_selected(key in selected)
        self._ringed = selected
        self._light_wires()
        self.live.show_numbers_of(fresh)

    def _light_wires(self) -> None:
        lit = set(self._selection.wires)
        if self.hovered_wire is not None:
            lit.add(self.hovered_wire)
        for node in (*self._selection.nodes, self.hovered_node):
            if node is not None and len(self._selection.nodes) <= 3:
                lit.update(wire.id for wire in self.diagram.incoming(node))
        for key in lit ^ self._lit:
            if key in self.wires.wires:
                self.wires.change(key, lit=key in lit)
        self._lit = lit

    def _repaint_all(self) -> None:
        for item in self.nodes.values():
            item.forget_picture()
        self.wires.forget_pens()
        self.update()


def _wires_first(record: Record) -> bool:
    """For sorting: wires (False) before everything else (True)."""
    return not isinstance(record, Wire)
