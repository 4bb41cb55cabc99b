"""Radial basis functions: units that answer to what lies near their centre, and to nothing else."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import at_most
from core.ops.initializers import with_number
from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape

CHUNK = 65_536
"""Differences that are held at a time: all of them at once would be units times features times samples."""


@dataclass(frozen=True)
class RadialBasis(Op):
    """``y_j = exp(-|x - c_j|^2 / (2 s_j^2))``, between 0 and 1 (Broomhead and Lowe, 1988; Moody and Darken, 1989).

    With ``h_j = dL/dy_j y_j / s_j^2`` backward is ``dL/dc_j = h_j (x - c_j)``, ``dL/ds_j = h_j |x - c_j|^2 / s_j``, summed over the batch, and
    ``dL/dx = sum_j h_j (c_j - x)``. Input ``(features,)``, output ``(units,)``; the blocks are ``centre (units, features)``, drawn from
    ``-spread`` to ``spread``, and ``width (units,)``. The sign of a width does not matter; a width of 0 gives NaN on the centre itself.
    Raises ValueError for an input that is not one row of features.
    """

    units: int
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        if len(shape) != 1:
            raise ValueError(f"a distance needs one row of features, (features,); received {shape}.")
        return (self.units,)

    def blocks(self, fan_in: int, spread: float, width: float) -> tuple[ParameterBlock, ...]:
        """The parameters for ``fan_in`` features. Decay would pull centres to 0 and widths to nothing, so it leaves them alone."""
        where, wide = with_number("uniform_within", spread), with_number("constant", width)
        everything = (slice(None),)
        centre = ParameterView("centre", everything, where, fan_in, self.units, regularized=False)
        widths = ParameterView("width", everything, wide, fan_in, self.units, regularized=False)
        return ParameterBlock((self.units, fan_in), (centre,)), ParameterBlock((self.units,), (widths,))

    def bind(self, arrays: Binding) -> Bound:
        x, y = arrays.inputs[0], arrays.output
        centre, width = arrays.parameters
        distance, square = arrays.scratch(y.shape), arrays.scratch((self.units, 1))
        column = width.reshape(-1, 1)
        forward: tuple[Call, ...] = (
            *self._distances(arrays, x, centre, distance),
            # Infinite distances times a value of 0 would be NaN below.
            at_most(distance, arrays.constant(float(np.finfo(x.dtype).max)), distance),
            partial(np.multiply, column, column, square),
            partial(np.divide, distance, square, y),
            partial(np.multiply, y, arrays.constant(-0.5), y),
            partial(np.exp, y, y),
        )
        slope = arrays.output_gradient
        if slope is None:
            return Bound(forward)
        return Bound(forward, self._backward(arrays, slope, distance, square, column))

    def _distances(self, arrays: Binding, x: Array, centre: Array, distance: Array) -> tuple[Call, ...]:
        """The calls that write ``|x - c_j|^2``: from the differences, for the binomial formula would lose the digits of small ones."""
        together = max(1, min(self.units, CHUNK // max(x.size, 1)))
        room = arrays.scratch((together, *x.shape))
        calls: list[Call] = []
        for start in range(0, self.units, together):
            some = centre[start : start + together, :, None]
            difference = room[: len(some)]
            calls += [
                partial(np.subtract, x, some, difference),
                partial(np.multiply, difference, difference, difference),
                partial(np.add.reduce, difference, 1, None, distance[start : start + together]),
            ]
        return tuple(calls)

    def _backward(
        self, arrays: Binding, slope: Array, distance: Array, square: Array, column: Array
    ) -> tuple[Call, ...]:
        x, y, (centre, _) = arrays.inputs[0], arrays.output, arrays.parameters
        by_centre, by_width = arrays.parameter_gradients
        h, part = arrays.scratch(y.shape), arrays.scratch(y.shape)
        sums, moved = arrays.scratch((self.units, 1)), arrays.scratch(centre.shape)
        calls: list[Call] = [
            partial(np.multiply, slope, y, h),
            partial(np.divide, h, square, h),
            partial(np.multiply, h, distance, part),
            partial(np.add.reduce, part, 1, None, sums, True),
            partial(np.divide, sums, column, by_width.reshape(-1, 1)),
            partial(h.dot, x.T, by_centre),
            partial(np.add.reduce, h, 1, None, sums, True),
            partial(np.multiply, centre, sums, moved),
            partial(np.subtract, by_centre, moved, by_centre),
        ]
        if (upstream := arrays.input_gradients[0]) is not None:
            total, away = arrays.scratch((1, x.shape[1])), arrays.scratch(x.shape)
            calls += [
                partial(centre.T.dot, h, upstream),
                partial(np.add.reduce, h, 0, None, total, True),
                partial(np.multiply, x, total, away),
                partial(np.subtract, upstream, away, upstream),
            ]
        return tuple(calls)

    def macs(self, *inputs: Shape) -> int:
        return self.units * inputs[0][0]
