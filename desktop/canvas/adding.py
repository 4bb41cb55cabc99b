"""Adding nodes: at a point, into a wire, or by the search at the mouse; each is one undo step."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from core.catalogue import registry
from core.diagram import edits
from core.diagram.records import Endpoint, Node
from core.diagram.room import GAP, free_place
from desktop.canvas.geometry import geometry_of
from desktop.canvas.insertion import Insertion
from desktop.canvas.node_look import plain_look
from desktop.canvas.trial import try_wire

if TYPE_CHECKING:
    from desktop.canvas.view import CanvasView

APART = 24.0


class Adding:
    """What brings new nodes onto a view."""

    def __init__(self, view: "CanvasView") -> None:
        self._view = view

    def at(self, kind: str, point: QPointF) -> str:
        """Add a node at a point of the scene, or a little beside it where one lies already; select it."""
        place = QPointF(point)
        taken = {(round(item.x()), round(item.y())) for item in self._view.canvas.nodes.values()}
        while (round(place.x()), round(place.y())) in taken:
            place += QPointF(APART, APART)
        change, key = edits.add_node(self._view.bridge.diagram, kind, _rounded(place))
        self._view.apply(change, f"Add {_title(kind)}")
        self._view.selection.set(nodes=(key,))
        return key

    def near(self, kind: str, point: QPointF) -> str:
        """Add a node at a point of the scene, or as far above or below it as is needed to cover no other; select it."""
        taken = {key: (item.place, _size(item.geometry.body)) for key, item in self._view.canvas.nodes.items()}
        return self.at(kind, QPointF(*free_place(_rounded(point), _size(_body(kind)), taken)))

    def beside_selection(self, kind: str) -> str:
        """Add a node to the right of the selected one, or in the middle of what is seen."""
        items = [item for key, item in self._view.canvas.nodes.items() if key in self._view.selection.nodes]
        point = self._view.middle_in_scene()
        if items:
            last = max(items, key=lambda item: item.body.right())
            point = QPointF(last.body.right() + GAP + _body(kind).width() / 2, last.y())
        key = self.near(kind, point)
        self._view.keep_in_sight(key)
        return key

    def into_wire(self, kind: str, point: QPointF, insertion: Insertion) -> None:
        """Add a node into a wire; select it."""
        diagram = self._view.bridge.diagram
        node = Node(id=edits.new_node_id(diagram, kind), kind=kind, position=_rounded(point))
        change = insertion.roomy_change(diagram, self._view.canvas.body_width, node)
        self._view.apply(change, f"Insert {_title(kind)}")
        self._view.selection.set(nodes=(node.id,))

    def search(self, point: QPointF, fixed: Endpoint | None = None, output: bool = True) -> None:
        """Ask for a kind to add at a point; with a port, for one that a wire from or to it fits, and wire it."""
        kinds = registry.all_kinds()
        if fixed is not None:
            kinds = tuple(kind for kind in kinds if (kind.inputs if output else kind.outputs))

        def chosen(kind: str) -> None:
            document = self._view.bridge.document
            mark = document.mark()
            key = self.at(kind, point if fixed is None else _with_port_at(kind, point, output))
            if fixed is not None:
                self._wire(key, kind, fixed, output, point)
            document.squash(mark, f"Add {_title(kind)}")

        self._view.search.open_at(self._view.mapFromScene(point), kinds, chosen)

    def _wire(self, key: str, kind: str, fixed: Endpoint, output: bool, point: QPointF) -> None:
        known = registry.find_kind(kind)
        ports = () if known is None else (known.inputs if output else known.outputs)
        if not ports:
            return
        far = (key, ports[0].name)
        trial = try_wire(self._view.bridge, *((fixed, far) if output else (far, fixed)))
        if trial.fits and trial.change is not None:
            self._view.apply(trial.change, "Connect")
        else:
            self._view.refuse(trial, point)


def _title(kind: str) -> str:
    known = registry.find_kind(kind)
    return known.title if known is not None else kind


def _body(kind: str) -> QRectF:
    """The body of a new node of a kind."""
    return geometry_of(plain_look(Node(id="new", kind=kind))).body


def _with_port_at(kind: str, point: QPointF, output: bool) -> QPointF:
    """Where a new node has to lie for the port that a wire from an output (or else to an input) gets to be at a point."""
    geometry = geometry_of(plain_look(Node(id="new", kind=kind)))
    return next((point - place for place in (geometry.inputs if output else geometry.outputs).values()), point)


def _size(rect: QRectF) -> tuple[float, float]:
    return rect.width(), rect.height()


def _rounded(point: QPointF) -> tuple[float, float]:
    return round(point.x(), 1), round(point.y(), 1)
