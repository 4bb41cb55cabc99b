"""What every kind must fulfil, run on the whole registry: a new kind is tested here without a new test."""

import math
import re
from random import Random

import msgspec
import numpy as np
import pytest

from core.catalogue.activation import ActivationKind
from core.catalogue.hyperparameters import HyperparameterField, defaults, fields, parse
from core.catalogue.kind import Category, Form, LossKind, NodeKind, SourceKind, Task
from core.catalogue.maker import MakerKind
from core.catalogue.registry import all_kinds, find_kind
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.errors import HyperparameterError
from tests.conformance.glyphs import points_of
from tests.conformance.nets import Net, net_around, required, shape_for
from tests.gradients import KINKED, SMOOTH, model_errors, trained_names
from tests.properties.generator import as_json, random_settings

KINDS = all_kinds()
SEEDS = (0, 1, 2)
MOST_DIFFERENCES = 40
"""Of each parameter so many numbers are varied; all of them are in the tests of the ops."""


def key_of(kind: NodeKind) -> str:
    return kind.key


every_kind = pytest.mark.parametrize("kind", KINDS, ids=key_of)
every_field = pytest.mark.parametrize(
    ("kind", "field"),
    [pytest.param(kind, field, id=f"{kind.key}-{field.name}") for kind in KINDS for field in fields(type(kind))],
)


def settings_of(kind: NodeKind, seed: int) -> dict:
    """Seed 0 stands for a fresh node. Columns are left alone: the data of these tests has its own. Nothing draws outside training."""
    if seed == 0 or isinstance(kind, SourceKind):
        return {}
    random = Random(seed)
    drawn = (random_settings(random, kind) for _ in range(200))
    return next(values for values in drawn if shape_for(kind, values) and not values.get("always"))


def nets_of(kind: NodeKind) -> list[Net]:
    return [net_around(kind, settings_of(kind, seed)) for seed in SEEDS]


def first_output(net: Net, node: str) -> str:
    """The port whose values are a node's output where only one is asked for."""
    return find_kind(net.diagram.nodes[node].kind).outputs[0].name


@every_kind
def test_the_declaration_is_complete(kind):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kind.key)
    assert kind.title.strip() == kind.title != ""
    assert isinstance(kind.category, Category)
    assert isinstance(kind.form, Form)
    assert len(kind.synonyms) >= 3
    assert len(set(kind.synonyms)) == len(kind.synonyms)
    assert all(word.strip() == word != "" for word in kind.synonyms)
    assert kind.title not in kind.synonyms
    assert len({port.name for port in kind.inputs}) == len(kind.inputs)
    assert len({port.name for port in kind.outputs}) == len(kind.outputs)
    assert all(port.title for port in (*kind.inputs, *kind.outputs))
    assert isinstance(kind.headline(parse(kind, {})), str)
    assert bool(kind.inputs) != isinstance(kind, SourceKind | MakerKind)
    assert bool(kind.outputs) != isinstance(kind, LossKind)
    assert not isinstance(kind, LossKind) or bool(kind.suits) == kind.has_target
    assert (type(kind).__doc__ or "").strip()


@every_kind
def test_the_help_is_two_sentences(kind):
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z0-9])", kind.help)
    assert len(sentences) == 2
    assert all(sentence.endswith(".") and len(sentence.split()) >= 4 for sentence in sentences)


@every_kind
def test_the_formula_is_balanced(kind):
    assert kind.formula.count("{") == kind.formula.count("}")
    assert kind.formula.count(r"\left") == kind.formula.count(r"\right")
    assert kind.formula.count(r"\begin") == kind.formula.count(r"\end")
    assert "$" not in kind.formula


@every_kind
def test_the_glyph_is_a_path_inside_its_box(kind):
    points = points_of(kind.glyph)
    assert len(points) >= 2
    assert all(0 <= x <= 24 and 0 <= y <= 24 for x, y in points)
    assert max(x for x, _ in points) - min(x for x, _ in points) >= 8


@pytest.mark.parametrize("part", ["key", "title", "glyph", "help", "formula"])
def test_no_two_kinds_share(part):
    values = [getattr(kind, part) for kind in KINDS]
    assert len(set(values)) == len(values)


@every_kind
def test_a_kind_keeps_no_state(kind):
    assert vars(kind) == {}


@every_kind
def test_defaults_are_valid_and_survive_json(kind):
    fresh = parse(kind, {})
    assert msgspec.to_builtins(fresh) == defaults(kind)
    assert parse(kind, as_json(defaults(kind))) == fresh
    for seed in range(20):
        values = random_settings(Random(seed), kind)
        assert parse(kind, as_json(values)) == parse(kind, values)


