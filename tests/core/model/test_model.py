"""The model as people use it: shapes in and out, seeds, parameters, and what it says when something does not fit."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.compiler.plan import Plan
from core.errors import ModelError
from core.model import model as module
from core.model.model import Model
from core.ops import losses
from core.ops.activations import Relu, Sigmoid, Softmax, Tanh
from core.ops.noise import Noise
from core.ops.structure import Add, Concatenate, Dropout, Flatten
from tests.gradients import SMOOTH, assert_right, model_errors
from tests.plans import PlanBuilder


def two_layers(dropout: float = 0.0) -> Plan:
    build = PlanBuilder()
    hidden = build.apply(Tanh(), "h", build.linear("h", build.input("x", (2,)), 4))
    if dropout:
        hidden = build.apply(Dropout(dropout), "drop", hidden)
    build.loss("loss", losses.MeanSquaredError(), build.linear("y", hidden, 1))
    return build.plan()


def two_inputs() -> Plan:
    build = PlanBuilder()
    image = build.apply(Flatten(), "flat", build.input("image", (2, 3, 1)))
    joined = build.apply(Concatenate(), "c", image, build.input("x", (2,)))
    logits = build.linear("y", build.apply(Relu(), "h", build.linear("h", joined, 5)), 3)
    build.loss("loss", losses.CategoricalCrossEntropyFromLogits(), logits, build.apply(Softmax(), "y", logits))
    return build.plan()


X = np.random.default_rng(0).standard_normal((7, 2))
T = np.random.default_rng(1).standard_normal((7, 1))


def test_the_worked_example_of_one_neuron() -> None:
    build = PlanBuilder()
    build.apply(Sigmoid(), "n", build.linear("n", build.input("x", (3,)), 1))
    model = Model(build.plan(), dtype="float64")
    model.parameters["n/weight"][...] = [[3.25, -0.3, 1.0]]
    model.parameters["n/bias"][...] = [6.5]
    output = model.forward({"x": np.array([[0.0, 0.0, 0.0], [1.0, 2.0, -3.0]])})["n"]
    np.testing.assert_allclose(output, [[0.9984988177432], [1 / (1 + np.exp(-6.15))]], rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64", np.float32, np.float64])
def test_everything_is_in_the_dtype_asked_for(dtype: Any) -> None:
    model = Model(two_layers(), dtype=dtype)
    outputs = model.forward({"x": X})
    loss, gradients = model.loss_and_gradients({"x": X}, {"loss": T})
    assert isinstance(loss, float)
    for array in (model.vector, model.gradient_vector, *outputs.values(), *gradients.values()):
        assert array.dtype == dtype


def test_single_and_double_precision_start_from_the_same_network() -> None:
    single, double = Model(two_layers(), seed=3), Model(two_layers(), seed=3, dtype="float64")
    np.testing.assert_array_equal(single.vector, double.vector.astype(np.float32))
    np.testing.assert_allclose(single.forward({"x": X})["y"], double.forward({"x": X})["y"], rtol=1e-4, atol=1e-6)


def test_parameters_are_writable_views_of_one_vector() -> None:
    model = Model(two_layers())
    assert {name: view.shape for name, view in model.parameters.items()} == {
        "h/weight": (4, 2),
        "h/bias": (4,),
        "y/weight": (1, 4),
        "y/bias": (1,),
    }
    assert model.node_slices == {"h": slice(0, 12), "y": slice(12, 17)}
    model.vector[:] = 0
    model.parameters["h/bias"][2] = 5
    assert model.vector[8] == 5
    assert model.vector.sum() == 5
    assert all(np.shares_memory(view, model.vector) for view in model.parameters.values())
    assert all(np.shares_memory(view, model.gradient_vector) for view in model.gradients.values())


def test_outputs_are_batch_first_copies_of_all_nodes_or_of_those_asked_for() -> None:
    model = Model(two_inputs())
    inputs = {"image": np.ones((5, 2, 3, 1)), "x": np.ones((5, 2))}
    outputs = model.forward(inputs)
    assert {node: output.shape for node, output in outputs.items()} == {
        "image": (5, 2, 3, 1),
        "flat": (5, 6),
        "x": (5, 2),
        "c": (5, 8),
        "h": (5, 5),
        "y": (5, 3),
    }
    np.testing.assert_allclose(outputs["y"].sum(1), 1, rtol=1e-6)
    only = model.forward(inputs, ["y"])
    assert list(only) == ["y"]
    before = only["y"].copy()
    model.forward({"image": np.zeros((5, 2, 3, 1)), "x": np.zeros((5, 2))})
    np.testing.assert_array_equal(only["y"], before)


@pytest.mark.parametrize("samples", [0, 1, 3, 4, 5, 8, 11])
def test_any_number_of_samples_goes_through_in_chunks(samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(samples).standard_normal((samples, 2))
    whole = Model(two_layers(), dtype="float64").forward({"x": x})["y"]
    monkeypatch.setattr(module, "CHUNK", 4)
    chunked = Model(two_layers(), dtype="float64").forward({"x": x})["y"]
    assert chunked.shape == (samples, 1)
    np.testing.assert_allclose(chunked, whole, rtol=1e-14)


@pytest.mark.parametrize(
    "form", [np.asfortranarray, lambda x: np.repeat(x, 2, 1)[:, ::2], lambda x: x[::-1][::-1], list]
)
def test_inputs_of_any_memory_layout(form: Any) -> None:
    model = Model(two_layers())
    np.testing.assert_array_equal(model.forward({"x": form(X)})["y"], model.forward({"x": X})["y"])


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool, np.float16])
def test_whole_numbers_and_truth_values_are_real_numbers(dtype: Any) -> None:
    table = np.array([[0, 1], [1, 1]])
    model = Model(two_layers())
    np.testing.assert_array_equal(
        model.forward({"x": table.astype(dtype)})["y"], model.forward({"x": table * 1.0})["y"]
    )


def test_gradients_are_copies_named_like_the_parameters() -> None:
    model = Model(two_layers(), dtype="float64")
    _, gradients = model.loss_and_gradients({"x": X}, {"loss": T})
    assert list(gradients) == list(model.parameters)
    before = {name: gradient.copy() for name, gradient in gradients.items()}
    model.loss_and_gradients({"x": X + 1}, {"loss": T})
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(gradient, before[name])


def test_gradients_of_a_whole_network_agree_with_differences() -> None:
    model = Model(two_inputs(), seed=5, dtype="float64")
    generator = np.random.default_rng(2)
    inputs = {"image": generator.standard_normal((6, 2, 3, 1)), "x": generator.standard_normal((6, 2))}
    assert_right(model_errors(model, inputs, {"loss": np.eye(3)[[0, 1, 2, 0, 1, 2]]}), SMOOTH)


def test_gradients_through_dropout_agree_with_differences() -> None:
    model = Model(two_layers(dropout=0.5), seed=5, dtype="float64")
    assert_right(model_errors(model, {"x": X}, {"loss": T}, training=True), SMOOTH)


def test_dropout_is_active_only_in_training_and_follows_the_seed() -> None:
    model = Model(two_layers(dropout=0.5), seed=5)
    np.testing.assert_array_equal(model.forward({"x": X})["y"], model.forward({"x": X})["y"])
    calm = [model.loss_and_gradients({"x": X}, {"loss": T})[0] for _ in range(2)]
    assert calm[0] == calm[1]
    first = [model.loss_and_gradients({"x": X}, {"loss": T}, training=True)[0] for _ in range(5)]
    assert len(set(first)) > 1
    model.initialize(5)
    assert [model.loss_and_gradients({"x": X}, {"loss": T}, training=True)[0] for _ in range(5)] == first
    model.initialize(6)
    assert [model.loss_and_gradients({"x": X}, {"loss": T}, training=True)[0] for _ in range(5)] != first


def test_the_loss_is_the_weighted_sum_of_all_losses() -> None:
    totals = []
    for first, second in ((1.0, 0.0), (0.0, 1.0), (0.25, 3.0)):
        build = PlanBuilder()
        output = build.linear("y", build.input("x", (2,)), 1)
        build.loss("a", losses.MeanSquaredError(weight=first), output)
        build.loss("b", losses.MeanAbsoluteError(weight=second), output)
        model = Model(build.plan(), dtype="float64")
        totals.append(model.loss_and_gradients({"x": X}, {"a": T, "b": T + 1}))
    assert totals[2][0] == pytest.approx(0.25 * totals[0][0] + 3 * totals[1][0])
    for name in totals[0][1]:
        np.testing.assert_allclose(totals[2][1][name], 0.25 * totals[0][1][name] + 3 * totals[1][1][name], rtol=1e-12)


def test_the_same_seed_gives_the_same_network_and_another_seed_another() -> None:
    first, second, other = (Model(two_layers(), seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.vector, second.vector)
    assert (first.vector != other.vector).any()
    first.vector[:] = 0
    first.initialize(4)
    np.testing.assert_array_equal(first.vector, second.vector)


def test_a_new_node_leaves_the_initial_weights_of_the_others_alone() -> None:
    build = PlanBuilder()
    x = build.input("x", (2,))
    extra = build.linear("new", x, 4)
    build.linear("y", build.apply(Add(), "sum", build.apply(Tanh(), "h", build.linear("h", x, 4)), extra), 1)
    grown, small = Model(build.plan(), seed=3), Model(two_layers(), seed=3)
    for name in small.parameters:
        np.testing.assert_array_equal(grown.parameters[name], small.parameters[name])


def test_load_takes_over_what_fits() -> None:
    source, target = Model(two_layers(), seed=1), Model(two_layers(), seed=2)
    values = source.copy_parameters()
    values["h/bias"] = np.zeros(9)
    values["other/weight"] = np.zeros(1)
    assert target.load(values) == ("h/weight", "y/weight", "y/bias")
    np.testing.assert_array_equal(target.parameters["h/weight"], source.parameters["h/weight"])
    assert not np.shares_memory(values["y/bias"], source.vector)


def test_bound_steps_are_kept_and_the_oldest_dropped() -> None:
    model = Model(two_layers())
    first = model.bound(1)
    assert model.bound(1) is first
    assert model.bound(1, training=False) is not first
    for batch in range(2, 2 + module.KEPT_STEPS - 2):
        model.bound(batch)
    assert model.bound(1) is first
    for batch in range(2, 2 + module.KEPT_STEPS):
        model.bound(batch)
    assert model.bound(1) is not first


SCRIPT = """
import hashlib, sys
import numpy as np
from core.model.model import Model
from tests.core.model.test_model import T, X, two_layers
model = Model(two_layers(dropout=0.3), seed=11)
for step in range(1000):
    model.loss_and_gradients({"x": X}, {"loss": T}, training=True)
    model.vector -= np.float32(0.05) * model.gradient_vector
