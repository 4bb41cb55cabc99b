"""Update rules: how a step's gradient moves the parameters.

A rule works on the whole flat vector at once, so that it costs a handful of ufunc calls however many layers there are.
Its arrays are made once; a step is a tuple of calls without arguments, and constants are 0-d arrays because a ufunc takes
those at a third of the price of a Python number. All rules follow PyTorch's conventions.
"""

from core.training.calls import Call, FloatArray
from core.training.optimizers.optimizer import Optimizer
from core.training.optimizers.rules import RULES, UpdateRule, check_learning_rate, check_optimizer, customary_fields
from core.training.optimizers.settings import OptimizerSettings

__all__ = [
    "RULES",
    "Call",
    "FloatArray",
    "Optimizer",
    "OptimizerSettings",
    "UpdateRule",
    "check_learning_rate",
    "check_optimizer",
    "customary_fields",
]
