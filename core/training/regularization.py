"""Regularization: what keeps weights small, so that a network says simple things where the data say little.

It works on the weights that a kind declares as regularized: not on biases, scales and shifts, nor on what is frozen. The loss that a
run tells is that of the answers alone, without the penalties, so that losses can be compared whatever the settings are.
"""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import TrainingError
from core.ops.elementwise import at_least
from core.training.calls import LARGEST_NUMBER, Call, FloatArray


class RegularizationSettings(Protocol):
    """Strengths of the two penalties, and the longest that the weights into one unit may become; 0 switches each off."""

    @property
    def l1(self) -> float: ...
    @property
    def l2(self) -> float: ...
    @property
    def max_norm(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _NoRegularization:
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float = 0.0


NO_REGULARIZATION: RegularizationSettings = _NoRegularization()


def check_regularization(settings: RegularizationSettings) -> None:
    """Raises TrainingError unless all three are from 0 to LARGEST_NUMBER."""
    for title, value in (("L1", settings.l1), ("L2", settings.l2), ("max-norm", settings.max_norm)):
        if not 0.0 <= value <= LARGEST_NUMBER:
            raise TrainingError(
                f"The {title} regularization is {value:g}; it must be above 0 and at most {LARGEST_NUMBER:g}, or 0 for none."
            )


def add_penalties(
    settings: RegularizationSettings,
    regularized: FloatArray | None,
    parameters: FloatArray,
    gradients: FloatArray,
    scratch: FloatArray,
) -> tuple[Call, ...]:
    """Calls that add to the gradient that of ``l2 sum(w^2) / 2 + l1 sum(|w|)``: ``g = g + l2 w + l1 sign(w)``, with ``sign(0) = 0``.

    ``regularized`` is 1 where they work and 0 elsewhere, None where they work everywhere. L2: Hoerl and Kennard, 1970; L1: Tibshirani, 1996.
    """
    calls: list[Call] = []
    for strength, slope in ((settings.l2, None), (settings.l1, np.sign)):
        if strength:
            strengths = np.asarray(strength if regularized is None else regularized * strength, parameters.dtype)
            source = parameters
            if slope is not None:
                calls.append(partial(slope, parameters, scratch))
                source = scratch
            calls += [
                partial(np.multiply, source, strengths, scratch),
                partial(np.add, gradients, scratch, gradients),
            ]
    return tuple(calls)


def limit_norms(
    max_norm: float, units: NDArray[np.intp], parameters: FloatArray, scratch: FloatArray
) -> tuple[Call, ...]:
    """Calls that shrink the weights into each unit to the length ``max_norm`` where they are longer (Srebro and Shraibman, 2005).

    ``w_u = w_u min(1, max_norm / |w_u|)``; ``units`` says which unit each parameter leads into, -1 where it is left alone. All layers
    take a handful of calls together, since the weights of a unit mostly lie side by side: in a run.
    """
    if not units.size:
        return ()
    starts = np.flatnonzero(np.diff(units, prepend=-2))
    run_units = units[starts]
    run_of = np.repeat(np.arange(len(starts)), np.diff(starts, append=units.size))
    lengths = np.empty(len(starts), parameters.dtype)
    limit, one = np.array(max_norm, parameters.dtype), np.array(1.0, parameters.dtype)
    calls: list[Call] = [
        partial(np.multiply, parameters, parameters, scratch),
        partial(np.add.reduceat, scratch, starts, 0, None, lengths),
    ]
    if len(np.unique(run_units)) < len(run_units):
        calls.append(partial(_add_up, lengths, run_units + 1))
    calls += [
        partial(np.sqrt, lengths, lengths),
        at_least(lengths, limit, lengths),
        partial(np.divide, limit, lengths, lengths),
        partial(np.copyto, lengths, one, where=run_units < 0),
        partial(lengths.take, run_of, None, scratch, "clip"),
        partial(np.multiply, parameters, scratch, parameters),
    ]
    return tuple(calls)


def _add_up(squares: FloatArray, units: NDArray[np.intp]) -> None:
    """Give every run what all runs of its unit have together."""
    squares[...] = np.bincount(units, squares)[units]
