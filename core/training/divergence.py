"""Finding out where a run went wrong: the steps since the last bookmark are taken again, and looked at one by one.

Looking at every array at every step would cost more than training does. So a run watches its loss alone, and only when
that stops being a number (or grows beyond all bounds) are the few steps since the bookmark repeated with care.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.model.model import BoundStep, Model
from core.training.calls import Call, FloatArray
from core.training.events import Diverged
from core.training.stepping import Bookmark, Program, Stepper

LARGE_INPUT = 100.0
TINY = 1e-12
LARGE_MOVE = 0.5
"""A step that changes a node's parameters by half their size or more is worth a word."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """``in_forward``: the parameters that the step began with already gave no sound answer."""

    node: str
    quantity: str
    in_forward: bool = True


class Trail:
    """The last two bookmarks of a run, between which and now every step can be taken again.

    Two, so that there is always a step before the one that fails, however short the slices between bookmarks are.
    """

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._marks: list[Bookmark] = []
        self._lowest = math.inf
        self._good_rate = math.inf

    def note_loss(self, loss: float) -> None:
        """The network was measured: a rate at which the loss fell to a new low is one that works."""
        if self._lowest < math.inf and loss < self._lowest:
            self._good_rate = self._stepper.optimizer.learning_rate
        self._lowest = min(self._lowest, loss) if math.isfinite(loss) else self._lowest

    def open_slice(self) -> None:
        """Begin anew with one bookmark, if somebody has changed parameters or settings since the last one."""
        if not (self._marks and self._stepper.is_at(self._marks[-1])):
            self._marks = [self._stepper.bookmark()]

    def close_slice(self) -> None:
        """All is well: set a bookmark, and keep the one before it."""
        del self._marks[:-1]  # First, so that there is never room taken for three.
        self._marks.append(self._stepper.bookmark())

    def find_fault(self) -> Diverged:
        """Something is wrong by now: go back, and tell what (see ``find_fault`` below)."""
        mark, self._marks = self._marks[0], []
        return find_fault(self._stepper, mark, self._stepper.step, self._good_rate)


def find_fault(stepper: Stepper, mark: Bookmark, last_step: int, good_rate: float = math.inf) -> Diverged:
    """Go back to the bookmark, step with care, and tell of the first fault; ``good_rate`` is one at which the loss fell.

    The model is left with the last parameters that gave a sound loss. At the latest the loss after ``last_step`` steps is
    the fault, since that is what raised the alarm.
    """
    stepper.go_back(mark)
    vector = stepper.model.vector
    earlier = before = vector.copy()
    fault = None
    while fault is None and stepper.step < last_step:
        earlier, before = before, vector.copy()
        fault = _careful_step(stepper, stepper.next_program())
        stepper.count()
    moved = before - earlier
    if fault is None:
        fault, moved = _Fault(_loss_node(stepper.model), "loss", in_forward=False), vector - before
    vector[...] = earlier if fault.in_forward else before
    cause = _cause(stepper, fault, earlier, moved, good_rate)
    stepper.optimizer.forget()  # What it remembered led here.
    stepper.rebind()
    return Diverged(stepper.step, stepper.epoch, fault.node, fault.quantity, cause)


def _careful_step(stepper: Stepper, program: Program) -> _Fault | None:
    """One step, call for call what a quick step does, with a look at every array in between."""
    model, bound = stepper.model, program.bound
    _run((*program.fill, *bound.forward_calls, *program.measure))
    loss = program.loss()
    if not math.isfinite(loss):
        return _first_bad_output(model, bound)
    if loss > stepper.loss_limit:
        return _Fault(_loss_node(model), "loss")
    _run(bound.backward_calls)
    name = _first_bad(model.gradients)
    if name is not None:
        return _Fault(_node(name), f"gradient of {name}", in_forward=False)
    _run(stepper.optimizer.calls)
    name = _first_bad(model.parameters)
    return None if name is None else _Fault(_node(name), name, in_forward=False)


def _run(calls: tuple[Call, ...]) -> None:
    for call in calls:
        call()


def _first_bad_output(model: Model, bound: BoundStep) -> _Fault:
    for node, values in bound.outputs.items():
        if not np.isfinite(values).all():
            # What is computed together went wrong at its beginning: a pool only hands on what a convolution made.
            first = model.plan.first_of(node)
            return _Fault(first, f"output of {first}")
    return _Fault(_loss_node(model), "loss")


def _first_bad(arrays: Mapping[str, FloatArray]) -> str | None:
    """The name of the first array with a value that is no finite number."""
    return next((name for name, values in arrays.items() if not np.isfinite(values).all()), None)


def _node(name: str) -> str:
    return name.rpartition("/")[0]


def _loss_node(model: Model) -> str:
    return model.plan.losses[0].node


def _cause(stepper: Stepper, fault: _Fault, start: FloatArray, moved: FloatArray, good_rate: float) -> str:
    """What happened, with the numbers that matter, and what to try."""
    optimizer = stepper.optimizer
    rate = plain(optimizer.learning_rate)
    better = plain(min(optimizer.customary_rate if good_rate == math.inf else good_rate, optimizer.learning_rate / 10))
    what = "grew beyond all bounds" if fault.quantity == "loss" else "is no longer a number"
    head = f"the {fault.quantity} {what}."
    node, ratio = _largest_move(stepper.model, start, moved)
    if ratio > LARGE_MOVE:
        head = f"{head} The step before it moved the weights of {node} by {plain(ratio, 2)} times their own size:"
        return f"{head} the learning rate {rate} is too high. Try {better}."
    largest = stepper.part.largest_input()
    if largest > LARGE_INPUT:
        return f"{head} The inputs reach {plain(largest, 3)}; scale them to about 1, or lower the learning rate {rate}."
    return f"{head} Lower the learning rate {rate}, for example to {better}."


def plain(value: float, digits: int = 6) -> str:
    """A number above 0 as people write it: 0.01, 1,000,000; a power of ten only beyond what can be counted at a glance."""
    short = f"{value:.{digits}g}"
    return f"{Decimal(short):,f}" if 1e-6 <= value < 1e10 else short


def _largest_move(model: Model, start: FloatArray, moved: FloatArray) -> tuple[str, float]:
    """The node whose parameters a step changed most, and by how many times the size that they had."""
    ratios = {node: _norm(moved[place]) / max(_norm(start[place]), TINY) for node, place in model.node_slices.items()}
    node = max(ratios, key=lambda node: ratios[node])
    return node, ratios[node]


def _norm(values: FloatArray) -> float:
    return float(np.linalg.norm(values.astype(np.float64)))
