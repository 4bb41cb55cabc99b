"""The same seed gives the same bits: in two processes, over a thousand steps."""

import hashlib
import subprocess
import sys

import pytest

from core.datasets.registry import dataset
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings


def fingerprint(seed: int) -> str:
    """The parameters after a thousand steps on noisy data with dropout."""
    data = dataset("spiral", noise=0.1, seed=seed)
    model = network(data, (16, 8), dropout=0.1, seed=seed)
    for _ in Trainer(model, data, settings(epochs=1000, seed=seed), max_steps=1000).events():
        pass
    return hashlib.sha256(model.vector.tobytes()).hexdigest()


@pytest.fixture(scope="module")
def elsewhere() -> str:
    code = "from tests.core.training.test_determinism import fingerprint; print(fingerprint(3))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_two_processes_agree_bit_for_bit(elsewhere: str) -> None:
    assert fingerprint(3) == elsewhere


def test_another_seed_gives_another_network(elsewhere: str) -> None:
    assert fingerprint(4) != elsewhere
