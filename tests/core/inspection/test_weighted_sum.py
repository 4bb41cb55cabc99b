"""The weighted sum of a neuron, by hand and where it cannot be said."""

import numpy as np
import pytest

from core.inspection.weighted_sum import weighted_sum

PARAMETERS = {"a1/weight": np.array([[1.0, 0.5]], np.float32), "a1/bias": np.array([2.0], np.float32)}


def test_the_worked_example_gives_3_25():
    assert weighted_sum("a1", PARAMETERS, [np.array([1.0]), np.array([0.5])]) == pytest.approx(3.25)


def test_wires_with_several_values_are_laid_end_to_end():
    assert weighted_sum("a1", PARAMETERS, [np.array([1.0, 0.5])]) == pytest.approx(3.25)


def test_without_a_bias_it_is_the_products_alone():
    assert weighted_sum("a1", {"a1/weight": PARAMETERS["a1/weight"]}, [np.array([1.0, 0.5])]) == pytest.approx(1.25)


@pytest.mark.parametrize(
    "inputs", [[], [np.array([1.0])], [np.array([1.0, 2.0, 3.0])]], ids=["none", "too few", "too many"]
)
def test_another_number_of_inputs_has_no_sum(inputs):
    assert weighted_sum("a1", PARAMETERS, inputs) is None


def test_a_layer_and_an_unknown_node_have_no_single_sum():
    assert weighted_sum("d", {"d/weight": np.ones((3, 2))}, [np.ones(2)]) is None
    assert weighted_sum("x", {}, [np.ones(2)]) is None


def test_infinite_weights_give_no_warning():
    total = weighted_sum("a", {"a/weight": np.array([[np.inf, np.inf]])}, [np.array([0.0, 1.0])])
    assert total is not None
    assert not np.isfinite(total)
