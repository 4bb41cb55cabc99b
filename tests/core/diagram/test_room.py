"""Where a node goes that comes between two others, and what steps aside for it."""

import pytest

from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.diagram.room import GAP, room_between


def row(distance: float) -> Diagram:
    places = {"a": 0.0, "b": distance, "c": distance + 300.0}
    nodes = [Node(id=key, kind="k", position=(x, 0.0)) for key, x in places.items()]
    return Diagram.build(nodes, [("a", "b"), ("b", "c")])


@pytest.mark.parametrize(("wished", "place"), [(None, 500.0), (430.0, 430.0), (0.0, 100.0 + GAP), (900.0, 900.0 - GAP)])
def test_where_there_is_room_a_node_comes_as_near_as_can_be_to_where_it_is_wished(
    wished: float | None, place: float
) -> None:
    found, change = room_between(row(1000.0), "a", "b", 100.0, lambda node: 100.0, wished)
    assert found == place
    assert not change


def test_where_there_is_none_the_target_and_what_follows_step_aside() -> None:
    diagram = row(120.0)
    place, change = room_between(diagram, "a", "b", 100.0, lambda node: 100.0, 60.0)
    after = diagram.apply(change)
    assert place == 100.0 + GAP
    assert [after.nodes[key].position[0] for key in "abc"] == [0.0, 200.0 + 2 * GAP, 500.0 + 2 * GAP]
