"""The parts of training that need no thread: mailbox, telemetry, logbook, pace, gate, weights."""

import numpy as np
import pytest

from core.compiler.columns import wire_columns
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.compiler.plan import Plan
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.diagram.records import Node, Wire
from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken
from desktop.right_of_way import Gate
from desktop.training import pace as pace_module
from desktop.training.logbook import Logbook
from desktop.training.mailbox import Mailbox
from desktop.training.pace import Pace
from desktop.training.telemetry import MAX_POINTS, Telemetry, thinned
from desktop.training.weights import Attic, Weights
from tests.desktop.training.making import small_network


def steps_taken(step: int, epoch: int = 0) -> StepsTaken:
    return StepsTaken(step=step, epoch=epoch, steps=10, loss=0.5, mean_loss=0.6, seconds=0.01)


def epoch_ended(step: int, epoch: int) -> EpochEnded:
    return EpochEnded(step, epoch, 0.4, 0.5, 0.9, 0.8, 0.1)


def plan_with(units: int) -> Plan:
    diagram = small_network(units)
    plan = compile_diagram(diagram, data_spec_for(diagram, dataset("circle"))).plan
    assert plan is not None
    return plan


def test_the_newest_value_wins_and_can_be_taken_once() -> None:
    box: Mailbox[int] = Mailbox()
    assert box.is_empty
    box.put(1)
    box.put(2)
    assert not box.is_empty
    assert box.take() == 2
    assert box.take() is None


