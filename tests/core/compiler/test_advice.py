"""Findings on what will train and disappoint."""

import pytest

from core.catalogue.registry import registered
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.compiler.passes import advise
from core.diagram.diagram import Diagram
from tests.diagrams import node
from tests.findings import BINARY, CLASSES, ROW, PlainLoss, Weigher, chain, clicked, codes, only


@pytest.mark.parametrize("title", ["Set activation to ReLU", "Insert ReLU"])
def test_two_linear_layers_in_a_row_want_a_bend(title):
    diagram = chain(
        node("x", "input"),
        node("h", "dense", title="Hidden"),
        node("y", "dense", units=1),
        node("loss", "mean_squared_error"),
    )
    compilation = compile_diagram(diagram, ROW)
    finding = only(compilation, "linear-stack")
    assert compilation.ok
    assert finding.nodes == ("h", "y")
    assert finding.message.startswith("Hidden and then Dense have no non-linearity between them")
    assert compile_diagram(clicked(diagram, finding, title), ROW).diagnostics == ()


@pytest.mark.parametrize("between", ["linear", "dropout", "flatten", "concatenate", "add"])
def test_some_nodes_do_not_bend(between):
    diagram = chain(
        node("x", "input"),
        node("h", "dense"),
        node("b", between),
        node("y", "dense", units=1),
        node("loss", "mean_squared_error"),
    )
    assert only(compile_diagram(diagram, ROW), "linear-stack").nodes == ("h", "y")


@pytest.mark.parametrize(("units", "after", "found"), [(1, 8, []), (2, 8, ["linear-stack"]), (1, 1, ["linear-stack"])])
def test_a_waist_is_no_mistake(units, after, found):
    diagram = chain(
        node("x", "input"),
        node("code", "dense", units=units),
        node("wide", "dense", units=after, activation="relu"),
        node("y", "dense", units=1),
        node("loss", "mean_squared_error"),
    )
    assert [code for code in codes(compile_diagram(diagram, ROW)) if code == "linear-stack"] == found


@pytest.mark.parametrize("between", ["relu", "sigmoid", "softmax", "step", "silu"])
def test_others_do(between):
    diagram = chain(
        node("x", "input"),
        node("h", "dense"),
        node("b", between),
        node("y", "dense", units=1),
        node("loss", "mean_squared_error"),
    )
    assert "linear-stack" not in codes(compile_diagram(diagram, ROW))


def test_a_linear_way_around_a_bend_is_fine():
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("h", "dense"),
            node("bent", "tanh"),
            node("s", "add"),
            node("y", "dense", units=1),
            node("loss", "mean_squared_error"),
        ],
        [("x", "h"), ("h", "bent"), ("h", "s"), ("bent", "s"), ("s", "y"), ("y", "loss")],
    )
    assert compile_diagram(diagram, ROW).diagnostics == ()


def test_a_rank_of_linear_neurons_is_one_finding():
    names = ["a", "b", "c", "d", "e"]
    diagram = Diagram.build(
        [
            node("x", "input"),
            *(node(name, "neuron", activation="linear") for name in names),
            node("y", "neuron", activation="linear"),
            node("loss", "mean_squared_error"),
        ],
        [*(("x", name) for name in names), *((name, "y") for name in names), ("y", "loss")],
    )
    finding = only(compile_diagram(diagram, ROW), "linear-stack")
    assert finding.message.startswith("a, b and 3 more and then y have")
    after = clicked(diagram, finding, "Set activation to ReLU")
    assert all(after.nodes[name].hyperparameters["activation"] == "relu" for name in names)
    assert compile_diagram(after, ROW).diagnostics == ()


@pytest.mark.parametrize(("most", "found"), [(2, ["linear-stack"]), (1, [])])
def test_sums_of_too_many_nodes_are_not_followed(monkeypatch, most, found):
    monkeypatch.setattr(advise, "MOST_SUMS", most)
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("a", "dense"),
            node("b", "dense"),
            node("s", "add"),
            node("y", "neuron"),
            node("loss", "mean_squared_error"),
        ],
        [("x", "a"), ("x", "b"), ("a", "s"), ("b", "s"), ("s", "y"), ("y", "loss")],
    )
    assert codes(compile_diagram(diagram, ROW)) == found


