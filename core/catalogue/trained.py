"""What every kind with weights lets a person set: whether it learns at all, and how fast beside the others."""

from typing import Annotated, Any

import msgspec


class TrainedHyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of the hyperparameters of kinds that train."""

    frozen: Annotated[
        bool, msgspec.Meta(title="Frozen", description="Whether training leaves the weights of this node as they are.")
    ] = False
    learning_rate_factor: Annotated[
        float,
        msgspec.Meta(
            ge=0,
            le=100,
            title="Learning-rate factor",
            description="How fast this node learns beside the others: its steps are multiplied by this number.",
        ),
    ] = 1.0


LEARNING = {"frozen": False, "learning_rate_factor": 1.0}
"""What lets a node learn like any other."""


def learning_rate_of(settings: Any) -> float:
    """By what the steps of a node with these settings are multiplied: 0 where it is frozen, 1 for kinds that do not say."""
    if not isinstance(settings, TrainedHyperparameters):
        return 1.0
    return 0.0 if settings.frozen else settings.learning_rate_factor
