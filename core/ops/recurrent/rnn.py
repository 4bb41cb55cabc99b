"""The simple recurrent network: a layer that reads its own last output beside the next input."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from core.ops.activations import Tanh
from core.ops.elementwise import Activation
from core.ops.op import Array, ParameterBlock, Shape
from core.ops.recurrent.curves import CURVES, Calls
from core.ops.recurrent.recurrence import Cell, Frame, OneProductCell, Recurrent, weight_views


@dataclass(frozen=True)
class Rnn(Recurrent):
    """``h_t = f(W x_t + U h_{t-1} + b)`` (Elman, Finding structure in time, 1990).

    Backward, from the last step to the first: ``dz_t = f'(z_t) dh_t``, ``dh_{t-1} += U^T dz_t``, and once for all steps ``dW = sum_t dz_t x_t^T``,
    ``dU = sum_t dz_t h_{t-1}^T``, ``db = sum_t dz_t``. The block is ``(units, features + units + 1)``: ``[W | U | b]``.
    """

    activation: Activation = field(default_factory=Tanh)

    @property
    def smooth(self) -> bool:  # type: ignore[override]
        return self.activation.smooth

    def blocks(
        self, features: int, initializer: str, recurrent_initializer: str, prefix: str = ""
    ) -> tuple[ParameterBlock, ...]:
        """``input_weight (units, features)``, ``recurrent_weight (units, units)`` and ``bias (units,)``, which starts at 0."""
        everything = slice(None)
        views = weight_views(prefix, everything, features, self.units, initializer, recurrent_initializer, "zeros")
        return (ParameterBlock((self.units, features + self.units + 1), views),)

    def cell(self, frame: Frame) -> Cell:
        return RnnCell(frame, self)

    def macs(self, *inputs: Shape) -> int:
        time, features = inputs[0]
        return time * self.units * (features + self.units)


class RnnCell(OneProductCell):
    """One product and one curve."""

    def __init__(self, frame: Frame, op: Rnn) -> None:
        super().__init__(frame, op.units, op.units)
        self._curve = CURVES[type(op.activation)]
        self.states = (self.output,)
        self.carried = (frame.room(op.units),)
        self._slope = frame.room(self.stretch, op.units)

    def prepare(self) -> Calls:
        return self.read()

    def step(self, s: int) -> Calls:
        state = self.output[s + 1]
        return partial(self.block.dot, self.stack[s], state), *self._curve.apply(self.frame.arrays, state, state)

    def begin(self) -> Calls:
        return (self.turn(),)

    def slopes(self, start: int, stop: int) -> Calls:
        return self._curve.slope(self.frame.arrays, self.output[start + 1 : stop + 1], self._slope[: stop - start])

    def back(self, s: int, arriving: Array) -> Calls:
        return (partial(np.multiply, self._slope[s % self.stretch], arriving, self.deltas[s % self.stretch]),)

    def gradients(self, start: int, stop: int) -> Calls:
        return self.product_gradients(start, stop)
