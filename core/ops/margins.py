"""Losses that ask for a margin: an answer has to be right by 1, and beyond that counts for nothing (support vector machines).

Targets are 0 and 1 here as for the cross-entropies. At its corner a loss has the slope of its flat side, 0.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import at_least
from core.ops.layout import features_axis, one_feature
from core.ops.loss_numbers import mean
from core.ops.op import Binding, Bound, LossOp


@dataclass(frozen=True)
class Hinge(LossOp):
    """``L = sum max(0, 1 - s y) / N`` with ``s = 2 t - 1``: yes is to be above 1, no below -1 (Cortes and Vapnik, 1995).

    ``dL/dy = -s / N`` where the margin is missed, else ``0``. The sign of an answer decides.
    """

    smooth: ClassVar[bool] = False
    boundary: ClassVar[float] = 0.0

    def bind(self, arrays: Binding) -> Bound:
        prediction, target = arrays.inputs
        side, missing = arrays.scratch(prediction.shape), arrays.scratch(prediction.shape)
        zero, one = arrays.constant(0), arrays.constant(1)
        forward = (
            # -s, so that what is missing is 1 + (-s) y
            partial(np.multiply, target, arrays.constant(-2), side),
            partial(np.add, side, one, side),
            partial(np.multiply, side, prediction, missing),
            partial(np.add, missing, one, missing),
            at_least(missing, zero, missing),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), mean(arrays, missing))
        backward = (
            partial(np.greater, missing, zero, gradient),
            partial(np.multiply, gradient, side, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / gradient.size), gradient),
        )
        return Bound(forward, backward, mean(arrays, missing))


@dataclass(frozen=True)
class ClassHinge(LossOp):
    """``L = sum_k max(0, 1 - t_k + z_k - z_y) / K``, mean over the answers: the class ``y`` is to lead each other one by 1.

    ``z_y = sum_k t_k z_k`` for a target that is 1 at the right class; ``K`` is the number of classes (Weston and Watkins, 1999; PyTorch's
    MultiMarginLoss). ``dL/dz_k = (m_k - t_k sum_j m_j) / K`` with ``m_k = 1`` where class ``k`` comes too close, else ``0``.
    """

    smooth: ClassVar[bool] = False

    def bind(self, arrays: Binding) -> Bound:
        scores, target = arrays.inputs
        axis, row = features_axis(scores.ndim), one_feature(scores.shape)
        missing, part = arrays.scratch(scores.shape), arrays.scratch(scores.shape)
        right, count = arrays.scratch(row), arrays.scratch(row)
        zero = arrays.constant(0)
        forward = (
            partial(np.multiply, scores, target, part),
            partial(np.add.reduce, part, axis, None, right, True),
            partial(np.subtract, scores, target, missing),
            partial(np.subtract, missing, right, missing),
            partial(np.add, missing, arrays.constant(1), missing),
            at_least(missing, zero, missing),
        )
        gradient = arrays.input_gradients[0]
        if gradient is None:
            return Bound(forward, (), mean(arrays, missing))
        backward = (
            partial(np.greater, missing, zero, gradient),
            partial(np.add.reduce, gradient, axis, None, count, True),
            partial(np.multiply, target, count, part),
            partial(np.subtract, gradient, part, gradient),
            partial(np.multiply, gradient, arrays.constant(self.weight / gradient.size), gradient),
        )
        return Bound(forward, backward, mean(arrays, missing))
