"""The registry, the groups of kinds that it offers, and what single kinds say of themselves."""

import itertools
import sys
from typing import Any

import pytest

from core.catalogue import kinds, registry
from core.catalogue.activation import ActivationKind, activation_choices, activation_kinds
from core.catalogue.glyphs import curve_glyph
from core.catalogue.hyperparameters import fields, parse
from core.catalogue.kind import Category, LossKind, NodeKind, ShapeError, SourceKind, Task
from core.catalogue.ports import ports_of
from core.catalogue.registry import all_kinds, find_kind, register, registered, remedies_for
from core.catalogue.shapes import counted, in_words, stack
from core.errors import NeuroloomError
from core.ops.activations import Relu, Step
from tests.conformance.glyphs import points_of

KEYS = [
    "input",
    "neuron",
    "dense",
    "linear",
    "step",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "softmax",
    "softplus",
    "elu",
    "gelu",
    "silu",
    "flatten",
    "concatenate",
    "add",
    "multiply",
    "dropout",
    "mean_squared_error",
    "root_mean_squared_error",
    "mean_absolute_error",
    "binary_cross_entropy",
    "categorical_cross_entropy",
]


class Mirror(NodeKind):
    """A kind of these tests."""

    key = "mirror"
    title = "Mirror"
    category = Category.JOINING
    help = "Turns values round. It is only for these tests."
    formula = "y = -x"
    glyph = "M3 3 H21"
    remedies = frozenset({"needs-row"})

    def infer_shape(self, settings: Any, shapes: Any) -> Any:
        return {"output": shapes["input"][0]}

    def lower(self, settings: Any, values: Any, builder: Any) -> Any:
        return {"output": values["input"][0]}


def test_the_keys_that_files_rely_on_are_there():
    assert {kind.key for kind in all_kinds()} >= set(KEYS)


def test_kinds_come_in_the_order_of_the_palette():
    places = [(list(Category).index(kind.category), kind.order, kind.title) for kind in all_kinds()]
    assert places == sorted(places)


def test_find_kind_knows_or_says_none():
    assert find_kind("dense").title == "Dense"
    assert find_kind("Dense") is None


def test_a_kind_can_be_registered_for_a_while():
    kind = Mirror()
    with registered(kind) as there:
        assert there is kind
        assert find_kind("mirror") is kind
        assert kind in all_kinds()
        assert kind in remedies_for("needs-row")
        with pytest.raises(NeuroloomError, match="the key 'mirror' is taken"):
            register(Mirror())
    assert find_kind("mirror") is None


def test_a_kind_goes_also_when_its_test_fails():
    with pytest.raises(ZeroDivisionError), registered(Mirror()):
        raise ZeroDivisionError
    assert find_kind("mirror") is None


def test_an_incomplete_kind_is_refused_with_what_it_lacks():
    class Silent(Mirror):
        key = "silent"
        help = ""
        glyph = ""

    with pytest.raises(NeuroloomError, match="Silent cannot be registered: it declares no help; it declares no glyph"):
        register(Silent())
    assert find_kind("silent") is None


