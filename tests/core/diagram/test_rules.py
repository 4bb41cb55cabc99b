"""The structural rules and the limits, each at its value and one beyond."""

import math

import msgspec
import pytest

from core.diagram import limits
from core.diagram.change import Change, Update
from core.diagram.diagram import Diagram
from core.diagram.records import (
    ClippingChoice,
    DatasetChoice,
    EarlyStoppingChoice,
    Frame,
    Node,
    Note,
    OptimizerChoice,
    RegularizationChoice,
    ScheduleChoice,
    TargetChoice,
    TrainingSettings,
    Wire,
)
from core.diagram.rules import can_connect, check, check_change, check_placed
from tests.walks import ports

A = Node(id="a", kind="alpha", title="First")
B = Node(id="b", kind="alpha")
ONE = Node(id="one", kind="one.wire")
UNKNOWN = Node(id="u", kind="beta")


def wire(key, source, target, port="input", order=0):
    return Wire(id=key, source=(source, "output"), target=(target, port), order=order)


def diagram(*wires):
    return Diagram({node.id: node for node in (A, B, ONE, UNKNOWN)}, {wire.id: wire for wire in wires})


GOOD = [
    (),
    (wire("w1", "a", "b"),),
    (wire("w1", "a", "b"), wire("w2", "one", "b")),
    (wire("w1", "a", "b"), wire("w2", "b", "a")),
    (wire("w1", "a", "one"),),
    (wire("w1", "a", "u", "anything"), wire("w2", "b", "u", "anything")),
    (wire("w1", "a", "u", "left"), wire("w2", "a", "u", "right")),
    (Wire(id="w1", source=("u", "whatever"), target=("a", "input")),),
    (wire("w1", "a", "b"), Wire(id="w2", source=("u", "x"), target=("b", "input"))),
]
BAD = [
    ((wire("w1", "a", "nobody"),), "'nobody'"),
    ((wire("w1", "nobody", "a"),), "'nobody'"),
    ((wire("w1", "a", "a"),), "First cannot be wired to itself"),
    ((wire("w1", "a", "b", "side"),), "no input port 'side'; it has: input"),
    ((Wire(id="w1", source=("a", "side"), target=("b", "input")),), "no output port 'side'; it has: output"),
    ((wire("w1", "a", "one"), wire("w2", "b", "one")), "takes one wire and has 2"),
    ((wire("w1", "a", "b"), wire("w2", "a", "b", order=1)), "more than once"),
    ((wire("w1", "a", "u", "x"), wire("w2", "a", "u", "x")), "more than once"),
]


@pytest.mark.parametrize("wires", GOOD)
def test_what_may_be_drawn(wires):
    assert check(diagram(*wires), ports) is None
    assert check_change(diagram(*wires), Change(added=wires), ports) is None


@pytest.mark.parametrize(("wires", "words"), BAD)
def test_what_may_not_be_drawn(wires, words):
    assert words in check(diagram(*wires), ports)
    assert words in check_change(diagram(*wires), Change(added=wires), ports)
    sentence, record = check_placed(diagram(*wires), ports)
    assert words in sentence
    assert record in wires


@pytest.mark.parametrize(("wires", "words"), BAD)
def test_can_connect_says_why_not(wires, words):
    *others, last = wires
    sentence = can_connect(diagram(*others), last.source, last.target, ports)
    assert sentence.endswith(".")
    if len(wires) == 1:
        assert words in sentence


def test_can_connect_where_it_may():
    for *others, last in GOOD[1:]:
        assert can_connect(diagram(*others), last.source, last.target, ports) is None
    assert "remove that one first" in can_connect(
        diagram(wire("w1", "a", "one")), ("b", "output"), ("one", "input"), ports
    )
    full = diagram(wire("w1", "a", "one"))
    assert can_connect(full, ("a", "output"), ("one", "input"), ports, besides=["w1"]) is None
    assert "already wired" in can_connect(diagram(wire("w1", "a", "b")), ("a", "output"), ("b", "input"), ports)


def test_a_long_title_is_shortened_in_a_sentence():
    full = Diagram({"a": msgspec.structs.replace(A, title="long\n" * 100)})
    sentence = can_connect(full, ("a", "output"), ("a", "input"))
    assert sentence.startswith("long long long")
    assert len(sentence) < 150


def test_a_kind_without_ports_has_none():
    sentence = can_connect(diagram(), ("a", "output"), ("b", "input"), lambda kind: ((), ()))
    assert "it has: none" in sentence


def test_a_node_with_wires_cannot_go_alone():
    left = Diagram({"b": B}, {"w1": wire("w1", "a", "b")})
    assert "cannot be removed" in check_change(left, Change(removed=(A,)), ports)
    left = Diagram({"a": A}, {"w1": wire("w1", "a", "b")})
    assert "cannot be removed" in check_change(left, Change(removed=(B,)), ports)
    assert check_change(Diagram({"a": A}), Change(removed=(B,)), ports) is None


