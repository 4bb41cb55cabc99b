"""Kullback-Leibler divergences: how many nats are wasted by taking one distribution for another."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.cross_entropies import SMALLEST_PROBABILITY
from core.ops.elementwise import at_least
from core.ops.joins import common_shape
from core.ops.layout import features_axis
from core.ops.loss_numbers import scaled
from core.ops.op import Binding, Bound, Call, LossOp, Shape


@dataclass(frozen=True)
class NormalDivergence(LossOp):
    """``L = sum_k (m_k^2 + exp(v_k) - 1 - v_k) / 2``, mean over the batch: of ``N(m, exp(v))`` from ``N(0, 1)``.

    ``m`` and ``v``, the logarithm of the variance, are what the encoder of a variational autoencoder puts out (Kingma and Welling,
    2014, appendix B). ``dL/dm = m``, ``dL/dv = (exp(v) - 1) / 2``, by the number of samples. Raises ValueError for inputs of two shapes.
    """

    has_target: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        common_shape(self.name, inputs)
        return super().output_shape(*inputs)

    def bind(self, arrays: Binding) -> Bound:
        mean, log_variance = arrays.inputs
        excess, square = arrays.scratch(mean.shape), arrays.scratch(mean.shape)
        total, answers = arrays.scratch(()), mean.size // mean.shape[features_axis(mean.ndim)]
        # exp(v) - 1 in one, which keeps the digits where the variance is almost 1.
        forward = (partial(np.expm1, log_variance, excess),)
        measure: tuple[Call, ...] = (
            partial(np.multiply, mean, mean, square),
            partial(np.add, square, excess, square),
            partial(np.subtract, square, log_variance, square),
            partial(np.add.reduce, square.reshape(-1), 0, None, total),
            scaled(arrays, total, 0.5 / answers),
        )
        backward: list[Call] = []
        if (by_mean := arrays.input_gradients[0]) is not None:
            backward.append(partial(np.multiply, mean, arrays.constant(self.weight / answers), by_mean))
        if (by_log_variance := arrays.input_gradients[1]) is not None:
            scale = arrays.constant(0.5 * self.weight / answers)
            backward.append(partial(np.multiply, excess, scale, by_log_variance))
        return Bound(forward, tuple(backward), measure)


@dataclass(frozen=True)
class ShareDivergence(LossOp):
    """``L = sum_k t_k (log t_k - log p_k)``, mean over the answers: of the target's shares from the predicted ones.

    ``dL/dp_k = -t_k / p_k``. A share of 0 in the target adds nothing; ``p`` is held above 1e-7, and the gradient is that of the held
    value (Kullback and Leibler, 1951). For targets that are one class it is the categorical cross-entropy.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        answers = prediction.size // prediction.shape[features_axis(prediction.ndim)]
        p, ratio, log_ratio = (arrays.scratch(prediction.shape) for _ in range(3))
        flat, flat_target, total = log_ratio.reshape(-1), target.reshape(-1), arrays.scratch(())
        tiny = arrays.constant(np.finfo(prediction.dtype).tiny)
        forward = (at_least(prediction, arrays.constant(SMALLEST_PROBABILITY), p), partial(np.divide, target, p, ratio))
        measure: tuple[Call, ...] = (
            # Above 0, so that 0 times its logarithm is 0.
            at_least(ratio, tiny, log_ratio),
            partial(np.log, log_ratio, log_ratio),
            partial(flat.dot, flat_target, total),
            scaled(arrays, total, 1 / answers),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), measure)
        return Bound(
            forward, (partial(np.multiply, ratio, arrays.constant(-self.weight / answers), gradient),), measure
        )
