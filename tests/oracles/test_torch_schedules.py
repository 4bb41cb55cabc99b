"""Learning-rate schedules beside PyTorch's, step by step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.diagram.records import ScheduleChoice
from core.training.schedules import share

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")

pytestmark = pytest.mark.oracle

RATE = 0.3
EPOCHS, PER_EPOCH = 20, 7
STEPS = EPOCHS * PER_EPOCH
SCHEDULERS = torch.optim.lr_scheduler


def theirs(make: Callable[[Any], Any]) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def ours(choice: ScheduleChoice) -> list[float]:
    return [RATE * share(choice, step / PER_EPOCH, EPOCHS, PER_EPOCH) for step in range(STEPS)]


@pytest.mark.parametrize(
    ("choice", "make"),
    [
        (ScheduleChoice(), lambda o: SCHEDULERS.ConstantLR(o, factor=1.0)),
        (
            ScheduleChoice(key="step", factor=0.3, every=3),
            lambda o: SCHEDULERS.StepLR(o, step_size=3 * PER_EPOCH, gamma=0.3),
        ),
        (
            ScheduleChoice(key="exponential", factor=0.5, every=4),
            lambda o: SCHEDULERS.ExponentialLR(o, gamma=0.5 ** (1 / (4 * PER_EPOCH))),
        ),
        (
            ScheduleChoice(key="cosine", final=0.1),
            lambda o: SCHEDULERS.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.1 * RATE),
        ),
        (
            ScheduleChoice(key="one_cycle"),
            lambda o: SCHEDULERS.OneCycleLR(o, max_lr=RATE, total_steps=STEPS, cycle_momentum=False),
        ),
    ],
    ids=lambda value: value.key if isinstance(value, ScheduleChoice) else "",
)
def test_rates_agree(choice: ScheduleChoice, make: Callable[[Any], Any]) -> None:
    if choice.key == "one_cycle":
        # PyTorch refuses a step beyond the last.
        inner = make

        def make(optimizer: Any) -> Any:
            return _UpToTheLast(inner(optimizer))

    np.testing.assert_allclose(ours(choice), theirs(make), rtol=1e-12)


class _UpToTheLast:
    def __init__(self, scheduler: Any) -> None:
        self._scheduler = scheduler

    def step(self) -> None:
        if self._scheduler.last_epoch < STEPS - 1:
            self._scheduler.step()


def test_warm_up_and_then_half_a_wave() -> None:
    first = 2 * PER_EPOCH

    def make(optimizer: Any) -> Any:
        rise = SCHEDULERS.LinearLR(optimizer, start_factor=1 / first, total_iters=first - 1)
        fall = SCHEDULERS.CosineAnnealingLR(optimizer, T_max=STEPS - first)
        return SCHEDULERS.SequentialLR(optimizer, [rise, fall], milestones=[first])

    np.testing.assert_allclose(ours(ScheduleChoice(key="cosine", warmup=2.0)), theirs(make), rtol=1e-12, atol=1e-15)
