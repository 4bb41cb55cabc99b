"""BoundStep: a plan bound to arrays for one batch size, after which a training step is a row of calls without arguments.

Every array is allocated once (``core.model.memory``). Where a value is read several times, the wiring (``core.ops.wiring``) adds the gradients of its readers up. A step for
training leaves out whatever no loss depends on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.compiler.plan import Plan, Step
from core.errors import ModelError
from core.model.memory import Memory
from core.model.parameters import Parameters
from core.model.slopes import shared_slopes
from core.ops.op import Array, Call, LossOp
from core.ops.wiring import Wiring


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
        self.input_gradients = {binding.node: binder.gradient(binding.slot) for binding in plan.inputs}
        """By input node: where the gradient of the loss by the samples comes out, None where the plan asks for none."""

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
    """Binds the steps of a plan, those for training alone or all of them."""

    def __init__(
        self,
        plan: Plan,
        parameters: Parameters,
        random: np.random.Generator,
        batch: int,
        training: bool,
        backward: bool,
    ) -> None:
        possible = plan.steps_to_run(training)
        towards_loss = _steps_towards(possible, (loss.step for loss in plan.losses))
        indices = sorted(towards_loss) if training else list(range(len(possible)))
        steps = [possible[index] for index in indices]
        self.computed = {step.output for step in steps}
        memory = Memory(plan, steps, batch, training, parameters.vector.dtype)
        self.value = memory.value
        with_gradients = towards_loss if backward else set()
        slopes = shared_slopes(memory, [possible[index] for index in sorted(with_gradients)])
        wiring = Wiring(
            memory,
            parameters.blocks,
            parameters.gradient_blocks,
            training=training,
            random=random,
            parts=memory.parts,
            slopes=slopes.of_slot,
        )
        self._memory, self._wiring = memory, wiring
        bound = [
            (step, wiring.bind(step, backward=index in with_gradients))
            for index, step in zip(reversed(indices), reversed(steps))
            if not step.op.aliases(training)
        ]
        self.forward_calls: tuple[Call, ...] = tuple(call for _, calls in reversed(bound) for call in calls.forward)
        self.backward_calls: tuple[Call, ...] = (*slopes.calls, *wiring.backward_calls)
        numbers = {
            step.output: LossNumber(calls.measure, self.value(step.output), step.op.weight)
            for step, calls in bound
            if isinstance(step.op, LossOp)
        }
        # In the order of the plan's losses, which need not be the order in which they are computed.
        self.losses = tuple(numbers[possible[loss.step].output] for loss in plan.losses)

    def gradient(self, slot: int) -> Array | None:
        """The gradient of a slot; None where nobody writes one."""
        found = self._memory.gradient(slot) if self._wiring.is_written(slot) else None
        return None if found is None else found[0]


def _steps_towards(steps: tuple[Step, ...], ends: Iterable[int]) -> set[int]:
    """The steps (by index) that these steps depend on, with themselves."""
    needed = set(ends)
    wanted = {slot for index in needed for slot in steps[index].inputs}
    for index in reversed(range(len(steps))):
        if steps[index].output in wanted:
            needed.add(index)
            wanted.update(steps[index].inputs)
    return needed
