"""RNN, GRU, LSTM and the padding mask as nodes: directions, ports, names, and what does not fit together."""

from typing import Any

import numpy as np
import pytest

from core.catalogue.hyperparameters import fields
from core.catalogue.recurrent import RecurrentKind
from core.catalogue.registry import all_kinds
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model
from tests.gradients import SMOOTH, assert_right, model_errors

TIME, FEATURES, BATCH = 5, 3, 4
CELLS = ("rnn", "gru", "lstm")
every_cell = pytest.mark.parametrize("kind", CELLS)


def network(
    kind: str, *wires: tuple[Any, Any], nodes: tuple[Node, ...] = (), target: tuple[int, ...] = (2,), **settings: Any
) -> Compilation:
    """A sequence read by the kind, a layer and a loss; further nodes and wires beside them."""
    known = (
        Node(id="x", kind="input"),
        Node(id="r", kind=kind, hyperparameters={"units": 4, **settings}),
        Node(id="y", kind="dense", hyperparameters={"units": 2}),
        Node(id="loss", kind="mean_squared_error"),
    )
    diagram = Diagram.build([*known, *nodes], [("x", "r"), (("r", "output"), "y"), ("y", "loss"), *wires])
    inputs = {node.id: (TIME, FEATURES) for node in (*known, *nodes) if node.kind == "input"}
    return compile_diagram(diagram, DataSpec(inputs, {"loss": target}))


def model_of(compilation: Compilation, seed: int = 1) -> Model:
    assert compilation.plan is not None, [error.message for error in compilation.errors]
    return Model(compilation.plan, seed=seed, dtype="float64")


def samples(*nodes: str, seed: int = 2) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {node: generator.standard_normal((BATCH, TIME, FEATURES)) for node in nodes}


def test_all_three_are_found() -> None:
    assert {kind.key for kind in all_kinds() if isinstance(kind, RecurrentKind)} == set(CELLS)


@every_cell
@pytest.mark.parametrize("output", ["last", "every"])
def test_both_directions_are_one_and_the_other_side_by_side(kind: str, output: str) -> None:
    target = (2,) if output == "last" else (TIME, 2)
    both = model_of(network(kind, direction="both", output=output, target=target))
    inputs = samples("x")
    together = both.forward(inputs)["r"]
    assert together.shape == ((BATCH, 8) if output == "last" else (BATCH, TIME, 8))
    for direction, part in (("forward", slice(0, 4)), ("backward", slice(4, 8))):
        alone = model_of(network(kind, direction=direction, output=output, target=target))
        names = [name for name in alone.parameters if name.startswith("r/")]
        assert names
        for name in names:
            alone.parameters[name][...] = both.parameters[f"r/{direction}.{name.removeprefix('r/')}"]
        np.testing.assert_allclose(alone.forward(inputs)["r"], together[..., part], atol=1e-13)


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
def test_the_final_state_of_every_step_is_the_last_step_alone(kind: str, direction: str) -> None:
    after = Node(id="z", kind="dense", hyperparameters={"units": 2})
    second = Node(id="other", kind="mean_squared_error")
    diagram = Diagram.build(
        [
            Node(id="x", kind="input"),
            Node(id="r", kind=kind, hyperparameters={"units": 4, "output": "every", "direction": direction}),
            after,
            second,
        ],
        [("x", "r"), (("r", "state"), "z"), ("z", "other")],
    )
    compilation = compile_diagram(diagram, DataSpec({"x": (TIME, FEATURES)}, {"other": (2,)}))
    every = model_of(compilation)
    last = model_of(network(kind, direction=direction))
    last.parameters["y/weight"][...] = every.parameters["z/weight"]
    for name in last.parameters:
        if name.startswith("r/"):
            last.parameters[name][...] = every.parameters[name]
    inputs = samples("x")
    np.testing.assert_array_equal(every.forward(inputs)["z"], last.forward(inputs)["y"])
    targets = {"other": np.random.default_rng(0).standard_normal((BATCH, 2))}
    assert_right(model_errors(every, inputs, targets), SMOOTH)


@every_cell
def test_a_decoder_starts_where_the_encoder_ended(kind: str) -> None:
    encoder = Node(id="encoder", kind=kind, hyperparameters={"units": 4, "output": "every"})
    other = Node(id="earlier", kind="input")
    compilation = network(kind, ("earlier", "encoder"), (("encoder", "state"), ("r", "state")), nodes=(encoder, other))
    model = model_of(compilation)
    targets = {"loss": np.random.default_rng(0).standard_normal((BATCH, 2))}
    assert_right(model_errors(model, samples("x", "earlier"), targets), SMOOTH)
    gradients = model.loss_and_gradients(samples("x", "earlier"), targets)[1]
    assert all(np.any(values) for name, values in gradients.items() if name.startswith("encoder/"))


