"""The activation functions: all of them by name, and what they look like when drawn.

Without one of them between two layers, both layers together are only one. What the derivative is at a kink is a convention: from the
left at a corner of the rectifiers (ReLU'(0) = 0, leaky ReLU'(0) = its slope), 0 for hard sigmoid and absolute value. The step function's
is 0 everywhere, which is why it cannot be trained.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.curves import Absolute, Gaussian, Sine, Square
from core.ops.elementwise import Activation
from core.ops.evaluate import evaluate
from core.ops.initializers import initial
from core.ops.op import Array, Binding, Bound
from core.ops.rectifiers import Elu, LeakyRelu, PRelu, Relu, Selu
from core.ops.smooth_rectifiers import Gelu, Mish, Silu, Softplus
from core.ops.softmax import PositionSoftmax, Softmax
from core.ops.squashing import HardSigmoid, Sigmoid, Softsign, Step, Tanh

__all__ = [
    "Absolute",
    "Elu",
    "Gaussian",
    "Gelu",
    "HardSigmoid",
    "Identity",
    "LeakyRelu",
    "Mish",
    "PRelu",
    "PositionSoftmax",
    "Relu",
    "Selu",
    "Sigmoid",
    "Silu",
    "Sine",
    "Softmax",
    "Softplus",
    "Softsign",
    "Square",
    "Step",
    "Tanh",
    "activation_curve",
]


@dataclass(frozen=True)
class Identity(Activation):
    """``a = z``, ``da/dz = 1``: the linear activation. Whoever reads ``a`` may read the row of ones of ``z``."""

    reads_ones: ClassVar[bool] = True

    def aliases(self, training: bool) -> bool:
        return True

    def bind(self, arrays: Binding) -> Bound:
        forward = (partial(np.copyto, arrays.output, arrays.inputs[0]),)
        path = arrays.gradient_path()
        return Bound(forward, (partial(np.copyto, path[1], path[0]),) if path else ())


def activation_curve(op: Activation, z: Array) -> tuple[Array, Array]:
    """``(a, da/dz)`` at the points ``z`` (any 1-D array), in float64, for drawing.

    Each point is one sample beside a second value of 0, so that softmax shows its share against a 0.
    """
    points = np.zeros((2, 1, len(z)) if isinstance(op, PositionSoftmax) else (2, len(z)))
    points[0] = z
    first = np.zeros_like(points)
    first[0] = 1
    parameters = tuple(initial(block) for block in op.blocks(points.shape[:-1]))
    result = evaluate(op, points, parameters=parameters, output_gradient=first)
    return result.output[0].reshape(-1), result.input_gradients[0][0].reshape(-1)
