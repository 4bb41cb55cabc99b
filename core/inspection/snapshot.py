"""Snapshot: everything the live views need of one moment, copied out of a model, frozen, safe to hand to another thread."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """What the views that can be seen right now want to know; what nobody shows is not computed."""

    activations: bool = True
    responses: bool = True
    decision_map: bool = True
    predictions: bool = True
    time_gradients: bool = False
    sample: int = 0


@dataclass(frozen=True, slots=True)
class DecisionMap:
    """Predictions over the input plane, in the user's units.

    ``values`` is (rows, columns, outputs), row 0 at ``low[1]``; for one input ``values`` is (1, columns, outputs).
    ``low`` and ``high`` are the corners; ``axes`` the names of the two inputs. A single answer means yes above ``boundary``.
    """

    values: FloatArray
    low: tuple[float, float]
    high: tuple[float, float]
    axes: tuple[str, str]
    boundary: float = 0.5


@dataclass(frozen=True, slots=True)
class Predictions:
    """Network answers on the held-out samples (all samples where nothing is held out), in the user's units.

    ``reconstructs``: the targets are the inputs themselves, as for an autoencoder. A single answer means yes above ``boundary``.
    """

    inputs: FloatArray
    targets: FloatArray
    outputs: FloatArray
    node: str
    reconstructs: bool = False
    boundary: float = 0.5


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a model.

    ``losses``: where there are several, loss node -> its own loss over the probe batch. ``activations``: node -> its output for the probe sample (sample shape). ``batch_activations``: node -> (units, samples) for a
    fixed probe batch. ``responses``: node -> (rows, columns) output of its first unit over the plane of two inputs.
    ``time_gradients``: input node -> (time,) size of the gradient of the loss by each step of its sequences.
    ``gradient_norms``: node -> L2 norm of the gradient of its parameters at the last step. ``parameters``: name -> array.
    """

    step: int = 0
    epoch: int = 0
    loss: float = float("nan")
    losses: dict[str, float] = field(default_factory=dict)
    steps_per_second: float = 0.0
    parameters: dict[str, FloatArray] = field(default_factory=dict)
    gradient_norms: dict[str, float] = field(default_factory=dict)
    sample: int = 0
    sample_input: FloatArray | None = None
    sample_target: FloatArray | None = None
    activations: dict[str, FloatArray] = field(default_factory=dict)
    batch_activations: dict[str, FloatArray] = field(default_factory=dict)
    responses: dict[str, FloatArray] = field(default_factory=dict)
    decision_map: DecisionMap | None = None
    predictions: Predictions | None = None
    time_gradients: dict[str, FloatArray] = field(default_factory=dict)
