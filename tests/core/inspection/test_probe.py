"""The prober reads a network without disturbing it, and puts what people read into their own units."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.inspection import probe
from core.inspection.probe import Prober, gradient_norms
from core.inspection.snapshot import ProbeRequest
from core.model.model import Model
from tests.plans import PlanBuilder

NOTHING = ProbeRequest(activations=False, responses=False, decision_map=False, predictions=False)


def chain(data: Dataset, output: str, loss: str, flatten: bool = False) -> Plan:
    """input -> (flatten) -> dense 3 tanh -> dense -> loss."""
    nodes = [Node(id="x", kind="input")]
    if flatten:
        nodes.append(Node(id="row", kind="flatten"))
    nodes += [
        Node(id="h", kind="dense", hyperparameters={"units": 3, "activation": "tanh"}),
        Node(id="y", kind="dense", hyperparameters={"units": data.target_shape[0], "activation": output}),
        Node(id="loss", kind=loss),
    ]
    wires = [(first.id, second.id) for first, second in pairwise(nodes)]
    diagram = Diagram.build(nodes=nodes, wires=wires)
    compilation = compile_diagram(diagram, data_spec_for(diagram, data))
    assert compilation.plan is not None, compilation.errors
    return compilation.plan


@pytest.fixture(scope="module")
def circle() -> Dataset:
    return dataset("circle", seed=1)


@pytest.fixture(scope="module")
def circle_plan(circle: Dataset) -> Plan:
    return chain(circle, "sigmoid", "binary_cross_entropy")


def test_what_is_not_asked_for_is_not_computed(circle: Dataset, circle_plan: Plan) -> None:
    snapshot = Prober(circle_plan, circle).take(Model(circle_plan), NOTHING, step=7, epoch=2, loss=0.5)
    assert (snapshot.step, snapshot.epoch, snapshot.loss) == (7, 2, 0.5)
    assert snapshot.activations == {}
    assert snapshot.batch_activations == {}
    assert snapshot.responses == {}
    assert snapshot.decision_map is None
    assert snapshot.predictions is None
    assert set(snapshot.parameters) == {"h/weight", "h/bias", "y/weight", "y/bias"}


def test_taking_a_snapshot_leaves_the_model_as_it_was(circle: Dataset, circle_plan: Plan) -> None:
    model = Model(circle_plan, seed=3)
    model.loss_and_gradients({"x": circle.inputs[:10]}, {"loss": circle.targets[:10]})
    before, gradients = model.vector.copy(), model.gradient_vector.copy()
    snapshot = Prober(circle_plan, circle).take(model)
    np.testing.assert_array_equal(model.vector, before)
    np.testing.assert_array_equal(model.gradient_vector, gradients)
    model.vector += 1.0
    assert not np.array_equal(snapshot.parameters["h/weight"], model.parameters["h/weight"])


def test_a_flat_vector_is_as_good_as_a_model_but_has_no_gradients(circle: Dataset, circle_plan: Plan) -> None:
    model = Model(circle_plan, seed=3)
    model.loss_and_gradients({"x": circle.inputs[:10]}, {"loss": circle.targets[:10]})
    prober = Prober(circle_plan, circle)
    of_model, of_vector = prober.take(model), prober.take(model.vector)
    assert of_model.gradient_norms
    assert of_vector.gradient_norms == {}
    np.testing.assert_array_equal(of_model.responses["y"], of_vector.responses["y"])


def test_activations_are_the_outputs_of_the_forward_pass(circle: Dataset, circle_plan: Plan) -> None:
    model = Model(circle_plan, seed=2)
    snapshot = Prober(circle_plan, circle).take(model, ProbeRequest(sample=5))
    expected = model.forward({"x": circle.inputs[5:6]})
    assert snapshot.sample == 5
    for node in ("x", "h", "y"):
        np.testing.assert_allclose(snapshot.activations[node], expected[node][0], rtol=1e-5)
    np.testing.assert_array_equal(snapshot.sample_input, circle.inputs[5])
    assert "loss" not in snapshot.activations


def test_a_sample_number_beyond_the_data_starts_again_at_the_first(circle: Dataset, circle_plan: Plan) -> None:
    snapshot = Prober(circle_plan, circle).take(Model(circle_plan), ProbeRequest(sample=len(circle) + 2))
    assert snapshot.sample == 2


def test_the_probe_batch_is_sorted_by_target(circle: Dataset, circle_plan: Plan) -> None:
    prober = Prober(circle_plan, circle)
    batch = prober.take(Model(circle_plan)).batch_activations
    assert batch["h"].shape == (3, probe.BATCH)
    targets = circle.targets[prober._batch, 0]
    assert list(targets) == sorted(targets)
    assert {0.0, 1.0} == set(targets.tolist())


def test_responses_and_map_agree_with_the_model_at_the_corners(circle: Dataset, circle_plan: Plan) -> None:
    model = Model(circle_plan, seed=4)
    snapshot = Prober(circle_plan, circle).take(model)
    plane = snapshot.decision_map
    assert plane is not None
    assert plane.values.shape == (probe.MAP_SIDE, probe.MAP_SIDE, 1)
    assert plane.axes == circle.feature_names
    corners = np.array([[x, y] for y in (plane.low[1], plane.high[1]) for x in (plane.low[0], plane.high[0])])
    expected = model.forward({"x": circle.input_scaling.apply(corners)})
    seen = plane.values[[0, 0, -1, -1], [0, -1, 0, -1]]
    np.testing.assert_allclose(seen, expected["y"], atol=1e-5)
    response = snapshot.responses["h"]
    assert response.shape == (probe.RESPONSE_SIDE, probe.RESPONSE_SIDE)
    np.testing.assert_allclose(response[[0, 0, -1, -1], [0, -1, 0, -1]], expected["h"][:, 0], atol=1e-5)


def test_every_sample_lies_inside_the_map(circle: Dataset, circle_plan: Plan) -> None:
    plane = Prober(circle_plan, circle).take(Model(circle_plan)).decision_map
    assert plane is not None
    inputs = circle.input_scaling.undo(circle.inputs)
    assert (inputs > np.array(plane.low)).all()
    assert (inputs < np.array(plane.high)).all()


def test_predictions_are_of_the_held_out_samples_only(circle: Dataset, circle_plan: Plan) -> None:
    held_out = np.array([3, 8, 21])
    predictions = Prober(circle_plan, circle, held_out).take(Model(circle_plan)).predictions
    assert predictions is not None
    np.testing.assert_allclose(predictions.inputs, circle.input_scaling.undo(circle.inputs[held_out]))
    np.testing.assert_array_equal(predictions.targets, circle.targets[held_out])
    assert predictions.node == "y"


def test_what_an_answer_means_is_told_with_it(circle: Dataset) -> None:
    for loss, boundary in (("hinge", 0.0), ("binary_cross_entropy", 0.5)):
        plan = chain(circle, "linear", loss)
        snapshot = Prober(plan, circle).take(Model(plan))
        assert snapshot.predictions is not None
        assert snapshot.decision_map is not None
        assert snapshot.predictions.boundary == snapshot.decision_map.boundary == boundary


def test_numbers_are_predicted_in_the_users_units() -> None:
    meals = dataset("meals")
    plan = chain(meals, "linear", "mean_squared_error")
    shifted = replace(
        meals, target_scaling=replace(meals.target_scaling, offset=np.array([10.0]), scale=np.array([4.0]))
    )
    model = Model(plan, seed=1)
    predictions = Prober(plan, shifted, np.arange(5)).take(model).predictions
    assert predictions is not None
    raw = model.forward({"x": meals.inputs[:5]}, ["y"])["y"]
    np.testing.assert_allclose(predictions.outputs, raw * 4.0 + 10.0, rtol=1e-5)
    np.testing.assert_allclose(predictions.targets, meals.targets[:5] * 4.0 + 10.0, rtol=1e-5)


def test_one_input_gives_a_curve_in_order_of_that_input() -> None:
    sine = dataset("sine")
    plan = chain(sine, "linear", "mean_squared_error")
    prober = Prober(plan, sine)
    snapshot = prober.take(Model(plan))
    assert snapshot.decision_map is not None
    assert snapshot.decision_map.values.shape == (1, probe.CURVE_POINTS, 1)
    assert snapshot.responses == {}
    xs = sine.inputs[prober._batch, 0]
    assert list(xs) == sorted(xs)


def test_pictures_have_no_map_but_predictions() -> None:
    digits = dataset("digits")
    plan = chain(digits, "softmax", "categorical_cross_entropy", flatten=True)
    snapshot = Prober(plan, digits).take(Model(plan))
    assert snapshot.decision_map is None
    assert snapshot.predictions is not None
    assert len(snapshot.predictions.inputs) == probe.MAX_PREDICTIONS
    assert snapshot.batch_activations["x"].shape == (64, probe.BATCH)
    assert snapshot.activations["x"].shape == (8, 8, 1)


def test_without_a_loss_the_answer_is_what_feeds_nothing(circle: Dataset, circle_plan: Plan) -> None:
    assert Prober(circle_plan, circle).node == "y"
    assert Prober(replace(circle_plan, losses=(), predictions=("h",)), circle).node == "h"
    nobody = Prober(replace(circle_plan, losses=(), predictions=()), circle)
    snapshot = nobody.take(Model(circle_plan))
    assert snapshot.decision_map is None
    assert snapshot.predictions is None


def test_gradient_norms_are_the_norms_of_each_nodes_gradients(circle: Dataset, circle_plan: Plan) -> None:
    model = Model(circle_plan, seed=5)
    assert gradient_norms(model) == {}
    builder = PlanBuilder()
    builder.input("x", (2,))
    assert gradient_norms(Model(builder.plan())) == {}
    _, gradients = model.loss_and_gradients({"x": circle.inputs}, {"loss": circle.targets})
    norms = gradient_norms(model)
    for node in ("h", "y"):
        expected = np.sqrt(sum(float((value**2).sum()) for name, value in gradients.items() if name.startswith(node)))
        assert norms[node] == pytest.approx(expected, rel=1e-5)