@every_field
def test_a_field_explains_itself(kind, field):
    assert field.title
    assert field.help.endswith(".")
    assert field.kind in ("int", "float", "bool", "choice", "text")
    if field.kind in ("int", "float"):
        assert field.minimum is not None
        assert field.maximum is not None
        assert field.minimum < field.maximum
    if field.kind == "choice":
        assert len(field.choices) >= 2


@every_field
def test_every_bound_is_enforced_with_a_sentence(kind, field):
    for value, fine in boundary_values(field):
        if fine:
            assert getattr(parse(kind, {field.name: value}), field.name) == value
            continue
        with pytest.raises(HyperparameterError) as caught:
            parse(kind, {field.name: value})
        message = str(caught.value)
        assert message.startswith(f"{kind.title}: {field.title} is ")
        assert repr(value)[:50] in message
        if field.kind in ("int", "float"):
            assert f"{field.minimum:,.10g}" in message
            assert f"{field.maximum:,.10g}" in message
        for choice in field.choices:
            assert choice in message


def boundary_values(field: HyperparameterField):
    """(value, whether it is valid), on both sides of every bound."""
    yield field.default, True
    yield None, False
    yield [], False
    if field.kind == "text":
        yield from ((3, False), ("x" * 10_000, False))
    elif field.kind == "choice":
        yield from ((choice, True) for choice in field.choices)
        yield from (("no such choice", False), (3, False))
    elif field.kind == "bool":
        yield from ((True, True), (False, True), (1, False), ("true", False))
    elif field.kind == "int":
        low, high = int(field.minimum), int(field.maximum)
        yield from ((low, True), (high, True), (low - 1, False), (high + 1, False), (low + 0.5, False), (2**80, False))
    else:
        low, high = float(field.minimum), float(field.maximum)
        yield from ((low, not field.exclusive_minimum), (high, not field.exclusive_maximum))
        yield from ((math.nextafter(low, -math.inf), False), (math.nextafter(high, math.inf), False))
        yield from ((math.nan, False), (math.inf, False), (-math.inf, False), ("0.5", False))


@every_kind
def test_an_unknown_hyperparameter_is_named(kind):
    with pytest.raises(HyperparameterError, match="'no_such_setting'"):
        parse(kind, {"no_such_setting": 1})


@every_kind
def test_inferred_shapes_are_those_that_come_out(kind):
    for net in nets_of(kind):
        compilation = net.compiled()
        outputs = net.model().forward(net.samples(2)[0])
        for (node, port), shape in compilation.shapes.items():
            if port == first_output(net, node):
                assert outputs[node].shape == (2, *shape)
        assert set(outputs) == {node for node, _ in compilation.shapes}


@every_kind
def test_pictures_are_refused_with_a_remedy_or_handled(kind):
    if isinstance(kind, SourceKind | LossKind):
        return
    picture = (2, 3, 1)
    net = net_around(kind, {})
    nodes = [node for node in net.diagram.nodes.values() if not node.id.startswith("before")]
    wires = [
        (wire.source, wire.target)
        for wire in net.diagram.wires.values()
        if wire.source[0] in ("tested", "row", "after")
    ]
    wires += [("data", ("tested", port.name)) for port in required(kind)]
    pictures = Net(Diagram.build(nodes, wires), DataSpec({"data": picture}, net.spec.targets), net.tasks)
    compilation = pictures.compiled()
    if compilation.ok:
        outputs = pictures.model().forward(pictures.samples(2)[0])
        for (node, port), shape in compilation.shapes.items():
            if port == first_output(pictures, node):
                assert outputs[node].shape == (2, *shape)
        return
    (error,) = compilation.errors
    assert error.code == "shape-mismatch"
    assert "2 x 3 x 1" in error.message
    mended = pictures.diagram.apply(error.fixes[0].change)
    assert compile_diagram(mended, pictures.spec).ok


@every_kind
@pytest.mark.parametrize("training", [False, True], ids=["standing", "training"])
def test_gradients_agree_with_central_differences(kind, training):
    for net in nets_of(kind):
        model = net.model()
        if any(step.op.surrogate for step in model.plan.steps):
            continue
        if all(step.op.smooth for step in model.plan.steps):
            errors = model_errors(model, *net.samples(5), training=training, most=MOST_DIFFERENCES)
            assert errors
            assert max(errors.values()) <= SMOOTH, errors
        else:
            # Out of hundreds of values some may lie at a kink by chance, where differences tell nothing; a wrong gradient is wrong everywhere.
            model.vector += np.random.default_rng(7).normal(0, 0.05, model.vector.shape)
            tries = [
                model_errors(model, *net.samples(2, seed), training=training, most=MOST_DIFFERENCES)
                for seed in range(5, 11)
            ]
            assert all(tries)
            assert min(max(errors.values()) for errors in tries) <= KINKED, tries


