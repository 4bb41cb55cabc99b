"""Optimizer: an update rule bound to a network's parameters, with everything that may change a gradient on its way there.

The order is PyTorch's: the gradient of the loss is clipped, penalties on large weights are added, the rule makes its move (after
weight decay where the rule has it), and last the weights of units that have grown too large are pulled back.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.capacity import room_for_training
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
        _check_room(settings, parameters)
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
        dtype, moving = self._parameters.dtype, self._rates > 0.0
        frozen = None if moving.all() else self._places.spread(~moving, rest=True)
        factors = None
        if not np.isin(self._rates, (0.0, 1.0)).all():
            factors = self._places.spread(self._rates.astype(dtype), rest=0.0)
        decayed = self._decayed(moving)
        shaping = (
            *clip(self._clipping, self._shaped, self._scratch),
            *add_penalties(self._regularization, decayed, self._parameters, self._shaped, self._scratch),
        )
        gradients, gather = self._raw_gradients, list[Call]()
        if shaping or frozen is not None:
            gradients = self._shaped
            gather.append(partial(np.copyto, gradients, self._raw_gradients))
        if frozen is not None:
            gather.append(partial(np.copyto, gradients, np.zeros((), dtype), where=frozen))
        arrays = Arrays(
            parameters=self._parameters,
            gradients=gradients,
            scratch=self._scratch,
            learning_rate=self.rate,
            memory=self._memory,
            factors=factors,
            frozen=frozen,
            decayed=decayed,
        )
        self.calls = (
            *gather,
            *shaping,
            *RULES[self._settings.key].bind(arrays, self._settings),
            *self._limits(moving),
        )

    def _decayed(self, moving: NDArray[np.bool_]) -> FloatArray | None:
        """1 where penalties and weight decay work, 0 elsewhere; None where that is everywhere, or nobody asks."""
        asked = self._regularization.l1 or self._regularization.l2
        if not asked and "weight_decay" not in RULES[self._settings.key].settings:
            return None
        here = moving & self._places.regularized()
        return None if here.all() else self._places.spread(here.astype(self._parameters.dtype), rest=0.0)

    def _limits(self, moving: NDArray[np.bool_]) -> tuple[Call, ...]:
        """The calls that hold the weights of each unit short."""
        if not self._regularization.max_norm:
            return ()
        units = self._places.units(moving)
        return limit_norms(self._regularization.max_norm, units, self._parameters, self._scratch)


def _check_room(settings: OptimizerSettings, parameters: FloatArray) -> None:
    """Raises TrainingError where a long history of a large network would take more memory than there is for training."""
    history = settings.history if "history" in RULES[settings.key].settings else 0
    # A move and a change of the gradient for each step remembered; and all of it again in two bookmarks.
    needed, room = 3 * 2 * history * parameters.nbytes, room_for_training()
    if room is not None and needed > room:
        raise TrainingError(
            f"{RULES[settings.key].title} would remember {needed / 1e9:,.1f} GB for this network, of {room / 1e9:,.1f} GB that "
            "training may take here. Choose a shorter history, or another optimizer such as Adam."
        )
