"""Normalisation: values are shifted and scaled to mean 0 and variance 1, then to whatever suits the next layer.

Batch normalisation takes mean and variance of each feature over the batch, and remembers their running averages for the time
after training. Layer normalisation takes them over the features of each sample, and needs no memory.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.layout import features_axis
from core.ops.op import Array, Binding, Bound, Call, Op, ParameterBlock, ParameterView, Shape

SCALE, SHIFT = 0, 1
"""The rows of the trained block."""
MEAN, VARIANCE = 0, 1
"""The rows of the block of running statistics."""


@dataclass(frozen=True)
class Normalisation(Op):
    """``y = scale (x - mean) / sqrt(variance + epsilon) + shift``, with one scale and one shift for each feature (channel)."""

    reads_ones: ClassVar[bool] = False
    epsilon: float = 1e-5

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        return shape

    def block(self, shape: Shape) -> ParameterBlock:
        """``scale (features,)``, which starts at 1, and ``shift (features,)``, which starts at 0, for an input of this engine shape."""
        return _rows(shape, (("scale", "ones"), ("shift", "zeros")), trained=True)


@dataclass(frozen=True)
class BatchNormalisation(Normalisation):
    """Mean and variance of each feature over the batch and all steps or places (Ioffe and Szegedy, 2015).

    Two blocks: ``block`` is trained, ``state_block`` holds the running statistics, which every training step moves by ``momentum`` towards
    those of the batch: ``running = (1 - momentum) running + momentum batch``, the variance of the batch divided by ``N - 1`` (as in PyTorch).
    Outside training the running statistics take the place of the batch's. A batch with a single value for each feature has no
    variance: it is treated as outside training and moves nothing, and so is every batch where the op is ``frozen``.
    With ``n`` the normalised value, ``dL/dx = scale / deviation (dL/dy - mean(dL/dy) - n mean(n dL/dy))``.
    """

    momentum: float = 0.1
    frozen: bool = False

    def state_block(self, shape: Shape) -> ParameterBlock:
        """``running_mean (features,)`` from 0 and ``running_variance (features,)`` from 1; no optimizer moves them."""
        return _rows(shape, (("running_mean", "zeros"), ("running_variance", "ones")), trained=False)

    def bind(self, arrays: Binding) -> Bound:
        work = _Workspace(arrays)
        running = arrays.parameters[1]
        learns = arrays.training and work.count > 1 and not self.frozen
        statistics = arrays.scratch(running.shape) if learns else running
        forward: list[Call] = []
        centred = partial(np.subtract, work.source, work.column(statistics[MEAN]), work.normalised)
        if statistics is running:
            forward += [centred, *work.inverse_deviation(statistics[VARIANCE], self.epsilon)]
        else:
            square = arrays.scratch(work.source.shape)
            forward += [
                *work.mean(work.source, statistics[MEAN]),
                centred,
                partial(np.multiply, work.normalised, work.normalised, square),
                *work.mean(square, statistics[VARIANCE]),
                *work.inverse_deviation(statistics[VARIANCE], self.epsilon),
                *self._remember(arrays, statistics, running, work.count),
            ]
        forward += [partial(np.multiply, work.normalised, work.column(work.inverse), work.normalised), *work.affine()]
        if arrays.output_gradient is None:
            return Bound(tuple(forward))
        return Bound(tuple(forward), self._backward(work, statistics is not running))

    def _remember(self, arrays: Binding, statistics: Array, running: Array, count: int) -> tuple[Call, ...]:
        share = np.full_like(running, self.momentum)
        share[VARIANCE] *= count / (count - 1)
        step = arrays.scratch(running.shape)
        return (
            partial(np.multiply, running, arrays.constant(1 - self.momentum), running),
            partial(np.multiply, statistics, share, step),
            partial(np.add, running, step, running),
        )

    def _backward(self, work: "_Workspace", over_batch: bool) -> tuple[Call, ...]:
        calls = list(work.parameter_gradients())
        path = work.arrays.gradient_path()
        if path is None:
            return tuple(calls)
        downstream, upstream = (work.grouped(array) for array in path)
        factor = work.arrays.scratch(work.inverse.shape)
        if over_batch:
            # The sums that are the gradients of shift and scale, as means: what the statistics of the batch take away.
            scale_gradient, shift_gradient = work.arrays.parameter_gradients[0]
            shared = work.arrays.constant(1 / work.count)
            mean, product = (work.arrays.scratch(factor.shape) for _ in range(2))
            calls += [
                partial(np.multiply, scale_gradient, shared, product),
                partial(np.multiply, shift_gradient, shared, mean),
                partial(np.multiply, work.normalised, work.column(product), upstream),
                partial(np.subtract, downstream, upstream, upstream),
                partial(np.subtract, upstream, work.column(mean), upstream),
            ]
            downstream = upstream
        return (
            *calls,
            partial(np.multiply, work.inverse, work.arrays.parameters[0][SCALE], factor),
            partial(np.multiply, downstream, work.column(factor), upstream),
        )


@dataclass(frozen=True)
class LayerNormalisation(Normalisation):
    """Mean and variance over the features of each sample, in a sequence of each step (Ba et al., 2016).

    A picture is normalised as a whole, over all channels and places, with one scale and shift for each channel (in PyTorch: GroupNorm
    with one group). The variance is divided by the number of values. With ``n`` the normalised value and ``g = scale dL/dy``,
    ``dL/dx = (g - mean(g) - n mean(n g)) / deviation``.
    """

    stepwise: ClassVar[bool] = True

    def bind(self, arrays: Binding) -> Bound:
        work = _Workspace(arrays)
        source = _samples(arrays.inputs[0])
        normalised = work.normalised.reshape(source.shape)
        row = (len(source), 1, source.shape[-1])
        mean, inverse = arrays.scratch(row), arrays.scratch(row)
        square = arrays.scratch(source.shape)
        average = np.full((1, source.shape[1]), 1 / source.shape[1], source.dtype)
        forward: tuple[Call, ...] = (
            partial(np.matmul, average, source, mean),
            partial(np.subtract, source, mean, normalised),
            partial(np.multiply, normalised, normalised, square),
            partial(np.matmul, average, square, inverse),
            *_inverse_root(arrays, inverse, self.epsilon, inverse),
            partial(np.multiply, normalised, inverse, normalised),
            *work.affine(),
        )
        if arrays.output_gradient is None:
            return Bound(forward)
        backward = work.parameter_gradients()
        path = arrays.gradient_path()
        if path is None:
            return Bound(forward, backward)
        upstream = _samples(path[1])
        backward += (
            partial(
                np.multiply, work.grouped(path[0]), work.column(arrays.parameters[0][SCALE]), work.grouped(path[1])
            ),
            partial(np.matmul, average, upstream, mean),
            partial(np.multiply, upstream, normalised, square),
            partial(np.subtract, upstream, mean, upstream),
            partial(np.matmul, average, square, mean),
            partial(np.multiply, normalised, mean, square),
            partial(np.subtract, upstream, square, upstream),
            partial(np.multiply, upstream, inverse, upstream),
        )
        return Bound(forward, backward)


class _Workspace:
    """The arrays of one normalisation, grouped as ``(steps, features, values)`` so that one code serves rows, sequences and pictures."""

    def __init__(self, arrays: Binding) -> None:
        self.arrays = arrays
        self._features = arrays.parameters[0].shape[1]
        self.source = self.grouped(arrays.inputs[0])
        self.output = self.grouped(arrays.output)
        self.normalised = arrays.scratch(self.source.shape)
        self.inverse = arrays.scratch((self._features,))
        steps, _, values = self.source.shape
        self.count = steps * values
        self._over_values = np.ones(values, self.source.dtype)
        self._over_steps = np.ones(steps, self.source.dtype)
        self._partial_sums = arrays.scratch((steps * self._features,))

    def grouped(self, array: Array) -> Array:
        """The array as (steps, features, values of that feature in that step over the batch)."""
        steps = 1 if features_axis(array.ndim) == 0 else len(array)
        return array.reshape(steps, self._features, -1)

    def column(self, numbers: Array) -> Array:
        """One number for each feature, ready to meet a grouped array."""
        return numbers[:, None]

    def total(self, values: Array, out: Array) -> tuple[Call, ...]:
        """The sum over everything but the features: products with ones, which take a quarter of the time of a reduction."""
        flat = values.reshape(len(self._partial_sums), -1)
        if len(values) == 1:
            return (partial(np.matmul, flat, self._over_values, out),)
        sums = self._partial_sums
        return (
            partial(np.matmul, flat, self._over_values, sums),
            partial(np.matmul, self._over_steps, sums.reshape(len(values), -1), out),
        )

    def mean(self, values: Array, out: Array) -> tuple[Call, ...]:
        """The mean over everything but the features."""
        return (*self.total(values, out), partial(np.divide, out, self.arrays.constant(self.count), out))

    def inverse_deviation(self, variance: Array, epsilon: float) -> tuple[Call, ...]:
        """``1 / sqrt(variance + epsilon)`` into ``inverse``."""
        return _inverse_root(self.arrays, variance, epsilon, self.inverse)

    def affine(self) -> tuple[Call, ...]:
        """The output from the normalised values."""
        scale, shift = self.arrays.parameters[0]
        return (
            partial(np.multiply, self.normalised, self.column(scale), self.output),
            partial(np.add, self.output, self.column(shift), self.output),
        )

    def parameter_gradients(self) -> tuple[Call, ...]:
        """``dL/dscale``, the sum of ``n dL/dy``, and ``dL/dshift``, the sum of ``dL/dy``."""
        assert self.arrays.output_gradient is not None
        downstream = self.grouped(self.arrays.output_gradient)
        scale, shift = self.arrays.parameter_gradients[0]
        product = self.arrays.scratch(self.source.shape)
        return (
            partial(np.multiply, self.normalised, downstream, product),
            *self.total(product, scale),
            *self.total(downstream, shift),
        )


def _samples(array: Array) -> Array:
    """The array as (steps, values that are normalised together, batch)."""
    steps = 1 if features_axis(array.ndim) == 0 else len(array)
    return array.reshape(steps, -1, array.shape[-1])


def _inverse_root(arrays: Binding, variance: Array, epsilon: float, out: Array) -> tuple[Call, ...]:
    return (
        partial(np.add, variance, arrays.constant(epsilon), out),
        partial(np.sqrt, out, out),
        partial(np.reciprocal, out, out),
    )


def _rows(shape: Shape, views: tuple[tuple[str, str], ...], *, trained: bool) -> ParameterBlock:
    """A block with one row for each of the views, all left alone by regularization."""
    features = shape[features_axis(len(shape) + 1)]
    named = (
        ParameterView(name, (row,), initializer, features, features, regularized=False)
        for row, (name, initializer) in enumerate(views)
    )
    return ParameterBlock((len(views), features), tuple(named), trained)
