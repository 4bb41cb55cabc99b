"""Random edits: any of the verbs at a random place, some of them impossible, as a person with no plan would do."""

import random
from collections.abc import Callable

from core.diagram import edits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.document import DiagramDocument
from core.diagram.records import DatasetChoice, Endpoint, Position
from core.errors import EditError

KINDS = ("alpha", "beta", "one.wire")
NAMES = ("units", "slope", "activation", "sizes")
VALUES = (1, 2.5, True, None, "tanh", [1, 2], {"a": {"b": None}})
MOST_NODES = 40


class RandomEdits:
    """Proposes changes, from a seed; what it proposes may break a rule, and then the document must refuse it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._verbs: list[Callable[[Diagram], Change]] = [
            self._add_node,
            self._add_node,
            self._connect,
            self._connect,
            self._connect,
            self._connect_wrongly,
            self._disconnect,
            self._delete,
            self._move,
            self._move,
            self._set_hyperparameter,
            self._set_title,
            self._set_training,
            self._reattach,
            self._insert,
            self._replace_kind,
            self._paste,
            self._add_note,
            self._update_note,
            self._add_frame,
            self._update_frame,
            self._move_frame,
        ]

    def propose(self, diagram: Diagram) -> Change:
        """A change, or an empty one where the chosen verb has nothing to do."""
        if len(diagram.nodes) > MOST_NODES:
            return edits.delete(diagram, nodes=self._some(diagram.nodes, MOST_NODES // 2))
        return self.chance.choice(self._verbs)(diagram)

    def _pick(self, table) -> str | None:
        return self.chance.choice(list(table)) if table else None

    def _some(self, table, most: int) -> list[str]:
        return self.chance.sample(list(table), min(len(table), self.chance.randint(0, most)))

    def _place(self) -> Position:
        return self.chance.uniform(-2000, 2000), float(self.chance.randint(-2000, 2000))

    def _end(self, diagram: Diagram, port: str) -> Endpoint:
        return self._pick(diagram.nodes) or "nobody", port

    def _add_node(self, diagram: Diagram) -> Change:
        return edits.add_node(diagram, self.chance.choice(KINDS), self._place(), self.chance.choice(("", "Größe")))[0]

    def _connect(self, diagram: Diagram) -> Change:
        replacing = self._some(diagram.wires, 1) if self.chance.random() < 0.1 else ()
        return edits.connect(diagram, self._end(diagram, "output"), self._end(diagram, "input"), replacing)

    def _connect_wrongly(self, diagram: Diagram) -> Change:
        return edits.connect(diagram, self._end(diagram, "nowhere"), self._end(diagram, "input"))

    def _disconnect(self, diagram: Diagram) -> Change:
        return edits.disconnect(diagram, self._some(diagram.wires, 3))

    def _delete(self, diagram: Diagram) -> Change:
        return edits.delete(
            diagram,
            nodes=self._some(diagram.nodes, 2),
            wires=self._some(diagram.wires, 2),
            notes=self._some(diagram.notes, 1),
            frames=self._some(diagram.frames, 1),
        )

    def _move(self, diagram: Diagram) -> Change:
        return edits.move(
            diagram,
            {key: self._place() for key in self._some(diagram.nodes, 5)},
            notes={key: self._place() for key in self._some(diagram.notes, 1)},
        )

    def _move_frame(self, diagram: Diagram) -> Change:
        return edits.move(diagram, frames={key: self._place() for key in self._some(diagram.frames, 1)})

    def _set_hyperparameter(self, diagram: Diagram) -> Change:
        name = self.chance.choice(NAMES)
        return edits.set_hyperparameter(diagram, self._some(diagram.nodes, 2), name, self.chance.choice(VALUES))

    def _set_title(self, diagram: Diagram) -> Change:
        node = self._pick(diagram.nodes)
        return edits.set_title(diagram, node, self.chance.choice(("", "a", "β"))) if node else Change()

    def _set_training(self, diagram: Diagram) -> Change:
        options = {"noise": self.chance.random()}
        return edits.set_training(
            diagram, epochs=self.chance.randint(1, 5), dataset=DatasetChoice(key="moons", options=options)
        )

    def _reattach(self, diagram: Diagram) -> Change:
        wire = self._pick(diagram.wires)
        if wire is None:
            return Change()
        if self.chance.random() < 0.5:
            return edits.reattach(diagram, wire, source=self._end(diagram, "output"))
        return edits.reattach(diagram, wire, target=self._end(diagram, "input"))

    def _insert(self, diagram: Diagram) -> Change:
        wire = self._pick(diagram.wires)
        if wire is None:
            return Change()
        added, key = edits.add_node(diagram, self.chance.choice(KINDS), self._place())
        node = added.added[0] if self.chance.random() < 0.5 else diagram.nodes[self._pick(diagram.nodes) or key]
        return edits.insert_on_wire(diagram, wire, node)

    def _replace_kind(self, diagram: Diagram) -> Change:
        node = self._pick(diagram.nodes)
        return edits.replace_kind(diagram, node, self.chance.choice(KINDS)) if node else Change()

    def _paste(self, diagram: Diagram) -> Change:
        fragment = edits.copy(
            diagram,
            self._some(diagram.nodes, 4),
            notes=self._some(diagram.notes, 1),
            frames=self._some(diagram.frames, 1),
        )
        return edits.paste(diagram, fragment, self.chance.choice((None, self._place())))

    def _add_note(self, diagram: Diagram) -> Change:
        if len(diagram.notes) > 5:
            return edits.delete(diagram, notes=list(diagram.notes))
        return edits.add_note(diagram, "Why?\n", self._place(), self._pick(diagram.nodes))[0]

    def _update_note(self, diagram: Diagram) -> Change:
        note = self._pick(diagram.notes)
        return edits.update_note(diagram, note, text="Because.", size=self._place()) if note else Change()

    def _add_frame(self, diagram: Diagram) -> Change:
        if len(diagram.frames) > 5:
            return edits.delete(diagram, frames=list(diagram.frames))
        return edits.add_frame(diagram, "Part", self._place(), (300.0, 200.0), self._some(diagram.nodes, 5))[0]

    def _update_frame(self, diagram: Diagram) -> Change:
        frame = self._pick(diagram.frames)
        return edits.update_frame(diagram, frame, nodes=tuple(self._some(diagram.nodes, 3))) if frame else Change()


class _OnePort:
    def __init__(self, name: str, many: bool) -> None:
        self.name = name
        self.many = many


def ports(kind: str):
    """The ports of the kinds of the walk; "beta" is a kind that nobody knows."""
    if kind == "beta":
        return None
    return (_OnePort("input", kind == "alpha"),), (_OnePort("output", True),)


def walk(document: DiagramDocument, proposals: RandomEdits, steps: int, visit: Callable[[], None]) -> tuple[int, int]:
    """Edits of all sorts, with undo, redo and gestures among them; how many were applied, and how many refused."""
    chance = proposals.chance
    applied = refused = 0
    while applied < steps:
        roll = chance.random()
        if roll < 0.05:
            document.undo()
        elif roll < 0.09:
            document.redo()
        elif roll < 0.13:
            _gesture(document, proposals)
        else:
            change = None
            before = document.diagram
            try:
                change = proposals.propose(document.diagram)
                document.apply(change, "edit", chance.choice((None, None, "drag")))
                applied += bool(change)
            except (EditError, KeyError):
                refused += 1
                assert document.diagram is before
        visit()
    return applied, refused


def _gesture(document: DiagramDocument, proposals: RandomEdits) -> None:
    """Several edits that become one step, or none."""
    before = document.diagram
    mark = document.mark()
    for _ in range(proposals.chance.randint(0, 4)):
        try:
            document.apply(proposals.propose(document.diagram), "gesture", "drag")
        except (EditError, KeyError):
            continue
    if proposals.chance.random() < 0.5:
        document.squash(mark, "gesture")
    else:
        document.bail(mark)
        assert document.diagram == before
