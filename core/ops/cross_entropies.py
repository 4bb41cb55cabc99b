"""The cross-entropies: how surprised a prediction is by the right answer, and which way to push it.

Those that read logits never compute the logarithm of a probability, and are exact where sigmoid or softmax would round to 0 or 1.
Class weights multiply what each class counts, and the mean stays one over the number of answers, as in PyTorch where targets are
shares; a target of all zeros asks nothing of a categorical cross-entropy, and adds nothing.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import at_least, at_most, sigmoid_calls
from core.ops.layout import features_axis, one_feature
from core.ops.loss_numbers import mean, scaled
from core.ops.op import Array, Binding, Bound, Call, LossOp

SMALLEST_PROBABILITY = 1e-7
"""Probabilities are held this far from 0 (and from 1) before a logarithm is taken: the worst loss of one sample is 16.1."""

FEW_CLASSES = 32
"""Up to here a row is repeated by a matrix product, which is exact, and costs less than broadcasting on a small array."""


@dataclass(frozen=True)
class ClassLoss(LossOp):
    """A loss for targets that are classes; ``class_weights`` says what each class counts, in their order, or is empty: all the same."""

    class_weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class YesNoLoss(ClassLoss):
    """A loss for targets between no (0) and yes (1), whose class weights are ``(w_no, w_yes)``.

    With ``a = w_yes t`` and ``m = w_no (1 - t) + w_yes t`` it is ``-sum(a log p + (m - a) log(1 - p)) / N``; unweighted, ``a = t`` and ``m = 1``.
    """

    def weigh(self, arrays: Binding, target: Array) -> tuple[tuple[Call, ...], Array, Array | None]:
        """(the calls that compute ``a`` and ``m``, ``a``, ``m``); there is no ``m`` where it is 1."""
        if not self.class_weights:
            return (), target, None
        no, yes = self.class_weights
        a, m = arrays.scratch(target.shape), arrays.scratch(target.shape)
        calls = (
            partial(np.multiply, target, arrays.constant(yes), a),
            partial(np.multiply, target, arrays.constant(-no), m),
            partial(np.add, m, arrays.constant(no), m),
            partial(np.add, m, a, m),
        )
        return calls, a, m


@dataclass(frozen=True)
class BinaryCrossEntropy(YesNoLoss):
    """``L = -sum(t log p + (1 - t) log(1 - p)) / N`` for probabilities ``p``; ``dL/dp = (p - t) / (p (1 - p) N)``.

    ``p`` is held within 1e-7 and 1 - 1e-7. The gradient is that of the held value, so that a prediction stuck at 0 or 1 is still
    pushed the right way. Where a sigmoid makes ``p``, use the form that reads logits.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        one = arrays.constant(1)
        p, q, first, second, third = (arrays.scratch(prediction.shape) for _ in range(5))
        low, high = arrays.constant(SMALLEST_PROBABILITY), arrays.constant(1 - SMALLEST_PROBABILITY)
        weighing, a, m = self.weigh(arrays, target)
        forward: tuple[Call, ...] = (
            *weighing,
            at_least(prediction, low, p),
            at_most(p, high, p),
            partial(np.subtract, one, p, q),
        )
        measure: tuple[Call, ...] = (
            partial(np.log, p, first),
            partial(np.multiply, first, a, first),
            partial(np.log, q, second),
            *_times(m, second, third),
            partial(np.add, first, second if m is None else third, first),
            partial(np.multiply, second, a, second),
            partial(np.subtract, second, first, first),
            *mean(arrays, first),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), measure)
        backward: tuple[Call, ...] = (
            partial(np.multiply, p, q, first),
            *_times(m, p, second),
            partial(np.subtract, p if m is None else second, a, gradient),
            partial(np.divide, gradient, first, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / p.size), gradient),
        )
        return Bound(forward, backward, measure)


@dataclass(frozen=True)
class BinaryCrossEntropyFromLogits(YesNoLoss):
    """``L = sum(max(z, 0) - t z + log(1 + exp(-|z|))) / N``, which is the cross-entropy of ``p = sigmoid(z)``.

    ``dL/dz = (sigmoid(z) - t) / N``: no saturation where the answer is wrong. An infinite logit gives NaN.
    """

    from_logits: ClassVar[bool] = True

    def bind(self, arrays: Binding) -> Bound:
        logits, target = arrays.inputs
        p, first, second, third = (arrays.scratch(logits.shape) for _ in range(4))
        weighing, a, m = self.weigh(arrays, target)
        measure: tuple[Call, ...] = (
            partial(np.absolute, logits, second),
            partial(np.negative, second, second),
            partial(np.exp, second, second),
            partial(np.log1p, second, second),
            *_times(m, second, second),
            at_least(logits, arrays.constant(0), first),
            *_times(m, first, first),
            partial(np.multiply, logits, a, third),
            # Exactly 0 where the answer is right, so that the small logarithm keeps its digits.
            partial(np.subtract, first, third, first),
            partial(np.add, first, second, first),
            *mean(arrays, first),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(weighing, (), measure)
        backward: tuple[Call, ...] = (
            *sigmoid_calls(logits, p, arrays.constant(1)),
            *_times(m, p, p),
            partial(np.subtract, p, a, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / p.size), gradient),
        )
        return Bound(weighing, backward, measure)


