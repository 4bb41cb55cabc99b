"""What still is a weighted sum after it: two sums with only such kinds between them are one."""

import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node


@pytest.mark.parametrize(
    ("kind", "ports", "is_straight"),
    [
        ("subtract", ("minuend", "subtrahend"), True),
        ("average", ("input", "input"), True),
        ("gaussian_noise", ("input",), True),
        ("divide", ("dividend", "divisor"), False),
        ("maximum", ("input", "input"), False),
        ("dot_product", ("first", "second"), False),
        ("squared", ("input",), False),
    ],
)
def test_a_stack_of_sums_is_seen_through_what_is_straight(kind: str, ports: tuple[str, ...], is_straight: bool) -> None:
    names = [f"h{number}" for number in range(len(ports))]
    nodes = [
        Node(id="x", kind="input"),
        *(Node(id=name, kind="dense") for name in names),
        Node(id="between", kind=kind),
        Node(id="y", kind="dense", hyperparameters={"units": 9}),
        Node(id="loss", kind="mean_squared_error"),
    ]
    wires = [("x", name) for name in names] + [(name, ("between", port)) for name, port in zip(names, ports)]
    diagram = Diagram.build(nodes, [*wires, ("between", "y"), ("y", "loss")])
    codes = {item.code for item in compile_diagram(diagram, DataSpec({"x": (3,)}, {"loss": (9,)})).warnings}
    assert codes == ({"linear-stack"} if is_straight else set())