def test_the_memory_of_an_lstm_can_start_from_a_wire() -> None:
    encoder = Node(id="encoder", kind="lstm", hyperparameters={"units": 4})
    compilation = network("lstm", ("x", "encoder"), ("encoder", ("r", "cell")), nodes=(encoder,))
    model = model_of(compilation)
    targets = {"loss": np.random.default_rng(0).standard_normal((BATCH, 2))}
    assert_right(model_errors(model, samples("x"), targets), SMOOTH)


@every_cell
@pytest.mark.parametrize("direction", ["forward", "both"])
def test_what_is_padded_trains_like_what_is_short(kind: str, direction: str) -> None:
    mask = Node(id="mask", kind="padding_mask")
    masked = network(
        kind,
        ("x", "mask"),
        ("mask", ("r", "mask")),
        nodes=(mask,),
        direction=direction,
        output="every",
        target=(TIME, 2),
    )
    model = model_of(masked)
    inputs = samples("x")
    inputs["x"][:, 3:] = 0
    noisy = {"x": inputs["x"].copy()}
    outputs = model.forward(inputs)["r"]
    np.testing.assert_array_equal(outputs[:, 3:, :4], np.repeat(outputs[:, 2:3, :4], 2, axis=1))
    np.testing.assert_array_equal(outputs[:, 3:, 4:], 0)
    noisy["x"][:, 4] = 5
    assert np.abs(model.forward(noisy)["r"][:, 4, :4] - outputs[:, 4, :4]).min() > 0
    targets = {"loss": np.random.default_rng(0).standard_normal((BATCH, TIME, 2))}
    assert_right(model_errors(model, inputs, targets), SMOOTH)


@every_cell
@pytest.mark.parametrize(
    ("port", "source", "words"),
    [
        ("state", "encoder", "a row of 4 values, and this is a row of 3 values."),
        ("mask", "x", "a sequence of 5 steps of 1 value, and this is a sequence of 5 steps of 3 values."),
    ],
)
def test_what_does_not_fit_a_port_is_said(kind: str, port: str, source: str, words: str) -> None:
    encoder = Node(id="encoder", kind=kind, hyperparameters={"units": 3})
    compilation = network(kind, ("x", "encoder"), (source, ("r", port)), nodes=(encoder,))
    (error,) = compilation.errors
    assert error.message.endswith(words)
    assert kind.upper() in error.message
    assert error.nodes == ("r",)


@pytest.mark.parametrize(
    ("bias", "recurrent"), [(1.0, "orthogonal"), (-2.5, "identity"), (0.0, "zeros")], ids=["fresh", "other", "none"]
)
def test_weights_start_as_they_are_told(bias: float, recurrent: str) -> None:
    compilation = network("lstm", forget_bias=bias, recurrent_initializer=recurrent, peepholes=True)
    parameters = model_of(compilation).parameters
    np.testing.assert_array_equal(parameters["r/forget_gate.bias"], bias)
    np.testing.assert_array_equal(parameters["r/input_gate.bias"], 0)
    matrix = parameters["r/candidate.recurrent_weight"]
    expected = {"orthogonal": np.eye(4), "identity": np.eye(4), "zeros": np.zeros((4, 4))}[recurrent]
    np.testing.assert_allclose(matrix @ matrix.T, expected, atol=1e-14)
    limit = np.sqrt(6 / (FEATURES + 4))
    assert 0 < np.abs(parameters["r/output_gate.input_weight"]).max() < limit
    assert parameters["r/output_gate.peephole"].shape == (4,)


def test_a_cell_can_only_have_curves_inside_that_it_knows_the_slope_of() -> None:
    choices = {
        (kind.key, field.name): set(field.choices)
        for kind in all_kinds()
        if isinstance(kind, RecurrentKind)
        for field in fields(type(kind))
        if "activation" in field.name
    }
    curves = {"tanh", "sigmoid", "relu", "linear"}
    assert choices == {
        ("rnn", "activation"): curves,
        ("lstm", "candidate_activation"): curves,
        ("lstm", "output_activation"): curves,
    }


def test_the_mask_says_what_it_takes_for_padding() -> None:
    mask = Node(id="mask", kind="padding_mask", hyperparameters={"padding": -1.0})
    model = model_of(network("gru", ("x", "mask"), ("mask", ("r", "mask")), nodes=(mask,)))
    inputs = samples("x")
    inputs["x"][:, 2] = -1
    inputs["x"][:, 4] = 0
    np.testing.assert_array_equal(model.forward(inputs)["mask"][:, :, 0], [[1, 1, 0, 1, 1]] * BATCH)
