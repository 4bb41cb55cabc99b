"""What an update rule works on: parameters, gradients, room to reckon in, and the one way to move a parameter.

Rules see whole flat vectors. Which parts of them move at what rate, and which do not move at all, is decided here, so that a
rule knows nothing of it, and pays nothing where every part moves alike.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.training.calls import Call, FloatArray
from core.training.optimizers.memory import Memory


@dataclass(frozen=True, slots=True)
class Arrays:
    """``learning_rate`` is 0-d; ``scratch`` is anybody's; ``memory`` lasts from step to step.

    ``factors`` multiply each parameter's move, None where all are 1; ``frozen`` marks those that stay, None where there are none;
    ``decayed`` is 1 where weight decay works and 0 elsewhere, None where it works everywhere.
    """

    parameters: FloatArray
    gradients: FloatArray
    scratch: FloatArray
    learning_rate: FloatArray
    memory: Memory
    factors: FloatArray | None = None
    frozen: NDArray[np.bool_] | None = None
    decayed: FloatArray | None = None

    def constant(self, value: float) -> FloatArray:
        """A 0-d array in the precision of the parameters: a ufunc takes it at a third of the price of a Python number."""
        return np.array(value, self.parameters.dtype)

    def room(self) -> FloatArray:
        """A vector of its own, as long as the parameters, whose values do not outlast a step."""
        return np.empty_like(self.parameters)

    def scale(self, move: FloatArray) -> tuple[Call, ...]:
        """Calls that turn what a rule asks for into what the parameters do."""
        calls: list[Call] = []
        if self.factors is not None:
            calls.append(partial(np.multiply, move, self.factors, move))
        if self.frozen is not None:
            # Not by a factor of 0: what is not a number would stay so.
            calls.append(partial(np.copyto, move, self.constant(0.0), where=self.frozen))
        return tuple(calls)

    def move(self, move: FloatArray) -> tuple[Call, ...]:
        """Calls that make ``w = w - move``; ``move`` is overwritten."""
        return (*self.scale(move), partial(np.subtract, self.parameters, move, self.parameters))

    def decay(self, share: float) -> tuple[Call, ...]:
        """Calls that make ``w = w - rate * share * w`` where weight decay works (Loshchilov and Hutter, 2019)."""
        amount = self.constant(0.0)
        calls: list[Call] = [
            partial(np.multiply, self.learning_rate, self.constant(share), amount),
            partial(np.multiply, self.parameters, amount, self.scratch),
        ]
        if self.decayed is not None:
            calls.append(partial(np.multiply, self.scratch, self.decayed, self.scratch))
        return (*calls, *self.move(self.scratch))