@every_kind
def test_every_weight_of_the_kind_is_reached_by_a_gradient(kind):
    net = net_around(kind, {})
    inputs, targets = net.samples(20)
    model = net.model()
    gradients = model.loss_and_gradients(inputs, targets)[1]
    own = {name: gradients[name] for name in trained_names(model) if name.startswith("tested/")}
    assert all(np.any(values != 0) for values in own.values())
    assert bool(own) == bool(net.compiled().node_parameters.get("tested"))


@every_kind
def test_parameters_counted_are_parameters_declared(kind):
    for net in nets_of(kind):
        compilation = net.compiled()
        settings = parse(kind, net.diagram.nodes["tested"].hyperparameters)
        shapes = {
            port.name: tuple(
                compilation.shapes[wire.source]
                for wire in net.diagram.incoming("tested")
                if wire.target[1] == port.name
            )
            for port in kind.inputs
        }
        blocks = kind.parameters(settings, shapes)
        declared = sum(math.prod(block.shape) for block in blocks if block.trained)
        remembered = sum(math.prod(block.shape) for block in blocks if not block.trained)
        assert compilation.node_parameters.get("tested", 0) == declared
        assert compilation.parameter_count == compilation.plan.num_parameters == len(net.model().vector) - remembered


@every_kind
def test_lowering_does_not_depend_on_the_order_of_the_records(kind):
    for net in nets_of(kind):
        turned = Diagram(
            nodes=dict(reversed(net.diagram.nodes.items())), wires=dict(reversed(net.diagram.wires.items()))
        )
        again = compile_diagram(turned, net.spec)
        assert again.plan.table() == net.compiled().plan.table()
        assert again.plan == net.compiled().plan


@every_kind
def test_one_sample_gives_what_seven_give(kind):
    for net in nets_of(kind):
        model = net.model()
        inputs, _ = net.samples(7)
        together = model.forward(inputs)
        for index in range(7):
            alone = model.forward({node: values[index : index + 1] for node, values in inputs.items()})
            for node, values in alone.items():
                np.testing.assert_allclose(values[0], together[node][index], rtol=1e-12, atol=1e-12)


@every_kind
def test_single_precision_agrees_with_double(kind):
    for net in nets_of(kind):
        double, single = net.model("float64"), net.model("float32")
        assert single.vector.dtype == np.float32
        single.vector[:] = double.vector
        double.vector[:] = single.vector
        inputs, targets = net.samples(6)
        inputs = {node: values.astype("float32") for node, values in inputs.items()}
        outputs = single.forward(inputs)
        for node, values in double.forward(inputs).items():
            assert outputs[node].dtype == np.float32
            np.testing.assert_allclose(outputs[node], values, rtol=1e-4, atol=1e-5)
        loss, gradients = single.loss_and_gradients(inputs, targets)
        exact_loss, exact = double.loss_and_gradients(inputs, targets)
        assert loss == pytest.approx(exact_loss, rel=1e-4)
        for name, values in exact.items():
            np.testing.assert_allclose(gradients[name], values, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if isinstance(kind, ActivationKind)], ids=key_of)
def test_an_activation_chosen_is_the_activation_drawn(kind):
    """A layer with an activation gives what the layer and then the activation's own node give."""
    drawn = net_around(kind, {})
    layer = drawn.diagram.nodes["before_input_0"]
    chosen_layer = msgspec.structs.replace(layer, hyperparameters={**layer.hyperparameters, "activation": kind.key})
    plain_layer = msgspec.structs.replace(layer, hyperparameters={**layer.hyperparameters, "activation": "linear"})
    inputs, _ = drawn.samples(6)
    results = []
    for changed in (chosen_layer, plain_layer):
        diagram = Diagram(nodes={**drawn.diagram.nodes, layer.id: changed}, wires=dict(drawn.diagram.wires))
        results.append(Net(diagram, drawn.spec, drawn.tasks).model().forward(inputs))
    np.testing.assert_array_equal(results[0][layer.id], results[1]["tested"])


@pytest.mark.parametrize("task", list(Task))
def test_every_task_has_a_loss(task):
    assert any(isinstance(kind, LossKind) and task in kind.suits for kind in KINDS)
