"""A monstrous learning rate on every template and with every rule, beside a loop that looks at every number after every step."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from msgspec.structs import replace

import core
from core.compiler.data_spec import data_spec_for
from core.datasets.registry import dataset
from core.model.model import Model
from core.templates import templates
from core.training.events import Diverged, RunEnded, StepsTaken
from core.training.optimizers import RULES
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings

STEPS = 40


class Story(NamedTuple):
    """A run at a rate that no network bears."""

    fault: Diverged | None
    model: Model
    last_step: int


def told(model: Model, trainer: Trainer) -> Story:
    *events, ended = trainer.events()
    assert isinstance(ended, RunEnded)
    faults = [event for event in events if isinstance(event, Diverged)]
    assert (ended.stopped == "diverged") == bool(faults)
    return Story(faults[0] if faults else None, model, ended.steps)


def first_bad_step(model: Model, trainer: Trainer, last_step: int) -> float:
    """The first step that makes a number which is none, found by looking at all of them; infinity where no step does."""
    stepper = trainer._stepper
    while stepper.step < last_step:
        program = stepper.next_program()
        with np.errstate(all="ignore"):
            for call in program.calls:
                call()
        stepper.count()
        watched = (model.vector, model.gradient_vector, np.array(program.loss()))
        if not all(np.isfinite(values).all() for values in watched):
            return stepper.step
    return math.inf


def check(story: Story, twin: Model, trainer: Trainer) -> None:
    """The run was stopped within a step of the first number that is none, and keeps the last parameters that were sound."""
    bad = first_bad_step(twin, trainer, story.last_step)
    assert np.isfinite(story.model.vector).all()
    if story.fault is None:
        assert bad == math.inf, "a number that is none was overlooked"
        return
    assert story.fault.node in {step.node for step in twin.plan.steps}
    assert story.fault.step <= bad + 1
    if bad < math.inf:
        assert bad <= story.fault.step


@pytest.mark.parametrize("info", templates(), ids=lambda info: info.key)
def test_a_learning_rate_of_a_million(info: core.TemplateInfo) -> None:
    project = core.template(info.key)
    wild = replace(project.diagram.training, target=None, early_stopping=None)
    wild = replace(wild, optimizer=replace(wild.optimizer, learning_rate=1e6))
    data = core.dataset(wild.dataset.key, **wild.dataset.options)
    plan = core.compile_diagram(project.diagram, data_spec_for(project.diagram, data)).plan
    assert plan is not None

    def prepared() -> tuple[Model, Trainer]:
        model = Model(plan, seed=wild.seed)
        model.load(project.parameters or {})
        return model, Trainer(model, data, wild, max_steps=STEPS)

    check(told(*prepared()), *prepared())


@pytest.mark.parametrize("rate", [1e6, 1e30])
@pytest.mark.parametrize("key", RULES)
def test_every_rule_at_a_rate_that_no_network_bears(key: str, rate: float) -> None:
    data = dataset("line", samples=60)

    def prepared() -> tuple[Model, Trainer]:
        model = network(data, (4,), seed=2)
        return model, Trainer(model, data, settings(key, rate, batch=16, epochs=200), max_steps=STEPS)

    model, trainer = prepared()
    story = told(model, trainer)
    check(story, *prepared())
    if rate == 1e30 and key not in ("rprop", "lbfgs"):  # The steps of Rprop are bounded, and L-BFGS shortens its first.
        assert story.fault is not None
    assert isinstance(trainer.step_once(), StepsTaken | Diverged), "whoever goes on begins from sound parameters"
    assert np.isfinite(model.vector).all()
