"""The training bar: what can be pressed when, what it shows while a network trains, what it edits."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, OptimizerChoice, TrainingSettings
from core.storage.project import Project
from core.training.events import RunEnded, RunStarted
from desktop.actions import ActionTable
from desktop.document_bridge import DocumentBridge
from desktop.forms.numbers import loss_text, metric_text
from desktop.training import stopwatch
from desktop.training.bar import TrainingBar
from desktop.training.controller import TrainingController
from desktop.training.ending import ending_sentence
from desktop.training.figure import Tone
from desktop.training.pace_slider import SPEEDS
from desktop.training.state import RunState
from desktop.training.transport import SquareButton


class Desk:
    def __init__(self):
        self.window = QWidget()
        self.bridge = DocumentBridge()
        self.controller = TrainingController(self.bridge)
        self.actions = ActionTable(self.window)
        self.bar = TrainingBar(self.bridge, self.controller, self.actions, self.window)

    def open(self, wires, key="circle", epochs=3, path=None):
        nodes = [
            Node(id="x", kind="input"),
            Node(id="h", kind="dense", hyperparameters={"activation": "tanh"}),
            Node(id="y", kind="dense", hyperparameters={"units": 1, "activation": "sigmoid"}),
            Node(id="loss", kind="binary_cross_entropy"),
        ]
        training = TrainingSettings(
            dataset=DatasetChoice(key=key), optimizer=OptimizerChoice(learning_rate=0.03), epochs=epochs
        )
        self.bridge.open_project(Project(diagram=Diagram.build(nodes, wires, training), parameters=None), path)
        QApplication.processEvents()

    def enabled(self):
        return {key for key in self.actions if self.actions.action(key).isEnabled()}

    def type(self, field, text):
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)


WHOLE = [("x", "h"), ("h", "y"), ("y", "loss")]


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    made = Desk()
    qtbot.addWidget(made.window)
    made.window.resize(1280, 60)
    made.bar.resize(1280, 54)
    made.window.show()
    QApplication.processEvents()
    yield made
    assert made.controller.close()


def test_it_fits_a_narrow_screen_and_is_one_line(desk):
    desk.open(WHOLE)
    assert desk.bar.minimumSizeHint().width() <= 1280
    assert desk.bar.sizeHint().height() <= 60
    for widget in desk.bar.findChildren(QWidget):
        if widget.isVisible() and widget.parent() is desk.bar:
            assert widget.geometry().right() <= desk.bar.width()


def test_what_cannot_be_trained_cannot_be_started_and_says_why(desk):
    desk.open([("x", "h"), ("h", "y")])
    assert desk.enabled() == set()
    assert not desk.bar.play.isEnabled()
    reason = desk.bridge.compilation.errors[0].message
    assert reason in desk.bar.play.toolTip()
    desk.bridge.apply(edits.connect(desk.bridge.diagram, ("y", "output"), ("loss", "input")), "connect")
    QApplication.processEvents()
    assert desk.bar.play.isEnabled()
    assert "F5" in desk.bar.play.toolTip()


def test_data_that_cannot_be_had_is_the_reason(desk):
    desk.open(WHOLE)
    choice = DatasetChoice(key="circle", options={"noise": 99})
    desk.bridge.apply(edits.set_training(desk.bridge.diagram, dataset=choice), "noise")
    QApplication.processEvents()
    assert "noise is 99" in desk.bar.play.toolTip()


def test_a_run_from_start_to_end(desk, qtbot):
    desk.open(WHOLE, epochs=30)
    assert desk.bar.epoch_figure.value == "0"
    assert desk.bar.metric_figure.caption == "Validation accuracy"
    with qtbot.waitSignal(desk.controller.run_ended):
        QTest.mouseClick(desk.bar.play, Qt.MouseButton.LeftButton)
        assert desk.controller.state is RunState.RUNNING
        assert desk.actions.action("training.pause").isEnabled()
        assert not desk.actions.action("training.start").isEnabled()
    assert desk.bar.epoch_figure.value == "30"
    assert float(desk.bar.loss_figure.value) < 1
    assert desk.bar.metric_figure.value.endswith("%")
    assert "steps" in desk.bar.pace_label.text()
    assert desk.enabled() >= {"training.start", "training.step", "training.reset"}
    assert "training.stop" not in desk.enabled()


def test_how_a_run_ended_is_said_in_a_sentence(desk, qtbot):
    desk.open(WHOLE, epochs=2)
    with qtbot.waitSignal(desk.bar.status_message) as said:
        desk.bar.play.click()
    assert said.args[0].startswith("Trained for 2 epochs (")
    assert "accuracy" in said.args[0]


@pytest.mark.parametrize(
    ("stopped", "start"),
    [
        ("target", "The target is reached after 1 epoch ("),
        ("early", "Stopped early after 1 epoch, as the validation loss fell no further ("),
        ("steps", "Trained for 12 steps ("),
        ("interrupted", "Stopped after 1 epoch ("),
    ],
)
def test_every_ending_has_its_sentence(stopped, start):
    event = RunEnded(stopped, 12, 1, 0.26, 1.0, 0.5, 0.6, "r2", 0.875)
    assert ending_sentence(event) == f"{start}0.3 s): loss 0.500, R² 0.875."
    assert ending_sentence(replace(event, stopped="diverged")) == ""


def test_a_slow_run_took_as_long_as_one_waited(desk, qtbot, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(stopwatch, "monotonic", lambda: now[0])
    desk.open(WHOLE, epochs=2)
    desk.controller.training_event.connect(
        lambda event: now.__setitem__(0, 142.5) if isinstance(event, RunStarted) else None
    )
    with qtbot.waitSignal(desk.bar.status_message) as said:
        desk.bar.play.click()
    assert "(42.5 s)" in said.args[0]


def test_the_stopwatch_stands_still_in_a_pause(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(stopwatch, "monotonic", lambda: now[0])
    watch = stopwatch.Stopwatch()
    for state, seconds in (
        (RunState.RUNNING, 3.0),
        (RunState.PAUSED, 50.0),
        (RunState.RUNNING, 4.0),
        (RunState.IDLE, 9.0),
    ):
        watch.follow(state)
        now[0] += seconds
    assert watch.seconds == 7.0
    watch.follow(RunState.RUNNING)
    assert watch.seconds == 0.0


def test_a_network_that_comes_trained_says_how_good_it_is(desk, qtbot):
    desk.open(WHOLE, epochs=60)
    with qtbot.waitSignal(desk.controller.run_ended):
        desk.bar.play.click()
    trained = Project(desk.bridge.diagram, desk.controller.parameters())
    shown = desk.bar.metric_figure.value
    with qtbot.waitSignal(desk.controller.measured) as measured:
        desk.bridge.open_project(trained, None)
    assert desk.bar.loss_figure.value == loss_text(measured.args[0].loss)
    assert desk.bar.metric_figure.value == shown
    assert desk.bar.epoch_figure.value == "0"
    desk.open(WHOLE)
    assert desk.bar.loss_figure.value == "–"


def test_a_run_that_diverges_shows_it_in_the_loss(desk, qtbot):
    desk.open(WHOLE, epochs=1000)
    optimizer = OptimizerChoice(key="sgd", learning_rate=1e6)
    linear = edits.set_hyperparameter(desk.bridge.diagram, ["h", "y"], "activation", "linear")
    desk.bridge.apply(linear, "linear")
    desk.bridge.apply(edits.replace_kind(desk.bridge.diagram, "loss", "mean_squared_error"), "loss")
    desk.bridge.apply(edits.set_training(desk.bridge.diagram, optimizer=optimizer), "rate")
    QApplication.processEvents()
    with qtbot.waitSignal(desk.controller.run_ended) as ended:
        desk.bar.play.click()
    assert ended.args[0].stopped == "diverged"
    assert (desk.bar.loss_figure.value, desk.bar.loss_figure.tone) == ("∞", Tone.BAD)
    assert desk.bar.metric_figure.value == metric_text("accuracy", ended.args[0].metric_value)


def test_pausing_going_on_and_stopping(desk, qtbot):
    desk.open(WHOLE, epochs=1_000_000)
    desk.bar.play.click()
    qtbot.waitUntil(lambda: desk.bar.loss_figure.value != "–")
    desk.bar.play.click()
    assert desk.controller.state is RunState.PAUSED
    assert desk.bar.play.accessibleName() == "Go on"
    desk.bar.play.click()
    assert desk.controller.state is RunState.RUNNING
    with qtbot.waitSignal(desk.controller.run_ended):
        desk.actions.action("training.stop").trigger()
    assert desk.bar.play.accessibleName() == "Train"


def test_without_a_network_there_are_no_figures_until_it_is_back(desk, qtbot):
    desk.open(WHOLE, epochs=2)
    with qtbot.waitSignal(desk.controller.run_ended):
        desk.bar.play.click()
    figures = (desk.bar.epoch_figure, desk.bar.loss_figure, desk.bar.metric_figure)
    trained = [(figure.value, figure.tone) for figure in figures]
    assert desk.bar.pace_label.text()
    with qtbot.waitSignal(desk.bridge.compiled):
        desk.bridge.apply(edits.delete(desk.bridge.diagram, list(desk.bridge.diagram.nodes)), "Delete")
    assert [figure.value for figure in figures] == ["–"] * 3
    assert not desk.bar.pace_label.text()
    with qtbot.waitSignal(desk.bridge.compiled):
        desk.bridge.undo()
    assert [(figure.value, figure.tone) for figure in figures] == trained


def test_stepping_shows_the_loss_of_each_step(desk, qtbot):
    desk.open(WHOLE)
    desk.actions.action("training.step").trigger()
    qtbot.waitUntil(lambda: desk.bar.loss_figure.value != "–")
    assert desk.controller.state is RunState.PAUSED


def test_resetting_begins_again(desk, qtbot):
    desk.open(WHOLE)
    with qtbot.waitSignal(desk.controller.run_ended):
        desk.actions.action("training.start").trigger()
    desk.actions.action("training.reset").trigger()
    assert (desk.bar.epoch_figure.value, desk.bar.loss_figure.value, desk.bar.metric_figure.value) == ("0", "–", "–")
    seed = desk.bridge.diagram.training.seed
    desk.actions.action("training.reset_new_seed").trigger()
    assert desk.bridge.diagram.training.seed != seed


def test_the_reset_button_offers_both_ways(desk, monkeypatch):
    shown = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _place: shown.append(menu.actions()))
    desk.open(WHOLE)
    desk.bar.findChild(SquareButton, "resetButton").click()
    assert [[action.objectName() for action in actions] for actions in shown] == [
        ["training.reset", "training.reset_new_seed"]
    ]


def test_start_and_pause_share_their_keys(desk, qtbot):
    desk.open(WHOLE, epochs=1_000_000)
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert desk.controller.state is RunState.RUNNING
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert desk.controller.state is RunState.PAUSED
    QTest.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.controller.state is RunState.RUNNING
    with qtbot.waitSignal(desk.controller.run_ended):
        QTest.keyClick(desk.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)


def test_settings_are_edited_in_the_document_and_follow_it(desk):
    desk.open(WHOLE)
    fields = desk.bar.fields
    desk.type(fields.learning_rate, "0.5")
    desk.type(fields.batch_size, "10")
    desk.type(fields.epochs, "77")
    fields.optimizer.choose("gradient_descent")
    assert not fields.batch_size.isEnabled(), "it looks at all samples"
    fields.optimizer.choose("sgd")
    assert fields.batch_size.isEnabled()
    training = desk.bridge.diagram.training
    assert training.optimizer == OptimizerChoice(key="sgd", learning_rate=0.5)
    assert (training.batch_size, training.epochs) == (10, 77)
    fields.data.choose("xor")
    assert desk.bridge.diagram.training.dataset == DatasetChoice(key="xor")
    for _ in range(4):
        desk.bridge.undo()
    assert fields.data.currentData() == "circle"
    assert fields.optimizer.currentData() == "adam"
    assert fields.epochs.text() == "3"


def test_a_learning_rate_that_makes_no_sense_is_refused_in_words(desk, qtbot):
    desk.open(WHOLE)
    before = desk.bridge.diagram
    with qtbot.waitSignal(desk.bar.status_message) as said:
        desk.type(desk.bar.fields.learning_rate, "-1")
    assert said.args[0].startswith("Learning rate must be a number above 0")
    assert desk.bridge.diagram is before


def test_a_long_number_is_shown_from_its_start(desk):
    desk.open(WHOLE)
    rate = desk.bar.fields.learning_rate
    rate.setFocus()
    desk.type(rate, "1000000")
    assert desk.bridge.diagram.training.optimizer.learning_rate == 1e6
    assert (rate.text(), rate.cursorPosition()) == ("1000000", 0)


def test_the_learning_rate_applies_while_training(desk, qtbot):
    desk.open(WHOLE, epochs=1_000_000)
    desk.bar.play.click()
    qtbot.waitUntil(lambda: desk.bar.loss_figure.value != "–")
    desk.type(desk.bar.fields.learning_rate, "0.001")
    assert desk.controller.state is RunState.RUNNING
    assert desk.bridge.diagram.training.optimizer.learning_rate == 0.001


def test_the_slider_holds_training_down(desk, qtbot):
    desk.open(WHOLE, epochs=1_000_000)
    chosen = []
    desk.bar.pace.chosen.connect(chosen.append)
    desk.bar.pace.slider.setValue(0)
    assert chosen == [SPEEDS[0]]
    assert desk.bar.pace.slider.accessibleName() == "Speed: 1 step a second"
    desk.bar.play.click()
    qtbot.waitUntil(lambda: desk.controller.step_count >= 1)
    desk.bar.play.click()
    assert desk.controller.step_count < 50


def test_the_metric_is_named_after_the_data(desk):
    desk.open(WHOLE)
    assert desk.bar.metric_figure.caption == "Validation accuracy"
    desk.open(WHOLE, key="xor")
    held_out = not desk.bridge.dataset.validate_on_training
    assert desk.bar.metric_figure.caption == ("Validation accuracy" if held_out else "Accuracy")
    desk.open(WHOLE, key="line")
    assert desk.bar.metric_figure.caption == "Validation R²"


def test_nothing_is_called_validation_where_nothing_is_held_out(desk, qtbot):
    desk.open(WHOLE, key="xor", epochs=3)
    assert desk.bridge.dataset.validate_on_training
    captions = {desk.bar.metric_figure.caption}
    desk.controller.training_event.connect(lambda _event: captions.add(desk.bar.metric_figure.caption))
    with qtbot.waitSignal(desk.controller.run_ended):
        desk.bar.play.click()
    assert desk.bar.metric_figure.value != "–"
    assert captions == {"Accuracy"}


def test_nothing_is_called_validation_without_a_share_for_it(desk, qtbot):
    desk.open(WHOLE)
    desk.bridge.apply(edits.set_training(desk.bridge.diagram, validation_fraction=0.0), "share")
    QApplication.processEvents()
    with qtbot.waitSignal(desk.controller.run_ended):
        desk.bar.play.click()
    assert desk.bar.metric_figure.caption == "Accuracy"
    desk.open(WHOLE)
    assert desk.bar.metric_figure.caption == "Validation accuracy"


def test_nothing_moves_while_the_numbers_grow(desk):
    desk.open(WHOLE)
    figures = (desk.bar.epoch_figure, desk.bar.loss_figure, desk.bar.metric_figure)
    parts = (*figures, desk.bar.fields, desk.bar.fields.data, desk.bar.pace)
    for _ in range(3):  # A layout within a layout takes its time.
        QApplication.processEvents()
    before = [part.geometry() for part in parts]
    for figure in figures:
        figure.set_value("10,000,000")
    desk.bar.metric_figure.set_caption("Accuracy")
    desk.bar.pace_label.setText("25,600 steps a second")
    desk.bar.pace.slider.setValue(0)
    desk.bridge.apply(edits.set_training(desk.bridge.diagram, epochs=10_000_000), "epochs")
    QApplication.processEvents()
    QApplication.processEvents()
    assert [part.geometry() for part in parts] == before


def test_titles_are_whole_where_there_is_room(desk):
    desk.open(WHOLE)
    desk.window.resize(1720, 60)
    desk.bar.resize(1720, 54)
    QApplication.processEvents()
    for field in (desk.bar.fields.data, desk.bar.fields.optimizer):
        assert field.width() == field.sizeHint().width()
    assert desk.bar.file_label.width() >= desk.bar.file_label.sizeHint().width()


def test_the_file_is_named_with_what_happened_to_it(desk):
    desk.open(WHOLE, path=Path("circle.nloom"))
    assert desk.bar.file_label.text == "circle.nloom"
    desk.bridge.apply(edits.set_training(desk.bridge.diagram, epochs=9), "epochs")
    assert desk.bar.file_label.text == "circle.nloom · edited"
    desk.bridge.undo()
    assert desk.bar.file_label.text == "circle.nloom"
    desk.open(WHOLE)
    assert desk.bar.file_label.text == "not saved yet"


def test_everything_has_a_name_for_those_who_do_not_see(desk):
    desk.open(WHOLE)
    named = [desk.bar.play, *desk.bar.findChildren(SquareButton), desk.bar.pace.slider, desk.bar.epoch_figure]
    fields = desk.bar.fields
    named += [
        fields.data,
        fields.optimizer,
        fields.learning_rate,
        fields.batch_size,
        fields.epochs,
        desk.bar.file_label,
    ]
    assert all(widget.accessibleName() for widget in named)
