"""Batches: every sample once in an epoch, laid out as the engine wants it, in views that stay the same."""

import re

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.plan import InputBinding
from core.datasets.dataset import Dataset, Scaling
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.errors import TrainingError
from core.model.model import Model
from core.ops.losses import MeanSquaredError
from core.training.batching import Blocks, part
from tests.core.training.networks import network, rows
from tests.plans import PlanBuilder

NUMBERS = rows([[n, 10 * n] for n in range(7)], [[-n] for n in range(7)])


def test_samples_come_batch_last() -> None:
    data = dataset("digits")
    laid_out = part(network(data_of_pictures()).plan, data_of_pictures(), np.array([5, 0]), "float64")
    assert laid_out.inputs["x"].shape == (64, 2)
    assert laid_out.inputs["x"].dtype == np.float64
    np.testing.assert_array_equal(laid_out.inputs["x"][:, 0], data.inputs[5].ravel())
    np.testing.assert_array_equal(laid_out.targets["loss"][:, 1], data.targets[0])
    assert len(laid_out) == 2


def data_of_pictures():  # type: ignore[no-untyped-def]
    """The digits as rows, for networks without Flatten."""
    from dataclasses import replace

    data = dataset("digits")
    return replace(data, inputs=data.inputs.reshape(len(data), -1))


@pytest.mark.parametrize(("size", "sizes"), [(3, [3, 3, 1]), (7, [7]), (1, [1] * 7), (4, [4, 3])])
def test_every_sample_comes_once_in_an_epoch(size: int, sizes: list[int]) -> None:
    everything = part(network(NUMBERS).plan, NUMBERS, np.arange(7), "float32")
    blocks = Blocks(everything, size)
    before = blocks.batches
    order = np.random.default_rng(0).permutation(7)
    blocks.shuffle(order)
    assert [len(batch) for batch in blocks.batches] == sizes
    dealt = np.concatenate([batch.inputs["x"] for batch in blocks.batches], axis=1)
    np.testing.assert_array_equal(dealt, np.stack([order, 10 * order]))
    targets = np.concatenate([batch.targets["loss"] for batch in blocks.batches], axis=1)
    np.testing.assert_array_equal(targets[0], -order)
    assert blocks.batches is before
    assert all(batch.inputs["x"].flags.c_contiguous for batch in blocks.batches)


@pytest.mark.parametrize("shape", [(4, 3), (5, 5, 2), (3,)], ids=["sequence", "picture", "row"])
@pytest.mark.parametrize("size", [4, 10])
def test_samples_of_any_shape_come_as_the_engine_holds_them(shape: tuple[int, ...], size: int) -> None:
    count = 10
    samples = np.arange(count * np.prod(shape), dtype=np.float32).reshape(count, *shape)
    builder = PlanBuilder()
    source = builder.input("x", shape)
    builder.loss("loss", MeanSquaredError(), source)
    scaling = Scaling(np.zeros(()), np.ones(()))
    data = Dataset("made", "Made", "regression", samples, samples, (), (), scaling, scaling)
    blocks = Blocks(part(builder.plan(), data, np.arange(count), "float32"), size)
    order = np.random.default_rng(0).permutation(count)
    blocks.shuffle(order)
    start = 0
    for batch in blocks.batches:
        # Pictures have their channels first inside.
        expected = samples[order[start : start + size]]
        expected = np.moveaxis(expected, -1, 1) if len(shape) == 3 else expected
        for array in (batch.inputs["x"], batch.targets["loss"]):
            np.testing.assert_array_equal(array, np.moveaxis(expected, 0, -1))
            assert array.flags.c_contiguous
        start += size


def test_an_input_takes_its_columns() -> None:
    builder = PlanBuilder()
    second = builder.input("second", (1,))
    both = builder.input("both", (2,))
    builder.inputs = [InputBinding("second", second, (1,)), InputBinding("both", both)]
    builder.loss("loss", MeanSquaredError(), builder.linear("y", second, 1))
    laid_out = part(builder.plan(), NUMBERS, np.arange(7), "float32")
    np.testing.assert_array_equal(laid_out.inputs["second"], NUMBERS.inputs.T[1:])
    np.testing.assert_array_equal(laid_out.inputs["both"], NUMBERS.inputs.T)
    assert laid_out.largest_input() == 60.0


