"""Attention, embedding and normalisation as nodes: ports that may stay empty, sentences where shapes do not fit, what is remembered."""

import numpy as np
import pytest

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import ShapeError
from core.catalogue.registry import find_kind
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from tests.diagrams import node

EMPTY = {"mask": (), "key": (), "value": ()}


def inferred(key, shapes, **settings):
    kind = find_kind(key)
    return kind.infer_shape(parse(kind, settings), shapes)


@pytest.mark.parametrize(
    ("key", "shapes", "expected"),
    [
        (
            "attention",
            {"query": ((4, 6),), "key": ((5, 6),), "value": ((5, 3),), "mask": ()},
            {"output": (4, 3), "weights": (4, 5, 1)},
        ),
        (
            "attention",
            {"query": ((4, 6),), "key": ((5, 6),), "value": ((5, 3),), "mask": ((5, 1),)},
            {"output": (4, 3), "weights": (4, 5, 1)},
        ),
        ("multi_head_attention", {**EMPTY, "query": ((4, 6),)}, {"output": (4, 6), "weights": (4, 4, 2)}),
        (
            "multi_head_attention",
            {"query": ((4, 6),), "key": ((5, 2),), "value": (), "mask": ((5, 1),)},
            {"output": (4, 6), "weights": (4, 5, 2)},
        ),
        (
            "multi_head_attention",
            {"query": ((4, 6),), "key": (), "value": ((4, 2),), "mask": ()},
            {"output": (4, 6), "weights": (4, 4, 2)},
        ),
        ("positional_encoding", {"input": ((4, 6),)}, {"output": (4, 6)}),
        ("sequence", {"input": ((4,),)}, {"output": (4, 1)}),
        ("sequence", {"input": ((4, 3),)}, {"output": (4, 3)}),
        ("sequence", {"input": ((4, 3, 2),)}, {"output": (4, 6)}),
        ("embedding", {"input": ((4,),)}, {"output": (4, 8)}),
        ("one_hot", {"input": ((1,),)}, {"output": (10,)}),
        ("batch_normalisation", {"input": ((4, 3, 2),)}, {"output": (4, 3, 2)}),
    ],
)
def test_shapes_follow_from_shapes(key, shapes, expected):
    assert inferred(key, shapes) == expected


@pytest.mark.parametrize(
    ("key", "shapes", "message", "remedy"),
    [
        (
            "attention",
            {"query": ((4,),), "key": ((5, 6),), "value": ((5, 3),), "mask": ()},
            "Attention wants a sequence of steps, and this is a row of 4 values.",
            "needs-sequence",
        ),
        (
            "attention",
            {"query": ((4, 1),), "key": ((5, 6),), "value": ((5, 3),), "mask": ()},
            "Attention multiplies query and key feature by feature; the query has 1 feature and the key 6.",
            None,
        ),
        (
            "attention",
            {"query": ((4, 6),), "key": ((5, 6),), "value": ((4, 3),), "mask": ()},
            "Attention wants a value for each step of the key; the key has 5 steps and the value 4.",
            None,
        ),
        (
            "multi_head_attention",
            {"query": ((4, 6),), "key": ((5, 6),), "value": (), "mask": ((4, 1),)},
            "The mask of multi-head attention has one number for each step of the key, which would be a sequence of 5 steps of "
            "1 value, and this is a sequence of 4 steps of 1 value.",
            None,
        ),
        (
            "multi_head_attention",
            {**EMPTY, "query": ((8, 8, 1),)},
            "Multi-head attention wants a sequence of steps, and this is an 8 x 8 x 1 stack.",
            "needs-sequence",
        ),
        (
            "positional_encoding",
            {"input": ((3,),)},
            "Positional encoding wants a sequence of steps, and this is a row of 3 values.",
            "needs-sequence",
        ),
        (
            "embedding",
            {"input": ((3, 2),)},
            "Embedding reads whole numbers one by one, in a row or one at each step, and this is a sequence of 3 steps of 2 values.",
            "needs-row",
        ),
        (
            "one_hot",
            {"input": ((2, 2, 1),)},
            "One-hot reads whole numbers one by one, in a row or one at each step, and this is a 2 x 2 x 1 stack.",
            "needs-row",
        ),
    ],
)
def test_shapes_that_do_not_fit_get_a_sentence(key, shapes, message, remedy):
    with pytest.raises(ShapeError) as caught:
        inferred(key, shapes)
    assert str(caught.value) == message
    assert caught.value.remedy == remedy