sys.stdout.write(hashlib.sha256(model.vector.tobytes()).hexdigest())
"""


def test_two_processes_take_the_same_thousand_steps_bit_for_bit() -> None:
    digests = [
        subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=120).stdout
        for _ in range(2)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 64


def test_extreme_inputs_and_weights_have_an_answer_and_no_warning() -> None:
    model = Model(two_layers())
    for value in (np.inf, -np.inf, np.nan, 3e38, -3e38, 1e308):
        x = np.full((3, 2), value)
        assert set(model.forward({"x": x})) == {"x", "h", "y"}
        gradients = model.loss_and_gradients({"x": x}, {"loss": np.zeros((3, 1))})[1]
        assert set(gradients) == set(model.parameters)
    model.load({"h/weight": np.full((4, 2), 1e308)})
    assert np.isinf(model.parameters["h/weight"]).all()
    model.vector[:] = 3e38
    assert not np.isfinite(model.loss_and_gradients({"x": X}, {"loss": T})[0])


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "one input array for each input node: x; received none"),
        ({"z": X}, "x; received z. Name the arrays after the nodes"),
        ({"x": X, "z": X}, "received x, z"),
        ({"x": X[:, :1]}, r"must have the shape \(samples, 2\); received \(7, 1\)"),
        ({"x": X[0]}, r"received \(2,\). Reshape the array"),
        ({"x": X.astype(str)}, "must be real numbers; received an array of <U"),
        ({"x": X.astype(complex)}, "received an array of complex128. Convert it"),
        ({"x": X.astype(object)}, "received an array of object"),
        ({"x": [[1.0, 2.0], [3.0]]}, "its rows are not equally long"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_with_a_sentence(inputs: dict[str, Any], words: str) -> None:
    model = Model(two_layers())
    with pytest.raises(ModelError, match=words):
        model.forward(inputs)
    with pytest.raises(ModelError, match=words):
        model.loss_and_gradients(inputs, {"loss": T})


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({}, "one target array for each loss node: loss; received none"),
        ({"loss": T[:3]}, "targets of loss belong to 3 samples, the inputs to 7"),
        ({"loss": X}, r"target of loss must have the shape \(samples, 1\); received \(7, 2\)"),
    ],
)
def test_targets_that_do_not_fit_are_refused_with_a_sentence(targets: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        Model(two_layers()).loss_and_gradients({"x": X}, targets)


def test_other_refusals() -> None:
    model = Model(two_layers())
    with pytest.raises(ModelError, match="no output called q; its nodes are x, h, y"):
        model.forward({"x": X}, ["q"])
    with pytest.raises(ModelError, match=r"same number of samples; received \{'image': 2, 'x': 3\}"):
        Model(two_inputs()).forward({"image": np.ones((2, 2, 3, 1)), "x": np.ones((3, 2))})
    with pytest.raises(ModelError, match='"float32" or "float64"; received \'float16\''):
        Model(two_layers(), dtype="float16")
    with pytest.raises(ModelError, match="from 0; received -1"):
        Model(two_layers(), seed=-1)
    with pytest.raises(ModelError, match=r"from 0; received 1\.5"):
        Model(two_layers(), seed=1.5)
    with pytest.raises(ModelError, match="at least 1 sample; received 0"):
        model.bound(0)
    with pytest.raises(ModelError, match="at least 1 sample"):
        model.loss_and_gradients({"x": X[:0]}, {"loss": T[:0]})
    build = PlanBuilder()
    build.linear("y", build.input("x", (2,)), 1)
    with pytest.raises(ModelError, match="no loss, so there is no gradient"):
        Model(build.plan()).loss_and_gradients({"x": X}, {})


def test_each_loss_by_itself_and_their_weighted_sum() -> None:
    build = PlanBuilder()
    source = build.input("x", (2,))
    hidden = build.linear("h", source, 2)
    build.loss("first", losses.MeanSquaredError(), hidden)
    build.loss("second", losses.MeanAbsoluteError(weight=0.25), hidden)
    model = Model(build.plan(), dtype="float64")
    generator = np.random.default_rng(0)
    inputs = {"x": generator.standard_normal((7, 2))}
    targets = {key: generator.standard_normal((7, 2)) for key in ("first", "second")}
    error = model.forward(inputs)["h"] - targets["first"]
    alone = model.losses(inputs, targets)
    assert alone["first"] == pytest.approx(np.square(error).mean(), rel=1e-12)
    total = model.loss_and_gradients(inputs, targets)[0]
    assert total == pytest.approx(alone["first"] + 0.25 * alone["second"], rel=1e-12)
    # A plan may list its losses in another order than the one in which they are computed.
    plan = build.plan()
    other = Model(replace(plan, losses=plan.losses[::-1]), dtype="float64")
    other.vector[:] = model.vector
    assert other.losses(inputs, targets) == pytest.approx(alone, rel=1e-12)


def test_looking_does_not_change_what_training_draws() -> None:
    build = PlanBuilder()
    noise = build.apply(Noise(2, always=True), "noise")
    build.loss("loss", losses.Huber(), build.apply(Add(), "y", build.input("x", (2,)), noise))
    model, other = (Model(build.plan(), seed=1) for _ in range(2))
    zeros = np.zeros((3, 2))
    first = model.forward({"x": zeros})["y"]
    assert (model.forward({"x": zeros})["y"] != first).all()
    told, expected = (each.loss_and_gradients({"x": zeros}, {"loss": zeros}, training=True) for each in (model, other))
    assert told == expected
    model.initialize(1)
    assert (model.forward({"x": zeros})["y"] == first).all()
