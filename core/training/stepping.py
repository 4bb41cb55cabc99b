"""Taking steps: batch after batch through a bound model, as fast as calls without arguments can go.

A stepper can set a bookmark and go back to it, and steps taken from there again give the same bits; that is how the step
at which a run went wrong is found without checking every array at every step.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any

import numpy as np

from core.model.model import BoundStep, Model
from core.model.parameters import seeded_generator
from core.training.batching import Blocks, Part
from core.training.calls import Call, FloatArray
from core.training.optimizers import Optimizer
from core.training.schedules import NO_SCHEDULE, ScheduleSettings, is_constant, share

SMALL = 4096
"""Parameters; below this, working out the loss takes a good part of a step, and is done at some steps only."""
MEASURE_EVERY = 4


@dataclass(slots=True)
class Pace:
    """The learning-rate schedule of a run of ``epochs``, of which ``epochs_before`` were over before its first step here."""

    schedule: ScheduleSettings = NO_SCHEDULE
    epochs: int = 1
    epochs_before: int = 0

    @property
    def is_constant(self) -> bool:
        """Whether the rate is always as it is set."""
        return is_constant(self.schedule)

    def write(self, shares: FloatArray, epoch: int) -> None:
        """The share of the rate that each step of this epoch (from 0) takes."""
        if not self.is_constant:
            first, count = self.epochs_before + epoch, len(shares)
            epochs = self.epochs_before + self.epochs
            shares[:] = [share(self.schedule, first + step / count, epochs, count) for step in range(count)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some steps in a row, of which ``measured`` worked out their loss, among them the first.

    ``loss`` is the last of these and ``total`` their sum; ``sound`` is False if the last of them failed.
    """

    steps: int
    measured: int
    loss: float
    total: float
    sound: bool
    epoch_over: bool


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a stepper was, and everything that the next step depends on.

    ``size`` is the batch size of the epoch under way, ``batch_size`` that of the next one; ``binding`` counts how often the
    optimizer was told to work otherwise.
    """

    parameters: FloatArray
    optimizer: dict[str, FloatArray]
    learning_rate: float
    random: Any
    step: int
    epoch: int
    cursor: int
    size: int
    batch_size: int
    binding: int


@dataclass(frozen=True, slots=True)
class Program:
    """One batch: ``fill`` copies it in, ``measure`` works out its loss.

    ``calls`` are all calls of its step, ``quiet_calls`` all but ``measure``; ``loss`` reads what was worked out.
    """

    fill: tuple[Call, ...]
    bound: BoundStep
    measure: tuple[Call, ...]
    calls: tuple[Call, ...]
    quiet_calls: tuple[Call, ...]
    loss: Callable[[], float]


class Stepper:
    """Steps a model over a part of the data.

    ``step`` and ``epoch`` count what is done; ``loss_limit`` is the loss above which (or at which no number comes out) a step
    counts as failed; ``batch_size``, and ``epochs`` for the schedule, take effect with the next epoch.
    """

    def __init__(
        self,
        model: Model,
        part: Part,
        optimizer: Optimizer,
        batch_size: int,
        seed: int,
        pace: Pace | None = None,
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.pace = pace or Pace()
        self.batch_size = batch_size
        self.loss_limit = sys.float_info.max
        self.step = 0
        self.epoch = 0
        self.part = part
        self._seed = seed
        self._cursor = 0
        self._size = 0
        self._measure_every = MEASURE_EVERY if model.vector.size < SMALL else 1
        self._binding = 0
        self._shares = np.ones(0, model.vector.dtype)
        self._programs: tuple[Program, ...] = ()
        self._begin_epoch()

    @property
    def steps_per_epoch(self) -> int:
        """How many batches the present epoch has."""
        return len(self._programs)

    @property
    def is_finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        return bool(np.isfinite(self.model.vector).all())

    def run(self, stop: Callable[[], bool], deadline: float, last_step: float) -> Stretch:
        """Take steps (one at least) until the epoch, the time or the steps are over, one fails, or ``stop`` says so."""
        if self._cursor == len(self._programs):
            self._begin_epoch()
        first, limit, every = self._cursor, self.loss_limit, self._measure_every
        steps, measured, total, loss = 0, 0, 0.0, 0.0
        steps_left = last_step - self.step
        for program in islice(self._programs, first, None):
            if steps % every:
                for call in program.quiet_calls:
                    call()
            else:
                for call in program.calls:
                    call()
                loss = program.loss()
                total += loss
                measured += 1
            steps += 1
            # The first comparison is also False for what is not a number.
            if not loss <= limit or steps >= steps_left or perf_counter() >= deadline or stop():
                break
        self.step += steps
        self._cursor = first + steps
        over = self._cursor == len(self._programs)
        self.epoch += over
        return Stretch(steps, measured, loss, total, loss <= limit, over)

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
            self.optimizer.learning_rate,
            self.model.random.bit_generator.state,
            self.step,
            self.epoch,
            self._cursor,
            self._size,
            self.batch_size,
            self._binding,
        )

    def is_at(self, mark: Bookmark) -> bool:
        """Whether nobody has changed parameters or settings since the bookmark was set, and no step was taken."""
        return (
            self.step == mark.step
            and self.batch_size == mark.batch_size
            and self._binding == mark.binding
            and self.optimizer.learning_rate == mark.learning_rate
            and np.array_equal(self.model.vector, mark.parameters)
        )

    def go_back(self, mark: Bookmark) -> None:
        """Be where the bookmark was set."""
        self.model.vector[...] = mark.parameters
        self.optimizer.load(mark.optimizer)
        self.model.random.bit_generator.state = mark.random
        self.step, self.epoch, self._cursor = mark.step, mark.epoch, mark.cursor
        self.batch_size = mark.batch_size
        batches = -(-len(self.part) // mark.size)
        self._deal(self.epoch - (self._cursor == batches), mark.size)

    def rebind(self) -> None:
        """Take over the calls of the optimizer, which is bound anew."""
        self._binding += 1
        self._make_programs()

    def _begin_epoch(self) -> None:
        self._cursor = 0
        samples = len(self.part)
        self._deal(self.epoch, samples if self.optimizer.full_batch else min(self.batch_size, samples))

    def _deal(self, epoch: int, size: int) -> None:
        """Lay out the batches of this epoch (from 0); they depend on the seed, the epoch and the batch size alone."""
        if size != self._size:
            self._size = size
            self._blocks = Blocks(self.part, size)
            self._shares = np.ones(len(self._blocks.batches), self.model.vector.dtype)
            self._make_programs()
        if len(self._programs) > 1:
            self._blocks.shuffle(seeded_generator(self._seed, f"epoch {epoch}").permutation(len(self.part)))
        self.pace.write(self._shares, epoch)

    def _make_programs(self) -> None:
        self._programs = tuple(self._program(number, batch) for number, batch in enumerate(self._blocks.batches))

    def _program(self, number: int, batch: Part) -> Program:
        bound = self.model.bound(len(batch), training=True)
        fill: tuple[Call, ...] = tuple(partial(np.copyto, place, values) for place, values in batch.fill(bound))
        if not self.pace.is_constant:
            share = self._shares[number : number + 1].reshape(())
            fill = (partial(np.multiply, self.optimizer.base_rate, share, self.optimizer.rate), *fill)
        # The loss is worked out before the backward pass, which may reuse what the forward pass left behind.
        measure = tuple(call for loss in bound.losses for call in loss.measure)
        learn: tuple[Call, ...] = (*bound.backward_calls, *self.optimizer.calls)
        look: tuple[Call, ...] = (*fill, *bound.forward_calls)
        return Program(fill, bound, measure, (*look, *measure, *learn), (*look, *learn), _reader(bound))


def _reader(bound: BoundStep) -> Callable[[], float]:
    """Reads the weighted sum of the losses of a bound step."""
    if len(bound.losses) == 1 and bound.losses[0].weight == 1.0:
        read: Callable[[], float] = bound.losses[0].number.item
        return read
    return lambda: sum(loss.weight * float(loss.number) for loss in bound.losses)
