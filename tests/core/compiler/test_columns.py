"""Which wire each column of a neuron's weights belongs to."""

import numpy as np

from core.compiler.columns import wire_columns
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node, Wire
from core.model.model import Model

DATA = DataSpec(inputs={"x": (2,)}, targets={"loss": (1,)})


def network() -> Diagram:
    return Diagram.build(
        nodes=[
            Node(id="x", kind="input"),
            Node(id="h", kind="dense", hyperparameters={"units": 3}),
            Node(id="n", kind="neuron", hyperparameters={"activation": "linear"}),
            Node(id="y", kind="neuron", hyperparameters={"activation": "linear"}),
            Node(id="loss", kind="mean_squared_error"),
        ],
        wires=[("x", "h"), ("x", "n"), ("n", "y"), ("h", "y"), ("x", "y"), ("y", "loss")],
    )


def test_columns_are_told_in_the_order_of_the_weights() -> None:
    diagram = network()
    compilation = compile_diagram(diagram, DATA)
    columns = wire_columns(diagram, compilation)
    assert [(name.split()[0], count) for name, count in columns["y"]] == [("w3", 1), ("w4", 3), ("w5", 2)]
    assert columns.keys() == {"n", "y"}
    assert compilation.plan is not None
    model = Model(compilation.plan, dtype="float64")
    before = model.forward({"x": np.ones((1, 2))})
    model.parameters["y/weight"][:, 1:4] = 0.0  # what the wire of h carries
    after = model.forward({"x": np.ones((1, 2))})
    weights = Model(compilation.plan, dtype="float64").parameters["y/weight"]
    np.testing.assert_allclose(before["y"] - after["y"], before["h"] @ weights[:, 1:4].T)


def test_a_node_with_a_wire_of_unknown_shape_is_left_out() -> None:
    diagram = network()
    columns = wire_columns(diagram, compile_diagram(diagram, DataSpec(targets={"loss": (1,)})))
    assert columns == {}


def test_an_id_that_is_given_again_is_another_wire() -> None:
    diagram = network()
    old = diagram.wires["w3"]
    new = Wire(id="w3", source=("h", "output"), target=old.target, order=old.order)
    wires = {**diagram.wires, "w3": new, "w4": Wire(id="w4", source=("n", "output"), target=old.target, order=1)}
    other = Diagram(nodes=dict(diagram.nodes), wires=wires)
    names = [{name for name, _ in wire_columns(d, compile_diagram(d, DATA))["y"]} for d in (diagram, other)]
    assert len(names[0] & names[1]) == 1
