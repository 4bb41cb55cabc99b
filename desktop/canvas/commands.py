"""The canvas's commands: named actions on the selection and the view, each one undo step where it edits."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QKeySequence

from core.diagram import edits
from core.diagram.change import Change
from core.diagram.fragment import copy
from core.diagram.records import Frame, Node, Note, Position, Record
from desktop.actions import ActionTable
from desktop.canvas import writing
from desktop.canvas.camera import STEP
from desktop.canvas.clipboard import fragment_on_clipboard, put_on_clipboard
from desktop.canvas.layout import tidy_positions

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

TIDY_SECONDS = 0.15
Standard = QKeySequence.StandardKey


class CanvasCommands:
    """What the actions of the canvas do."""

    def __init__(self, view: "CanvasView", actions: ActionTable) -> None:
        self._view = view
        self._add_edit(actions)
        self._add_view(actions)
        self._add_select(actions)
        for action_id in actions:
            action = actions.action(action_id)
            if action not in view.actions() and action_id.split(".")[0] in {"edit", "view", "canvas", "select"}:
                view.addAction(action)

    def _add_edit(self, actions: ActionTable) -> None:
        actions.add("edit.cut", "Cu&t", self.cut, Standard.Cut, tip="Copy the selection and delete it")
        actions.add("edit.copy", "&Copy", self.copy, Standard.Copy, tip="Copy the selection as text")
        actions.add("edit.paste", "&Paste", self.paste, Standard.Paste, tip="Paste at the mouse")
        actions.add("edit.duplicate", "D&uplicate", self.duplicate, "Ctrl+D", tip="Copy the selection beside itself")
        actions.add("edit.delete", "&Delete", self.delete, ("Delete", "Backspace"), tip="Delete the selection")
        actions.add("edit.select_all", "Select &all", self.select_all, Standard.SelectAll, tip="Select everything")
        actions.add(
            "canvas.add_node", "&Add node...", self._view.open_search_here, tip="Search a node and add it (Tab)"
        )
        actions.add("canvas.add_note", "Add &note", self.add_note, "Shift+N", tip="Write a note on the canvas")
        actions.add("canvas.add_frame", "Add &frame", self.add_frame, "Shift+G", tip="Put a frame around the selection")
        actions.add("canvas.tidy", "T&idy", self.tidy, "Ctrl+L", tip="Lay the nodes out from left to right")

    def _add_view(self, actions: ActionTable) -> None:
        view = self._view
        actions.add("view.fit", "&Fit all", view.fit, ("F", "Home"), tip="Show the whole diagram")
        actions.add("view.fit_selection", "Fit &selection", self.fit_selection, "Shift+F", tip="Show the selection")
        actions.add("view.zoom_100", "&100 %", lambda: view.camera.zoom_to(1.0), "Ctrl+0", tip="Show at 100 %")
        actions.add("view.zoom_in", "Zoom &in", lambda: view.camera.zoom_by(STEP), Standard.ZoomIn)
        actions.add("view.zoom_out", "Zoom &out", lambda: view.camera.zoom_by(1 / STEP), Standard.ZoomOut)
        motion = actions.add(
            "view.motion",
            "&Motion",
            view.motion.switch,
            checkable=True,
            tip="Pulses run along the wires while it trains",
        )
        motion.setChecked(True)
        small_map = actions.add(
            "view.minimap", "Ma&p", view.minimap.switch, checkable=True, tip="A map, when not everything is seen"
        )
        small_map.setChecked(True)
        actions.add("view.numbers", "&Numbers", view.set_all_numbers, checkable=True, tip="Show every weight and value")
        actions.add("view.snap", "Snap to &grid", view.set_snaps_to_grid, checkable=True, tip="Nodes move in steps")

    def _add_select(self, actions: ActionTable) -> None:
        for action_id, text, incoming, outgoing in (
            ("select.upstream", "Select &upstream", True, False),
            ("select.downstream", "Select &downstream", False, True),
            ("select.connected", "Select co&nnected", True, True),
        ):
            actions.add(action_id, text, partial(self.select_along, incoming, outgoing))

    def select_along(self, incoming: bool, outgoing: bool) -> None:
        """Add to the selection what feeds it, what it feeds, or both, however far away."""
        diagram, selection = self._view.bridge.diagram, self._view.selection
        found = set(selection.nodes)
        waiting = list(found)
        while waiting:
            node = waiting.pop()
            ends = [wire.source[0] for wire in diagram.incoming(node)] if incoming else []
            ends += [wire.target[0] for wire in diagram.outgoing(node)] if outgoing else []
            fresh = [end for end in dict.fromkeys(ends) if end not in found]
            found.update(fresh)
            waiting += fresh
        selection.set(found, selection.wires, selection.notes)

    def delete(self) -> None:
        """Delete the selection; a toast offers to undo it."""
        diagram, selection = self._view.bridge.diagram, self._view.selection
        nodes = [key for key in selection.nodes if key in diagram.nodes]
        wires = [key for key in selection.wires if key in diagram.wires]
        notes = [key for key in selection.notes if key in diagram.notes]
        frames = [key for key in selection.notes if key in diagram.frames]
        change = edits.delete(diagram, nodes, wires, notes, frames)
        if change:
            what = _counted(nodes, wires, [*notes, *frames], self._view)
            self._view.apply(change, f"Delete {what}")
            self._view.toast.show_text(f"Deleted {what}")

    def copy(self) -> None:
        """Put the selection on the clipboard."""
        selection = self._view.selection
        put_on_clipboard(self._view.bridge.diagram, selection.nodes, selection.notes)

    def cut(self) -> None:
        """Copy and delete."""
        selection = self._view.selection
        if put_on_clipboard(self._view.bridge.diagram, selection.nodes, selection.notes):
            self.delete()

    def paste(self) -> None:
        """Add what is on the clipboard at the mouse, and select it."""
        fragment = fragment_on_clipboard()
        if fragment is None:
            self._view.status_message.emit("There is no part of a diagram on the clipboard.")
            return
        at = self._view.mouse_in_scene()
        place = None if at is None else (at.x(), at.y())
        self._add(edits.paste(self._view.bridge.diagram, fragment, place), "Paste")

    def duplicate(self) -> None:
        """Add a copy of the selection beside it, and select that."""
        diagram, selection = self._view.bridge.diagram, self._view.selection
        fragment = copy(
            diagram,
            nodes=[key for key in selection.nodes if key in diagram.nodes],
            notes=[key for key in selection.notes if key in diagram.notes],
            frames=[key for key in selection.notes if key in diagram.frames],
        )
        if fragment:
            self._add(edits.paste(diagram, fragment), "Duplicate")

    def select_all(self) -> None:
        """Select everything there is."""
        diagram = self._view.bridge.diagram
        self._view.selection.set(diagram.nodes, diagram.wires, [*diagram.notes, *diagram.frames])

    def add_note(self) -> None:
        """Add an empty note in the middle and begin to write."""
        at = self._view.mouse_in_scene() or self._view.middle_in_scene()
        change, key = edits.add_note(self._view.bridge.diagram, "", (round(at.x()), round(at.y())))
        writing.add(self._view, change, "Add note", key)

    def add_frame(self) -> None:
        """Put a frame around the selected nodes, and begin to write its title."""
        view = self._view
        nodes = sorted(view.selection.nodes)
        rect = view.canvas.content_rect(nodes).adjusted(-16, -38, 16, 16)
        if not nodes:
            middle = view.middle_in_scene()
            rect = QRectF(middle.x() - 160, middle.y() - 120, 320, 240)
        place, size = (round(rect.x()), round(rect.y())), (round(rect.width()), round(rect.height()))
        change, key = edits.add_frame(view.bridge.diagram, "", place, size, nodes)
        writing.add(view, change, "Add frame", key)

    def fit_selection(self) -> None:
        """Show the selected nodes as large as they fit."""
        nodes = self._view.selection.nodes
        if nodes:
            self._view.camera.show_rect(self._view.canvas.content_rect(nodes))

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selection by a step of the grid; steps in a row are one undo step."""
        diagram, selection = self._view.bridge.diagram, self._view.selection

        def beside(
            table: Mapping[str, Node] | Mapping[str, Note] | Mapping[str, Frame], keys: Iterable[str]
        ) -> dict[str, Position]:
            found = {key: table[key].position for key in keys if key in table}
            return {key: (x + dx, y + dy) for key, (x, y) in found.items()}

        change = edits.move(
            diagram,
            beside(diagram.nodes, selection.nodes),
            beside(diagram.notes, selection.notes),
            beside(diagram.frames, selection.notes),
        )
        if change:
            self._view.apply(change, "Move", "nudge " + " ".join(sorted(selection.nodes | selection.notes)))

    def walk(self, dx: int, dy: int) -> None:
        """Select the nearest node in a direction: what the arrow keys do."""
        items = self._view.canvas.nodes
        here = next((items[key].pos() for key in sorted(self._view.selection.nodes) if key in items), None)
        if here is None:
            first = min(items, key=lambda key: (items[key].x(), items[key].y()), default=None)
            self._view.selection.set(nodes=() if first is None else (first,))
            return
        best = _nearest_in_direction({key: item.pos() for key, item in items.items()}, here, dx, dy)
        if best is not None:
            self._view.selection.set(nodes=(best,))
            self._view.keep_in_sight(best)

    def tidy(self) -> None:
        """Lay out the selected nodes, or all of them; one undo step, shown as a short movement."""
        diagram, view = self._view.bridge.diagram, self._view
        chosen = view.selection.nodes & set(diagram.nodes)
        keys = chosen if len(chosen) > 1 else set(diagram.nodes)
        before = {key: node.position for key, node in diagram.nodes.items() if key in keys}
        sizes = {}
        for key in before:
            bounds = view.canvas.nodes[key].geometry.bounds
            sizes[key] = (bounds.width(), bounds.height())
        edges = [(wire.source[0], wire.target[0]) for wire in diagram.wires.values()]
        after = tidy_positions(sizes, edges, before)
        change = edits.move(diagram, nodes=after)
        if change:
            view.apply(change, "Tidy")
            if not view.camera.sees(view.canvas.content_rect()):
                view.fit()
            view.motion.glide(before, after, TIDY_SECONDS)

    def _add(self, change: Change, label: str) -> None:
        self._view.apply(change, label)
        added: tuple[Record, ...] = change.added
        self._view.selection.set(
            nodes=[record.id for record in added if isinstance(record, Node)],
            notes=[record.id for record in added if isinstance(record, Note | Frame)],
        )


def _counted(nodes: list[str], wires: list[str], notes: list[str], view: "CanvasView") -> str:
    if len(nodes) == 1 and not notes:
        return view.name(nodes[0])
    parts = [(len(nodes), "node"), (0 if nodes else len(wires), "wire"), (len(notes), "note")]
    return " and ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count)


def _nearest_in_direction(places: dict[str, QPointF], here: QPointF, dx: int, dy: int) -> str | None:
    best: tuple[float, str] | None = None
    for key, place in places.items():
        across, down = place.x() - here.x(), place.y() - here.y()
        ahead = across * dx + down * dy
        aside = abs(across * dy) + abs(down * dx)
        if ahead > 1.0 and (best is None or ahead + 2 * aside < best[0]):
            best = (ahead + 2 * aside, key)
    return None if best is None else best[1]
