"""Model: a plan with parameters, which answers for samples and tells which way its parameters should move.

Arrays that go in and come out are batch first. Whoever calls often, like the trainer, takes a bound step and writes into its
arrays instead.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

import numpy as np

from core.capacity import CHUNK
from core.compiler.plan import Plan
from core.errors import ModelError
from core.model.bound import BoundStep
from core.model.parameters import Parameters, seeded_generator
from core.ops.layout import batch_first, batch_last, outside
from core.ops.op import Array, Shape

__all__ = ["BoundStep", "Model"]

KEPT_STEPS = 12
"""Bound steps kept for their batch sizes; the ones not used for longest are dropped."""


class Model:
    """A network that runs.

    ``plan`` is what it was made from, ``vector`` all its parameters in one flat array, ``gradient_vector`` their gradients after a backward
    pass, ``random`` the generator that dropout draws from while the model is trained; what is drawn at other times comes from another one, so
    that looking at a network does not change what it learns. ``dtype`` is "float32" or "float64". Raises ModelError for any other, and for a
    seed below 0.
    """

    def __init__(self, plan: Plan, seed: int = 0, dtype: Any = "float32") -> None:
        if dtype not in ("float32", "float64", np.float32, np.float64):
            raise ModelError(f'A model computes in "float32" or "float64"; received {dtype!r}. Choose one of the two.')
        self.plan = plan
        self.dtype = np.dtype(dtype)
        self.random, self._aside = np.random.default_rng(0), np.random.default_rng(0)
        self._parameters = Parameters(plan.parameters, self.dtype)
        self._bound: OrderedDict[tuple[int, bool, bool], BoundStep] = OrderedDict()
        self.vector = self._parameters.vector
        self.gradient_vector = self._parameters.gradient_vector
        self.initialize(seed)

    @property
    def parameters(self) -> Mapping[str, Array]:
        """``node/name`` -> writable view into ``vector``."""
        return self._parameters.views

    @property
    def gradients(self) -> Mapping[str, Array]:
        """``node/name`` -> view into ``gradient_vector``."""
        return self._parameters.gradient_views

    @property
    def node_slices(self) -> Mapping[str, slice]:
        """Node -> its part of ``vector``, for nodes that have parameters."""
        return self._parameters.node_slices

    def initialize(self, seed: int) -> None:
        """Draw all parameters afresh and start the generators anew. Raises ModelError for a seed below 0."""
        if not isinstance(seed, Integral) or seed < 0:
            raise ModelError(f"A seed is a whole number from 0; received {seed}. Choose another.")
        self._parameters.initialize(seed)
        self.random.bit_generator.state = seeded_generator(seed, "dropout").bit_generator.state
        self._aside.bit_generator.state = seeded_generator(seed, "aside").bit_generator.state

    def load(self, values: Mapping[str, Array]) -> tuple[str, ...]:
        """Take over every array whose name and shape fit; returns the names that were taken."""
        return self._parameters.load(values)

    def copy_parameters(self) -> dict[str, Array]:
        """``node/name`` -> copy."""
        return {name: view.copy() for name, view in self.parameters.items()}

    def bound(self, batch: int, *, training: bool = True, backward: bool | None = None) -> BoundStep:
        """The plan bound to arrays for ``batch`` samples; ``backward`` (like ``training`` unless told) makes room for gradients.

        The same call gives the same object while it is kept. Raises ModelError for a batch without samples.
        """
        if batch < 1:
            raise ModelError(f"A batch has at least 1 sample; received {batch}. Choose a larger one.")
        key = (batch, training, training if backward is None else backward)
        if key in self._bound:
            self._bound.move_to_end(key)
            return self._bound[key]
        random = self.random if training else self._aside
        step = BoundStep(self.plan, self._parameters, random, batch, training=training, backward=key[2])
        self._bound[key] = step
        if len(self._bound) > KEPT_STEPS:
            self._bound.popitem(last=False)
        return step

    def forward(self, inputs: Mapping[str, Array], nodes: Iterable[str] | None = None) -> dict[str, Array]:
        """The outputs of ``nodes`` (all by default) for any number of samples, as new arrays, without dropout.

        ``inputs`` maps every input node to an array of shape (samples, ...). Raises ModelError where they do not fit the plan.
        """
        checked, count = self._check_inputs(inputs)
        slots = {node: self.plan.outputs[node] for node in self._check_nodes(nodes)}
        outputs = {
            node: np.empty((count, *outside(self.plan.slots[slot].shape)), self.dtype) for node, slot in slots.items()
        }
        for start in range(0, count, CHUNK):
            stop = min(start + CHUNK, count)
            step = self.bound(stop - start, training=False)
            for node, samples in checked.items():
                np.copyto(step.inputs[node], batch_last(samples[start:stop]))
            with np.errstate(all="ignore"):
                step.forward()
            for node, output in outputs.items():
                output[start:stop] = batch_first(step.outputs[node])
        return outputs

    def loss_and_gradients(
        self, inputs: Mapping[str, Array], targets: Mapping[str, Array], training: bool = False
    ) -> tuple[float, dict[str, Array]]:
        """The weighted sum of the losses over these samples, and its gradient by every parameter (copies, named like ``parameters``).

        Dropout is active only with ``training``. Raises ModelError where the arrays do not fit the plan, or it has no loss.
        """
        if not self.plan.losses:
            raise ModelError("The network has no loss, so there is no gradient; add a loss after its output.")
        step = self._filled(inputs, targets, training=training, backward=True)
        with np.errstate(all="ignore"):
            step.forward()
            loss = step.loss
            step.backward()
        return loss, {name: view.copy() for name, view in self.gradients.items()}

    def losses(self, inputs: Mapping[str, Array], targets: Mapping[str, Array]) -> dict[str, float]:
        """Loss node -> its own number over these samples, before its weight. Raises ModelError where the arrays do not fit the plan."""
        step = self._filled(inputs, targets, training=False, backward=False)
        with np.errstate(all="ignore"):
            step.forward()
            for loss in step.losses:
                for call in loss.measure:
                    call()
        return {loss.node: float(part.number) for loss, part in zip(self.plan.losses, step.losses, strict=True)}

    def _filled(
        self, inputs: Mapping[str, Array], targets: Mapping[str, Array], *, training: bool, backward: bool
    ) -> BoundStep:
        """A bound step that holds these samples and their targets."""
        checked, count = self._check_inputs(inputs)
        wanted = {
            loss.node: outside(self.plan.slots[loss.target_slot].shape)
            for loss in self.plan.losses
            if loss.target_slot is not None
        }
        checked_targets = self._check("target", "loss", wanted, targets)
        for node, target in checked_targets.items():
            if len(target) != count:
                raise ModelError(
                    f"The targets of {node} belong to {len(target)} samples, the inputs to {count}. Give one target for each sample."
                )
        step = self.bound(count, training=training, backward=backward)
        for node, samples in checked.items():
            np.copyto(step.inputs[node], batch_last(samples))
        for node, samples in checked_targets.items():
            np.copyto(step.targets[node], batch_last(samples))
        return step

    def _check_nodes(self, nodes: Iterable[str] | None) -> list[str]:
        if nodes is None:
            return list(self.plan.outputs)
        names = list(nodes)
        for node in names:
            if node not in self.plan.outputs:
                known = ", ".join(self.plan.outputs)
                raise ModelError(
                    f"The network has no output called {node}; its nodes are {known}. Ask for one of them."
                )
        return names

    def _check_inputs(self, inputs: Mapping[str, Array]) -> tuple[dict[str, Array], int]:
        wanted = {binding.node: outside(self.plan.slots[binding.slot].shape) for binding in self.plan.inputs}
        checked = self._check("input", "input", wanted, inputs)
        counts = {node: len(samples) for node, samples in checked.items()}
        if len(set(counts.values())) != 1:
            raise ModelError(
                f"All inputs need the same number of samples; received {counts}. Give one row to each sample."
            )
        return checked, next(iter(counts.values()))

    def _check(self, what: str, role: str, wanted: Mapping[str, Shape], given: Mapping[str, Array]) -> dict[str, Array]:
        """The given arrays in the dtype of the model, in the order wanted."""
        if set(given) != set(wanted):
            raise ModelError(
                f"The network needs one {what} array for each {role} node: {_listed(wanted)}; received {_listed(given)}. "
                "Name the arrays after the nodes."
            )
        checked = {}
        for node, shape in wanted.items():
            try:
                samples = np.asarray(given[node])
            except ValueError:
                raise ModelError(
                    f"The {what} of {node} must be an array; its rows are not equally long. Give each the same number of values."
                ) from None
            if samples.dtype.kind not in "fiub":
                raise ModelError(
                    f"The {what} of {node} must be real numbers; received an array of {samples.dtype}. Convert it to float32."
                )
            if samples.ndim != len(shape) + 1 or samples.shape[1:] != shape:
                expected = ", ".join(("samples", *map(str, shape)))
                raise ModelError(
                    f"The {what} of {node} must have the shape ({expected}); received {samples.shape}. "
                    "Reshape the array, with one row for each sample."
                )
            with np.errstate(all="ignore"):
                checked[node] = samples.astype(self.dtype, copy=False)
        return checked


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
