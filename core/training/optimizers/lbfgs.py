"""L-BFGS: Newton's direction, guessed from how the gradient changed over the last few steps.

One direction and one step of the length of the learning rate each time, without a search along the line, as
``torch.optim.LBFGS`` does with one iteration. The guess needs gradients that belong to the same data: full batches.
"""

from functools import partial

import numpy as np

from core.training.calls import Call, FloatArray
from core.training.optimizers.arrays import Arrays
from core.training.optimizers.settings import OptimizerSettings

FLAT = 1e-7
"""A gradient whose largest number is no larger is taken for 0."""
NO_DESCENT = 1e-9
"""The loss must fall by more than this along the direction, for a step of length 1."""
LEAST_CURVATURE = 1e-10


def lbfgs(arrays: Arrays, settings: OptimizerSettings) -> tuple[Call, ...]:
    """``w = w - rate * H g`` with H from the last ``history`` moves s and changes of the gradient y (Liu and Nocedal, 1989)."""
    pairs = _Pairs(arrays, settings.history)
    return (partial(_find_move, arrays, pairs), *arrays.move(arrays.scratch), pairs.note_move)


def _find_move(arrays: Arrays, pairs: "_Pairs") -> None:
    """Write into ``scratch`` what is to be taken from the parameters; zeros where there is nothing to win."""
    gradient, move = arrays.gradients, arrays.scratch
    if np.absolute(gradient, move).max(initial=0.0) <= FLAT:
        move[...] = 0.0
        return
    rate = float(arrays.learning_rate)
    if not pairs.is_begun:
        rate *= min(1.0, 1.0 / float(move.sum()))
        move[...] = gradient
    else:
        pairs.note_gradient(gradient)
        pairs.apply_inverse(gradient, move)
    pairs.begin(gradient)
    # Not by a comparison the other way round, so that what is not a number goes on, and is found.
    move *= 0.0 if gradient.dot(move) < NO_DESCENT else rate


class _Pairs:
    """The last moves and the changes of the gradient that went with them, in the memory of the rule."""

    def __init__(self, arrays: Arrays, history: int) -> None:
        memory = arrays.memory
        self._room = history
        self._begun, self._held, self._next = (memory.number(name) for name in ("begun", "held", "next"))
        self._gradient, self._move = memory.vector("gradient"), memory.vector("move")
        self._moves, self._changes = (memory.vector(name, rows=(history,)) for name in ("moves", "changes"))
        self._scratch, self._product = arrays.scratch, arrays.room()

    @property
    def is_begun(self) -> bool:
        """Whether a step was taken."""
        return bool(self._begun)

    def begin(self, gradient: FloatArray) -> None:
        """Remember the gradient of this step."""
        self._begun[()] = 1.0
        self._gradient[...] = gradient

    def note_move(self) -> None:
        """Remember what was taken from the parameters just now."""
        np.negative(self._scratch, self._move)

    def note_gradient(self, gradient: FloatArray) -> None:
        """A pair is complete; it is kept where the loss curves upwards between its ends."""
        change = np.subtract(gradient, self._gradient, self._product)
        if change.dot(self._move) > LEAST_CURVATURE:
            row = int(self._next) % self._room
            self._moves[row], self._changes[row] = self._move, change
            self._next[()] = row + 1
            self._held[()] = min(int(self._held) + 1, self._room)

    def apply_inverse(self, gradient: FloatArray, result: FloatArray) -> None:
        """``result = H g``: the two loops of Nocedal (1980)."""
        last = int(self._next) % self._room
        held = min(max(int(self._held), 0), self._room)
        newest_first = [(last - 1 - age) % self._room for age in range(held)]
        found = []
        result[...] = gradient
        for row in newest_first:
            move, change = self._moves[row], self._changes[row]
            curvature = change.dot(move)
            if curvature > LEAST_CURVATURE:  # It may have become less where nodes were taken out of the network.
                share = move.dot(result) / curvature
                result -= np.multiply(change, share, self._product)
                found.append((move, change, curvature, share))
        if found:
            _, change, curvature, _ = found[0]
            result *= curvature / change.dot(change)
        for move, change, curvature, share in reversed(found):
            result += np.multiply(move, share - change.dot(result) / curvature, self._product)
