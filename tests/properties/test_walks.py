"""Undo returns to exactly what was there: random walks of 20,000 edits, by the bytes of the file that would be saved."""

import pytest

from core.diagram.diagram import Diagram
from core.diagram.document import DiagramDocument
from core.diagram.records import Node
from core.diagram.rules import check
from core.storage.project import Project, project_from_bytes, project_to_json_bytes
from tests.walks import RandomEdits, ports, walk

STEPS = 20_000
FIRST = Diagram.build(
    [Node(id="a", kind="alpha", title="First"), Node(id="b", kind="beta", hyperparameters={"units": 3})],
    wires=[("a", "b")],
)


def saved(diagram: Diagram) -> bytes:
    return project_to_json_bytes(Project(diagram))


def assert_indexes(diagram: Diagram) -> None:
    """The indexes that grew edit by edit are those of a diagram made anew."""
    rebuilt = Diagram(
        dict(diagram.nodes), dict(diagram.wires), dict(diagram.notes), dict(diagram.frames), diagram.training
    )
    assert diagram._incoming == rebuilt._incoming
    assert diagram._outgoing == rebuilt._outgoing


@pytest.mark.parametrize("seed", range(2))
def test_undo_all_gives_the_first_bytes_and_redo_all_the_last(seed):
    document = DiagramDocument(FIRST, ports)
    copy = FIRST
    heard = []
    document.subscribe(heard.append)
    visits = 0

    def visit() -> None:
        nonlocal visits, copy
        visits += 1
        if visits % 20 == 0:
            assert_indexes(document.diagram)
            assert check(document.diagram, ports) is None
        for change in heard:
            copy = copy.apply(change)  # A view that only follows the changes sees the same diagram.
        heard.clear()
        if visits % 100 == 0:
            assert copy == document.diagram

    applied, refused = walk(document, RandomEdits(seed), STEPS, visit)
    assert applied >= STEPS
    assert refused > STEPS // 100
    last = saved(document.diagram)
    undone = 0
    while document.undo():
        undone += 1
    assert saved(document.diagram) == saved(FIRST)
    assert document.diagram == FIRST
    assert document.is_clean
    assert undone > STEPS // 4
    while document.redo():
        undone -= 1
    assert undone == 0
    assert saved(document.diagram) == last
    assert_indexes(document.diagram)


@pytest.mark.parametrize("seed", range(3))
def test_every_state_of_a_walk_survives_being_saved(seed):
    document = DiagramDocument(FIRST)
    states = []

    def visit() -> None:
        states.append(document.diagram)

    walk(document, RandomEdits(seed), 400, visit)
    for diagram in states[::10]:
        data = saved(diagram)
        found = project_from_bytes(data).diagram
        assert saved(found) == data
        assert found.nodes == diagram.nodes
        assert found.wires == diagram.wires
        assert found.notes == diagram.notes
        assert found.training == diagram.training


def test_the_bytes_do_not_depend_on_the_history():
    document = DiagramDocument(FIRST)
    walk(document, RandomEdits(7), 300, lambda: None)
    diagram = document.diagram
    backwards = Diagram(
        dict(reversed(diagram.nodes.items())),
        dict(reversed(diagram.wires.items())),
        dict(reversed(diagram.notes.items())),
        dict(reversed(diagram.frames.items())),
        diagram.training,
    )
    assert len(diagram.nodes) > 3
    assert saved(backwards) == saved(diagram)
