"""Loops through time made by hand: each with the shapes of its inputs and of its parameters."""

from core.ops.activations import Identity, Sigmoid, Tanh
from core.ops.delay import Delay
from core.ops.linear import Linear
from core.ops.op import Shape
from core.ops.structure import Add, Concatenate, Multiply
from core.ops.time_loop import LoopStep, TimeLoop


def recurrent(delay: Delay) -> TimeLoop:
    """``h_t = tanh(W [x_t, h_{t-k}] + b)`` with three units over two features."""
    steps = (
        LoopStep(delay, (4,), 1),
        LoopStep(Concatenate(), (0, 1), 2),
        LoopStep(Linear(3), (2,), 3, (0,)),
        LoopStep(Tanh(), (3,), 4),
    )
    return TimeLoop(steps, (2, 3, 5, 3, 3), 1, (2, 3, 4))


def two_inputs_and_a_gate() -> TimeLoop:
    """``c_t = s_t c_{t-1} + x_t`` with ``s_t`` a sigmoid of ``c_{t-1}`` and ``c_{t-3}``: nested loops that share the sum."""
    steps = (
        LoopStep(Delay(), (8,), 2),
        LoopStep(Delay(2, 0.3), (2,), 3),
        LoopStep(Concatenate(), (2, 3), 4),
        LoopStep(Linear(2, bias=False), (4,), 5, (1,)),
        LoopStep(Sigmoid(), (5,), 6),
        LoopStep(Multiply(), (6, 2, 1), 7),
        LoopStep(Add(), (7, 0), 8),
        LoopStep(Linear(2), (2,), 9, (0,)),
        LoopStep(Identity(), (8,), 10),
    )
    return TimeLoop(steps, (2, 2, 2, 2, 4, 2, 2, 2, 2, 2, 2), 2, (4, 5, 6, 7, 8, 9, 10))


def shared_weights() -> TimeLoop:
    """Two weighted sums with the same weights: one reads the other, and that the first one's last value."""
    steps = (
        LoopStep(Delay(1, -1.0), (5,), 1),
        LoopStep(Add(), (0, 1), 2),
        LoopStep(Linear(2), (2,), 3, (0,)),
        LoopStep(Tanh(), (3,), 4),
        LoopStep(Linear(2), (4,), 5, (0,)),
    )
    return TimeLoop(steps, (2, 2, 2, 2, 2, 2), 1, (2, 3, 4, 5))


LOOPS: tuple[tuple[TimeLoop, tuple[Shape, ...], tuple[Shape, ...]], ...] = (
    (recurrent(Delay()), ((4, 2),), ((3, 6),)),
    (recurrent(Delay(2, 0.5)), ((5, 2),), ((3, 6),)),
    (recurrent(Delay(9, -0.5)), ((3, 2),), ((3, 6),)),
    (recurrent(Delay()), ((1, 2),), ((3, 6),)),
    (two_inputs_and_a_gate(), ((5, 2), (5, 2)), ((2, 3), (2, 4))),
    (shared_weights(), ((3, 2),), ((2, 3),)),
)
