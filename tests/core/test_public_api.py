"""The names that scripts rely on are there, from the place that they are said to come from."""

import subprocess
import sys
from dataclasses import astuple

import pytest

import core


def test_every_public_name_can_be_had() -> None:
    assert set(core.__all__) == set(core._HOME_OF)
    for name in core.__all__:
        assert getattr(core, name).__name__ == name
    assert set(core.__all__) <= set(dir(core))


def test_what_is_not_there_is_said_so() -> None:
    with pytest.raises(AttributeError, match="module 'core' has no attribute 'nothing'"):
        _ = core.nothing


def test_importing_core_loads_neither_numpy_nor_qt() -> None:
    code = "import sys, core; print([name for name in ('numpy', 'PySide6', 'polars', 'typer') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_way_from_a_diagram_to_a_trained_network() -> None:
    diagram = core.Diagram.build(
        nodes=[
            core.Node(id="x", kind="input"),
            core.Node(id="h", kind="dense", hyperparameters={"units": 8, "activation": "tanh"}),
            core.Node(id="y", kind="dense", hyperparameters={"units": 1, "activation": "sigmoid"}),
            core.Node(id="loss", kind="binary_cross_entropy"),
        ],
        wires=[("x", "h"), ("h", "y"), ("y", "loss")],
    )
    compilation = core.compile_diagram(diagram, core.DataSpec(inputs={"x": (2,)}, targets={"loss": (1,)}))
    assert compilation.plan is not None
    model = core.Model(compilation.plan, seed=0, dtype="float64")
    data = core.dataset("spiral", noise=0.1, seed=0)
    loss, gradients = model.loss_and_gradients({"x": data.inputs}, {"loss": data.targets})
    assert loss > 0
    assert gradients.keys() == model.parameters.keys()
    assert model.parameters["h/weight"].shape == (8, 2)
    events = list(core.Trainer(model, data, diagram.training, max_epochs=2).events())
    assert isinstance(events[-1], core.RunEnded)
    plain = {int, float, str, type(None)}  # not NumPy's, so that JSON and a print show what a person expects
    assert {type(value) for event in events for value in astuple(event)} <= plain
    assert events[-1].loss_last < loss
