"""Accuracy and R2, by hand and by scikit-learn."""

import numpy as np
import pytest

import core
from core.compiler.plan import LossBinding
from core.training.metrics import accuracy, explained_share, metric_for, metric_name, r_squared

PLAIN = LossBinding("loss", 1, 2, 3)
BY_INPUTS = LossBinding("loss", 1, 2, 3, compares_inputs=True)


def test_names() -> None:
    assert [metric_name(PLAIN, task) for task in ("regression", "binary", "classes")] == ["r2", "accuracy", "accuracy"]
    assert metric_name(BY_INPUTS, "classes") == "r2"
    assert metric_name(None, "classes") == "validation_loss"


def test_a_probability_speaks_for_class_1_above_one_half() -> None:
    measure = accuracy(np.array([[1.0, 0.0, 1.0, 0.0]]))
    assert measure(np.array([[0.51, 0.5, 0.5, 0.9]])) == 0.5


def test_the_sign_of_an_answer_decides_where_a_margin_is_asked_for() -> None:
    found = {}
    for loss in ("hinge", "mean_squared_error"):
        diagram = core.Diagram.build(
            [
                core.Node(id="x", kind="input"),
                core.Node(id="y", kind="neuron", hyperparameters={"activation": "linear"}),
                core.Node(id="loss", kind=loss),
            ],
            [("x", "y"), ("y", "loss")],
        )
        data = core.dataset("and")
        plan = core.compile_diagram(diagram, core.data_spec_for(diagram, data)).plan
        assert plan is not None
        model = core.Model(plan)
        model.load({"y/weight": np.full((1, 2), 0.25), "y/bias": np.array([-0.375])})
        found[loss] = core.Trainer(model, data, diagram.training).evaluate()[2]
    assert found == {"hinge": 1.0, "mean_squared_error": 0.75}


def test_of_several_outputs_the_largest_speaks() -> None:
    measure = metric_for(PLAIN, "classes", np.eye(3))
    assert measure(np.array([[0.4, 0.1, 0.5], [0.3, 0.8, 0.4], [0.3, 0.1, 0.1]])) == pytest.approx(2 / 3)


def test_r2_of_perfect_answers_and_of_the_mean() -> None:
    targets = np.array([[1.0, 2.0, 6.0]])
    measure = metric_for(PLAIN, "regression", targets)
    assert measure(targets) == 1.0
    assert measure(np.full((1, 3), 3.0)) == 0.0
    assert measure(targets + 10) < -1.0


def test_r2_of_targets_that_are_all_the_same() -> None:
    measure = r_squared(np.full((1, 4), 2.0))
    assert measure(np.full((1, 4), 2.0)) == 1.0
    assert measure(np.full((1, 4), 2.1)) == 0.0


def test_r2_agrees_with_scikit_learn() -> None:
    score = pytest.importorskip("sklearn.metrics").r2_score
    random = np.random.default_rng(0)
    targets, answers = random.standard_normal((2, 3, 50))
    assert r_squared(targets)(answers) == pytest.approx(score(targets.T, answers.T), rel=1e-12)


def test_r2_counts_the_steps_of_a_sequence_as_samples() -> None:
    random = np.random.default_rng(1)
    targets, answers = random.standard_normal((2, 4, 3, 5))  # (time, features, samples)
    flat, given = (array.swapaxes(0, 1).reshape(3, 20) for array in (targets, answers))
    assert r_squared(targets)(answers) == pytest.approx(r_squared(flat)(given), rel=1e-12)


def test_what_is_given_back_of_the_samples_is_weighed_by_their_variance() -> None:
    score = pytest.importorskip("sklearn.metrics").r2_score
    random = np.random.default_rng(2)
    samples, answers = random.standard_normal((2, 2, 3, 3, 7))
    samples[0] *= 1e-3  # A picture's border: nearly dark in every sample.
    flat, given = (array.reshape(-1, 7).T for array in (samples, answers))
    measure = metric_for(BY_INPUTS, "classes", samples)
    assert measure(answers) == pytest.approx(score(flat, given, multioutput="variance_weighted"), rel=1e-12)
    assert measure(samples) == 1.0
    assert explained_share(np.ones((1, 3)))(np.ones((1, 3))) == 1.0
    assert explained_share(np.ones((1, 3)))(np.zeros((1, 3))) == 0.0


def test_of_classes_that_share_the_largest_target_each_is_right() -> None:
    measure = accuracy(np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 1.0]]))
    assert measure(np.array([[0.1, 0.9], [0.9, 0.0], [0.0, 0.1]])) == 0.5
    assert measure(np.array([[0.9, 0.0], [0.1, 0.0], [0.0, 0.1]])) == 1.0
    assert measure(np.array([[0.0, 0.0], [0.0, 0.0], [0.9, 0.1]])) == 0.5


def test_every_step_of_a_sequence_counts_except_those_that_ask_nothing() -> None:
    targets = np.zeros((3, 2, 2))  # (time, classes, samples)
    targets[0, 0, 0] = targets[1, 1, 0] = targets[2, 1, 1] = 1.0
    answers = np.zeros_like(targets)
    answers[:, 0] = 1.0
    assert accuracy(targets)(answers) == pytest.approx(1 / 3)
    assert accuracy(targets)(targets) == 1.0
    assert accuracy(np.zeros((3, 2, 2)))(answers) == 0.0


def test_yes_or_no_at_every_step() -> None:
    targets = np.array([[[1.0, 0.0]], [[0.0, 0.0]]])
    assert accuracy(targets)(np.array([[[0.9, 0.9]], [[0.1, 0.2]]])) == 0.75


def test_the_points_of_a_picture_are_judged_together() -> None:
    random = np.random.default_rng(0)
    targets = random.standard_normal((1, 2, 2, 50))  # (channels, height, width, samples)
    targets[0, 0, 0] = 0.0
    answers = targets + 0.1 * random.standard_normal(targets.shape)
    together = metric_for(PLAIN, "regression", targets)(answers)
    assert together == explained_share(targets)(answers)
    assert together > 0.98
    assert metric_for(PLAIN, "regression", targets.reshape(4, 50))(answers.reshape(4, 50)) < 0.8
