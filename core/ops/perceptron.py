"""The perceptron's answer, 0 or 1, with the rule by which it learned long before there was backpropagation."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.elementwise import Activation
from core.ops.op import Binding, Bound


@dataclass(frozen=True)
class PerceptronStep(Activation):
    """``a = 1`` where ``z >= 0``, else ``0``; backwards it hands on half of the gradient, as if it were a line of slope 1/2.

    The step's own derivative is 0 and teaches nothing. With this one in its place and the mean squared error of one sample, whose
    gradient is ``2 (a - t)``, a step of gradient descent on ``z = w x + b`` is exactly the perceptron rule ``w += rate (t - a) x``
    (Rosenblatt, 1958). Letting a gradient straight through is how steps inside deeper networks are trained, too (Bengio et al., 2013).
    """

    smooth: ClassVar[bool] = False
    surrogate: ClassVar[bool] = True

    def bind(self, arrays: Binding) -> Bound:
        forward = (partial(np.heaviside, arrays.inputs[0], arrays.constant(1), arrays.output),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.multiply, path[0], arrays.constant(0.5), path[1]),) if path else ())