def test_a_plan_without_a_loss_is_refused() -> None:
    builder = PlanBuilder()
    builder.linear("y", builder.input("x", (2,)), 1)
    with pytest.raises(TrainingError, match="There is no loss to make smaller; add a loss node"):
        part(builder.plan(), NUMBERS, np.arange(7), "float32")


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (rows([[1, 2, 3]], [[1]]), "The input x works on 2 values a sample, but Rows has 3."),
        (rows([[1, 2]], [[1, 2]]), "The loss loss works on 1 values a sample, but Rows has 2."),
        (rows([[1, float("nan")]], [[1]]), "Rows holds a value that is no finite number"),
        (rows([[1, 2]], [[float("inf")]]), "Rows holds a value that is no finite number"),
    ],
)
def test_data_that_do_not_fit_are_refused(other, sentence: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TrainingError, match=re.escape(sentence)):
        part(network(NUMBERS).plan, other, np.arange(1), "float32")


def test_neighbours_on_both_sides_are_copied_in_one_call() -> None:
    """Single columns that live side by side in a pool of neurons, and a target somewhere else."""
    nodes = [Node(id=key, kind="input", hyperparameters={"columns": str(number)}) for number, key in enumerate("ab", 1)]
    nodes += [Node(id=key, kind="neuron") for key in ("h1", "h2")] + [Node(id="loss", kind="mean_squared_error")]
    nodes.append(Node(id="y", kind="concatenate"))
    wires = [("a", "h1"), ("b", "h1"), ("a", "h2"), ("b", "h2"), ("h1", "y"), ("h2", "y"), ("y", "loss")]
    spec = DataSpec({"a": (1,), "b": (1,)}, {"loss": (2,)}, {"a": (0,), "b": (1,)})
    plan = compile_diagram(Diagram.build(nodes, wires), spec).plan
    assert plan is not None
    data = rows([[n, 10 * n] for n in range(4)], [[n, -n] for n in range(4)])
    bound = Model(plan).bound(4)
    (batch,) = Blocks(part(plan, data, np.arange(4), "float32"), 4).batches
    pairs = batch.fill(bound)
    assert [place.shape for place, _ in pairs] == [(2, 4), (8,)]
    for place, values in pairs:
        np.copyto(place, values)
    np.testing.assert_array_equal(bound.inputs["a"], [[0, 1, 2, 3]])
    np.testing.assert_array_equal(bound.inputs["b"], [[0, 10, 20, 30]])
    np.testing.assert_array_equal(bound.targets["loss"], [[0, 1, 2, 3], [0, -1, -2, -3]])


@pytest.mark.parametrize(("features", "copies"), [(3, 1), (2000, 2)])
def test_one_copy_brings_in_a_small_batch_with_its_targets(features: int, copies: int) -> None:
    nodes = [Node(id="x", kind="input"), Node(id="y", kind="dense", hyperparameters={"units": 2})]
    nodes.append(Node(id="loss", kind="mean_squared_error"))
    spec = DataSpec({"x": (features,)}, {"loss": (2,)})
    plan = compile_diagram(Diagram.build(nodes, [("x", "y"), ("y", "loss")]), spec).plan
    assert plan is not None
    samples, targets = np.arange(4 * features).reshape(4, features), np.arange(8).reshape(4, 2)
    bound = Model(plan).bound(4)
    (batch,) = Blocks(part(plan, rows(samples.tolist(), targets.tolist()), np.arange(4), "float32"), 4).batches
    pairs = batch.fill(bound)
    assert len(pairs) == copies
    for place, values in pairs:
        np.copyto(place, values)
    np.testing.assert_array_equal(bound.inputs["x"], samples.T)
    np.testing.assert_array_equal(bound.targets["loss"], targets.T)
    bound.forward()
    expected = Model(plan).forward({"x": samples})["y"]
    np.testing.assert_allclose(bound.outputs["y"], expected.T, rtol=1e-4)
