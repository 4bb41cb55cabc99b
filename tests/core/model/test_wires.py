"""Weights taken apart by wire, and put together for other wires."""

import numpy as np

from core.model.wires import put_together, taken_apart

BEFORE = {"y": (("w1", 1), ("w2", 2), ("w3", 1))}
MATRIX = np.arange(8.0).reshape(2, 4)
PARAMETERS = {"y/weight": MATRIX, "y/bias": np.array([7.0, 8.0]), "h/weight": np.ones((3, 4))}


def test_what_is_taken_apart_can_be_put_together() -> None:
    apart = taken_apart(PARAMETERS, BEFORE)
    assert len(apart) == 5
    together = put_together(apart, PARAMETERS, BEFORE)
    assert together.keys() == PARAMETERS.keys()
    for name, values in PARAMETERS.items():
        np.testing.assert_array_equal(together[name], values)


def test_the_wires_that_stay_keep_their_columns() -> None:
    after = {"y": (("w3", 1), ("new", 1), ("w2", 2))}
    fresh = {**PARAMETERS, "y/weight": np.full((2, 4), -1.0)}
    kept = {**taken_apart(fresh, after), **taken_apart(PARAMETERS, BEFORE)}
    np.testing.assert_array_equal(put_together(kept, fresh, after)["y/weight"], [[3, -1, 1, 2], [7, -1, 5, 6]])


def test_a_matrix_of_another_width_stays_whole() -> None:
    odd = {"y/weight": np.ones((2, 5)), "y": np.ones(3)}
    apart = taken_apart(odd, BEFORE)
    assert apart.keys() == odd.keys()
    assert put_together(apart, odd, BEFORE)["y/weight"] is odd["y/weight"]
