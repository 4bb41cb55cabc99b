"""Recurrent ops to try: every cell, both directions, last step and whole sequence, with states to start from and with a mask."""

from collections.abc import Callable

import numpy as np

from core.ops.activations import Identity, Sigmoid
from core.ops.op import Array, Op, Shape
from core.ops.recurrent.at_end import AtEnd
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.lstm import Lstm
from core.ops.recurrent.padding_mask import PaddingMask
from core.ops.recurrent.recurrence import Recurrent
from core.ops.recurrent.rnn import Rnn
from tests.core.ops.recurrent_reference import block_shapes
from tests.gradients import keep_off

BATCH = 4
TIME, FEATURES = 4, 2

Draw = Callable[[np.random.Generator, tuple[Shape, ...]], tuple[Array, ...]]
Row = tuple[Op, tuple[Shape, ...], Draw, tuple[Shape, ...], tuple[int, ...]]

OPS: tuple[Recurrent, ...] = (
    Rnn(3),
    Rnn(2, sequence=True, reverse=True, initial=(0,)),
    Rnn(2, masked=True, activation=Sigmoid()),
    Gru(3),
    Gru(2, sequence=True, masked=True),
    Gru(2, reverse=True, initial=(0,), reset_after=False),
    Gru(2, sequence=True, masked=True, initial=(0,), reset_after=False),
    Lstm(2),
    Lstm(2, sequence=True, reverse=True, peepholes=True, initial=(0, 1)),
    Lstm(2, forget_gate=False, initial=(1,), sequence=True),
    Lstm(1, input_gate=False, masked=True, peepholes=True, output_curve=Identity()),
    Lstm(2, input_gate=False, output_gate=False, forget_gate=False, candidate_curve=Sigmoid()),
)


def shapes_of(op: Recurrent, time: int = TIME, features: int = FEATURES) -> tuple[Shape, ...]:
    """The sample shapes of the inputs of ``op``."""
    return ((time, features), *((op.units,),) * len(op.initial), *((time, 1),) * op.masked)


def draw_for(op: Recurrent) -> Draw:
    """Standard normal numbers, and a mask that lets two of three steps through and nothing of the first sample."""

    def draw(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
        values = [generator.standard_normal((*shape, BATCH)) for shape in shapes]
        if op.masked:
            values[-1] = (generator.random(values[-1].shape) < 2 / 3).astype(float)
            values[-1][..., 0] = 0
        return tuple(values)

    return draw


def off_zero(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Standard normal numbers that are not 0."""
    return tuple(keep_off(generator.standard_normal((*shape, BATCH))) for shape in shapes)


RECURRENT: tuple[Row, ...] = (
    *(
        (op, shapes_of(op), draw_for(op), block_shapes(op, FEATURES), (len(shapes_of(op)) - 1,) if op.masked else ())
        for op in OPS
    ),
    (AtEnd(), ((3, 2),), off_zero, (), ()),
    (AtEnd(first=True), ((1, 2),), off_zero, (), ()),
    (PaddingMask(), ((3, 2),), off_zero, (), (0,)),
)
"""(op, shapes of the inputs, how to draw them, shapes of the parameters, which inputs have no gradient)."""