@pytest.mark.parametrize("record", [Note(id="n", target="b"), Frame(id="f", nodes=("a", "b"))])
def test_notes_and_frames_name_nodes_that_are_there(record):
    table = "notes" if isinstance(record, Note) else "frames"
    with_b = Diagram({"a": A, "b": B}, **{table: {record.id: record}})
    without = Diagram({"a": A}, **{table: {record.id: record}})
    assert check(with_b) is None
    assert "is not a node" in check(without)
    assert "is not a node" in check_change(without, Change(added=(record,)))
    assert "is not a node" in check_change(without, Change(removed=(B,)))
    assert check_change(with_b, Change(removed=(wire("w1", "a", "b"),))) is None


def test_another_kind_must_fit_the_wires_that_are_there():
    update = Update(msgspec.structs.replace(B, kind="beta"), msgspec.structs.replace(B, kind="one.wire"))
    full = diagram(wire("w1", "a", "b"), wire("w2", "u", "b")).apply(
        Change(updated=(Update(B, update.after),)),
    )
    assert "takes one wire" in check_change(full, Change(updated=(update,)), ports)
    outgoing = diagram(wire("w1", "u", "a")).apply(
        Change(updated=(Update(A, msgspec.structs.replace(A, kind="beta")),))
    )
    assert check_change(outgoing, Change(updated=(Update(A, outgoing.nodes["a"]),)), ports) is None


def test_an_updated_record_is_checked():
    long = msgspec.structs.replace(A, title="t" * 5000)
    assert "5,000 bytes" in check_change(Diagram({"a": long}), Change(updated=(Update(A, long),)))


def test_an_updated_wire_is_checked():
    moved = wire("w1", "a", "a")
    full = diagram(moved)
    assert "itself" in check_change(full, Change(updated=(Update(wire("w1", "a", "b"), moved),)), ports)


