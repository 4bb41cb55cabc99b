"""The Prober asks a network what the live views want to see, and answers with a Snapshot.

It keeps a model of its own, so that looking never disturbs the buffers of the model that is being trained: one copy of the
flat parameter vector is all that passes between them. Each question is one forward pass over a fixed set of samples: the probe
batch, a coarse grid for the responses of the nodes, a fine one for the decision map, the held-out samples for the predictions.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.inspection.snapshot import DecisionMap, FloatArray, Predictions, ProbeRequest, Snapshot
from core.inspection.time_gradients import TimeGradients
from core.model.model import Model

BATCH = 48
RESPONSE_SIDE = 24
MAP_SIDE = 100
CURVE_POINTS = 150
MAX_PREDICTIONS = 600
MARGIN = 0.08


class Prober:
    """Reads networks of one plan on one dataset; ``held_out`` are the indices of the validation samples (None: all samples)."""

    def __init__(self, plan: Plan, dataset: Dataset, held_out: NDArray[np.intp] | None = None) -> None:
        self._plan = plan
        self._dataset = dataset
        self._model = Model(plan)
        count = len(dataset)
        kept = np.arange(count) if held_out is None or not len(held_out) else np.asarray(held_out)
        self._held_out = _spread(kept, MAX_PREDICTIONS)
        self._batch = _spread(_by_target(dataset), BATCH)
        self.node = plan.answer

    def take(
        self,
        model: Model | FloatArray,
        request: ProbeRequest | None = None,
        *,
        step: int = 0,
        epoch: int = 0,
        loss: float = float("nan"),
        steps_per_second: float = 0.0,
    ) -> Snapshot:
        """A Snapshot of ``model`` (or of a flat parameter vector, which has no gradients) with what ``request`` asks for."""
        request = ProbeRequest() if request is None else request
        norms: dict[str, float] = {}
        if isinstance(model, Model):
            norms = gradient_norms(model)
        self._model.vector[...] = model.vector if isinstance(model, Model) else model
        sample = request.sample % len(self._dataset)
        plane = self._dataset.input_shape == (2,)
        return Snapshot(
            step=step,
            epoch=epoch,
            loss=loss,
            losses=self._losses(),
            steps_per_second=steps_per_second,
            parameters=self._model.copy_parameters(),
            gradient_norms=norms,
            sample=sample,
            sample_input=self._dataset.inputs[sample],
            sample_target=self._dataset.targets[sample],
            activations=self._of_sample(sample) if request.activations else {},
            batch_activations=self._of_batch() if request.activations else {},
            responses=self._responses() if request.responses and plane else {},
            decision_map=self._map() if request.decision_map else None,
            predictions=self._predictions() if request.predictions else None,
            time_gradients=self._time_gradients() if request.time_gradients else {},
        )

    def _forward(self, inputs: FloatArray, nodes: tuple[str, ...] | None = None) -> dict[str, FloatArray]:
        """The outputs of ``nodes`` (None: all) for samples of the dataset's shape."""
        return self._model.forward(self._by_node(inputs), nodes)

    def _by_node(self, inputs: FloatArray) -> dict[str, FloatArray]:
        """For every input node the columns that it takes."""
        return {
            binding.node: inputs if binding.columns is None else inputs[..., list(binding.columns)]
            for binding in self._plan.inputs
        }

    def _losses(self) -> dict[str, float]:
        """Each loss by itself, on the probe batch; the one of a network with one loss is known already."""
        if len(self._plan.losses) < 2:
            return {}
        return self._model.losses(*self._probe_batch)

    @cached_property
    def _probe_batch(self) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
        """The probe batch by input node, and what each loss compares."""
        inputs, targets = self._dataset.inputs[self._batch], self._dataset.targets[self._batch]
        compared = {
            loss.node: inputs if loss.compares_inputs else targets
            for loss in self._plan.losses
            if loss.target_slot is not None
        }
        return self._by_node(inputs), compared

    def _time_gradients(self) -> dict[str, FloatArray]:
        if not self._plan.losses or not self._through_time.nodes:
            return {}
        return self._through_time.measure(self._model.vector, *self._probe_batch)

    @cached_property
    def _through_time(self) -> TimeGradients:
        return TimeGradients(self._model)

    def _of_sample(self, sample: int) -> dict[str, FloatArray]:
        outputs = self._forward(self._dataset.inputs[sample : sample + 1])
        return {node: np.array(values[0]) for node, values in outputs.items() if values.ndim >= 2}

    def _of_batch(self) -> dict[str, FloatArray]:
        outputs = self._forward(self._dataset.inputs[self._batch])
        return {
            node: np.ascontiguousarray(values.reshape(len(values), -1).T)
            for node, values in outputs.items()
            if values.ndim >= 2
        }

    def _responses(self) -> dict[str, FloatArray]:
        outputs = self._forward(self._response_inputs)
        side = RESPONSE_SIDE
        return {
            node: values.reshape(side * side, -1)[:, 0].reshape(side, side).copy()
            for node, values in outputs.items()
            if len(values) == side * side and values.ndim >= 2
        }

    def _map(self) -> DecisionMap | None:
        shape = self._dataset.input_shape
        if self.node is None or shape not in {(1,), (2,)}:
            return None
        values = self._answer(self._map_inputs)
        rows, columns = (1, CURVE_POINTS) if shape == (1,) else (MAP_SIDE, MAP_SIDE)
        low, high = self._corners
        scaling = self._dataset.input_scaling
        low, high = scaling.undo(low), scaling.undo(high)
        names = self._dataset.feature_names
        return DecisionMap(
            values=values.reshape(rows, columns, -1),
            low=(float(low[0]), float(low[-1])),
            high=(float(high[0]), float(high[-1])),
            axes=(names[0], names[-1]),
            boundary=self._plan.boundary,
        )

    def _predictions(self) -> Predictions | None:
        if self.node is None:
            return None
        inputs, targets = self._dataset.inputs[self._held_out], self._dataset.targets[self._held_out]
        scaling = self._dataset.input_scaling
        if self._plan.losses and self._plan.losses[0].compares_inputs:
            given, answers = scaling.undo(inputs), scaling.undo(self._forward(inputs, (self.node,))[self.node])
            return Predictions(inputs=given, targets=given, outputs=answers, node=self.node, reconstructs=True)
        return Predictions(
            inputs=scaling.undo(inputs),
            targets=self._in_user_units(targets),
            outputs=self._answer(inputs),
            node=self.node,
            boundary=self._plan.boundary,
        )

    def _answer(self, inputs: FloatArray) -> FloatArray:
        assert self.node is not None
        return self._in_user_units(self._forward(inputs, (self.node,))[self.node])

    def _in_user_units(self, values: FloatArray) -> FloatArray:
        if self._dataset.task != "regression" or values.shape[1:] != self._dataset.target_shape:
            return np.array(values)
        return self._dataset.target_scaling.undo(values)

    @cached_property
    def _corners(self) -> tuple[FloatArray, FloatArray]:
        """The corners of the plane (scaled): around all samples, with a margin."""
        low, high = self._dataset.inputs.min(0), self._dataset.inputs.max(0)
        margin = np.maximum((high - low) * MARGIN, 1e-3)
        return low - margin, high + margin

    @cached_property
    def _response_inputs(self) -> FloatArray:
        return _plane(*self._corners, RESPONSE_SIDE)

    @cached_property
    def _map_inputs(self) -> FloatArray:
        low, high = self._corners
        if len(low) == 1:
            return np.linspace(low, high, CURVE_POINTS, dtype=self._dataset.inputs.dtype)
        return _plane(low, high, MAP_SIDE)


