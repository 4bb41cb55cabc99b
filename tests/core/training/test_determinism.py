"""The same seed gives the same bits: in two processes, over a thousand steps, with every rule and on every template."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

import core
from core.compiler.data_spec import data_spec_for
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import ClippingChoice, Node, RegularizationChoice, ScheduleChoice
from core.templates import templates
from core.training.optimizers import RULES
from core.training.trainer import Trainer
from tests.core.training.networks import network, settings
from tests.diagrams import node

Drawn: TypeAlias = tuple[str, dict[str, Any], list[Node], str]
"""A dataset with its options, and nodes between the input x and the loss, with wires written as "a-b b-c"."""


def fingerprint(seed: int) -> str:
    """The parameters after a thousand steps on noisy data with dropout."""
    data = dataset("spiral", noise=0.1, seed=seed)
    model = network(data, (16, 8), dropout=0.1, seed=seed)
    for _ in Trainer(model, data, settings(epochs=1000, seed=seed), max_steps=1000).events():
        pass
    return hashlib.sha256(model.vector.tobytes()).hexdigest()


def fingerprint_of_rule(key: str) -> str:
    """The parameters after a thousand steps of a rule, with everything that may change a gradient on its way."""
    data = dataset("circle", samples=60)
    model = network(data, (5, 4), seed=1)
    run = settings(
        key,
        0.01,
        epochs=1000,
        schedule=ScheduleChoice(key="cosine", warmup=2.0),
        regularization=RegularizationChoice(l1=1e-4, l2=1e-4, max_norm=3.0),
        clipping=ClippingChoice(value=1.0, norm=1.0),
    )
    trainer = Trainer(model, data, run, max_steps=1000)
    trainer.set_rates({"h1": 0.5})
    for _ in trainer.events():
        pass
    return hashlib.sha256(model.vector.tobytes()).hexdigest()


def fingerprint_of_template(key: str) -> str:
    """The parameters of a template after a few steps."""
    project = core.template(key)
    choice = project.diagram.training.dataset
    data = core.dataset(choice.key, **choice.options)
    plan = core.compile_diagram(project.diagram, data_spec_for(project.diagram, data)).plan
    assert plan is not None
    model = core.Model(plan, seed=1)
    for _ in Trainer(model, data, project.diagram.training, max_steps=20).events():
        pass
    return hashlib.sha256(model.vector.tobytes()).hexdigest()


def pictures() -> Drawn:
    """A convolution that is pooled, and batch normalisation, whose running means are bits too."""
    return (
        "bars",
        {"samples": 60},
        [
            node("seen", "convolution_2d", channels=3, activation="relu"),
            node("pooled", "max_pool"),
            node("level", "batch_normalisation"),
            node("row", "flatten"),
            node("y", "dense", units=1, activation="sigmoid"),
            node("loss", "binary_cross_entropy"),
        ],
        "x-seen seen-pooled pooled-level level-row row-y y-loss",
    )


def sequences() -> Drawn:
    """An LSTM with all its gates, behind noise."""
    return (
        "latch",
        {"samples": 60, "length": 8},
        [
            node("shaken", "gaussian_noise"),
            node("h", "lstm", units=5, peepholes=True, output="every"),
            node("y", "dense", units=1, activation="sigmoid"),
            node("loss", "binary_cross_entropy"),
        ],
        "x-shaken shaken-h h-y y-loss",
    )


def loops() -> Drawn:
    """A drawn loop with dropout in it, and a neuron that reads itself."""
    return (
        "latch",
        {"samples": 60, "length": 8},
        [
            node("h", "dense", units=3, activation="tanh"),
            node("joined", "concatenate"),
            node("thinned", "dropout", rate=0.1),
            node("before", "delay"),
            node("y", "neuron", activation="sigmoid"),
            node("said", "delay"),
            node("loss", "binary_cross_entropy"),
        ],
        "x-joined before-joined joined-h h-thinned thinned-before h-y said-y y-said y-loss",
    )


def neurons() -> Drawn:
    """Neurons that were wired by hand, past each other too."""
    return (
        "circle",
        {"samples": 60},
        [
            *(node(key, "neuron", activation="tanh") for key in "abcde"),
            node("y", "neuron", activation="sigmoid"),
            node("loss", "binary_cross_entropy"),
        ],
        "x-a x-b x-c a-d b-d x-d b-e c-e d-y e-y a-y y-loss",
    )


NETWORKS: dict[str, Callable[[], Drawn]] = {made.__name__: made for made in (pictures, sequences, loops, neurons)}


def fingerprint_of_network(key: str) -> str:
    """The parameters of a drawn network after a thousand steps."""
    name, options, nodes, wires = NETWORKS[key]()
    data = dataset(name, **options)
    ends = [tuple(wire.split("-")) for wire in wires.split()]
    diagram = Diagram.build([node("x", "input"), *nodes], ends)
    compilation = core.compile_diagram(diagram, data_spec_for(diagram, data))
    assert compilation.plan is not None, compilation.errors
    model = core.Model(compilation.plan, seed=1)
    for _ in Trainer(model, data, settings(epochs=1000), max_steps=1000).events():
        pass
    assert np.isfinite(model.vector).all()
    return hashlib.sha256(model.vector.tobytes()).hexdigest()


def fingerprints() -> dict[str, str]:
    """All of them, by what they are of."""
    found = {f"seed {seed}": fingerprint(seed) for seed in (3, 4)}
    found |= {f"rule {key}": fingerprint_of_rule(key) for key in RULES}
    found |= {f"network {key}": fingerprint_of_network(key) for key in NETWORKS}
    return found | {f"template {info.key}": fingerprint_of_template(info.key) for info in templates()}


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    code = (
        "import json; from tests.core.training.test_determinism import fingerprints; print(json.dumps(fingerprints()))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    found: dict[str, str] = json.loads(said)
    return found


def test_two_processes_agree_bit_for_bit(elsewhere: dict[str, str]) -> None:
    assert fingerprints() == elsewhere


def test_another_seed_gives_another_network(elsewhere: dict[str, str]) -> None:
    assert elsewhere["seed 3"] != elsewhere["seed 4"]
    assert len(set(elsewhere.values())) == len(elsewhere), "rules and templates that differ give parameters that differ"


@pytest.mark.parametrize("key", ["adam", "lbfgs", "rprop"])
def test_where_slices_end_makes_no_difference(key: str) -> None:
    data = dataset("circle", samples=60)
    ends = []
    for slice_seconds in (0.0, 0.008):
        model = network(data, (5, 4), seed=1, dropout=0.1)
        run = settings(key, 0.01, epochs=30, schedule=ScheduleChoice(key="one_cycle"))
        for _ in Trainer(model, data, run, slice_seconds=slice_seconds).events():
            pass
        ends.append(model.vector.tobytes())
    assert ends[0] == ends[1]
