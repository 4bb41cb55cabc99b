"""The kinds for pictures and sequences: shapes, sentences, buttons, and pixels in the order in which people hold them."""

from typing import Any

import numpy as np
import pytest

from core.catalogue.hyperparameters import parse
from core.catalogue.kind import ShapeError
from core.catalogue.registry import find_kind, remedies_for
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.model.model import Model
from core.ops.op import Shape

PICTURES = np.random.default_rng(6).standard_normal((3, 4, 6, 2))
STEPS = PICTURES[..., 0]
ROWS = STEPS[:, 0]


def shape_after(key: str, values: dict[str, Any], shape: Shape) -> Shape:
    kind = find_kind(key)
    return kind.infer_shape(parse(kind, values), {"input": (shape,)})["output"]


def compiled(key: str, values: dict[str, Any], shape: Shape) -> Compilation:
    """Data, the kind, and a loss of one number after it."""
    nodes = [
        Node(id="x", kind="input"),
        Node(id="tested", kind=key, hyperparameters=values),
        Node(id="row", kind="flatten"),
        Node(id="y", kind="dense", hyperparameters={"units": 1}),
        Node(id="loss", kind="mean_squared_error"),
    ]
    wires = [("x", "tested"), ("tested", "row"), ("row", "y"), ("y", "loss")]
    return compile_diagram(Diagram.build(nodes, wires), DataSpec({"x": shape}, {"loss": (1,)}))


def model_of(key: str, values: dict[str, Any], shape: Shape) -> Model:
    plan = compiled(key, values, shape).plan
    assert plan is not None
    return Model(plan, dtype="float64")


def result(key: str, values: dict[str, Any], samples: np.ndarray) -> np.ndarray:
    """What the kind makes of samples as people hold them."""
    return model_of(key, values, samples.shape[1:]).forward({"x": samples}, ["tested"])["tested"]


@pytest.mark.parametrize(
    ("key", "values", "shape", "expected"),
    [
        ("convolution_2d", {}, (8, 9, 3), (8, 9, 8)),
        ("convolution_2d", {"padding": "valid", "kernel_height": 3, "kernel_width": 2}, (8, 9, 3), (6, 8, 8)),
        ("convolution_2d", {"stride": 2, "channels": 5}, (7, 8, 3), (4, 4, 5)),
        ("convolution_2d", {"padding": "number", "padding_size": 2}, (4, 4, 1), (6, 6, 8)),
        ("convolution_2d", {"padding": "valid", "dilation": 2}, (5, 6, 1), (1, 2, 8)),
        ("convolution_1d", {"channels": 4}, (10, 3), (10, 4)),
        ("convolution_1d", {"padding": "valid", "kernel": 4, "stride": 3}, (10, 3), (3, 8)),
        ("transposed_convolution_2d", {}, (4, 5, 3), (8, 10, 8)),
        ("transposed_convolution_2d", {"padding": "valid"}, (4, 5, 3), (9, 11, 8)),
        ("transposed_convolution_1d", {"stride": 3, "padding": "number", "padding_size": 1}, (4, 2), (10, 8)),
        ("max_pool", {}, (5, 6, 3), (2, 3, 3)),
        ("min_pool", {"size": 3, "stride": 1}, (5, 6, 3), (3, 4, 3)),
        ("average_pool", {"padding": "same"}, (5, 2), (3, 2)),
        ("global_pool", {"keep": "max"}, (5, 6, 3), (3,)),
        ("global_pool", {}, (5, 6), (6,)),
        ("upsample", {}, (2, 3, 4), (4, 6, 4)),
        ("upsample", {"factor": 3, "between": "lines"}, (2, 3), (6, 3)),
        ("reshape", {}, (64,), (8, 8, 1)),
        ("reshape", {}, (6,), (1, 6, 1)),
        ("reshape", {}, (5, 3), (5, 3, 1)),
        ("reshape", {}, (5, 3, 2), (5, 3, 2)),
        ("reshape", {"shape": "2 x 3 x 4"}, (24,), (2, 3, 4)),
        ("reshape", {"shape": " 4,6 "}, (2, 3, 4), (4, 6)),
        ("reshape", {"shape": "24"}, (2, 3, 4), (24,)),
        ("permute", {}, (2, 3, 4), (3, 2, 4)),
        ("permute", {}, (5,), (5,)),
        ("permute", {"axes": "3, 1, 2"}, (2, 3, 4), (4, 2, 3)),
        ("crop", {"top": 1, "left": 2}, (4, 5, 2), (3, 3, 2)),
        ("crop", {"bottom": 1, "right": 1}, (4, 5), (3, 4)),
        ("crop", {"left": 1}, (4,), (3,)),
        ("pad", {"top": 1, "bottom": 2, "left": 3, "right": 4}, (4, 5, 2), (7, 12, 2)),
    ],
)
def test_shapes_follow_from_shapes(key: str, values: dict[str, Any], shape: Shape, expected: Shape) -> None:
    assert shape_after(key, values, shape) == expected