def gradient_norms(model: Model) -> dict[str, float]:
    """``|dE/dp|`` per node: the L2 norm of the gradient of all its parameters at the last step; {} before the first."""
    slices = model.node_slices
    if not slices:
        return {}
    squares = np.square(model.gradient_vector, dtype=float)
    sums = np.add.reduceat(squares, [part.start for part in slices.values()])
    return dict(zip(slices, np.sqrt(sums).tolist())) if sums.any() else {}


def _by_target(dataset: Dataset) -> NDArray[np.intp]:
    """All samples in the order that the columns of a probe batch have: by target, and by the first feature among equals.

    Curves of one input are put in the order of that input.
    """
    first = dataset.inputs.reshape(len(dataset), -1)[:, 0]
    if dataset.task == "regression":
        return np.argsort(first if dataset.input_shape == (1,) else dataset.targets.reshape(len(dataset), -1)[:, 0])
    return np.lexsort((first, dataset.class_numbers))


def _spread(indices: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most ``most`` of the indices, evenly spread over all of them."""
    if len(indices) <= most:
        return indices
    return indices[np.linspace(0, len(indices) - 1, most).astype(np.intp)]


def _plane(low: FloatArray, high: FloatArray, side: int) -> FloatArray:
    """(side * side, 2) points in rows from the lower left corner."""
    columns, rows = (np.linspace(low[axis], high[axis], side, dtype=low.dtype) for axis in (0, 1))
    grid: NDArray[Any] = np.stack(np.meshgrid(columns, rows), -1)
    return grid.reshape(-1, 2)
