"""The table of update rules: what each is called, reads, does, is customarily begun with, and where it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.errors import TrainingError
from core.training.calls import LARGEST_NUMBER, Call
from core.training.optimizers import adam, adaptive, descent
from core.training.optimizers.arrays import Arrays
from core.training.optimizers.lbfgs import lbfgs
from core.training.optimizers.settings import OptimizerSettings

LEAST_EPSILON = 1e-37
"""Just above 0 in float32, where less would let a gradient of 0 be divided by 0."""
LARGEST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class UpdateRule:
    """A row of the table: ``settings`` are the fields of OptimizerSettings that the rule reads.

    ``customary`` holds what people begin with, the learning rate among it; ``help`` is a sentence for a student, ``source`` the
    paper. With ``full_batch`` every step looks at all samples, whatever the batch size says.
    """

    title: str
    settings: tuple[str, ...]
    bind: Callable[[Arrays, OptimizerSettings], tuple[Call, ...]]
    customary: Mapping[str, float]
    help: str
    source: str
    full_batch: bool = False

    @property
    def customary_rate(self) -> float:
        """The learning rate that people begin with."""
        return self.customary["learning_rate"]


RULES: Mapping[str, UpdateRule] = MappingProxyType(
    {
        "gradient_descent": UpdateRule(
            "Gradient descent",
            ("learning_rate",),
            descent.descent,
            {"learning_rate": 0.1},
            "One step against the slope of the loss over all samples, whatever the batch size says.",
            "Cauchy, 1847",
            full_batch=True,
        ),
        "sgd": UpdateRule(
            "SGD",
            ("learning_rate",),
            descent.descent,
            {"learning_rate": 0.1},
            "Stochastic gradient descent: one step against the slope of the loss over each batch.",
            "Robbins and Monro, 1951",
        ),
        "momentum": UpdateRule(
            "Momentum",
            ("learning_rate", "momentum"),
            descent.momentum,
            {"learning_rate": 0.01},
            "SGD that keeps a share of its last step, like a ball that rolls downhill.",
            "Polyak, 1964",
        ),
        "nesterov": UpdateRule(
            "Nesterov",
            ("learning_rate", "momentum"),
            descent.nesterov,
            {"learning_rate": 0.01},
            "Momentum that looks ahead to where it will be, and so brakes earlier.",
            "Nesterov, 1983; Sutskever et al., 2013",
        ),
        "sgdw": UpdateRule(
            "SGDW",
            ("learning_rate", "momentum", "weight_decay"),
            descent.decayed_momentum,
            {"learning_rate": 0.01},
            "Momentum that shrinks all weights a little before each step.",
            "Loshchilov and Hutter, 2019",
        ),
        "adagrad": UpdateRule(
            "Adagrad",
            ("learning_rate", "epsilon"),
            adaptive.adagrad,
            {"learning_rate": 0.05},
            "Each weight's steps shrink with the sum of all its squared gradients, so rare inputs keep large steps.",
            "Duchi, Hazan and Singer, 2011",
        ),
        "adadelta": UpdateRule(
            "Adadelta",
            ("learning_rate", "rho", "epsilon"),
            adaptive.adadelta,
            {"learning_rate": 1.0, "epsilon": 1e-6},
            "Each step is scaled by the size of earlier steps and gradients, so a learning rate of 1 suits most networks.",
            "Zeiler, 2012",
        ),
        "rmsprop": UpdateRule(
            "RMSprop",
            ("learning_rate", "rho", "epsilon"),
            adaptive.rmsprop,
            {"learning_rate": 0.01},
            "Each gradient is divided by the recent size of that weight's gradients.",
            "Tieleman and Hinton, 2012",
        ),
        "adam": UpdateRule(
            "Adam",
            ("learning_rate", "beta1", "beta2", "epsilon"),
            adam.adam,
            {"learning_rate": 0.01},
            "Momentum and RMSprop together; the first choice for most networks.",
            "Kingma and Ba, 2015",
        ),
        "adamw": UpdateRule(
            "AdamW",
            ("learning_rate", "beta1", "beta2", "epsilon", "weight_decay"),
            adam.adamw,
            {"learning_rate": 0.01},
            "Adam that shrinks all weights a little before each step.",
            "Loshchilov and Hutter, 2019",
        ),
        "nadam": UpdateRule(
            "Nadam",
            ("learning_rate", "beta1", "beta2", "epsilon"),
            adam.nadam,
            {"learning_rate": 0.01},
            "Adam that looks ahead as Nesterov's momentum does.",
            "Dozat, 2016",
        ),
        "rprop": UpdateRule(
            "Rprop",
            ("learning_rate",),
            adaptive.rprop,
            {"learning_rate": 0.01},
            "Only the sign of each slope counts: steps grow while it stays and shrink where it turns; give it full batches.",
            "Riedmiller and Braun, 1993",
        ),
        "lbfgs": UpdateRule(
            "L-BFGS",
            ("learning_rate", "history"),
            lbfgs,
            {"learning_rate": 1.0},
            "Guesses the curvature of the loss from its last steps; fast on small networks with full batches.",
            "Liu and Nocedal, 1989",
        ),
    }
)

SHARES = ("momentum", "beta1", "beta2", "rho")
"""Settings from 0 to below 1."""


def customary_fields(before: OptimizerSettings, key: str) -> dict[str, float | str]:
    """What changes when a person chooses the rule ``key``: numbers that were customary for the rule before become customary for this one."""
    old = RULES[before.key].customary if before.key in RULES else {}
    usual = {"epsilon": 1e-8}
    changed: dict[str, float | str] = {"key": key}
    for name, value in (usual | dict(RULES[key].customary)).items():
        if getattr(before, name) == (usual | dict(old)).get(name):
            changed[name] = value
    return changed


def check_learning_rate(rate: float) -> None:
    """Raises TrainingError unless the rate is above 0 and at most LARGEST_NUMBER."""
    if not 0.0 < rate <= LARGEST_NUMBER:
        raise TrainingError(
            f"The learning rate is {rate:g}; it must be a number above 0 and at most {LARGEST_NUMBER:g}, such as 0.01."
        )


def check_optimizer(settings: OptimizerSettings) -> None:
    """Raises TrainingError for an unknown rule, or a setting of this rule that is out of range."""
    rule = RULES.get(settings.key)
    if rule is None:
        raise TrainingError(f"There is no optimizer {settings.key!r}; choose one of {', '.join(RULES)}.")
    check_learning_rate(settings.learning_rate)
    for name in rule.settings:
        value = getattr(settings, name)
        if name in SHARES and not 0.0 <= value < 1.0:
            raise TrainingError(f"{rule.title}: {name} is {value:g}; it must be from 0 to below 1, such as 0.9.")
    if "epsilon" in rule.settings and not LEAST_EPSILON <= settings.epsilon <= LARGEST_NUMBER:
        raise TrainingError(
            f"{rule.title}: epsilon is {settings.epsilon:g}; it must be from {LEAST_EPSILON:g} to {LARGEST_NUMBER:g}, such as 1e-8."
        )
    if "weight_decay" in rule.settings and not 0.0 <= settings.weight_decay <= LARGEST_NUMBER:
        raise TrainingError(
            f"{rule.title}: the weight decay is {settings.weight_decay:g}; it must be from 0 to {LARGEST_NUMBER:g}, such as 0.01."
        )
    if "history" in rule.settings and settings.history not in range(1, LARGEST_HISTORY + 1):
        raise TrainingError(
            f"{rule.title}: the history is {settings.history}; it must be a whole number from 1 to {LARGEST_HISTORY}."
        )
