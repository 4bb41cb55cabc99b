"""Rules that give every parameter a step of its own, by how large its gradients have been."""

from functools import partial

import numpy as np

from core.ops.elementwise import at_least, at_most
from core.training.calls import Call
from core.training.optimizers.arrays import Arrays
from core.training.optimizers.settings import OptimizerSettings

GROWTH, SHRINKAGE = 1.2, 0.5
"""By what a step of Rprop grows while its gradient keeps its sign, and shrinks where the sign turns."""
SMALLEST_STEP, LARGEST_STEP = 1e-6, 50.0


def adagrad(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``s = s + g^2``, ``w = w - rate * g / (sqrt(s) + epsilon)`` (Duchi, Hazan and Singer, 2011)."""
    gradients, scratch = arrays.gradients, arrays.scratch
    square = arrays.memory.vector("square")
    return (
        partial(np.multiply, gradients, gradients, scratch),
        partial(np.add, square, scratch, square),
        *_over_root(arrays, settings),
    )


def rmsprop(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``s = rho * s + (1 - rho) g^2``, ``w = w - rate * g / (sqrt(s) + epsilon)`` (Tieleman and Hinton, 2012)."""
    return (*_mean_square(arrays, settings.rho), *_over_root(arrays, settings))


def adadelta(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``d = g sqrt(u + epsilon) / sqrt(s + epsilon)``, ``w = w - rate * d`` (Zeiler, 2012).

    ``s`` and ``u`` are running means of ``g^2`` and ``d^2`` with the share ``rho``; ``u`` is brought up to date after its use.
    """
    scratch, move = arrays.scratch, arrays.room()
    square, moved = arrays.memory.vector("square"), arrays.memory.vector("moved")
    rho, rest = arrays.constant(settings.rho), arrays.constant(1.0 - settings.rho)
    epsilon = arrays.constant(settings.epsilon)
    return (
        *_mean_square(arrays, settings.rho),
        partial(np.add, square, epsilon, scratch),
        partial(np.add, moved, epsilon, move),
        partial(np.divide, move, scratch, move),
        partial(np.sqrt, move, move),
        partial(np.multiply, move, arrays.gradients, move),
        partial(np.multiply, move, move, scratch),
        partial(np.multiply, scratch, rest, scratch),
        partial(np.multiply, moved, rho, moved),
        partial(np.add, moved, scratch, moved),
        partial(np.multiply, move, arrays.learning_rate, move),
        *arrays.move(move),
    )


def rprop(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - sign(g) * d``; ``d`` begins at the rate, grows while ``g`` keeps its sign, shrinks where it turns (Riedmiller and Braun, 1993).

    Where the sign has turned, one step is left out. The memory holds d in units of the rate, so that the rate can change.
    """
    gradients, scratch = arrays.gradients, arrays.scratch
    before, sizes = arrays.memory.vector("gradient"), arrays.memory.vector("step", start=1.0)
    kept, one = arrays.room(), arrays.constant(1.0)
    grow, shrink = arrays.constant(GROWTH - 1.0), arrays.constant(1.0 - SHRINKAGE)
    smallest, largest = arrays.constant(0.0), arrays.constant(0.0)
    turn, zero = arrays.room(), arrays.constant(0.0)
    return (
        partial(np.divide, arrays.constant(SMALLEST_STEP), arrays.learning_rate, smallest),
        partial(np.divide, arrays.constant(LARGEST_STEP), arrays.learning_rate, largest),
        # 1 where the sign was kept, -1 where it has turned, 0 where either gradient was 0.
        partial(np.multiply, gradients, before, scratch),
        partial(np.sign, scratch, scratch),
        at_least(scratch, zero, kept),
        partial(np.subtract, kept, scratch, turn),
        partial(np.subtract, one, turn, before),
        partial(np.multiply, before, gradients, before),
        partial(np.multiply, kept, grow, kept),
        partial(np.multiply, turn, shrink, turn),
        partial(np.add, kept, one, kept),
        partial(np.subtract, kept, turn, kept),
        partial(np.multiply, sizes, kept, sizes),
        at_least(sizes, smallest, sizes),
        at_most(sizes, largest, sizes),
        partial(np.sign, before, scratch),
        partial(np.multiply, scratch, sizes, scratch),
        partial(np.multiply, scratch, arrays.learning_rate, scratch),
        *arrays.move(scratch),
    )


def _mean_square(arrays: Arrays, rho: float) -> tuple[Call, ...]:
    gradients, scratch = arrays.gradients, arrays.scratch
    square = arrays.memory.vector("square")
    return (
        partial(np.multiply, square, arrays.constant(rho), square),
        partial(np.multiply, gradients, gradients, scratch),
        partial(np.multiply, scratch, arrays.constant(1.0 - rho), scratch),
        partial(np.add, square, scratch, square),
    )


def _over_root(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * g / (sqrt(s) + epsilon)``."""
    scratch = arrays.scratch
    return (
        partial(np.sqrt, arrays.memory.vector("square"), scratch),
        partial(np.add, scratch, arrays.constant(settings.epsilon), scratch),
        partial(np.divide, arrays.gradients, scratch, scratch),
        partial(np.multiply, scratch, arrays.learning_rate, scratch),
        *arrays.move(scratch),
    )