def test_a_file_with_an_incomplete_kind_stops_the_search(monkeypatch, tmp_path):
    (tmp_path / "half_a_kind.py").write_text(
        "from tests.core.catalogue.test_registry_of_kinds import Mirror\n\n\nclass Half(Mirror):\n    title = ''\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(kinds, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "core.catalogue.kinds.half_a_kind", raising=False)
    with pytest.raises(NeuroloomError, match=r"half_a_kind\.Half: it declares no title"):
        registry._kinds.__wrapped__()


def test_ports_are_looked_up_by_key():
    inputs, outputs = ports_of("neuron")
    assert [port.many for port in inputs] == [True]
    assert [port.name for port in outputs] == ["output"]
    assert ports_of("no such kind") is None


@pytest.mark.parametrize(
    ("trouble", "keys"),
    [
        ("needs-row", ["flatten"]),
        ("linear-stack", ["relu"]),
        ("output-size", ["dense"]),
        ("loop", ["delay"]),
        ("no such trouble", []),
    ],
)
def test_remedies_are_found_by_the_trouble(trouble, keys):
    assert [kind.key for kind in remedies_for(trouble)] == keys


def test_roles_are_told_by_their_class():
    assert [kind.key for kind in all_kinds() if isinstance(kind, SourceKind)] == ["input"]
    losses = {kind.key for kind in all_kinds() if isinstance(kind, LossKind)}
    assert losses >= {key for key in KEYS if key.endswith(("error", "entropy"))}
    assert losses.isdisjoint(key for key in KEYS if find_kind(key).outputs)
    suited = [kind.key for kind in all_kinds() if isinstance(kind, LossKind) and Task.CLASSES in kind.suits]
    assert suited[0] == "categorical_cross_entropy"


def test_activations_are_choices_of_layers_and_of_neurons():
    assert set(activation_choices()) == {kind.key for kind in all_kinds() if isinstance(kind, ActivationKind)}
    assert set(activation_choices()) - set(activation_choices(elementwise=True)) == {"softmax"}
    assert list(activation_kinds()) == [kind.key for kind in all_kinds() if isinstance(kind, ActivationKind)]
    for key, choices in (("dense", activation_choices()), ("neuron", activation_choices(elementwise=True))):
        (field,) = [field for field in fields(type(find_kind(key))) if field.name == "activation"]
        assert field.choices == choices


@pytest.mark.parametrize(
    ("key", "values", "headline"),
    [
        ("dense", {"units": 10}, "10 units"),
        ("dense", {"units": 1}, "1 unit"),
        ("neuron", {"activation": "tanh"}, "Tanh"),
        ("neuron", {"activation": "leaky_relu"}, "Leaky ReLU"),
        ("input", {}, ""),
        ("input", {"columns": " a,b ,, 3"}, "a, b, 3"),
        ("dropout", {"rate": 0.25}, "drops 25%"),
        ("leaky_relu", {}, "slope 0.01"),
        ("elu", {"alpha": 2}, "alpha 2"),
        ("mean_squared_error", {}, ""),
        ("mean_squared_error", {"weight": 0.5}, "weight 0.5"),
        ("flatten", {}, ""),
        ("delay", {}, "1 step"),
        ("delay", {"steps": 3}, "3 steps"),
    ],
)
def test_the_head_of_a_card_names_the_setting_that_matters(key, values, headline):
    kind = find_kind(key)
    assert kind.headline(parse(kind, values)) == headline


@pytest.mark.parametrize(
    ("key", "shapes", "expected"),
    [
        ("dense", [(3,)], (8,)),
        ("neuron", [(3,), (1,)], (1,)),
        ("flatten", [(2, 3, 4)], (24,)),
        ("flatten", [(5,)], (5,)),
        ("concatenate", [(2,), (3,)], (5,)),
        ("concatenate", [(4, 4, 1), (4, 4, 2)], (4, 4, 3)),
        ("add", [(4, 4, 1), (4, 4, 1)], (4, 4, 1)),
        ("multiply", [(3,), (3,), (3,)], (3,)),
        ("dropout", [(4, 4, 1)], (4, 4, 1)),
        ("tanh", [(4, 4, 1)], (4, 4, 1)),
        ("dense", [(5, 3)], (5, 8)),
        ("neuron", [(5, 3), (2,)], (5, 1)),
        ("concatenate", [(2,), (5, 3)], (5, 5)),
        ("add", [(3,), (5, 3), (3,)], (5, 3)),
        ("multiply", [(5, 3), (3,)], (5, 3)),
    ],
)
def test_shapes_follow_from_shapes(key, shapes, expected):
    kind = find_kind(key)
    assert kind.infer_shape(parse(kind, {}), {"input": tuple(shapes)}) == {"output": expected}


@pytest.mark.parametrize(
    ("key", "shapes", "message", "remedy"),
    [
        ("dense", [(8, 8, 1)], "Dense wants a row of values, and this is an 8 x 8 x 1 stack.", "needs-row"),
        (
            "add",
            [(3, 2), (4, 2)],
            "Add goes through its inputs place by place, so they must have one shape; these are 3 x 2 and 4 x 2.",
            None,
        ),
        (
            "neuron",
            [(3, 2), (1,), (4, 1)],
            "A neuron reads all its wires at every step of time, and here are "
            "a sequence of 3 steps of 2 values and a sequence of 4 steps of 1 value.",
            None,
        ),
        (
            "concatenate",
            [(3,), (3, 2), (4, 2)],
            "Concatenate wants inputs that differ in their last number only, and these are 3 and 4 x 2.",
            "needs-row",
        ),
        (
            "neuron",
            [(1,), (2, 2, 3)],
            "A neuron wants single values or rows of values, and this is a 2 x 2 x 3 stack.",
            "needs-row",
        ),
        (
            "add",
            [(3,), (4,)],
            "Add goes through its inputs place by place, so they must have one shape; these are 3 and 4.",
            None,
        ),
        (
            "multiply",
            [(3,), (3, 1)],
            "Multiply goes through its inputs place by place, so they must have one shape; these are 3 and 3 x 1.",
            None,
        ),
        (
            "concatenate",
            [(2, 2, 1), (3,)],
            "Concatenate wants inputs that differ in their last number only, and these are 2 x 2 x 1 and 3.",
            "needs-row",
        ),
    ],
)
def test_shapes_that_do_not_fit_get_a_sentence(key, shapes, message, remedy):
    kind = find_kind(key)
    with pytest.raises(ShapeError) as caught:
        kind.infer_shape(parse(kind, {}), {"input": tuple(shapes)})
    assert str(caught.value) == message
    assert caught.value.remedy == remedy
    assert caught.value.code == "shape-mismatch"
    assert caught.value.settings == {}


def test_shapes_are_written_for_people():
    assert in_words((8, 8, 1)) == "8 x 8 x 1"
    assert stack((8, 8, 1)) == "an 8 x 8 x 1 stack"
    assert stack((11, 2, 1)) == "an 11 x 2 x 1 stack"
    assert stack((28, 28, 3)) == "a 28 x 28 x 3 stack"
    assert stack((20, 3)) == "a sequence of 20 steps of 3 values"
    assert stack((1, 1)) == "a sequence of 1 step of 1 value"
    assert stack(()) == "a single number without an axis"
    assert [counted(number, "value") for number in (0, 1, 2000)] == ["0 values", "1 value", "2,000 values"]
    assert counted(3, "class", "classes") == "3 classes"


def test_a_glyph_is_the_curve_itself():
    points = points_of(curve_glyph(Relu()))
    assert points[0] == (3, 21)
    assert points[-1] == (21, 3)
    assert all(y == 21 for x, y in points if x < 12)


def test_a_jump_is_drawn_upright():
    points = points_of(curve_glyph(Step()))
    jump = [x for (x, y), (_, after) in itertools.pairwise(points) if y != after]
    assert len(set(points)) >= 4
    assert jump == [12.0]
    assert {y for _, y in points} == {3.0, 21.0}
