"""Optimizer: an update rule bound to a network's parameters, with everything that may change a gradient on its way there.

The order is PyTorch's: the gradient of the loss is clipped, penalties on large weights are added, the rule makes its move (after
weight decay where the rule has it), and last the weights of units that have grown too large are pulled back.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np

from core.errors import TrainingError
from core.training.calls import Call, FloatArray
from core.training.clipping import NO_CLIPPING, ClippingSettings, check_clipping, clip
from core.training.optimizers.arrays import Arrays
from core.training.optimizers.memory import Memory
from core.training.optimizers.places import Places
from core.training.optimizers.rules import RULES, check_learning_rate, check_optimizer
from core.training.optimizers.settings import OptimizerSettings
from core.training.regularization import (
    NO_REGULARIZATION,
    RegularizationSettings,
    add_penalties,
    check_regularization,
    limit_norms,
)

LARGEST_FACTOR = 1e6


class Optimizer:
    """An update rule bound to a vector of parameters and a vector of gradients.

    Without ``places`` all parameters are one block that is regularized. Raises TrainingError for an unknown rule or a setting
    out of range.
    """

    def __init__(
        self,
        settings: OptimizerSettings,
        parameters: FloatArray,
        gradients: FloatArray,
        places: Places | None = None,
        regularization: RegularizationSettings = NO_REGULARIZATION,
        clipping: ClippingSettings = NO_CLIPPING,
    ) -> None:
        check_optimizer(settings)
        check_regularization(regularization)
        check_clipping(clipping)
        self._settings = settings
        self._regularization = regularization
        self._clipping = clipping
        self._parameters = parameters
        self._raw_gradients = gradients
        self._places = places or Places.whole(parameters.size)
        self._scratch = np.empty_like(parameters)
        self._shaped = np.empty_like(parameters)
        self._memory = Memory(settings.key, self._places, parameters.dtype)
        self.base_rate = np.array(settings.learning_rate, parameters.dtype)
        """The learning rate before any schedule, 0-d."""
        self.rate = self.base_rate.copy()
        """The learning rate of the next step, 0-d; a schedule writes it before each step."""
        self.customary_rate = RULES[settings.key].customary_rate
        """What to begin with where nothing better is known."""
        self.calls: tuple[Call, ...] = ()
        """One update, as calls in this order; other ones after ``set_rates`` and ``take_named``."""
        self._rates = self._places.rates()
        self._memory.set_moving(self._rates > 0.0)
        self._bind()

    @property
    def full_batch(self) -> bool:
        """Whether every step is to look at all samples."""
        return RULES[self._settings.key].full_batch

    @property
    def learning_rate(self) -> float:
        """The rate of the steps to come, before any schedule."""
        return float(self.base_rate)

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        check_learning_rate(rate)
        self.base_rate[()] = self.rate[()] = rate

    def set_rates(self, nodes: Mapping[str, float]) -> None:
        """Multiply the moves of these nodes by these factors, 0 to hold them still; binds ``calls`` anew.

        Raises TrainingError unless they are from 0 to 1,000,000.
        """
        for node, rate in nodes.items():
            if not 0.0 <= rate <= LARGEST_FACTOR:
                raise TrainingError(
                    f"The learning-rate factor of {node} is {rate:g}; it must be from 0 (frozen) to {LARGEST_FACTOR:,.0f}."
                )
        self._rates = self._places.changed_rates(self._rates, nodes)
        self._memory.set_moving(self._rates > 0.0)
        self._bind()

    def state(self) -> dict[str, FloatArray]:
        """A copy of what the rule remembers, by name; empty for plain gradient descent."""
        return self._memory.state()

    def load(self, state: Mapping[str, FloatArray]) -> None:
        """Go on from a copied state; names and shapes that do not match are left alone."""
        self._memory.load(state)

    def named_state(self) -> dict[str, FloatArray]:
        """The same by parameter: ``rule/quantity/node/parameter``, in the units of the rule's paper, for files and other networks."""
        return self._memory.named()

    def take_named(self, state: Mapping[str, FloatArray]) -> None:
        """Go on from such a state where node and shape still match; the memory of all else starts afresh. Binds ``calls`` anew."""
        self._memory.take_named(state)
        self._bind()

    def forget(self) -> None:
        """Begin with an empty memory. Binds ``calls`` anew."""
        self._memory.forget()
        self._bind()

    def _bind(self) -> None:
        """Make ``calls``; where nothing is asked for beyond the rule, they are those of the rule alone."""
        frozen = self._places.spread(self._rates == 0.0, rest=True)
        factors = self._places.spread(self._rates, rest=0.0)
        regularized = self._places.regularized() & ~frozen
        is_plain = not frozen.any()
        shaping = (
            *clip(self._clipping, self._shaped, self._scratch),
            *add_penalties(self._regularization, regularized, self._parameters, self._shaped, self._scratch),
        )
        gradients = self._raw_gradients
        gather: tuple[Call, ...] = ()
        if shaping or not is_plain:
            gradients = self._shaped
            gather = (partial(np.copyto, gradients, self._raw_gradients),)
            if not is_plain:
                gather += (partial(np.copyto, gradients, np.zeros((), gradients.dtype), where=frozen),)
        arrays = Arrays(
            parameters=self._parameters,
            gradients=gradients,
            scratch=self._scratch,
            learning_rate=self.rate,
            memory=self._memory,
            factors=None if np.isin(self._rates, (0.0, 1.0)).all() else factors.astype(self._parameters.dtype),
            frozen=None if is_plain else frozen,
            decayed=None if regularized.all() else regularized.astype(self._parameters.dtype),
        )
        self.calls = (
            *gather,
            *shaping,
            *RULES[self._settings.key].bind(arrays, self._settings),
            *limit_norms(self._regularization, self._places.units(self._rates > 0.0), self._parameters, self._scratch),
        )