@pytest.mark.parametrize(
    ("key", "values", "shape", "message", "buttons"),
    [
        ("convolution_2d", {}, (64,), "Convolution 2-D wants a picture, lines x columns x channels, and this is a row of 64 values.", []),
        ("convolution_1d", {}, (4, 4, 1), "Convolution 1-D wants a sequence, and this is a 4 x 4 x 1 stack.", []),
        ("max_pool", {}, (6,), "Max pooling wants a picture or a sequence, and this is a row of 6 values.", []),
        ("global_pool", {}, (6,), "Global pooling wants a picture or a sequence, and this is a row of 6 values.", []),
        (
            "convolution_2d",
            {"padding": "valid", "kernel_height": 5},
            (4, 8, 1),
            "A window of 5 lines does not fit into 4; choose a smaller one or more padding.",
            ["Pad the edge"],
        ),
        (
            "convolution_2d",
            {"groups": 3},
            (4, 8, 3),
            "3 groups do not divide 3 channels that come in and 8 that go out; what divides both is 1.",
            [],
        ),
        (
            "max_pool",
            {"padding": "number", "padding_size": 2},
            (4, 8, 1),
            "A padding of 2 would leave nothing in a window of 2; choose at most 1.",
            ["Pad the edge"],
        ),
        ("crop", {"top": 4}, (4, 8, 1), "Crop cannot take 4 of 4; it has to leave something, so take at most 3.", []),
        ("crop", {"top": 1}, (4,), "A row has no lines: for Crop at the top and at the bottom, give 0.", []),
        (
            "pad",
            {"left": 9, "fill": "reflect"},
            (4, 8, 1),
            "A mirror on the edge of 8 shows at most 7, and 9 are to be added.",
            [],
        ),
        (
            "reshape",
            {"shape": "2 x 2"},
            (5,),
            "2 x 2 has room for 4 values, and a row of 5 values has 5.",
            ["Make it a picture"],
        ),
        (
            "reshape",
            {"shape": "two"},
            (4,),
            "Reshape wants one to three whole numbers from 1 with an x between them, as in \"8 x 8 x 1\"; this is 'two'.",
            ["Make it a picture"],
        ),
        (
            "permute",
            {"axes": "1, 1"},
            (4, 2),
            "Permute wants each of 1, 2 once, for this is a sequence of 4 steps of 2 values; the order is '1, 1'.",
            ["Exchange the first two"],
        ),
        (
            "permute",
            {"axes": "first"},
            (4,),
            "Permute wants each of 1 once, for this is a row of 4 values; the order is 'first'.",
            ["Exchange the first two"],
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_gets_a_sentence_and_a_button_that_mends_it(
    key: str, values: dict[str, Any], shape: Shape, message: str, buttons: list[str]
) -> None:
    with pytest.raises(ShapeError) as caught:
        shape_after(key, values, shape)
    assert str(caught.value) == message
    assert list(caught.value.settings) == buttons
    for mended in caught.value.settings.values():
        assert shape_after(key, values | mended, shape)


@pytest.mark.parametrize("text", ["0 x 4", "1 x 2 x 2 x 1", "2 by 2", "x", "-4", "4.0", "２ x ２"])
def test_a_shape_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ShapeError, match="one to three whole numbers"):
        shape_after("reshape", {"shape": text}, (4,))


@pytest.mark.parametrize(
    ("key", "values", "headline"),
    [
        ("convolution_2d", {}, "8 channels, 3 x 3"),
        ("convolution_1d", {"channels": 1, "kernel": 5}, "1 channel, 5 wide"),
        ("transposed_convolution_2d", {}, "8 channels, 2 times as large"),
        ("transposed_convolution_1d", {}, "8 channels, 2 times as long"),
        ("max_pool", {"size": 3}, "3 x 3"),
        ("global_pool", {}, "average"),
        ("upsample", {}, "2 times"),
        ("reshape", {}, "to a picture"),
        ("reshape", {"shape": "4,4"}, "4 x 4"),
        ("permute", {}, ""),
        ("crop", {"top": 1, "right": 2}, "1 top, 2 right"),
        ("pad", {}, ""),
    ],
)
def test_the_head_of_a_card_names_the_setting_that_matters(key: str, values: dict[str, Any], headline: str) -> None:
    kind = find_kind(key)
    assert kind.headline(parse(kind, values)) == headline


@pytest.mark.parametrize(
    ("key", "shape"), [("convolution_2d", (16,)), ("max_pool", (9,)), ("convolution_1d", (4, 4, 1))]
)
def test_what_is_no_picture_can_be_made_one(key: str, shape: Shape) -> None:
    compilation = compiled(key, {}, shape)
    (error,) = compilation.errors
    nodes = [Node(id="x", kind="input"), Node(id="tested", kind=key), Node(id="row", kind="flatten")]
    nodes += [Node(id="y", kind="dense", hyperparameters={"units": 1}), Node(id="loss", kind="mean_squared_error")]
    wires = [("x", "tested"), ("tested", "row"), ("row", "y"), ("y", "loss")]
    mended = Diagram.build(nodes, wires).apply(error.fixes[0].change)
    assert compile_diagram(mended, DataSpec({"x": shape}, {"loss": (1,)})).ok


def test_a_reshape_makes_pictures() -> None:
    assert [kind.key for kind in remedies_for("needs-picture")] == ["reshape"]


@pytest.mark.parametrize("samples", [PICTURES, STEPS, ROWS], ids=["pictures", "sequences", "rows"])
def test_values_keep_the_order_in_which_people_hold_them(samples: np.ndarray) -> None:
    size = samples[0].size
    np.testing.assert_array_equal(result("flatten", {}, samples), samples.reshape(3, size))
    for shape in ((size,), (2, size // 2), (2, size // 2, 1), (1, 2, size // 2)):
        text = " x ".join(map(str, shape))
        np.testing.assert_array_equal(result("reshape", {"shape": text}, samples), samples.reshape(3, *shape))


@pytest.mark.parametrize("order", [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)])
def test_permuting_is_numpys_transpose(order: tuple[int, ...]) -> None:
    moved = result("permute", {"axes": ", ".join(map(str, order))}, PICTURES)
    np.testing.assert_array_equal(moved, PICTURES.transpose(0, *order))
    np.testing.assert_array_equal(result("permute", {"axes": "2 1"}, STEPS), STEPS.transpose(0, 2, 1))


def test_edges_are_where_people_see_them() -> None:
    cut = {"top": 1, "bottom": 0, "left": 2, "right": 1}
    np.testing.assert_array_equal(result("crop", cut, PICTURES), PICTURES[:, 1:, 2:-1])
    np.testing.assert_array_equal(result("crop", cut, STEPS), STEPS[:, 1:, 2:-1])
    np.testing.assert_array_equal(result("crop", cut | {"top": 0}, ROWS), ROWS[:, 2:-1])
    for fill, mode in (("zeros", "constant"), ("edge", "edge"), ("reflect", "reflect")):
        wanted = np.pad(PICTURES, ((0, 0), (1, 0), (2, 1), (0, 0)), mode)
        np.testing.assert_array_equal(result("pad", cut | {"fill": fill}, PICTURES), wanted)


@pytest.mark.parametrize(("key", "best"), [("max_pool", np.max), ("min_pool", np.min), ("average_pool", np.mean)])
def test_pools_are_numpys(key: str, best: Any) -> None:
    pooled = best(PICTURES.reshape(3, 2, 2, 3, 2, 2), axis=(2, 4))
    np.testing.assert_allclose(result(key, {}, PICTURES), pooled, rtol=1e-14)
    np.testing.assert_allclose(result(key, {}, STEPS), best(STEPS.reshape(3, 2, 2, 6), axis=2), rtol=1e-14)


@pytest.mark.parametrize(("keep", "best"), [("max", np.max), ("min", np.min), ("average", np.mean)])
def test_global_pools_are_numpys(keep: str, best: Any) -> None:
    np.testing.assert_allclose(result("global_pool", {"keep": keep}, PICTURES), best(PICTURES, axis=(1, 2)), rtol=1e-13)
    np.testing.assert_allclose(result("global_pool", {"keep": keep}, STEPS), best(STEPS, axis=1), rtol=1e-13)


def test_a_kernel_set_by_hand_finds_its_edge() -> None:
    values = {"channels": 1, "padding": "valid", "kernel_height": 1, "kernel_width": 2}
    model = model_of("convolution_2d", values, (4, 6, 1))
    model.parameters["tested/weight"][...] = np.array([-1.0, 1.0])
    model.parameters["tested/bias"][...] = 0.25
    grey = PICTURES[..., :1]
    found = model.forward({"x": grey}, ["tested"])["tested"]
    np.testing.assert_allclose(found, grey[:, :, 1:] - grey[:, :, :-1] + 0.25, rtol=1e-12)


@pytest.mark.parametrize(
    ("key", "values", "shape", "weight"),
    [
        ("convolution_2d", {"channels": 4, "groups": 2, "kernel_width": 5}, (6, 6, 2), (4, 1, 3, 5)),
        ("convolution_1d", {"channels": 4, "kernel": 2}, (6, 3), (4, 3, 2)),
        ("transposed_convolution_2d", {"channels": 4, "groups": 2}, (3, 3, 2), (2, 2, 3, 3)),
        ("transposed_convolution_1d", {"channels": 4}, (6, 3), (3, 4, 3)),
    ],
)
def test_parameters_have_their_names_and_shapes(key: str, values: dict[str, Any], shape: Shape, weight: Shape) -> None:
    parameters = model_of(key, values, shape).parameters
    assert parameters["tested/weight"].shape == weight
    assert parameters["tested/bias"].shape == (4,)
    without = model_of(key, values | {"bias": False, "activation": "prelu"}, shape).parameters
    assert [name for name in without if name.startswith("tested")] == ["tested/weight", "tested/slope"]


@pytest.mark.parametrize("initializer", ["identity", "orthogonal", "he_uniform", "constant"])
@pytest.mark.parametrize(
    ("key", "shape"),
    [
        ("convolution_2d", (4, 4, 2)),
        ("convolution_1d", (4, 2)),
        ("transposed_convolution_2d", (4, 4, 2)),
        ("transposed_convolution_1d", (4, 2)),
    ],
)
def test_kernels_start_as_every_initializer_says(key: str, shape: Shape, initializer: str) -> None:
    weight = model_of(key, {"initializer": initializer, "channels": 3}, shape).parameters["tested/weight"]
    assert np.isfinite(weight).all()
    assert weight.any()


def test_macs_and_parameters_are_known_before_anything_is_allocated() -> None:
    compilation = compiled("convolution_2d", {"channels": 16}, (8, 8, 3))
    assert compilation.node_macs["tested"] == 16 * 64 * 27
    assert compilation.node_parameters["tested"] == 16 * 28
