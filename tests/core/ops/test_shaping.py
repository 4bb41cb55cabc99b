"""Ops that give values another place, beside what NumPy makes of the same picture."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from core.ops.evaluate import evaluate
from core.ops.op import Op
from core.ops.resizing import Interpolate, Upsample
from core.ops.shaping import Crop, Edges, Pad, Permute, Reshape

PICTURE = np.random.default_rng(2).standard_normal((2, 4, 5, 3))


@pytest.mark.parametrize("edges", [((0, 0), (2, 1), (3, 2)), ((1, 1), (3, 3), (0, 4)), ((0, 0), (0, 0), (0, 0))])
@pytest.mark.parametrize(("mode", "theirs"), [("zeros", "constant"), ("edge", "edge"), ("reflect", "reflect")])
def test_padding_is_numpys(mode: Any, theirs: Any, edges: Edges) -> None:
    np.testing.assert_array_equal(evaluate(Pad(edges, mode), PICTURE).output, np.pad(PICTURE, (*edges, (0, 0)), theirs))


def test_cropping_undoes_padding() -> None:
    edges = ((0, 1), (2, 3), (1, 0))
    np.testing.assert_array_equal(evaluate(Crop(edges), evaluate(Pad(edges), PICTURE).output).output, PICTURE)


def test_permute_moves_axes_and_reshape_keeps_the_order() -> None:
    np.testing.assert_array_equal(evaluate(Permute((1, 2, 0)), PICTURE).output, PICTURE.transpose(1, 2, 0, 3))
    np.testing.assert_array_equal(evaluate(Reshape((8, 5)), PICTURE).output, PICTURE.reshape(8, 5, 3))
    assert Reshape((8, 5)).aliases(True)
    assert not Permute((0, 1)).aliases(False)


def test_upsampling_repeats_every_value() -> None:
    large = evaluate(Upsample(3), PICTURE).output
    np.testing.assert_array_equal(large, PICTURE.repeat(3, 1).repeat(3, 2))
    steps = PICTURE[0]
    np.testing.assert_array_equal(evaluate(Upsample(2), steps).output, steps.repeat(2, 0))


def test_interpolation_draws_straight_lines() -> None:
    steps = np.array([[0.0], [4.0], [2.0]])[:, :, None]
    assert evaluate(Interpolate(2), steps).output.ravel().tolist() == [0, 1, 3, 3.5, 2.5, 2]
    flat = np.full((1, 2, 3, 1), 7.0)
    np.testing.assert_allclose(evaluate(Interpolate(4), flat).output, 7, rtol=1e-15)
    assert evaluate(Interpolate(3), steps[:1]).output.ravel().tolist() == [0, 0, 0]


def test_interpolation_counts_its_products() -> None:
    assert Interpolate(2).macs((3, 5)) == 6 * 3 * 5
    assert Interpolate(2).macs((3, 4, 5)) == 3 * 8 * 4 * 5 + 3 * 8 * 5 * 10
    assert Upsample(2).macs((3, 4, 5)) == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (partial(Reshape((3,)).output_shape, (2, 2)), r"\(2, 2\) cannot become \(3,\)"),
        (partial(Permute((0, 0)).output_shape, (2, 2)), "names each of the 2 axes once"),
        (partial(Permute((0, 1)).output_shape, (2, 2, 2)), "names each of the 3 axes once"),
        (partial(Crop(((1, 2),)).output_shape, (3,)), "cannot take 3 of 3; it has to leave something, so take at most 2"),
        (partial(Crop(((1, 2),)).output_shape, (3, 3)), "Crop wants edges for each of the 2 axes"),
        (partial(Pad(((1, 2),)).output_shape, (3, 3)), "Pad wants edges for each of the 2 axes"),
        (partial(Pad(((0, 3),), "reflect").output_shape, (3,)), "A mirror on the edge of 3 shows at most 2, and 3 are to be"),
        (partial(Upsample, 0), "at least once; received 0"),
        (partial(Interpolate(2).output_shape, (3,)), "Upsampling reads pictures and sequences"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_told(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    "op", [Pad(((0, 0), (1, 1), (1, 1)), "edge"), Crop(((0, 0), (1, 1), (1, 1))), Upsample(2)], ids=str
)
def test_nobody_needs_a_gradient(op: Op) -> None:
    assert np.isfinite(evaluate(op, PICTURE).output).all()
