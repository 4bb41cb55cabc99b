"""From a dataset to what the compiler needs to know of it; and the sorting out of loops, which needs no diagram."""

import numpy as np
import pytest

from core.catalogue.kind import Task
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.compiler.loops import loops
from core.datasets.dataset import Dataset, Scaling
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from core.model.model import Model
from tests.diagrams import node


def table(columns: int = 3) -> Dataset:
    plain = Scaling(np.zeros(()), np.ones(()))
    return Dataset(
        key="table",
        title="Table",
        task="regression",
        inputs=np.zeros((4, columns), "float32"),
        targets=np.zeros((4, 2), "float32"),
        feature_names=("width", "height", "2")[:columns],
        target_names=("area", "edge"),
        input_scaling=plain,
        target_scaling=plain,
    )


def diagram_with(columns: str) -> Diagram:
    return Diagram.build(
        [node("x", "input", columns=columns), node("y", "dense", units=2), node("loss", "mean_squared_error")],
        [("x", "y"), ("y", "loss")],
    )


def test_inputs_and_losses_are_found_by_their_roles():
    diagram = Diagram.build(
        [node("a", "input"), node("b", "input"), node("l", "mean_absolute_error"), node("q", "quantum")]
    )
    spec = data_spec_for(diagram, table())
    assert spec.inputs == {"a": (3,), "b": (3,)}
    assert spec.targets == {"l": (2,)}
    assert spec.columns == {}
    assert spec.problems == {}
    assert spec.task is Task.REGRESSION
    assert spec.dataset_title == "Table"


@pytest.mark.parametrize(
    ("columns", "indexes"),
    [("width", (0,)), ("height, width", (1, 0)), ("1,3", (0, 2)), ("2", (2,)), (" 1 , ,", (0,)), ("1, 1", (0, 0))],
)
def test_columns_go_by_name_and_then_by_number(columns, indexes):
    spec = data_spec_for(diagram_with(columns), table())
    assert spec.columns == {"x": indexes}
    assert spec.inputs == {"x": (len(indexes),)}
    assert compile_diagram(diagram_with(columns), spec).plan.inputs[0].columns == indexes


@pytest.mark.parametrize("columns", ["depth", "0", "4", "-1", "1.0", "²", "9" * 5000, "Width"])
def test_a_column_that_is_not_there_is_a_problem_with_the_names_that_are(columns):
    spec = data_spec_for(diagram_with(columns), table())
    assert spec.columns == {}
    assert spec.inputs == {"x": (3,)}
    if len(columns) < 100:
        assert spec.problems == {"x": f"Table has no column {columns!r}; it has: width, height, 2."}
    assert next(item.code for item in compile_diagram(diagram_with(columns), spec).errors) in (
        "bad-column",
        "bad-hyperparameter",
    )


def test_a_column_of_a_sequence_is_one_of_a_step():
    data = dataset("latch", samples=8, length=5)
    spec = data_spec_for(diagram_with("mark"), data)
    assert spec.columns == {"x": (1,)}
    assert spec.inputs == {"x": (5, 1)}


def test_pictures_have_no_columns():
    digits = dataset("digits")
    spec = data_spec_for(diagram_with("1"), digits)
    assert "pictures" in spec.problems["x"]
    assert data_spec_for(diagram_with(""), digits).inputs == {"x": (8, 8, 1)}
    assert data_spec_for(diagram_with(""), digits).task is Task.CLASSES


def test_settings_that_are_not_valid_are_left_to_the_compiler():
    broken = Diagram.build([node("x", "input", columns=3)])
    spec = data_spec_for(broken, table())
    assert spec.inputs == {"x": (3,)}
    assert "bad-hyperparameter" in [item.code for item in compile_diagram(broken, spec).errors]


def test_a_loss_whose_settings_are_not_valid_keeps_its_targets():
    nodes = [node("x", "input"), node("y", "dense", units=1), node("loss", "mean_squared_error", compare_with=3)]
    broken = Diagram.build(nodes, [("x", "y"), ("y", "loss")])
    spec = data_spec_for(broken, table())
    assert set(spec.targets) == {"loss"}
    assert "bad-hyperparameter" in [item.code for item in compile_diagram(broken, spec).errors]


def test_a_network_takes_its_columns_from_the_samples():
    diagram = diagram_with("3, 1")
    plan = compile_diagram(diagram, data_spec_for(diagram, table())).plan
    assert Model(plan).parameters["y/weight"].shape == (2, 2)


@pytest.mark.parametrize(
    ("readers", "found"),
    [
        ({}, []),
        ({"a": ["b"], "b": []}, []),
        ({"a": ["a"]}, [{"a"}]),
        ({"a": ["b"], "b": ["a"]}, [{"a", "b"}]),
        ({"a": ["gone"]}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["a"], "e": ["a"]}, [{"a", "b", "c", "d"}]),
        ({"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}, [{"a", "b"}, {"c", "d"}]),
        ({"a": ["b", "d"], "b": ["c"], "c": ["a"], "d": ["c"]}, [{"a", "b", "c", "d"}]),
    ],
)
def test_loops_are_the_groups_that_reach_each_other(readers, found):
    assert sorted(map(sorted, loops(readers))) == sorted(map(sorted, found))


def test_a_loop_may_be_as_long_as_a_diagram():
    names = [f"n{index}" for index in range(20_000)]
    (found,) = loops({name: [names[index - 1]] for index, name in enumerate(names)})
    assert set(found) == set(names)