def nested(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


def node(**fields):
    return Node(**({"id": "a", "kind": "k"} | fields))


AT_THE_LIMIT = [
    (node(id="x" * 64), node(id="x" * 65)),
    (node(id="A-z_0"), node(id="a/b")),
    (node(id="1"), node(id="")),
    (node(id="a"), node(id="ä")),
    (node(id="a"), node(id="a\n")),
    (node(kind="k" * 64), node(kind="k" * 65)),
    (node(kind="a.b-c_1"), node(kind="a b")),
    (node(position=(1e6, -1e6)), node(position=(1000000.1, 0.0))),
    (node(position=(0.0, -1e6)), node(position=(0.0, -1000000.1))),
    (node(position=(0.0, 0.0)), node(position=(math.nan, 0.0))),
    (node(position=(0.0, 0.0)), node(position=(0.0, math.inf))),
    (node(title="t" * 4096), node(title="t" * 4097)),
    (node(title="ä" * 2048), node(title="ä" * 2048 + "t")),
    (node(title="ä"), node(title="\ud800")),
    (node(hyperparameters={"v": "t" * 4096}), node(hyperparameters={"v": "t" * 4097})),
    (node(hyperparameters={"t" * 4096: 1}), node(hyperparameters={"t" * 4097: 1})),
    (node(hyperparameters={"v": nested(12)}), node(hyperparameters={"v": nested(13)})),
    (node(hyperparameters={"v": 2**53}), node(hyperparameters={"v": 2**53 + 1})),
    (node(hyperparameters={"v": -(2**53)}), node(hyperparameters={"v": -(2**53) - 1})),
    (node(hyperparameters={"v": 1e308}), node(hyperparameters={"v": math.nan})),
    (node(hyperparameters={"v": [True, None, (1,)]}), node(hyperparameters={"v": [1j]})),
    (node(hyperparameters={"v": {"a": 1}}), node(hyperparameters={"v": {1: 1}})),
    (node(hyperparameters={"v": 1}), node(hyperparameters={"v": {1, 2}})),
    (Note(id="n", text="t" * 65536), Note(id="n", text="t" * 65537)),
    (Note(id="n", size=(1e6, 0.0)), Note(id="n", size=(1000001.0, 0.0))),
    (Note(id="n"), Note(id="n", position=(math.nan, 0.0))),
    (Frame(id="f", title="t" * 4096), Frame(id="f", title="t" * 4097)),
    (Frame(id="f"), Frame(id="f", size=(0.0, math.nan))),
    (wire("w", "a", "b", order=0), wire("w", "a", "b", order=-1)),
    (wire("w", "a", "b", order=2**53), wire("w", "a", "b", order=2**53 + 1)),
    (wire("w", "a", "b", port="p" * 64), wire("w", "a", "b", port="p" * 65)),
    (wire("w", "a", "b"), Wire(id="w", source=("a", ""), target=("b", "input"))),
    (TrainingSettings(batch_size=1), TrainingSettings(batch_size=0)),
    (TrainingSettings(epochs=0), TrainingSettings(epochs=-1)),
    (TrainingSettings(seed=2**53), TrainingSettings(seed=2**53 + 1)),
    (TrainingSettings(validation_fraction=1.0), TrainingSettings(validation_fraction=1.1)),
    (
        TrainingSettings(optimizer=OptimizerChoice(learning_rate=1e6)),
        TrainingSettings(optimizer=OptimizerChoice(learning_rate=math.inf)),
    ),
    (
        TrainingSettings(optimizer=OptimizerChoice(learning_rate=0.0)),
        TrainingSettings(optimizer=OptimizerChoice(learning_rate=-0.1)),
    ),
    (
        TrainingSettings(optimizer=OptimizerChoice(beta1=0.5)),
        TrainingSettings(optimizer=OptimizerChoice(beta2=1.5)),
    ),
    (
        TrainingSettings(schedule=ScheduleChoice(warmup=0.5)),
        TrainingSettings(schedule=ScheduleChoice(warmup=-0.5)),
    ),
    (
        TrainingSettings(schedule=ScheduleChoice(key="t" * 4096)),
        TrainingSettings(schedule=ScheduleChoice(key="t" * 4097)),
    ),
    (
        TrainingSettings(regularization=RegularizationChoice(l2=1.0)),
        TrainingSettings(regularization=RegularizationChoice(l2=math.inf)),
    ),
    (
        TrainingSettings(clipping=ClippingChoice(norm=0.0)),
        TrainingSettings(clipping=ClippingChoice(norm=-1.0)),
    ),
    (
        TrainingSettings(early_stopping=EarlyStoppingChoice(patience=1)),
        TrainingSettings(early_stopping=EarlyStoppingChoice(patience=0)),
    ),
    (
        TrainingSettings(target=TargetChoice(value=-5.0)),
        TrainingSettings(target=TargetChoice(value=math.nan)),
    ),
    (
        TrainingSettings(dataset=DatasetChoice(key="t" * 4096)),
        TrainingSettings(dataset=DatasetChoice(key="t" * 4097)),
    ),
    (
        TrainingSettings(dataset=DatasetChoice(options={"noise": 0.5})),
        TrainingSettings(dataset=DatasetChoice(options={"noise": math.nan})),
    ),
]


@pytest.mark.parametrize(("good", "bad"), AT_THE_LIMIT)
def test_each_limit_at_its_value_and_one_beyond(good, bad):
    assert limits.record_problem(good) is None
    sentence = limits.record_problem(bad)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert limits.update_problem(good, bad)
    assert limits.update_problem(bad, good) is None


def test_a_moved_node_is_checked_for_its_place():
    values = {"v": 1}
    first = node(hyperparameters=values)
    assert limits.update_problem(first, msgspec.structs.replace(first, position=(5.0, 5.0))) is None
    assert limits.update_problem(first, msgspec.structs.replace(first, position=(math.nan, 5.0)))


@pytest.mark.parametrize("table", ["nodes", "wires", "notes", "frames"])
def test_the_number_of_records_is_limited(table, monkeypatch):
    monkeypatch.setattr(limits, f"MAX_{table.upper()}", 1)
    records = {
        "nodes": [A, B],
        "wires": [wire("w1", "a", "b"), wire("w2", "b", "a")],
        "notes": [Note(id="n"), Note(id="m")],
        "frames": [Frame(id="f"), Frame(id="g")],
    }[table]
    nodes = {} if table == "nodes" else {"nodes": {"a": A}}
    if table == "wires":
        monkeypatch.setattr(limits, "MAX_NODES", 2)
        nodes = {"nodes": {"a": A, "b": B}}
    one = Diagram(**nodes, **{table: {records[0].id: records[0]}})
    two = Diagram(**nodes, **{table: {record.id: record for record in records}})
    assert check(one) is None
    assert f"There are 2 {table}" in check(two)
    assert check_placed(two)[1] is None
    assert f"There are 2 {table}" in check_change(two, Change(added=(records[1],)))


def test_the_limits_are_the_promised_ones():
    assert (limits.MAX_NODES, limits.MAX_WIRES, limits.MAX_TEXT, limits.MAX_NOTE_TEXT) == (20_000, 200_000, 4096, 65536)
    assert (limits.MAX_COORDINATE, limits.MAX_NESTING) == (1e6, 16)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (TrainingSettings(batch_size=0), "The batch size is 0; it must be at least 1."),
        (TrainingSettings(schedule=ScheduleChoice(warmup=-0.5)), "The warm-up is -0.5; it must be at least 0."),
        (TrainingSettings(validation_fraction=1.5), "The validation fraction is 1.5; it must be at most 1."),
        (
            TrainingSettings(target=TargetChoice(value=math.inf)),
            "The target is inf; it must be a finite number.",
        ),
    ],
)
def test_a_number_of_the_training_is_told_the_one_bound_that_it_breaks(settings, sentence):
    assert limits.record_problem(settings) == sentence
