"""The controller: what the buttons do, what an edit during a run does, and what a closing window does."""

from collections.abc import Callable
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.diagram import edits
from core.diagram.change import Change
from core.diagram.records import OptimizerChoice, ScheduleChoice
from core.inspection.snapshot import Snapshot
from core.templates import template
from core.training.events import Diverged, RunEnded, RunStarted
from desktop.training.controller import TrainingController
from desktop.training.state import RunState
from desktop.training.telemetry import Telemetry
from tests.desktop.training.making import MakeController, small_network


def parameters(controller: TrainingController) -> dict[str, np.ndarray]:
    found = controller.parameters()
    assert found is not None
    return found


def shown(controller: TrainingController) -> Snapshot:
    assert controller.snapshot is not None
    return controller.snapshot


def assert_same(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> None:
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


def differ(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> bool:
    return any(not np.array_equal(value, second[name]) for name, value in first.items())


def train_for(qtbot: QtBot, controller: TrainingController, steps: int) -> None:
    """Start, and wait until some more steps were seen."""
    wanted = controller.step_count + steps
    controller.start()
    qtbot.waitUntil(lambda: controller.step_count >= wanted, timeout=10_000)


def hold(qtbot: QtBot, controller: TrainingController) -> None:
    """Pause, and wait until the worker has settled."""
    controller.pause()
    controller.parameters()  # Commands are obeyed in order: when this is answered, the run is held.
    qtbot.waitUntil(lambda: controller.snapshot is not None and controller.snapshot.step == controller.step_count)


def edit(qtbot: QtBot, controller: TrainingController, change: object, label: str = "Edit") -> None:
    with qtbot.waitSignal(controller.bridge.compiled):
        controller.bridge.apply(change, label)  # type: ignore[arg-type]


def set_units(qtbot: QtBot, controller: TrainingController, units: int) -> None:
    edit(qtbot, controller, edits.set_hyperparameter(controller.bridge.diagram, ["h"], "units", units))


def test_an_open_network_can_be_seen_before_training(controller: TrainingController) -> None:
    assert controller.state is RunState.IDLE
    snapshot = controller.snapshot
    assert snapshot is not None
    assert snapshot.step == 0
    assert set(snapshot.responses) == {"x", "h", "y"}
    assert snapshot.decision_map is not None
    assert np.isfinite(snapshot.loss)
    assert_same(snapshot.parameters, parameters(controller))


def test_a_run_tells_of_its_start_and_goes_down(qtbot: QtBot, controller: TrainingController) -> None:
    told: list[object] = []
    controller.training_event.connect(told.append)
    with qtbot.waitSignal(controller.state_changed) as changed:
        controller.start()
    assert changed.args == [RunState.RUNNING]
    first = controller.snapshot
    train_for(qtbot, controller, 500)
    hold(qtbot, controller)
    assert any(isinstance(event, RunStarted) for event in told)
    assert first is not None
    assert shown(controller).loss < first.loss
    assert controller.snapshot.step == controller.step_count


def test_a_run_ends_with_its_epochs(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(small_network(epochs=3))
    with qtbot.waitSignal(controller.run_ended) as ended:
        controller.start()
    event = ended.args[0]
    assert isinstance(event, RunEnded)
    assert (event.stopped, event.epochs) == ("epochs", 3)
    assert controller.state is RunState.IDLE
    assert shown(controller).epoch == 3
    assert_same(controller.snapshot.parameters, parameters(controller))


def test_another_start_trains_on_and_counts_on(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(small_network(epochs=3))
    for _ in range(2):
        with qtbot.waitSignal(controller.run_ended):
            controller.start()
    assert shown(controller).epoch == 6


def test_a_paused_run_does_not_move_and_goes_on(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 50)
    hold(qtbot, controller)
    assert controller.state is RunState.PAUSED
    step, held = controller.step_count, parameters(controller)
    assert_same(held, parameters(controller))
    assert controller.step_count == step
    train_for(qtbot, controller, 50)
    assert controller.state is RunState.RUNNING
    assert differ(held, parameters(controller))


def test_single_steps_are_the_same_as_a_run(qtbot: QtBot, make_controller: MakeController) -> None:
    stepped, run = make_controller(), make_controller(small_network(epochs=1))
    with qtbot.waitSignal(run.run_ended) as ended:
        run.start()
    for expected in range(1, ended.args[0].steps + 1):
        with qtbot.waitSignal(stepped.snapshot_ready):
            stepped.step()
        assert stepped.state is RunState.PAUSED
        assert stepped.step_count == expected
    assert_same(parameters(stepped), parameters(run))


def test_stop_ends_the_run_and_keeps_the_weights(qtbot: QtBot, controller: TrainingController) -> None:
    before = parameters(controller)
    train_for(qtbot, controller, 50)
    with qtbot.waitSignal(controller.run_ended) as ended:
        controller.stop()
    assert ended.args[0].stopped == "interrupted"
    assert controller.state is RunState.IDLE
    assert differ(before, parameters(controller))
    assert controller.step_count == ended.args[0].steps


def test_a_paused_run_can_be_stopped(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 10)
    hold(qtbot, controller)
    with qtbot.waitSignal(controller.run_ended):
        controller.stop()
    assert controller.state is RunState.IDLE


def test_reset_goes_back_to_the_first_weights(qtbot: QtBot, controller: TrainingController) -> None:
    first = parameters(controller)
    train_for(qtbot, controller, 100)
    with qtbot.waitSignals([controller.history_cleared, controller.snapshot_ready]):
        controller.reset()
    assert controller.state is RunState.IDLE
    assert controller.step_count == 0
    assert_same(first, parameters(controller))


def test_reset_with_a_new_seed_gives_other_weights_that_are_kept(qtbot: QtBot, controller: TrainingController) -> None:
    first, seed = parameters(controller), controller.bridge.diagram.training.seed
    controller.reset(new_seed=True)
    assert controller.bridge.diagram.training.seed != seed
    second = parameters(controller)
    assert differ(first, second)
    train_for(qtbot, controller, 50)
    controller.reset()
    assert_same(second, parameters(controller))


def test_undo_of_a_new_seed_does_not_touch_what_was_trained(qtbot: QtBot, controller: TrainingController) -> None:
    controller.reset(new_seed=True)
    train_for(qtbot, controller, 20)
    controller.pause()
    weights = parameters(controller)
    controller.bridge.undo()
    assert_same(weights, parameters(controller))


def set_seed(controller: TrainingController, seed: int) -> None:
    controller.bridge.apply(edits.set_training(controller.bridge.diagram, seed=seed), "Set seed")


def test_a_seed_that_is_set_gives_its_weights_at_once_where_nothing_was_trained(
    controller: TrainingController, make_controller: MakeController
) -> None:
    first = parameters(controller)
    set_seed(controller, 5)
    assert_same(parameters(make_controller(small_network(seed=5))), parameters(controller))
    controller.bridge.undo()
    assert_same(first, parameters(controller))


def test_a_seed_that_is_set_counts_from_the_next_reset_where_something_was_trained(
    qtbot: QtBot, controller: TrainingController, make_controller: MakeController
) -> None:
    train_for(qtbot, controller, 20)
    controller.pause()
    trained = parameters(controller)
    set_seed(controller, 5)
    assert_same(trained, parameters(controller))
    controller.reset()
    assert_same(parameters(make_controller(small_network(seed=5))), parameters(controller))


def test_a_seed_does_not_touch_weights_that_came_with_the_file(make_controller: MakeController) -> None:
    loaded = parameters(make_controller(small_network(seed=9)))
    controller = make_controller(small_network(), loaded)
    set_seed(controller, 5)
    assert_same(loaded, parameters(controller))


def test_trained_weights_of_a_project_are_loaded_and_come_back_bit_for_bit(make_controller: MakeController) -> None:
    random = np.random.default_rng(3)
    trained = {
        name: random.normal(size=value.shape).astype("f4") for name, value in parameters(make_controller()).items()
    }
    controller = make_controller(small_network(), trained)
    assert_same(trained, parameters(controller))


def test_a_change_of_the_learning_rate_reaches_the_run(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 20)
    controller.set_learning_rate(1e-30)
    with qtbot.waitSignal(controller.telemetry_ready):
        pass
    held = parameters(controller)
    train_for(qtbot, controller, 20)
    assert_same(held, parameters(controller))
    assert controller.bridge.diagram.training.optimizer.learning_rate == 1e-30
    assert controller.state is RunState.RUNNING


def test_fewer_epochs_end_the_run(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 100)
    with qtbot.waitSignal(controller.run_ended) as ended:
        controller.bridge.apply(edits.set_training(controller.bridge.diagram, epochs=1), "Epochs")
    assert ended.args[0].stopped == "epochs"


@pytest.mark.parametrize(
    "settings",
    [{"validation_fraction": 0.5}, {"optimizer": OptimizerChoice(key="sgd", learning_rate=0.1)}],
    ids=["validation", "optimizer"],
)
def test_a_setting_that_needs_a_new_trainer_keeps_the_weights_and_the_run(
    qtbot: QtBot, controller: TrainingController, settings: dict[str, object]
) -> None:
    train_for(qtbot, controller, 50)
    step = controller.step_count
    controller.bridge.apply(edits.set_training(controller.bridge.diagram, **settings), "Setting")
    assert controller.state is RunState.RUNNING
    assert controller.step_count >= step
    train_for(qtbot, controller, 50)


def test_an_edit_during_a_run_keeps_what_fits_and_goes_on(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 100)
    set_units(qtbot, controller, 6)
    assert controller.state is RunState.RUNNING
    after = parameters(controller)
    assert after["h/weight"].shape == (6, 2)
    assert after["y/weight"].shape == (1, 6)
    assert controller.step_count >= 100
    train_for(qtbot, controller, 50)


def test_parameters_that_fit_survive_an_edit_and_undo_brings_the_others_back(
    qtbot: QtBot, controller: TrainingController
) -> None:
    train_for(qtbot, controller, 100)
    hold(qtbot, controller)
    trained = parameters(controller)
    set_units(qtbot, controller, 6)
    assert controller.state is RunState.PAUSED
    edited = parameters(controller)
    np.testing.assert_array_equal(edited["y/bias"], trained["y/bias"])
    assert edited["h/weight"].shape == (6, 2)
    with qtbot.waitSignal(controller.bridge.compiled):
        controller.bridge.undo()
    assert_same(trained, parameters(controller))


def test_deleting_a_neuron_leaves_the_other_wires_their_weights(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(template("circle").diagram)
    train_for(qtbot, controller, 500)
    hold(qtbot, controller)
    trained, loss = parameters(controller), shown(controller).loss
    bridge = controller.bridge
    wires = bridge.diagram.incoming("y")
    gone = wires[2].source[0]
    with qtbot.waitSignal(controller.snapshot_ready):
        edit(qtbot, controller, edits.delete(bridge.diagram, [gone]))
    np.testing.assert_array_equal(parameters(controller)["y/weight"], np.delete(trained["y/weight"], 2, axis=1))
    np.testing.assert_array_equal(parameters(controller)["y/bias"], trained["y/bias"])
    assert shown(controller).loss != loss
    with qtbot.waitSignal(bridge.compiled):
        bridge.undo()
    assert_same(trained, parameters(controller))


def test_a_wire_drawn_anew_in_the_same_place_goes_on_with_the_weight(
    qtbot: QtBot, make_controller: MakeController
) -> None:
    controller = make_controller(template("circle").diagram)
    bridge = controller.bridge
    train_for(qtbot, controller, 50)
    hold(qtbot, controller)
    trained = parameters(controller)["y/weight"]
    last = bridge.diagram.incoming("y")[-1]
    again = msgspec.structs.replace(last, id="again")
    edit(qtbot, controller, Change(added=(again,), removed=(last,)))
    np.testing.assert_array_equal(parameters(controller)["y/weight"], trained)
    first = bridge.diagram.incoming("y")[0].id
    edit(qtbot, controller, edits.disconnect(bridge.diagram, [first]))
    np.testing.assert_array_equal(parameters(controller)["y/weight"], trained[:, 1:])


def test_moving_and_renaming_nodes_does_not_disturb_the_run(qtbot: QtBot, controller: TrainingController) -> None:
    started: list[object] = []
    controller.training_event.connect(lambda event: started.append(event) if isinstance(event, RunStarted) else None)
    train_for(qtbot, controller, 20)
    controller.bridge.apply(edits.move(controller.bridge.diagram, {"h": (5.0, 5.0)}), "Move")
    edit(qtbot, controller, edits.set_title(controller.bridge.diagram, "h", "Hidden"))
    train_for(qtbot, controller, 20)
    assert len(started) == 1


def test_a_broken_diagram_lets_the_run_wait_until_it_is_mended(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 50)
    bridge = controller.bridge
    wire = bridge.diagram.incoming("y")[0].id
    with qtbot.waitSignal(controller.notice) as said:
        bridge.apply(edits.disconnect(bridge.diagram, [wire]), "Disconnect")
    assert "waits" in said.args[0]
    assert controller.state is RunState.PAUSED
    trained, step = parameters(controller), controller.step_count
    with qtbot.waitSignal(bridge.compiled):
        bridge.undo()
    assert controller.state is RunState.RUNNING
    train_for(qtbot, controller, 20)
    assert controller.step_count > step
    assert differ(trained, parameters(controller))


def test_a_run_that_was_paused_while_broken_stays_paused_when_mended(
    qtbot: QtBot, controller: TrainingController
) -> None:
    train_for(qtbot, controller, 20)
    bridge = controller.bridge
    with qtbot.waitSignal(controller.notice):
        bridge.apply(edits.disconnect(bridge.diagram, [bridge.diagram.incoming("y")[0].id]), "Disconnect")
    controller.pause()
    with qtbot.waitSignal(bridge.compiled):
        bridge.undo()
    assert controller.state is RunState.PAUSED


@pytest.mark.parametrize("press", [TrainingController.start, TrainingController.step], ids=["start", "step"])
def test_a_broken_diagram_says_why_it_cannot_be_trained(
    qtbot: QtBot, controller: TrainingController, press: Callable[[TrainingController], None]
) -> None:
    bridge = controller.bridge
    edit(qtbot, controller, edits.disconnect(bridge.diagram, [bridge.diagram.incoming("y")[0].id]))
    with qtbot.waitSignal(controller.notice) as said:
        press(controller)
    assert "cannot start" in said.args[0]
    assert bridge.compilation.errors[0].message in said.args[0]
    assert controller.state is RunState.IDLE


def test_an_edit_between_runs_shows_the_new_network(qtbot: QtBot, controller: TrainingController) -> None:
    with qtbot.waitSignal(controller.snapshot_ready) as shown:
        set_units(qtbot, controller, 7)
    assert shown.args[0].batch_activations["h"].shape[0] == 7


def test_a_run_that_diverges_says_so_and_keeps_finite_weights(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(small_network(optimizer=OptimizerChoice(key="sgd", learning_rate=1e30)))
    told: list[object] = []
    controller.training_event.connect(told.append)
    with qtbot.waitSignals([controller.run_ended, controller.notice]):
        controller.start()
    assert any(isinstance(event, Diverged) for event in told)
    assert isinstance(told[-1], RunEnded)
    assert told[-1].stopped == "diverged"
    assert all(np.isfinite(value).all() for value in parameters(controller).values())


def test_a_divergence_is_told_in_steps_from_the_first_on(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(small_network(epochs=2, optimizer=OptimizerChoice(key="sgd", learning_rate=0.1)))
    with qtbot.waitSignal(controller.run_ended):
        controller.start()
    before = controller.step_count
    controller.set_learning_rate(1e30)
    with qtbot.waitSignal(controller.notice) as said:
        controller.start()
    assert controller.step_count > before
    assert said.args[0].startswith(f"Step {controller.step_count}: ")


def test_a_single_step_that_diverges_says_so(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller(small_network(optimizer=OptimizerChoice(key="sgd", learning_rate=1e38)))
    said: list[str] = []
    controller.notice.connect(said.append)
    for _ in range(4):
        with qtbot.waitSignal(controller.snapshot_ready):
            controller.step()
    assert "Try 0.1." in said[0]


def test_settings_that_make_no_sense_end_in_a_sentence(qtbot: QtBot, make_controller: MakeController) -> None:
    diagram = small_network()
    broken = msgspec.structs.replace(diagram.training, optimizer=OptimizerChoice(key="nonsense"))
    controller = make_controller()
    controller.bridge.apply(edits.set_training(diagram, optimizer=broken.optimizer), "Setting")
    with qtbot.waitSignal(controller.notice) as said:
        controller.start()
    assert "nonsense" in said.args[0]
    assert controller.state is RunState.IDLE


def test_every_point_is_in_order_and_counted_on_over_pauses(qtbot: QtBot, controller: TrainingController) -> None:
    seen: list[Telemetry] = []
    controller.telemetry_ready.connect(seen.append)
    for units in (5, 6, 7):
        train_for(qtbot, controller, 200)
        hold(qtbot, controller)
        set_units(qtbot, controller, units)
    steps = [point.step for telemetry in seen for point in telemetry.steps]
    epochs = [point.epoch for telemetry in seen for point in telemetry.epochs]
    assert steps == sorted(steps)
    assert epochs == sorted(epochs)
    assert steps[-1] >= 600
    assert any(telemetry.gradients for telemetry in seen)


def test_weights_set_by_hand_hold_at_once(qtbot: QtBot, controller: TrainingController) -> None:
    wanted = {"y/bias": np.array([2.5], "f4")}
    controller.set_parameters(wanted)
    assert parameters(controller)["y/bias"] == 2.5
    train_for(qtbot, controller, 5)
    hold(qtbot, controller)
    controller.set_parameters(wanted)
    qtbot.waitUntil(lambda: shown(controller).parameters["y/bias"] == 2.5)


def test_what_nobody_looks_at_is_not_computed(qtbot: QtBot, controller: TrainingController) -> None:
    controller.set_request(decision_map=False, responses=False)
    qtbot.waitUntil(lambda: shown(controller).decision_map is None)
    train_for(qtbot, controller, 50)
    hold(qtbot, controller)
    controller.set_request(decision_map=True)
    qtbot.waitUntil(lambda: shown(controller).decision_map is not None)
    assert shown(controller).responses == {}


def test_a_pace_is_kept(qtbot: QtBot, controller: TrainingController) -> None:
    controller.set_speed(200.0)
    controller.start()
    with qtbot.waitSignal(controller.telemetry_ready):
        pass
    seen: list[Telemetry] = []
    controller.telemetry_ready.connect(seen.append)
    qtbot.waitUntil(lambda: sum(point.steps for t in seen for point in t.steps) >= 60)
    points = [point for telemetry in seen for point in telemetry.steps]
    assert all(point.steps == 1 for point in points)
    controller.set_speed(None)
    train_for(qtbot, controller, 2000)


def test_another_document_starts_from_nothing(qtbot: QtBot, controller: TrainingController) -> None:
    from core.storage.project import Project

    train_for(qtbot, controller, 50)
    with qtbot.waitSignals([controller.history_cleared, controller.snapshot_ready]):
        controller.bridge.open_project(Project(diagram=small_network(units=5), parameters=None), None)
    assert controller.state is RunState.IDLE
    assert controller.step_count == 0
    assert parameters(controller)["h/weight"].shape == (5, 2)


def test_a_closed_controller_refuses_to_start(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 20)
    assert controller.close(1000)
    trained = parameters(controller)
    controller.start()
    controller.step()
    controller.reset()
    assert controller.state is RunState.CLOSING
    assert_same(trained, parameters(controller))


def memory(controller: TrainingController) -> dict[str, np.ndarray]:
    """What the update rule remembers, after the worker was let go."""
    return controller._weights.optimizer_state


def test_what_the_optimizer_remembers_survives_an_edit_of_another_node(
    qtbot: QtBot, controller: TrainingController
) -> None:
    train_for(qtbot, controller, 100)
    hold(qtbot, controller)
    set_units(qtbot, controller, 6)  # The run is held, so the worker is let go, and none is begun.
    state = memory(controller)
    assert state["adam/count/y/bias"] >= 100
    assert state["adam/mean/y/bias"].any()
    controller.step()
    with qtbot.waitSignal(controller.snapshot_ready):
        controller.parameters()
    count = controller.step_count
    set_units(qtbot, controller, 6 + 1)
    after = memory(controller)
    assert after["adam/count/y/bias"] == count, "the bias of the output goes on"
    assert after["adam/count/h/weight"] == 1, "the new units are as young as they are"


def test_a_reset_forgets_what_the_optimizer_remembers(qtbot: QtBot, controller: TrainingController) -> None:
    train_for(qtbot, controller, 20)
    controller.reset()
    assert memory(controller) == {}


def test_a_node_that_is_frozen_during_a_run_stands_still_and_the_run_goes_on(
    qtbot: QtBot, controller: TrainingController
) -> None:
    train_for(qtbot, controller, 50)
    worker = controller._host._worker
    edit(qtbot, controller, edits.set_hyperparameter(controller.bridge.diagram, ["h"], "frozen", True))
    held = parameters(controller)
    train_for(qtbot, controller, 50)
    now = parameters(controller)
    assert controller._host._worker is worker
    np.testing.assert_array_equal(now["h/weight"], held["h/weight"])
    assert (now["y/weight"] != held["y/weight"]).any()
    edit(qtbot, controller, edits.set_hyperparameter(controller.bridge.diagram, ["h"], "frozen", False))
    train_for(qtbot, controller, 50)
    assert (parameters(controller)["h/weight"] != held["h/weight"]).any()


def test_a_schedule_goes_on_over_an_edit(qtbot: QtBot, make_controller: MakeController) -> None:
    """Where an edit makes a new trainer in the middle of a run, the rate does not jump back to its beginning."""
    schedule = ScheduleChoice(key="exponential", factor=0.5, every=1)
    optimizer = OptimizerChoice(key="sgd", learning_rate=0.1)
    controller = make_controller(small_network(epochs=100_000, schedule=schedule, optimizer=optimizer))
    rates: list[tuple[int, float]] = []
    controller.telemetry_ready.connect(lambda told: rates.extend((e.epoch, e.learning_rate) for e in told.epochs))
    controller.set_speed(400)
    train_for(qtbot, controller, 60)
    set_units(qtbot, controller, 6)
    train_for(qtbot, controller, 60)
    hold(qtbot, controller)
    assert rates[-1][0] > 4
    assert all(earlier >= later for (_, earlier), (_, later) in pairwise(rates))
    assert rates[-1][1] < 0.1 * 0.5 ** (rates[-1][0] - 1)