@pytest.mark.parametrize("loss", ["mean_squared_error", "root_mean_squared_error", "mean_absolute_error"])
@pytest.mark.parametrize("as_node", [False, True])
def test_a_softmax_before_a_regression_loss_gets_a_better_one(loss, as_node):
    last = (
        [node("y", "dense", units=3), node("s", "softmax")]
        if as_node
        else [node("y", "dense", units=3, activation="softmax")]
    )
    diagram = chain(node("x", "input"), *last, node("loss", loss, weight=2.0))
    finding = only(compile_diagram(diagram, CLASSES), "softmax-before-mean-squared-error")
    title = diagram.nodes["loss"].kind.replace("_", " ").capitalize()
    after = clicked(diagram, finding, f"Replace {title} by Categorical cross-entropy")
    assert after.nodes["loss"].hyperparameters == {"weight": 2.0}
    compilation = compile_diagram(after, CLASSES)
    assert compilation.diagnostics == ()
    assert compilation.plan.losses[0].weight == 2.0


def test_probabilities_want_a_squashing_activation():
    diagram = chain(
        node("x", "input"), node("y", "dense", units=1, activation="tanh"), node("loss", "binary_cross_entropy")
    )
    finding = only(compile_diagram(diagram, BINARY), "needs-probabilities")
    assert "a sigmoid belongs between" in finding.message
    for title in ("Set activation to Sigmoid", "Insert Sigmoid"):
        assert compile_diagram(clicked(diagram, finding, title), BINARY).diagnostics == ()


def test_an_activation_is_inserted_after_a_node_that_has_none_to_choose():
    diagram = chain(
        node("x", "input"), node("y", "dense", units=3), node("d", "dropout"), node("loss", "categorical_cross_entropy")
    )
    finding = only(compile_diagram(diagram, CLASSES), "needs-probabilities")
    assert [fix.title for fix in finding.fixes] == ["Insert Softmax"]
    assert compile_diagram(clicked(diagram, finding, "Insert Softmax"), CLASSES).diagnostics == ()


@pytest.mark.parametrize("between", ["linear", "flatten"])
def test_probabilities_may_be_handed_on(between):
    diagram = chain(node("x", "input"), node("y", "neuron"), node("b", between), node("loss", "binary_cross_entropy"))
    assert compile_diagram(diagram, BINARY).diagnostics == ()


@pytest.mark.parametrize(
    ("loss", "squash", "data", "units", "title"),
    [("hinge", "sigmoid", BINARY, 1, "Hinge"), ("class_hinge", "softmax", CLASSES, 3, "Class hinge")],
)
def test_a_margin_wants_room(loss, squash, data, units, title):
    diagram = chain(node("x", "input"), node("y", "dense", units=units, activation=squash), node("loss", loss))
    finding = only(compile_diagram(diagram, data), "no-room-for-margin")
    assert finding.nodes == ("y", "loss")
    assert finding.message.startswith(f"The {squash} in Dense keeps all answers between 0 and 1, and {title} wants")
    assert compile_diagram(clicked(diagram, finding, "Set activation to Linear"), data).diagnostics == ()


def test_a_classification_loss_does_not_suit_numbers():
    diagram = chain(node("x", "input"), node("y", "neuron"), node("loss", "binary_cross_entropy"))
    finding = only(compile_diagram(diagram, ROW), "unsuitable-loss")
    assert finding.message == "Binary cross-entropy wants targets of 0 and 1, and those of Line are plain numbers."
    assert (
        compile_diagram(
            clicked(diagram, finding, "Replace Binary cross-entropy by Mean squared error"), ROW
        ).diagnostics
        == ()
    )


