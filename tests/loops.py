"""Diagrams with loops through time, and a slow way to run them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model
from tests.diagrams import node

STEPS = 6
Drawn = tuple[Diagram, DataSpec]


def drawn(nodes: list[Node], wires: str, features: int = 2, outputs: int = 1) -> Drawn:
    """Nodes between the input x and the loss, with wires written as "a-b b-c"."""
    ends = [tuple(wire.split("-")) for wire in wires.split()]
    diagram = Diagram.build([node("x", "input"), *nodes, node("loss", "mean_squared_error")], ends)
    return diagram, DataSpec({"x": (STEPS, features)}, {"loss": (STEPS, outputs)})


def one_neuron() -> Drawn:
    """A neuron that reads itself one step later."""
    nodes = [node("h", "neuron", activation="tanh"), node("d", "delay", initial=0.5)]
    return drawn(nodes, "x-h d-h h-d h-loss")


def a_layer() -> Drawn:
    """Elman's network: a dense layer that reads its own last values, with something before and after it."""
    nodes = [
        node("before", "dense", units=4, activation="tanh"),
        node("c", "concatenate"),
        node("h", "dense", units=5, activation="tanh"),
        node("d", "delay"),
        node("y", "dense", units=2),
    ]
    return drawn(nodes, "x-before before-c d-c c-h h-d h-y y-loss", outputs=2)


def several_delays() -> Drawn:
    """Loops that overlap: two neurons read each other over one and over three steps, and one of them itself through a chain."""
    nodes = [
        node("a", "neuron", activation="tanh"),
        node("b", "neuron", activation="sigmoid", bias=False),
        node("fast", "delay", initial=-0.3),
        node("slow", "delay", steps=3, initial=0.2),
        node("slower", "delay", steps=2),
        node("aside", "softplus"),
        node("y", "neuron", activation="linear"),
    ]
    return drawn(nodes, "x-a fast-a slow-b x-b b-fast a-slow slow-slower slower-a a-b b-y slower-y y-loss slow-aside")


def a_gated_sum() -> Drawn:
    """A memory that is multiplied by a gate at every step, and read through its Delay alone."""
    nodes = [
        node("gate", "dense", units=2, activation="sigmoid"),
        node("kept", "multiply"),
        node("memory", "add"),
        node("d", "delay", initial=1.0),
        node("y", "neuron", activation="linear"),
    ]
    return drawn(nodes, "x-gate gate-kept d-kept kept-memory x-memory memory-d d-y y-loss")


def nothing_but_the_past() -> Drawn:
    """A loop whose only learned value is what a Delay longer than the sequence gives: nothing can be learned."""
    nodes = [
        node("h", "neuron"),
        node("d", "delay"),
        node("late", "delay", steps=STEPS + 1),
        node("y", "neuron"),
    ]
    return drawn(nodes, "x-h d-h h-d h-late late-y y-loss")


def two_loops() -> Drawn:
    """One loop after the other, with a Delay outside of both between them."""
    nodes = [
        node("a", "neuron", activation="tanh"),
        node("da", "delay"),
        node("between", "delay", steps=2, initial=0.1),
        node("wide", "dense", units=3),
        node("b", "dense", units=3, activation="relu"),
        node("sum", "add"),
        node("db", "delay"),
        node("y", "dense", units=1),
    ]
    return drawn(nodes, "x-a da-a a-da a-between between-wide wide-sum db-sum sum-b b-db b-y y-loss", outputs=1)


LOOPS = {
    made.__name__: made for made in (one_neuron, a_layer, several_delays, a_gated_sum, nothing_but_the_past, two_loops)
}


def samples(spec: DataSpec, count: int = 3, seed: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Normal numbers for every input and target."""
    generator = np.random.default_rng(seed)
    inputs, targets = (
        {key: generator.standard_normal((count, *shape)) for key, shape in shapes.items()}
        for shapes in (spec.inputs, spec.targets)
    )
    return inputs, targets


def shuffled(model: Model, seed: int = 1) -> Model:
    """The model with normal numbers for all its parameters, biases too."""
    model.vector[...] = 0.7 * np.random.default_rng(seed).standard_normal(len(model.vector))
    return model


def run_node_by_node(diagram: Diagram, model: Model, x: np.ndarray) -> Mapping[str, np.ndarray]:
    """What every node of a drawn loop puts out, computed from the words of the diagram alone, one step of time after the other.

    It knows the kinds that the diagrams above use, and nothing of the compiler.
    """
    curves = {
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "softplus": lambda z: np.log1p(np.exp(z)),
        "relu": lambda z: np.maximum(z, 0),
        "linear": lambda z: z,
    }
    history: dict[str, list[np.ndarray]] = {key: [] for key in diagram.nodes}
    width = {key: values.shape[-1] for key, values in model.forward({"x": x}).items()}

    def value(key: str, time: int) -> np.ndarray:
        if len(history[key]) > time:
            return history[key][time]
        settings, kind = diagram.nodes[key].hyperparameters, diagram.nodes[key].kind
        sources = [wire.source[0] for wire in diagram.incoming(key)]
        if kind == "input":
            result = x[:, time]
        elif kind == "delay":
            earlier = time - settings.get("steps", 1)
            start = np.full((len(x), width[key]), settings.get("initial", 0.0))
            result = value(sources[0], earlier) if earlier >= 0 else start
        else:
            read = [value(source, time) for source in sources]
            if kind == "add":
                result = sum(read)
            elif kind == "multiply":
                result = np.prod(read, axis=0)
            elif kind == "concatenate":
                result = np.concatenate(read, axis=1)
            elif kind in curves:
                result = curves[kind](read[0])
            else:
                total = np.concatenate(read, axis=1) @ model.parameters[f"{key}/weight"].T
                total = total + model.parameters.get(f"{key}/bias", 0.0)
                default = "sigmoid" if kind == "neuron" else "linear"
                result = curves[settings.get("activation", default)](total)
        history[key].append(result)
        return result

    for time in range(x.shape[1]):
        for key in width:
            value(key, time)
    return {key: np.stack(history[key], axis=1) for key in width}
