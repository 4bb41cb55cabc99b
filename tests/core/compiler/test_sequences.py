"""Networks over sequences: the same weights at every step of time, and rows that join."""

import numpy as np
import pytest

from core.catalogue.kind import Task
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.evaluate import evaluate
from tests.core.ops.cases import CASES, Case
from tests.diagrams import node
from tests.findings import chain, clicked, only
from tests.gradients import SMOOTH, assert_right, error, model_errors

STEPS, FEATURES, SAMPLES = 4, 3, 5
SEQUENCES = DataSpec({"x": (STEPS, FEATURES)}, {"loss": (STEPS, 2)}, task=Task.REGRESSION, dataset_title="Echo")


def joined() -> tuple[Diagram, DataSpec]:
    """A sequence and a row that meet in a neuron, a concatenation, a sum and a product."""
    diagram = Diagram.build(
        [
            node("x", "input"),
            node("row", "input"),
            node("h", "dense", units=FEATURES, activation="tanh"),
            node("n", "neuron"),
            node("c", "concatenate"),
            node("s", "add"),
            node("p", "multiply"),
            node("y", "dense", units=2),
            node("loss", "mean_squared_error"),
        ],
        [
            *(("x", "h"), ("h", "n"), ("row", "n"), ("row", "s"), ("h", "s"), ("s", "p"), ("row", "p")),
            *(("n", "c"), ("p", "c"), ("row", "c"), ("c", "y"), ("y", "loss")),
        ],
    )
    return diagram, DataSpec({"x": (STEPS, FEATURES), "row": (FEATURES,)}, {"loss": (STEPS, 2)})


def samples(spec: DataSpec) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    generator = np.random.default_rng(2)
    return (
        {key: generator.standard_normal((SAMPLES, *shape)) for key, shape in spec.inputs.items()},
        {key: generator.standard_normal((SAMPLES, *shape)) for key, shape in spec.targets.items()},
    )


def test_gradients_over_sequences_and_rows():
    diagram, spec = joined()
    model = Model(compile_diagram(diagram, spec).plan, seed=1, dtype="float64")
    assert_right(model_errors(model, *samples(spec)), SMOOTH)


def test_every_step_goes_through_the_same_weights():
    diagram, spec = joined()
    inputs, _ = samples(spec)
    whole = Model(compile_diagram(diagram, spec).plan, seed=1, dtype="float64")
    one = DataSpec({**spec.inputs, "x": (FEATURES,)}, {"loss": (2,)})
    single = Model(compile_diagram(diagram, one).plan, seed=1, dtype="float64")
    assert {name: view.shape for name, view in whole.parameters.items()} == {
        name: view.shape for name, view in single.parameters.items()
    }
    outputs = whole.forward(inputs)
    for step in range(STEPS):
        expected = single.forward({**inputs, "x": inputs["x"][:, step]})
        for key in ("h", "n", "c", "s", "p", "y"):
            np.testing.assert_allclose(outputs[key][:, step], expected[key], rtol=1e-13, atol=1e-15)


def test_a_sequence_of_the_wrong_width_gets_the_right_number_of_units():
    diagram = chain(node("x", "input"), node("y", "dense", units=5), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, SEQUENCES), "output-size")
    assert finding.message == (
        "Mean squared error gets a sequence of 4 steps of 5 values to compare, "
        "and each target of Echo is a sequence of 4 steps of 2 values."
    )
    assert compile_diagram(clicked(diagram, finding, "Set units to 2"), SEQUENCES).ok


def test_a_layer_is_inserted_where_no_node_sizes_a_sequence():
    diagram = chain(node("x", "input"), node("loss", "mean_squared_error"))
    finding = only(compile_diagram(diagram, SEQUENCES), "output-size")
    assert compile_diagram(clicked(diagram, finding, "Insert Dense with 2 units"), SEQUENCES).ok


def test_a_layer_that_tells_its_last_step_where_every_step_is_asked_gets_a_button():
    output = node("y", "dense", units=5), node("loss", "mean_squared_error")
    diagram = chain(node("x", "input"), node("r", "rnn", units=3), *output)
    after = clicked(diagram, only(compile_diagram(diagram, SEQUENCES), "output-size"), "Set output of RNN to every")
    assert compile_diagram(
        clicked(after, only(compile_diagram(after, SEQUENCES), "output-size"), "Set units to 2"), SEQUENCES
    ).ok


def test_a_layer_that_tells_every_step_where_one_answer_is_asked_gets_a_button():
    one = DataSpec({"x": (STEPS, FEATURES)}, {"loss": (2,)}, task=Task.REGRESSION, dataset_title="Echo")
    output = node("y", "dense", units=2), node("loss", "mean_squared_error")
    diagram = chain(node("x", "input"), node("r", "rnn", output="every"), *output)
    after = clicked(diagram, only(compile_diagram(diagram, one), "output-size"), "Set output of RNN to last")
    assert compile_diagram(after, one).ok


def test_nothing_is_offered_that_a_node_further_on_could_not_read():
    one = DataSpec({"x": (STEPS, FEATURES)}, {"loss": (2,)}, task=Task.REGRESSION, dataset_title="Echo")
    convolved = node("c", "convolution_1d", channels=2), node("t", "tanh"), node("loss", "mean_squared_error")
    diagram = chain(node("x", "input"), node("r", "rnn", output="every"), *convolved)
    finding = only(compile_diagram(diagram, one), "output-size")
    assert [fix.title for fix in finding.fixes] == ["Insert Flatten"]


def takes_sequences(case: Case) -> bool:
    """Whether the shapes of a case are those of one step of a sequence."""
    if len(case.shapes[0]) != 1:
        return False
    try:
        return case.op.output_shape(*((2, *shape) for shape in case.shapes)) != ()
    except ValueError:
        return False


STEPWISE = [case for case in CASES if case.op.stepwise and not case.training and takes_sequences(case)]


@pytest.mark.parametrize("case", STEPWISE, ids=str)
def test_stepwise_ops_give_for_a_sequence_what_they_give_for_its_steps(case):
    """Only ops of which this is true may be part of a loop."""
    inputs, parameters = case.points(0)
    others, _ = case.points(1)
    generator = np.random.default_rng(3)
    gradient = generator.standard_normal((2, *evaluate(case.op, *inputs, parameters=parameters).output.shape))
    sequence = tuple(np.stack(pair) for pair in zip(inputs, others))
    whole = evaluate(case.op, *sequence, parameters=parameters, output_gradient=gradient)
    steps = [
        evaluate(case.op, *row, parameters=parameters, output_gradient=slope)
        for row, slope in zip((inputs, others), gradient)
    ]
    assert error(whole.output, np.stack([step.output for step in steps])) < 1e-13
    for index, computed in enumerate(whole.input_gradients):
        assert error(computed, np.stack([step.input_gradients[index] for step in steps])) < 1e-13
    for index, computed in enumerate(whole.parameter_gradients):
        assert error(computed, sum(step.parameter_gradients[index] for step in steps)) < 1e-13
