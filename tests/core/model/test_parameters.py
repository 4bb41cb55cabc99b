"""One flat vector, and plans that would make a mess of it."""

import numpy as np
import pytest

from core.compiler.plan import PlannedBlock
from core.errors import ModelError
from core.model.parameters import Parameters, seeded_generator
from core.ops.layout import aligned_zeros, batch_first, batch_last, inside, value_with_ones
from core.ops.linear import Linear
from core.ops.op import ParameterBlock, ParameterView

BLOCK = Linear(2).block(3, "glorot_uniform")


def named(name: str) -> ParameterBlock:
    return ParameterBlock((2, 2), (ParameterView(name, (slice(None), slice(None)), "normal", 2, 2),))


def test_a_node_with_several_blocks_has_one_slice() -> None:
    planned = (PlannedBlock("a", named("u"), 0), PlannedBlock("a", named("v"), 4), PlannedBlock("b", BLOCK, 8))
    parameters = Parameters(planned, np.float32)
    assert parameters.node_slices == {"a": slice(0, 8), "b": slice(8, 16)}
    assert len(parameters.vector) == 16


def test_blocks_of_a_node_that_lie_apart_are_refused() -> None:
    planned = (PlannedBlock("a", named("u"), 0), PlannedBlock("b", BLOCK, 4), PlannedBlock("a", named("v"), 12))
    with pytest.raises(ModelError, match="parameters of a do not lie side by side"):
        Parameters(planned, np.float32)


def test_two_parameters_of_one_name_are_refused() -> None:
    planned = (PlannedBlock("a", named("u"), 0), PlannedBlock("a", named("u"), 4))
    with pytest.raises(ModelError, match="two parameters called a/u"):
        Parameters(planned, np.float32)


def test_a_network_without_parameters_has_an_empty_vector() -> None:
    parameters = Parameters((), np.float64)
    parameters.initialize(0)
    assert parameters.vector.shape == (0,)
    assert parameters.load({"a/weight": np.zeros(1)}) == ()


def test_generators_depend_on_seed_and_name_alone() -> None:
    draws = [seeded_generator(seed, name).random() for seed, name in ((1, "a"), (1, "a"), (1, "b"), (2, "a"))]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 3


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4), (0,)])
def test_batch_first_and_batch_last_undo_each_other(shape: tuple[int, ...]) -> None:
    samples = np.arange(5 * int(np.prod(shape))).reshape(5, *shape)
    assert batch_last(samples).shape == (*inside(shape), 5)
    np.testing.assert_array_equal(batch_first(batch_last(samples)), samples)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_room_for_a_value_ends_with_a_row_of_ones(dtype: type) -> None:
    value, rows = value_with_ones((2, 3), 5, dtype)
    value[...] = 7
    assert rows.shape == (7, 5)
    assert rows[-1].tolist() == [1] * 5
    assert (rows[:-1] == 7).all()
    assert aligned_zeros((3, 2), dtype).ctypes.data % 64 == 0