@dataclass(frozen=True)
class OneOfManyLoss(ClassLoss):
    """A loss for targets that are shares of one answer, over the features: ``t_k`` counts ``w_k`` times."""

    def weigh(self, arrays: Binding, target: Array) -> tuple[tuple[Call, ...], Array]:
        """(the calls that compute the weighted target, the weighted target)."""
        if not self.class_weights:
            return (), target
        weighted = arrays.scratch(target.shape)
        axis = features_axis(target.ndim)
        column = np.array(self.class_weights, target.dtype).reshape(-1, *(1,) * (target.ndim - axis - 1))
        return (partial(np.multiply, target, column, weighted),), weighted


@dataclass(frozen=True)
class CategoricalCrossEntropy(OneOfManyLoss):
    """``L = -sum_k t_k log p_k``, mean over the batch, for shares ``p`` that add up to 1; ``dL/dp_k = -t_k / p_k``.

    ``p`` is held above 1e-7, and the gradient is that of the held value. Where a softmax makes ``p``, use the form that reads logits.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        answers = prediction.size // prediction.shape[features_axis(prediction.ndim)]
        weighing, target = self.weigh(arrays, target)
        p, log_p = arrays.scratch(prediction.shape), arrays.scratch(prediction.shape)
        flat, flat_target, total = log_p.reshape(-1), target.reshape(-1), arrays.scratch(())
        forward = (*weighing, at_least(prediction, arrays.constant(SMALLEST_PROBABILITY), p))
        measure: tuple[Call, ...] = (
            partial(np.log, p, log_p),
            partial(flat.dot, flat_target, total),
            scaled(arrays, total, -1 / answers),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), measure)
        backward = (
            partial(np.divide, target, p, gradient),
            partial(np.multiply, gradient, arrays.constant(-self.weight / answers), gradient),
        )
        return Bound(forward, backward, measure)


@dataclass(frozen=True)
class CategoricalCrossEntropyFromLogits(OneOfManyLoss):
    """``L = sum_k t_k (log sum_j exp(z_j - m) - (z_k - m))``, ``m = max z``, mean over the batch: of ``p = softmax(z)``.

    ``dL/dz_k = p_k sum_j t_j - t_k``: for targets that add up to 1, the prediction less the target. An infinite logit gives NaN.
    """

    from_logits: ClassVar[bool] = True

    def bind(self, arrays: Binding) -> Bound:
        logits, target = arrays.inputs
        axis, row = features_axis(logits.ndim), one_feature(logits.shape)
        answers = logits.size // logits.shape[axis]
        weighing, target = self.weigh(arrays, target)
        few = logits.ndim == 2 and len(logits) <= FEW_CLASSES
        peak = arrays.scratch(row)
        total, mass, ratio = (arrays.scratch(logits.shape if few else row) for _ in range(3))
        shifted, powers = arrays.scratch(logits.shape), arrays.scratch(logits.shape)
        forward: tuple[Call, ...] = (
            *weighing,
            partial(np.maximum.reduce, logits, axis, None, peak, True),
            *_less_row(logits, peak, shifted, few),
            partial(np.exp, shifted, powers),
            _sum_features(powers, total),
            _sum_features(target, mass),
        )
        gradient = arrays.input_gradients[0]
        backward: tuple[Call, ...] = ()
        if gradient is not None:
            backward = (
                partial(np.divide, mass, total, ratio),
                partial(np.multiply, powers, ratio, gradient),
                partial(np.subtract, gradient, target, gradient),
                partial(np.multiply, gradient, arrays.constant(self.weight / answers), gradient),
            )
        if few:
            total, mass = total[:1], mass[:1]
        return Bound(forward, backward, self._number(arrays, total, mass, shifted, target))

    def _number(self, arrays: Binding, total: Array, mass: Array, shifted: Array, target: Array) -> tuple[Call, ...]:
        logarithm = arrays.scratch(total.shape)
        flat, flat_target, flat_logarithm = shifted.reshape(-1), target.reshape(-1), logarithm.reshape(-1)
        spread, explained, unexplained = (arrays.scratch(()) for _ in range(3))
        return (
            partial(np.log, total, logarithm),
            partial(flat_logarithm.dot, mass.reshape(-1), spread),
            partial(flat.dot, flat_target, explained),
            partial(np.subtract, spread, explained, unexplained),
            scaled(arrays, unexplained, 1 / logarithm.size),
        )


def _sum_features(values: Array, out: Array) -> Call:
    """The sum over the features of each sample, in a row or, where ``out`` is as large as ``values``, in every row."""
    if values.ndim == 2:
        # A product with ones takes a quarter of the time of a reduction.
        return partial(np.ones((len(out), len(values)), values.dtype).dot, values, out)
    return partial(np.add.reduce, values, features_axis(values.ndim), None, out, True)


def _less_row(values: Array, row: Array, out: Array, few: bool) -> tuple[Call, ...]:
    """``values - row`` for every row; for few of them a product with ones repeats the row faster than broadcasting does."""
    if not few:
        return (partial(np.subtract, values, row, out),)
    return (partial(np.ones((len(values), 1), values.dtype).dot, row, out), partial(np.subtract, values, out, out))


def _times(mass: Array | None, values: Array, out: Array) -> tuple[Call, ...]:
    """``out = mass * values``, where there is a mass."""
    return () if mass is None else (partial(np.multiply, values, mass, out),)
