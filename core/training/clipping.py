"""Gradient clipping: what keeps one steep place from throwing a network far off (Pascanu, Mikolov and Bengio, 2013).

The gradient is clipped before penalties on weights are added to it, so that these keep their strength.
"""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from core.errors import TrainingError
from core.ops.elementwise import at_least, at_most
from core.training.calls import LARGEST_NUMBER, Call, FloatArray

TINY = 1e-6
"""Added to the norm before dividing by it, as PyTorch does."""


class ClippingSettings(Protocol):
    """``value`` bounds every number of the gradient, ``norm`` the length of the whole; 0 switches a bound off."""

    @property
    def value(self) -> float: ...
    @property
    def norm(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _NoClipping:
    value: float = 0.0
    norm: float = 0.0


NO_CLIPPING: ClippingSettings = _NoClipping()


def check_clipping(settings: ClippingSettings) -> None:
    """Raises TrainingError unless both bounds are from 0 to LARGEST_NUMBER."""
    for name, bound in (("value", settings.value), ("norm", settings.norm)):
        if not 0.0 <= bound <= LARGEST_NUMBER:
            raise TrainingError(
                f"Gradients are clipped by {name} at {bound:g}; it must be above 0 and at most {LARGEST_NUMBER:g}, or 0 for not at all."
            )


def clip(settings: ClippingSettings, gradients: FloatArray, scratch: FloatArray) -> tuple[Call, ...]:
    """Calls that clip ``gradients`` in place: each number to [-value, value], then ``g = g min(1, norm / (|g| + 1e-6))``.

    ``|g|`` is the length of the whole vector; the conventions are those of PyTorch's ``clip_grad_value_`` and ``clip_grad_norm_``.
    """
    calls: list[Call] = []
    if settings.value:
        low, high = (np.array(sign * settings.value, gradients.dtype) for sign in (-1, 1))
        calls += [at_least(gradients, low, gradients), at_most(gradients, high, gradients)]
    if settings.norm:
        norm, tiny, one, bound = (np.array(value, gradients.dtype) for value in (0.0, TINY, 1.0, settings.norm))
        calls += [
            partial(gradients.dot, gradients, norm),
            partial(np.sqrt, norm, norm),
            partial(np.add, norm, tiny, norm),
            partial(np.divide, bound, norm, norm),
            at_most(norm, one, norm),
            partial(np.multiply, gradients, norm, gradients),
        ]
    return tuple(calls)
