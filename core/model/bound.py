"""BoundStep: a plan bound to arrays for one batch size, after which a training step is a row of calls without arguments.

Every array is allocated here, once. Where an op's output is its input under another shape, both share memory and the op
disappears. Where a value is read several times, the gradients of its readers are added up here, so that no op needs to know.
A step for training leaves out whatever no loss depends on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.compiler.plan import Plan, Step
from core.errors import ModelError
from core.model.parameters import Parameters
from core.ops.layout import value_with_ones
from core.ops.op import Array, Binding, Bound, Call, LossOp


@dataclass(frozen=True)
class LossNumber:
    """Where the number of a loss comes out, how to compute it, and what it counts for in the sum."""

    measure: tuple[Call, ...]
    number: Array
    weight: float


class BoundStep:
    """One forward and backward pass over ``batch`` samples.

    Write the samples into ``inputs[node]`` and ``targets[loss node]`` (sample shape + (batch,)), run ``forward()``, read ``loss``, ``outputs``
    and ``prediction``, run ``backward()``, and read the gradients of the parameters. ``forward_calls`` and ``backward_calls`` are what these
    two run, for loops that want to do nothing else. With ``training``, dropout is active and ``outputs`` has only the nodes that a loss
    depends on; ``prediction`` may then be out of date. Run it inside ``numpy.errstate(all="ignore")``: infinities are results here.
    """

    def __init__(
        self,
        plan: Plan,
        parameters: Parameters,
        random: np.random.Generator,
        batch: int,
        *,
        training: bool = True,
        backward: bool = True,
    ) -> None:
        self.batch = batch
        self.training = training
        binder = _Binder(plan, parameters, random, batch, training, backward)
        self.forward_calls, self.backward_calls = binder.forward_calls, binder.backward_calls
        self.inputs = {binding.node: binder.value(binding.slot) for binding in plan.inputs}
        self.targets = {
            loss.node: binder.value(loss.target_slot) for loss in plan.losses if loss.target_slot is not None
        }
        computed = binder.computed | {binding.slot for binding in plan.inputs}
        self.outputs = {node: binder.value(slot) for node, slot in plan.outputs.items() if slot in computed}
        self.predictions = {loss.node: binder.value(loss.prediction_slot) for loss in plan.losses}
        self.losses = binder.losses

    @property
    def prediction(self) -> Array:
        """What the first loss compares with its target, as a person reads it: after softmax or sigmoid. Raises ModelError without a loss."""
        if not self.predictions:
            raise ModelError("The network has no loss, so nothing in it is compared with a target; add a loss.")
        return next(iter(self.predictions.values()))

    @property
    def loss(self) -> float:
        """The weighted sum of the losses of the last forward pass; computed when asked for, so ask before writing new samples."""
        total = 0.0
        for loss in self.losses:
            for call in loss.measure:
                call()
            total += loss.weight * float(loss.number)
        return total

    def forward(self) -> None:
        """Compute every value from the inputs and the parameters."""
        for call in self.forward_calls:
            call()

    def backward(self) -> None:
        """Compute the gradient of the loss at the values of the last forward pass."""
        for call in self.backward_calls:
            call()


class _Binder:
    """Binds the steps of a plan from last to first, which is the order in which gradients are written."""

    def __init__(
        self,
        plan: Plan,
        parameters: Parameters,
        random: np.random.Generator,
        batch: int,
        training: bool,
        backward: bool,
    ) -> None:
        self._plan = plan
        self._parameters = parameters
        self._random = random
        self._batch = batch
        self._training = training
        self._dtype = parameters.vector.dtype
        towards_loss = _steps_towards(plan, (loss.step for loss in plan.losses))
        steps = sorted(towards_loss) if training else list(range(len(plan.steps)))
        self.computed = {plan.steps[index].output for index in steps}
        self._root = self._share_memory(steps)
        self._loss_slots = {plan.steps[loss.step].output for loss in plan.losses}
        self._values: dict[int, tuple[Array, Array]] = {}
        self._gradients: dict[int, Array] = {}
        self._written_blocks: set[int] = set()
        self._backward_calls: list[Call] = []
        bound = self._bind_all(steps, towards_loss if backward else set())
        self.forward_calls: tuple[Call, ...] = tuple(call for _, calls in reversed(bound) for call in calls.forward)
        self.backward_calls: tuple[Call, ...] = tuple(self._backward_calls)
        self.losses = tuple(
            LossNumber(calls.measure, self.value(step.output), step.op.weight)
            for step, calls in reversed(bound)
            if isinstance(step.op, LossOp)
        )

    def value(self, slot: int) -> Array:
        """The array of a slot: its sample shape + (batch,), or 0-d for the number of a loss."""
        value = self._memory(slot)[0]
        shape = self._plan.slots[slot].shape
        return value if value.ndim == 0 else value.reshape(*shape, self._batch)

    def _share_memory(self, steps: list[int]) -> dict[int, int]:
        """Slot -> the slot whose memory it uses: itself, unless an op hands its input through."""
        root = {slot.index: slot.index for slot in self._plan.slots}
        for step in (self._plan.steps[index] for index in steps):
            if step.op.aliases(self._training):
                root[step.output] = root[step.inputs[0]]
        return root

    def _memory(self, slot: int) -> tuple[Array, Array]:
        """The value of a slot and its rows with the ones below; allocated when it is first asked for."""
        root = self._root[slot]
        if root not in self._values:
            if root in self._loss_slots:
                number = np.zeros((), self._dtype)
                self._values[root] = number, number
            else:
                self._values[root] = value_with_ones(self._plan.slots[root].shape, self._batch, self._dtype)
        return self._values[root]

    def _bind_all(self, steps: list[int], backward: set[int]) -> list[tuple[Step, Bound]]:
        """Bind these steps from last to first, those in ``backward`` with gradients."""
        return [
            (step, self._bind(step, index in backward))
            for index in reversed(steps)
            if not (step := self._plan.steps[index]).op.aliases(self._training)
        ]

    def _bind(self, step: Step, backward: bool) -> Bound:
        arrays = Binding(
            inputs=tuple(self.value(slot) for slot in step.inputs),
            extended=tuple(self._memory(slot)[1] for slot in step.inputs),
            output=self.value(step.output),
            input_gradients=(None,) * len(step.inputs),
            extended_gradients=(None,) * len(step.inputs),
            output_gradient=None,
            parameters=tuple(self._parameters.blocks[index] for index in step.parameters),
            parameter_gradients=(),
            training=self._training,
            random=self._random,
        )
        if backward:
            return self._bind_backward(step, arrays)
        return step.op.bind(arrays)

    def _bind_backward(self, step: Step, arrays: Binding) -> Bound:
        is_loss = isinstance(step.op, LossOp)
        downstream = None if is_loss else self._gradient_read(step.output)
        if downstream is None and not is_loss:
            return step.op.bind(arrays)
        additions: list[Call] = []
        compares = isinstance(step.op, LossOp) and step.op.has_target
        read = step.inputs[:1] if compares else step.inputs
        upstream = [self._gradient_to_write(slot, additions) for slot in read]
        if compares:
            upstream.append((None, None))
        arrays = replace(
            arrays,
            output_gradient=downstream,
            input_gradients=tuple(pair[0] for pair in upstream),
            extended_gradients=tuple(pair[1] for pair in upstream),
            parameter_gradients=tuple(self._block_to_write(index, additions) for index in step.parameters),
        )
        bound = step.op.bind(arrays)
        self._backward_calls += [*bound.backward, *additions]
        return bound

    def _gradient_read(self, slot: int) -> Array | None:
        """The gradient of a slot, complete by now; None where nobody wrote one."""
        gradient = self._gradients.get(self._root[slot])
        return None if gradient is None else gradient.reshape(*self._plan.slots[slot].shape, self._batch)

    def _gradient_to_write(self, slot: int, additions: list[Call]) -> tuple[Array, Array] | tuple[None, None]:
        """Where a reader of a slot writes its share of the gradient: the first into place, others beside it, to be added.

        Once as it is, and once as rows with one more.
        """
        root = self._root[slot]
        if not self._plan.slots[root].needs_gradient:
            return None, None
        shape = (*self._plan.slots[slot].shape, self._batch)
        room, rows = value_with_ones(self._plan.slots[slot].shape, self._batch, self._dtype)
        if root not in self._gradients:
            self._gradients[root] = room
        else:
            total = self._gradients[root].reshape(shape)
            additions.append(partial(np.add, total, room, total))
        return room, rows

    def _block_to_write(self, index: int, additions: list[Call]) -> Array:
        """The same for a parameter block, which several steps may share."""
        total = self._parameters.gradient_blocks[index]
        if index not in self._written_blocks:
            self._written_blocks.add(index)
            return total
        room = np.zeros_like(total)
        additions.append(partial(np.add, total, room, total))
        return room


def _steps_towards(plan: Plan, ends: Iterable[int]) -> set[int]:
    """The steps (by index) that these steps depend on, with themselves."""
    needed = set(ends)
    wanted = {slot for index in needed for slot in plan.steps[index].inputs}
    for index in reversed(range(len(plan.steps))):
        if plan.steps[index].output in wanted:
            needed.add(index)
            wanted.update(plan.steps[index].inputs)
    return needed
