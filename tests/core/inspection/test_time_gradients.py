"""The gradient by time step: compared with differences, and with what is known of linear loops."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.inspection.time_gradients import TimeGradients
from core.model.model import Model

TIME = 6


def network(*between: tuple[str, dict[str, Any]], shape: tuple[int, ...] = (TIME, 2)) -> Model:
    keys = [kind for kind, _ in between]
    names = ["x", *(f"{kind}{index}" for index, kind in enumerate(keys)), "loss"]
    nodes = [
        Node(id=name, kind=kind, hyperparameters=values)
        for name, (kind, values) in zip(names, [("input", {}), *between, ("mean_squared_error", {})])
    ]
    plan = compile_diagram(Diagram.build(nodes, list(pairwise(names))), DataSpec({"x": shape}, {"loss": (1,)})).plan
    assert plan is not None
    return Model(plan, seed=1, dtype="float64")


def samples(count: int, shape: tuple[int, ...] = (TIME, 2)) -> tuple[dict[str, Any], dict[str, Any]]:
    generator = np.random.default_rng(0)
    return {"x": generator.standard_normal((count, *shape))}, {"loss": generator.standard_normal((count, 1))}


def test_gradients_agree_with_differences() -> None:
    model = network(("dense", {"units": 3, "activation": "tanh"}), ("flatten", {}), ("dense", {"units": 1}))
    inputs, targets = samples(1)
    found = TimeGradients(model).measure(model.vector, inputs, targets)
    step, expected = 1e-6, np.zeros((TIME, 2))
    for index in np.ndindex(TIME, 2):
        losses = []
        for sign in (1, -1):
            moved = {"x": inputs["x"].copy()}
            moved["x"][(0, *index)] += sign * step
            losses.append(model.loss_and_gradients(moved, targets)[0])
        expected[index] = (losses[0] - losses[1]) / (2 * step)
    np.testing.assert_allclose(found["x"], np.linalg.norm(expected, axis=1), rtol=1e-6)


def test_a_batch_gives_the_mean_of_its_samples() -> None:
    model = network(("dense", {"units": 3, "activation": "tanh"}), ("flatten", {}), ("dense", {"units": 1}))
    measure = TimeGradients(model).measure
    inputs, targets = samples(4)
    alone = [
        measure(model.vector, {"x": inputs["x"][k : k + 1]}, {"loss": targets["loss"][k : k + 1]})["x"]
        for k in range(4)
    ]
    np.testing.assert_allclose(measure(model.vector, inputs, targets)["x"], np.mean(alone, 0), rtol=1e-12)


def test_the_model_that_is_measured_is_left_alone() -> None:
    model = network(("flatten", {}), ("dense", {"units": 1}))
    before, gradient = model.vector.copy(), model.gradient_vector.copy()
    other = np.zeros_like(model.vector)
    found = TimeGradients(model).measure(other, *samples(3))
    np.testing.assert_array_equal(found["x"], np.zeros(TIME))
    np.testing.assert_array_equal(model.vector, before)
    np.testing.assert_array_equal(model.gradient_vector, gradient)


@pytest.mark.parametrize("shape", [(4,), (4, 3, 1)])
def test_rows_and_pictures_have_no_time(shape: tuple[int, ...]) -> None:
    model = network(("flatten", {}), ("dense", {"units": 1}), shape=shape)
    gradients = TimeGradients(model)
    assert gradients.nodes == ()
    assert gradients.measure(model.vector, *samples(2, shape)) == {}


def test_an_input_that_no_loss_needs_is_left_out() -> None:
    nodes = [Node(id=key, kind="input") for key in ("x", "y")]
    nodes += [Node(id="row", kind="flatten"), Node(id="out", kind="dense", hyperparameters={"units": 1})]
    nodes += [Node(id="loss", kind="mean_squared_error"), Node(id="aside", kind="flatten")]
    diagram = Diagram.build(nodes, [("x", "row"), ("row", "out"), ("out", "loss"), ("y", "aside")])
    plan = compile_diagram(diagram, DataSpec({"x": (TIME, 2), "y": (3, 1)}, {"loss": (1,)})).plan
    assert plan is not None
    model = Model(plan, dtype="float64")
    inputs, targets = samples(2)
    found = TimeGradients(model).measure(model.vector, inputs | {"y": np.zeros((2, 3, 1))}, targets)
    assert set(found) == {"x"}