@pytest.mark.parametrize(
    ("key", "settings", "headline"),
    [
        ("attention", {}, ""),
        ("attention", {"causal": True}, "causal"),
        ("multi_head_attention", {"heads": 1}, "1 head"),
        ("multi_head_attention", {"heads": 4}, "4 heads"),
        ("embedding", {"vocabulary": 2000}, "2,000 x 8"),
        ("one_hot", {"classes": 1}, "1 class"),
        ("one_hot", {}, "10 classes"),
    ],
)
def test_the_head_of_the_card_says_what_matters(key, settings, headline):
    kind = find_kind(key)
    assert kind.headline(parse(kind, settings)) == headline


def compiled(nodes, wires, inputs, last, targets) -> Compilation:
    """The nodes with a loss after the last."""
    nodes, wires = [*nodes, node("loss", "mean_squared_error")], [*wires, (last, "loss")]
    compilation = compile_diagram(Diagram.build(nodes, wires), DataSpec(inputs, {"loss": targets}))
    assert compilation.ok, [item.message for item in compilation.errors]
    return compilation


def test_the_weights_of_attention_can_be_looked_at():
    nodes = [node("x", "input"), node("tested", "multi_head_attention", heads=3), node("seen", "flatten")]
    wires = [("x", ("tested", "query")), (("tested", "weights"), "seen")]
    compilation = compiled(nodes, wires, {"x": (4, 5)}, "seen", (48,))
    seen = Model(compilation.plan, dtype="float64").forward({"x": np.random.default_rng(0).normal(size=(2, 4, 5))})[
        "seen"
    ]
    np.testing.assert_allclose(seen.reshape(2, 4, 4, 3).sum(2), 1, rtol=1e-14)


def test_the_parameters_of_multi_head_attention():
    nodes = [node("x", "input"), node("y", "input"), node("tested", "multi_head_attention", heads=2, head_size=3)]
    wires = [("x", ("tested", "query")), ("y", ("tested", "key"))]
    compilation = compiled(nodes, wires, {"x": (4, 5), "y": (3, 2)}, "tested", (4, 5))
    shapes = {name: view.shape for name, view in Model(compilation.plan).parameters.items()}
    assert shapes == {
        "tested/query.weight": (6, 5),
        "tested/query.bias": (6,),
        "tested/key.weight": (6, 2),
        "tested/key.bias": (6,),
        "tested/value.weight": (6, 2),
        "tested/value.bias": (6,),
        "tested/output.weight": (5, 6),
        "tested/output.bias": (5,),
    }


def test_batch_normalisation_remembers_what_it_saw_in_training():
    nodes = [node("x", "input"), node("norm", "batch_normalisation", momentum=1.0)]
    compilation = compiled(nodes, [("x", "norm")], {"x": (2,)}, "norm", (2,))
    model = Model(compilation.plan, dtype="float64")
    x = np.random.default_rng(0).normal(3, 2, (50, 2))
    before = model.copy_parameters()
    model.forward({"x": x})
    model.loss_and_gradients({"x": x}, {"loss": x}, training=False)
    for name, values in model.parameters.items():
        np.testing.assert_array_equal(values, before[name])
    gradients = model.loss_and_gradients({"x": x}, {"loss": x}, training=True)[1]
    np.testing.assert_allclose(model.parameters["norm/running_mean"], x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(model.parameters["norm/running_variance"], x.var(0, ddof=1), rtol=1e-12)
    assert not gradients["norm/running_mean"].any()
    assert not gradients["norm/running_variance"].any()
    np.testing.assert_allclose(
        model.forward({"x": x})["norm"], (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + 1e-5), rtol=1e-9
    )
    assert compilation.node_parameters == {"norm": 4}


def test_a_picture_read_line_by_line():
    compilation = compiled(
        [node("x", "input"), node("lines", "sequence")], [("x", "lines")], {"x": (3, 4, 2)}, "lines", (3, 8)
    )
    x = np.random.default_rng(0).normal(size=(5, 3, 4, 2))
    lines = Model(compilation.plan, dtype="float64").forward({"x": x})["lines"]
    np.testing.assert_array_equal(lines, x.reshape(5, 3, 8))