def test_a_loss_for_classes_does_not_suit_yes_or_no():
    diagram = chain(
        node("x", "input"),
        node("y", "dense", units=1, activation="softmax"),
        node("loss", "categorical_cross_entropy"),
    )
    compilation = compile_diagram(diagram, BINARY)
    assert codes(compilation) == ["softmax-of-one", "unsuitable-loss"]
    finding = only(compilation, "unsuitable-loss")
    assert finding.message == "Categorical cross-entropy chooses between classes, and Circle only asks yes or no."
    after = clicked(diagram, finding, "Replace Categorical cross-entropy by Binary cross-entropy")
    after = clicked(after, only(compilation, "softmax-of-one"), "Set activation to Sigmoid")
    assert compile_diagram(after, BINARY).diagnostics == ()


def test_yes_or_no_for_each_class_is_fine():
    diagram = chain(
        node("x", "input"),
        node("y", "dense", units=3, activation="sigmoid"),
        node("loss", "binary_cross_entropy"),
    )
    assert compile_diagram(diagram, CLASSES).diagnostics == ()


@pytest.mark.parametrize(
    ("last", "title"),
    [
        ([node("y", "dense", units=1, activation="softmax")], "Set activation to Sigmoid"),
        ([node("h", "neuron", activation="linear"), node("y", "softmax")], "Replace Softmax by Sigmoid"),
    ],
)
def test_a_softmax_of_one_value_says_nothing(last, title):
    diagram = chain(node("x", "input"), *last, node("loss", "binary_cross_entropy"))
    finding = only(compile_diagram(diagram, BINARY), "softmax-of-one")
    assert "always 1" in finding.message
    assert compile_diagram(clicked(diagram, finding, title), BINARY).diagnostics == ()


@pytest.mark.parametrize(
    ("last", "title"),
    [
        ([node("y", "neuron", activation="step")], "Set activation to Sigmoid"),
        ([node("h", "neuron", activation="tanh"), node("y", "step")], "Replace Step by Sigmoid"),
    ],
)
def test_nothing_learns_before_a_step(last, title):
    diagram = chain(node("x", "input"), *last, node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, ROW), "flat-slope")
    assert "slope 0" in finding.message
    assert compile_diagram(clicked(diagram, finding, title), ROW).diagnostics == ()


def test_a_step_on_the_data_itself_is_fine():
    diagram = chain(node("x", "input"), node("s", "step"), node("y", "neuron"), node("loss", "mean_squared_error"))
    assert compile_diagram(diagram, ROW).diagnostics == ()


def test_a_network_without_weights_has_nothing_to_learn():
    diagram = chain(node("x", "input"), node("b", "tanh"), node("loss", "mean_squared_error"))
    compilation = compile_diagram(diagram, DataSpec({"x": (2,)}, {"loss": (2,)}))
    assert compilation.ok
    assert codes(compilation) == ["nothing-to-train"]


@pytest.mark.parametrize("still", [{"frozen": True}, {"learning_rate_factor": 0.0}])
def test_a_network_that_is_frozen_through_and_through_has_nothing_to_learn(still):
    diagram = chain(
        node("x", "input"),
        node("h", "dense", title="Hidden", activation="tanh", **still),
        node("y", "neuron", frozen=True, activation="linear"),
        node("loss", "mean_squared_error"),
    )
    compilation = compile_diagram(diagram, ROW)
    finding = only(compilation, "nothing-to-train")
    assert compilation.ok
    assert finding.nodes == ("h", "y")
    assert finding.message == "Nothing can change: Hidden and y are frozen, or at a learning rate of 0."
    mended = clicked(diagram, finding, "Let y learn")
    assert compile_diagram(mended, ROW).diagnostics == ()
    assert [block.rate for block in compile_diagram(mended, ROW).plan.parameters] == [0.0, 1.0]


def test_one_frozen_node_is_named_alone():
    diagram = chain(node("x", "input"), node("y", "neuron", frozen=True), node("loss", "mean_squared_error"))
    assert only(compile_diagram(diagram, ROW), "nothing-to-train").message.startswith("Nothing can change: y is frozen")