@pytest.mark.parametrize("count", [0, 1, MAX_POINTS, MAX_POINTS + 1, 10 * MAX_POINTS + 3])
def test_thinned_points_are_bounded_in_order_and_end_with_the_newest(count: int) -> None:
    points = thinned(list(range(count)))
    assert len(points) <= MAX_POINTS
    assert points == sorted(points)
    assert points[-1:] == list(range(count))[-1:]
    assert len(points) >= min(count, MAX_POINTS // 2)


def test_telemetry_that_was_not_taken_is_not_lost() -> None:
    box: Mailbox[Telemetry] = Mailbox()
    book = Logbook(box, 0, 0)
    book.note(steps_taken(10))
    book.publish(100.0)
    book.note(steps_taken(20))
    book.publish(100.0)
    book.note(steps_taken(30))
    book.publish(200.0, force=True)
    seen = box.take()
    assert seen is not None
    assert [point.step for point in seen.steps] == [10, 20, 30]
    assert seen.steps_per_second == 200.0


def test_a_logbook_goes_on_where_earlier_runs_stopped() -> None:
    box: Mailbox[Telemetry] = Mailbox()
    book = Logbook(box, 1000, 40)
    book.note(RunStarted(10, 20, 5, 10, "accuracy", 0.7))
    assert (book.step, book.epoch, book.loss) == (1000, 40, 0.7)
    assert book.note(steps_taken(10, 1)) == 10
    book.note(epoch_ended(10, 1))
    book.note_gradients({"h": 0.5})
    book.publish(1.0)
    seen = box.take()
    assert seen is not None
    assert (seen.steps[0].step, seen.epochs[0].epoch, seen.gradients[0].step) == (1010, 41, 1010)
    assert (book.step, book.epoch, book.loss) == (1010, 41, 0.5)


def test_a_divergence_is_told_in_the_steps_that_people_count() -> None:
    book = Logbook(Mailbox(), 6000, 40)
    book.note(Diverged(28, 1, "y", "loss", "the loss grew."))
    told = book.told(Diverged(28, 1, "y", "loss", "the loss grew."))
    assert isinstance(told, Diverged)
    assert (told.step, told.epoch, told.diagnosis) == (6028, 41, "Step 6,028: the loss grew.")
    ended = RunEnded("diverged", 28, 1, 0.1, 0.7, 5.0, 5.0, "accuracy", 0.5, "Step 28: the loss grew.")
    book.note(ended)
    told = book.told(ended)
    assert isinstance(told, RunEnded)
    assert told.diagnosis == "Step 6,028: the loss grew."


class Clock:
    """A clock that goes as far as it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace_module, "perf_counter", clock)
    return clock


def test_a_limited_pace_waits_for_its_next_step(clock: Clock) -> None:
    pace = Pace(10.0)
    assert pace.seconds_to_wait() == 0.0
    pace.count(1)
    assert pace.seconds_to_wait() == pytest.approx(0.1)
    clock.now += 0.04
    assert pace.seconds_to_wait() == pytest.approx(0.06)
    pace.set_limit(None)
    assert pace.seconds_to_wait() == 0.0


def test_time_that_was_paused_is_not_caught_up_with(clock: Clock) -> None:
    pace = Pace(10.0)
    clock.now += 1000.0
    pace.restart()
    pace.count(1)
    assert pace.seconds_to_wait() == pytest.approx(0.1)


def test_the_pace_is_measured(clock: Clock) -> None:
    pace = Pace()
    for _ in range(100):
        clock.now += 0.01
        pace.count(20)
    assert pace.steps_per_second == pytest.approx(2000.0, rel=0.05)


def test_dear_snapshots_are_taken_seldom_and_cheap_ones_thirty_times_a_second(clock: Clock) -> None:
    pace = Pace(300.0)
    assert pace.snapshot_is_due()
    pace.snapshot_took(0.0001)
    assert not pace.snapshot_is_due()
    clock.now += 0.034
    assert pace.snapshot_is_due()
    for _ in range(4):
        pace.snapshot_took(0.03)
    clock.now += 0.9
    assert not pace.snapshot_is_due()
    clock.now += 0.2
    assert pace.snapshot_is_due()


def test_one_slow_snapshot_does_not_make_the_next_one_late(clock: Clock) -> None:
    pace = Pace(300.0)
    pace.snapshot_took(0.5)
    clock.now += 0.04
    assert pace.snapshot_is_due()


def test_at_full_speed_snapshots_are_taken_half_as_often(clock: Clock) -> None:
    pace = Pace()
    pace.snapshot_took(0.0001)
    clock.now += 0.04
    assert not pace.snapshot_is_due()
    clock.now += 0.03
    assert pace.snapshot_is_due()


def test_a_gate_that_nobody_opens_holds_once_only() -> None:
    gate = Gate()
    gate.pass_through()
    gate.close()
    assert gate.is_closed
    gate.pass_through()
    assert not gate.is_closed
    gate.close()
    gate.open()
    assert not gate.is_closed


def test_weights_of_the_same_plan_stay() -> None:
    plan, weights = plan_with(4), Weights()
    weights.adopt(plan, seed=1)
    first = weights.copies()
    weights.keep({name: value + 1 for name, value in first.items()})
    weights.adopt(plan, seed=2)
    for name, value in weights.current.items():
        np.testing.assert_array_equal(value, first[name] + 1)
        np.testing.assert_array_equal(weights.initial[name], first[name])


def neurons(*hidden: str) -> tuple[Plan, dict[str, tuple[tuple[str, int], ...]]]:
    """A plan of hidden neurons behind one input, and its columns; a wire is called after its ends."""
    wires = [("x", h) for h in hidden] + [(h, "y") for h in hidden]
    records = {f"{a}-{b}": Wire(id=f"{a}-{b}", source=(a, "output"), target=(b, "input")) for a, b in wires}
    records["end"] = Wire(id="end", source=("y", "output"), target=("loss", "input"))
    nodes = {node: Node(id=node, kind="neuron") for node in (*hidden, "y")}
    ends = {"x": Node(id="x", kind="input"), "loss": Node(id="loss", kind="binary_cross_entropy")}
    diagram = Diagram(nodes=ends | nodes, wires=records)
    compilation = compile_diagram(diagram, data_spec_for(diagram, dataset("circle")))
    assert compilation.plan is not None
    return compilation.plan, wire_columns(diagram, compilation)


def test_the_wires_that_stay_keep_their_weights_and_undo_brings_back_the_others() -> None:
    weights = Weights()
    (whole, all_wires), (less, fewer) = neurons("a", "b", "c"), neurons("a", "c")
    weights.adopt(whole, 1, all_wires)
    first = weights.copies()
    weights.keep({"y/weight": np.array([[1.0, 2.0, 3.0]]), "y/bias": np.array([9.0])})
    trained = weights.copies()
    weights.adopt(less, 1, fewer)
    np.testing.assert_array_equal(weights.current["y/weight"], [[1.0, 3.0]])
    np.testing.assert_array_equal(weights.initial["y/weight"], first["y/weight"][:, [0, 2]])
    assert weights.current["y/bias"] == 9.0
    weights.adopt(whole, 1, all_wires)
    for name, value in trained.items():
        np.testing.assert_array_equal(weights.current[name], value)
        np.testing.assert_array_equal(weights.initial[name], first[name])


def test_of_weights_whose_wires_changed_nothing_is_remembered() -> None:
    """Other wires in as many columns: the memory of the old ones must not be taken for theirs."""
    weights = Weights()
    (before, old), (after, new) = neurons("a", "b"), neurons("a", "c")
    weights.adopt(before, 1, old)
    state = {f"adam/mean/{name}": np.ones_like(value) for name, value in weights.current.items()}
    weights.optimizer_state = dict(state)
    weights.adopt(after, 1, new)
    assert set(state) - set(weights.optimizer_state) == {"adam/mean/y/weight", "adam/mean/b/weight"}
    assert "adam/mean/y/bias" in weights.optimizer_state
    weights.reset()
    assert weights.optimizer_state == {}


def test_what_was_trained_between_an_edit_and_its_undo_is_kept() -> None:
    weights = Weights()
    (whole, all_wires), (less, fewer) = neurons("a", "b", "c"), neurons("a", "c")
    weights.adopt(whole, 1, all_wires)
    weights.keep({"y/weight": np.array([[1.0, 2.0, 3.0]])})
    weights.adopt(less, 1, fewer)
    weights.keep({"y/weight": np.array([[4.0, 5.0]])})
    weights.adopt(whole, 1, all_wires)
    np.testing.assert_array_equal(weights.current["y/weight"], [[4.0, 2.0, 5.0]])


def test_weights_of_as_many_wires_as_before_are_not_mistaken_for_others() -> None:
    weights = Weights()
    whole, all_wires = neurons("a", "b", "c")
    weights.adopt(whole, 1, all_wires)
    weights.keep({"y/weight": np.array([[1.0, 2.0, 3.0]])})
    for hidden, kept in ((("a", "c"), [1.0, 3.0]), (("a", "b"), [1.0, 2.0]), (("b", "c"), [2.0, 3.0])):
        plan, columns = neurons(*hidden)
        weights.adopt(plan, 1, columns)
        np.testing.assert_array_equal(weights.current["y/weight"], [kept])
        weights.adopt(whole, 1, all_wires)


def test_loaded_weights_of_neurons_are_taken_over() -> None:
    weights = Weights({"y/weight": np.array([[1.0, 2.0]])})
    weights.adopt(neurons("a", "c")[0], 1, neurons("a", "c")[1])
    np.testing.assert_array_equal(weights.current["y/weight"], [[1.0, 2.0]])
    np.testing.assert_array_equal(weights.initial["y/weight"], [[1.0, 2.0]])


def test_weights_that_do_not_fit_start_afresh_and_come_back_with_their_shape() -> None:
    weights = Weights()
    weights.adopt(plan_with(4), seed=1)
    weights.keep({"h/weight": np.full((4, 2), 7.0)})
    weights.adopt(plan_with(6), seed=1)
    assert weights.current["h/weight"].shape == (6, 2)
    weights.adopt(plan_with(4), seed=1)
    np.testing.assert_array_equal(weights.current["h/weight"], np.full((4, 2), 7.0))


def test_reset_gives_back_what_was_loaded() -> None:
    loaded = {"y/bias": np.array([3.0])}
    weights = Weights(loaded)
    weights.adopt(plan_with(4), seed=1)
    first = weights.copies()
    weights.keep({name: value * 2 + 1 for name, value in first.items()})
    weights.reset()
    assert weights.current["y/bias"] == 3.0
    for name, value in first.items():
        np.testing.assert_array_equal(weights.current[name], value)


def test_copies_are_copies() -> None:
    weights = Weights()
    weights.adopt(plan_with(4), seed=1)
    weights.copies()["y/bias"][:] = 99.0
    assert weights.current["y/bias"] != 99.0


def test_the_attic_throws_away_the_oldest_when_it_is_full() -> None:
    attic = Attic(room=10)
    for number in range(5):
        attic.put({f"p{number}": np.full(4, float(number))})
    empty = {f"p{number}": np.full(4, -1.0) for number in range(5)}
    assert [value[0] for value in attic.fitted(empty).values()] == [-1.0, -1.0, -1.0, 3.0, 4.0]
    attic.put({"large": np.zeros(50)})
    assert attic.fitted({"large": np.ones(50)})["large"].sum() == 0.0
