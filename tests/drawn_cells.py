"""Recurrent cells drawn by hand from layers, gates and delays, beside the node that is the same in one piece."""

from collections.abc import Mapping

import numpy as np

from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from tests.diagrams import node

GATES = ("input_gate", "forget_gate", "output_gate")
CANDIDATE = "candidate"


def hand_drawn_rnn(units: int) -> Diagram:
    """Elman's network: a layer that reads its own last output beside the input."""
    return _around(
        [node("seen", "concatenate"), node("h", "dense", units=units, activation="tanh"), node("h_before", "delay")],
        "x-seen h_before-seen seen-h h-h_before",
    )


def hand_drawn_lstm(units: int) -> Diagram:
    """An LSTM with all three gates: four layers that read the same, three products and a sum."""
    gates = [node(gate, "dense", units=units, activation="sigmoid") for gate in GATES]
    return _around(
        [
            node("seen", "concatenate"),
            *gates,
            node(CANDIDATE, "dense", units=units, activation="tanh"),
            node("write", "multiply"),
            node("keep", "multiply"),
            node("c", "add"),
            node("c_before", "delay"),
            node("squashed", "tanh"),
            node("h", "multiply"),
            node("h_before", "delay"),
        ],
        "x-seen h_before-seen seen-input_gate seen-forget_gate seen-output_gate seen-candidate "
        "input_gate-write candidate-write forget_gate-keep c_before-keep write-c keep-c c-c_before "
        "c-squashed squashed-h output_gate-h h-h_before",
    )


def hand_wired_lstm_with_peepholes() -> Diagram:
    """The same for one unit, from single neurons; the gates have a wire from the memory, the output gate from its newest value."""
    gates = [node(gate, "neuron", activation="sigmoid") for gate in GATES]
    reads = "".join(f"x-{name} h_before-{name} " for name in (*GATES, CANDIDATE))
    return _around(
        [
            *gates,
            node(CANDIDATE, "neuron", activation="tanh"),
            node("write", "multiply"),
            node("keep", "multiply"),
            node("c", "add"),
            node("c_before", "delay"),
            node("squashed", "tanh"),
            node("h", "multiply"),
            node("h_before", "delay"),
        ],
        f"{reads} c_before-input_gate c_before-forget_gate c-output_gate "
        "input_gate-write candidate-write forget_gate-keep c_before-keep write-c keep-c c-c_before "
        "c-squashed squashed-h output_gate-h h-h_before",
    )


def cell_node(kind: str, units: int, **switches: bool) -> Diagram:
    """The node, between the same input and output."""
    return _around([node("h", kind, units=units, output="every", **switches)], "x-h")


def cell_spec(steps: int, features: int) -> DataSpec:
    """Sequences of this form."""
    return DataSpec({"x": (steps, features)}, {"loss": (steps, 2)})


def drawn_weights(parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The parameters of a cell node (or their gradients) under the names that they have in the drawing.

    A layer that reads the input and the state side by side has both weights side by side, and a peephole is one more wire.
    """
    drawn = {name: values for name, values in parameters.items() if name.startswith("y/")}
    cells = {name.rpartition("input_weight")[0] for name in parameters if name.endswith("input_weight")}
    for cell in cells:
        parts = [parameters[cell + "input_weight"], parameters[cell + "recurrent_weight"]]
        if cell + "peephole" in parameters:
            parts.append(parameters[cell + "peephole"][:, None])
        name = cell.removeprefix("h/").removesuffix(".") or "h/"
        layer = name.removesuffix("/")
        drawn[f"{layer}/weight"], drawn[f"{layer}/bias"] = np.concatenate(parts, axis=1), parameters[cell + "bias"]
    return drawn


def _around(nodes: list[Node], wires: str) -> Diagram:
    """Nodes with the output h, between the input x and a layer that answers at every step."""
    ends = [tuple(wire.split("-")) for wire in wires.split()]
    around = [node("x", "input"), *nodes, node("y", "dense", units=2), node("loss", "mean_squared_error")]
    return Diagram.build(around, [*ends, ("h", "y"), ("y", "loss")])