def test_a_loss_of_ones_own_gets_no_advice():
    with registered(PlainLoss()):
        diagram = chain(node("x", "input"), node("y", "neuron"), node("loss", "plain_loss"))
        compilation = compile_diagram(diagram, ROW)
        assert compilation.ok
        assert compilation.diagnostics == ()


def test_a_sum_without_choice_of_activation_that_two_nodes_read_is_named_without_fix():
    with registered(Weigher()):
        diagram = Diagram.build(
            [
                node("x", "input"),
                node("w", "weigher"),
                node("a", "neuron"),
                node("b", "neuron"),
                node("y", "neuron"),
                node("loss", "mean_squared_error"),
            ],
            [("x", "w"), ("w", "a"), ("w", "b"), ("a", "y"), ("b", "y"), ("y", "loss")],
        )
        finding = only(compile_diagram(diagram, ROW), "linear-stack")
        assert finding.nodes == ("w", "a", "b")
        assert finding.fixes == ()


def test_a_step_that_cannot_be_changed_is_named_without_fix():
    with registered(Weigher()):
        diagram = chain(node("x", "input"), node("w", "weigher", step=True), node("loss", "mean_squared_error"))
        assert only(compile_diagram(diagram, ROW), "flat-slope").fixes == ()


def test_a_step_off_the_way_to_a_loss_is_fine():
    diagram = Diagram.build(
        [node("x", "input"), node("y", "neuron"), node("s", "step"), node("loss", "mean_squared_error")],
        [("x", "y"), ("y", "s"), ("y", "loss")],
    )
    assert codes(compile_diagram(diagram, ROW)) == ["unreachable"]


@pytest.mark.parametrize(
    ("title", "sentence"), [("", "Softmax has a single"), ("Votes", "The softmax in Votes has a single")]
)
def test_a_part_is_named_once(title, sentence):
    diagram = chain(
        node("x", "input"),
        node("y", "dense", units=1),
        node("s", "softmax", title=title),
        node("loss", "binary_cross_entropy"),
    )
    found = compile_diagram(diagram, BINARY)
    assert any(warning.message.startswith(sentence) for warning in found.warnings)


def test_a_delay_or_a_row_that_is_repeated_does_not_bend():
    nodes = [
        node("h", "dense", units=3),
        node("d", "delay"),
        node("c", "concatenate"),
        node("y", "dense", units=1),
        node("row", "input"),
        node("g", "dense", units=3),
    ]
    diagram = Diagram.build(
        [node("x", "input"), *nodes, node("loss", "mean_squared_error")],
        [("x", "h"), ("h", "d"), ("d", "c"), ("row", "g"), ("g", "c"), ("c", "y"), ("y", "loss")],
    )
    spec = DataSpec({"x": (5, 2), "row": (4,)}, {"loss": (5, 1)})
    assert only(compile_diagram(diagram, spec), "linear-stack").nodes == ("g", "h", "y")


def test_a_sum_in_a_loop_remembers_which_no_other_can_do_for_it():
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("h", "neuron", activation="linear"),
            node("d", "delay"),
            node("y", "dense", units=1),
            node("loss", "mean_squared_error"),
        ],
        [("x", "h"), ("d", "h"), ("h", "d"), ("h", "y"), ("y", "loss")],
    )
    assert codes(compile_diagram(diagram, DataSpec({"x": (5, 2)}, {"loss": (5, 1)}))) == []


@pytest.mark.parametrize(("shape", "found"), [((4, 1, 3), []), ((4, 3, 1), ["softmax-of-one"])])
def test_a_softmax_over_channels_wants_more_than_one(shape, found):
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("s", "softmax"),
            node("f", "flatten"),
            node("y", "neuron", activation="linear"),
            node("loss", "mean_squared_error"),
        ],
        [("x", "s"), ("s", "f"), ("f", "y"), ("y", "loss")],
    )
    assert codes(compile_diagram(diagram, DataSpec({"x": shape}, {"loss": (1,)}))) == found
