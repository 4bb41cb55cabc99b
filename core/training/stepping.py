"""Taking steps: batch after batch through a bound model, as fast as calls without arguments can go.

A stepper can set a bookmark and go back to it, and steps taken from there again give the same bits; that is how the step
at which a run went wrong is found without checking every array at every step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.model.model import BoundStep, Model
from core.model.parameters import seeded_generator
from core.training.batching import Blocks, Part
from core.training.optimizers import Call, Optimizer
from core.training.split import Indices

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some steps in a row: ``loss`` is that of the last batch, ``total`` the sum; ``sound`` is False if the last one failed."""

    steps: int
    loss: float
    total: float
    sound: bool
    epoch_over: bool


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a stepper was, and everything that the next step depends on."""

    parameters: FloatArray
    optimizer: dict[str, FloatArray]
    random: Any
    step: int
    epoch: int
    cursor: int
    batch_size: int


@dataclass(frozen=True, slots=True)
class Program:
    """One batch: ``calls`` are all calls of its step, of which ``fill`` copies it in and ``measure`` works out the loss."""

    fill: tuple[Call, ...]
    bound: BoundStep
    measure: tuple[Call, ...]
    calls: tuple[Call, ...]

    def loss(self) -> float:
        """The loss that ``measure`` worked out."""
        return sum(loss.weight * float(loss.number) for loss in self.bound.losses)


class Stepper:
    """Steps a model over a part of the data.

    ``step`` and ``epoch`` count what is done; ``loss_limit`` is the loss above which (or at which no number comes out) a step
    counts as failed; ``batch_size`` takes effect with the next epoch.
    """

    def __init__(self, model: Model, part: Part, optimizer: Optimizer, batch_size: int, seed: int) -> None:
        self.model = model
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.loss_limit = float("inf")
        self.step = 0
        self.epoch = 0
        self.part = part
        self._seed = seed
        self._cursor = 0
        self._size = 0
        self._programs: tuple[Program, ...] = ()
        self._begin_epoch()

    @property
    def steps_per_epoch(self) -> int:
        """How many batches the present epoch has."""
        return len(self._programs)

    def run(self, stop: Callable[[], bool], deadline: float, last_step: float) -> Stretch:
        """Take steps (one at least) until the epoch, the time or the steps are over, one fails, or ``stop`` says so."""
        if self._cursor == len(self._programs):
            self._begin_epoch()
        first, limit = self._cursor, self.loss_limit
        step, total, loss = self.step, 0.0, 0.0
        for program in islice(self._programs, first, None):
            for call in program.calls:
                call()
            step += 1
            loss = program.loss()
            total += loss
            # The comparison is also False for what is not a number.
            if not loss <= limit or step >= last_step or perf_counter() >= deadline or stop():
                break
        steps = step - self.step
        self.step = step
        self._cursor = first + steps
        over = self._cursor == len(self._programs)
        self.epoch += over
        return Stretch(steps, loss, total, loss <= limit, over)

    def next_program(self) -> Program:
        """The batch of the next step, for who wants to take that step call by call; ``count`` then counts it."""
        if self._cursor == len(self._programs):
            self._begin_epoch()
        return self._programs[self._cursor]

    def count(self) -> None:
        """Count a step that was taken call by call."""
        self.step += 1
        self._cursor += 1
        self.epoch += self._cursor == len(self._programs)

    def bookmark(self) -> Bookmark:
        """Copies of everything that the next step depends on."""
        return Bookmark(
            self.model.vector.copy(),
            self.optimizer.state(),
            self.model.random.bit_generator.state,
            self.step,
            self.epoch,
            self._cursor,
            self._size,
        )

    def go_back(self, mark: Bookmark) -> None:
        """Be where the bookmark was set."""
        self.model.vector[...] = mark.parameters
        self.optimizer.load(mark.optimizer)
        self.model.random.bit_generator.state = mark.random
        self.step, self.epoch, self._cursor = mark.step, mark.epoch, mark.cursor
        wanted, self.batch_size = self.batch_size, mark.batch_size
        self._deal(self.epoch - (self._cursor == self._batches(mark.batch_size)))
        self.batch_size = wanted

    def _begin_epoch(self) -> None:
        self._cursor = 0
        self._deal(self.epoch)

    def _deal(self, epoch: int) -> None:
        """Lay out the batches of this epoch (from 0); they depend on the seed, the epoch and the batch size alone."""
        size = min(self.batch_size, len(self.part))
        if size != self._size:
            self._size = size
            self._blocks = Blocks(self.part, size)
            self._programs = tuple(self._program(batch) for batch in self._blocks.batches)
        self._blocks.shuffle(self._order(epoch))

    def _order(self, epoch: int) -> Indices | None:
        if len(self._programs) == 1:
            return None
        return seeded_generator(self._seed, f"epoch {epoch}").permutation(len(self.part))

    def _batches(self, size: int) -> int:
        return -(-len(self.part) // size)

    def _program(self, batch: Part) -> Program:
        bound = self.model.bound(len(batch), training=True)
        fill = tuple(partial(np.copyto, place, values) for place, values in batch.fill(bound))
        # The loss is worked out before the backward pass, which may reuse what the forward pass left behind.
        measure = tuple(call for loss in bound.losses for call in loss.measure)
        learn = (*bound.backward_calls, *self.optimizer.calls)
        return Program(fill, bound, measure, (*fill, *bound.forward_calls, *measure, *learn))
