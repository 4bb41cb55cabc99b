"""How far back a network learns: the gradient of the loss by every time step of the samples.

An error at the end of a sequence reaches a step far before it through as many layers as lie between. Where each of them shrinks it, the
early steps get none of it, and what happened there cannot be learned (Hochreiter, 1991; Bengio, Simard and Frasconi, 1994).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.model.model import Model
from core.ops.layout import SEQUENCE

FloatArray = NDArray[np.floating[Any]]


class TimeGradients:
    """Measures ``|dL/dx_t|`` for the sequences that a network reads; everything is prepared once.

    ``nodes`` are the input nodes that bring sequences; without them there is nothing to measure.
    """

    def __init__(self, model: Model) -> None:
        plan = model.plan.with_input_gradients()
        self._model = Model(plan, dtype=model.dtype)
        self.nodes = tuple(binding.node for binding in plan.inputs if len(plan.slots[binding.slot].shape) == SEQUENCE)

    def measure(
        self, vector: FloatArray, inputs: Mapping[str, FloatArray], targets: Mapping[str, FloatArray]
    ) -> dict[str, FloatArray]:
        """For every node of ``nodes`` an array ``(time,)``: the size of the gradient by each step, the mean over the samples.

        ``vector`` holds the parameters to measure with; ``inputs`` and ``targets`` are batch first, as for ``Model.loss_and_gradients``. Raises
        ModelError where they do not fit.
        """
        self._model.vector[...] = vector
        self._model.loss_and_gradients(inputs, targets)
        count = len(next(iter(inputs.values())))
        gradients = self._model.bound(count, training=False, backward=True).input_gradients
        found = {}
        for node in self.nodes:
            gradient = gradients[node]
            if gradient is not None:
                # The loss is a mean over the samples, and so each gradient is that of one sample divided by their number.
                found[node] = count * np.sqrt(np.square(gradient, dtype=float).sum(1)).mean(-1)
        return found
