"""Views of what is no single row: answers at every step, pictures as answers, and gradients through time."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from core.inspection.snapshot import Predictions
from desktop.canvas.live import values_of_node
from desktop.canvas.node_look import Body, Findings
from desktop.plots.confusion_view import ConfusionView
from desktop.plots.decision_map import DecisionMap
from desktop.plots.gradient_plot import GradientPlot
from desktop.plots.pairs_view import PairsView, rows_of
from desktop.plots.scatter_view import ScatterView
from desktop.plots.time_gradients import told
from tests.desktop.plots.conftest import Show
from tests.desktop.training.making import MakeController

Chain = list[tuple[str, dict[str, Any]]]


def network(key: str, *between: tuple[str, dict[str, Any]], loss: str, **settings: Any) -> Diagram:
    chain: Chain = [("input", {}), *between, (loss, settings)]
    names = ["x", *(f"n{index}" for index in range(len(between))), "loss"]
    nodes = [
        Node(id=name, kind=kind, hyperparameters=values, position=(200.0 * place, 0.0))
        for place, (name, (kind, values)) in enumerate(zip(names, chain))
    ]
    training = TrainingSettings(dataset=DatasetChoice(key=key), epochs=20)
    return Diagram.build(nodes, list(pairwise(names)), training)


def classes_at_every_step() -> Diagram:
    data = dataset("copy")
    units = data.target_shape[-1]
    return network("copy", ("dense", {"units": units, "activation": "softmax"}), loss="categorical_cross_entropy")


def pictures_of_themselves() -> Diagram:
    return network(
        "digits",
        ("flatten", {}),
        ("dense", {"units": 64, "activation": "sigmoid"}),
        ("reshape", {"shape": "8, 8, 1"}),
        loss="mean_squared_error",
        compare_with="inputs",
    )


def recurrent() -> Diagram:
    return network("adding", ("rnn", {"units": 4}), ("dense", {"units": 1}), loss="mean_squared_error")


@pytest.mark.parametrize(
    ("diagram", "view", "caption"),
    [
        (classes_at_every_step(), ConfusionView, "right"),
        (pictures_of_themselves(), PairsView, "pictures"),
        (recurrent(), ScatterView, "off by"),
    ],
    ids=["every step", "pictures", "one number"],
)
def test_an_answer_has_its_view(
    qtbot: QtBot, make_controller: MakeController, show: Show, diagram: Diagram, view: type, caption: str
) -> None:
    panel = show(DecisionMap(make_controller(diagram)))
    qtbot.waitUntil(lambda: panel.view is not None)
    assert isinstance(panel.view, view)
    assert caption in panel.subtitle
    picture = panel.grab().toImage()
    assert len({picture.pixelColor(x, y).name() for x in range(0, 420, 5) for y in range(30, 220, 5)}) > 4


def test_steps_at_which_nothing_is_asked_are_no_answers(
    qtbot: QtBot, make_controller: MakeController, show: Show
) -> None:
    controller = make_controller(classes_at_every_step())
    panel = show(DecisionMap(controller))
    qtbot.waitUntil(lambda: panel.view is not None)
    targets = controller.snapshot.predictions.targets
    asked = int(targets.any(-1).sum())
    assert asked < targets.shape[0] * targets.shape[1]
    assert f"of {asked:,} right" in panel.subtitle


def test_pairs_show_what_was_wanted_only_where_that_is_another_picture() -> None:
    pictures = np.full((2, 3, 3, 1), 16.0)
    noisy = Predictions(inputs=pictures / 2, targets=pictures, outputs=pictures, node="y")
    assert list(rows_of(noisy)) == ["given", "answered", "wanted"]
    assert rows_of(noisy)["given"].max() == 0.5
    own = Predictions(inputs=pictures, targets=pictures, outputs=pictures, node="y", reconstructs=True)
    assert list(rows_of(own)) == ["given", "answered"]
    from_code = Predictions(inputs=np.ones((2, 4)), targets=pictures, outputs=pictures, node="y")
    assert list(rows_of(from_code)) == ["answered", "wanted"]


def test_gradients_through_time_are_asked_for_and_drawn(
    qtbot: QtBot, make_controller: MakeController, show: Show
) -> None:
    controller = make_controller(recurrent())
    plot = show(GradientPlot(controller))
    assert plot.through_time.isVisible()
    with qtbot.waitSignal(controller.snapshot_ready, check_params_cb=lambda snapshot: bool(snapshot.time_gradients)):
        plot.through_time.click()
    plot.redraw_at_once()
    assert not plot.is_empty
    assert "time step" in plot.subtitle or "step 1" in plot.subtitle
    (values,) = controller.snapshot.time_gradients.values()
    assert values.shape == dataset("adding").input_shape[:1]
    plot.through_time.click()
    plot.redraw_at_once()
    assert plot.is_empty


def test_rows_have_no_gradients_through_time(make_controller: MakeController, show: Show) -> None:
    plot = show(GradientPlot(make_controller()))
    plot.redraw_at_once()
    assert not plot.through_time.isVisible()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(1.0, 1.0, ""), (1e-6, 1.0, "Vanishing"), (0.0, 1.0, "nothing left"), (1e6, 1.0, "Exploding"), (0.0, 0.0, "")],
)
def test_what_happens_on_the_way_back_is_said(first: float, last: float, words: str) -> None:
    sentence = told(np.array([first, 0.5, last]))
    assert words in sentence
    assert bool(words) == bool(sentence)
    assert told(np.array([np.nan, 1.0])) == ""


def test_a_sequence_has_a_body_of_its_own(make_controller: MakeController) -> None:
    bridge = make_controller(classes_at_every_step()).bridge
    look = Findings(bridge.compilation).look(bridge.diagram.nodes["x"])
    assert look.body is Body.SEQUENCE
    steps, features = dataset("copy").input_shape
    assert look.size_text == f"{steps} steps of {features}"


def test_a_yes_or_no_at_every_step_counts_both_answers(
    qtbot: QtBot, make_controller: MakeController, show: Show
) -> None:
    diagram = network("latch", ("dense", {"units": 1, "activation": "sigmoid"}), loss="binary_cross_entropy")
    controller = make_controller(diagram)
    panel = show(DecisionMap(controller))
    qtbot.waitUntil(lambda: panel.view is not None)
    assert f"of {controller.snapshot.predictions.targets.size:,} right" in panel.subtitle


def test_a_neuron_shows_the_steps_of_its_sample(make_controller: MakeController) -> None:
    controller = make_controller(network("latch", ("neuron", {}), loss="binary_cross_entropy"))
    bridge, snapshot = controller.bridge, controller.snapshot
    look = Findings(bridge.compilation).look(bridge.diagram.nodes["n0"])
    shown = values_of_node("n0", look, bridge.diagram, snapshot, bridge.dataset, numbers=False)
    np.testing.assert_array_equal(shown.response, snapshot.activations["n0"].T)


def test_each_of_several_losses_shows_its_own_number(make_controller: MakeController) -> None:
    first = network("latch", ("neuron", {}), loss="binary_cross_entropy")
    second = Node(id="second", kind="mean_absolute_error", position=(800.0, 200.0))
    diagram = Diagram.build(
        [*first.nodes.values(), second], [("x", "n0"), ("n0", "loss"), ("n0", "second")], first.training
    )
    controller = make_controller(diagram)
    bridge, snapshot = controller.bridge, controller.snapshot
    figures = {
        key: values_of_node(
            key, Findings(bridge.compilation).look(bridge.diagram.nodes[key]), diagram, snapshot, None, numbers=False
        ).figure
        for key in ("loss", "second")
    }
    assert figures == snapshot.losses
    assert figures["loss"] != figures["second"]
