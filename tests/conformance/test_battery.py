"""The battery is itself checked: each fault planted here in a kind that is fine otherwise must be noticed."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import msgspec
import numpy as np
import pytest

from core.catalogue.activation import ActivationKind
from core.catalogue.hyperparameters import fields
from core.catalogue.kind import Builder, Shapes, Value, Values
from core.catalogue.registry import registered
from core.errors import NeuroloomError
from core.ops.activations import Tanh
from core.ops.elementwise import Activation
from core.ops.op import Binding, Bound, Shape
from tests.conformance import test_kinds as battery


class Sound(ActivationKind):
    """A kind without fault."""

    key = "sound"
    title = "Sound"
    synonyms = ("one", "two", "three")
    help = "Squashes what comes in. It is only for these tests."
    formula = r"f(z) = \tanh(z)"
    glyph = "M3 3 L21 21"

    def op(self, settings: Any) -> Activation:
        return Tanh()


@dataclass(frozen=True)
class OffTanh(Activation):
    """Tanh whose gradient is ``factor`` times the right one."""

    factor: float = 1.0005

    def bind(self, arrays: Binding) -> Bound:
        bound = Tanh().bind(arrays)
        path = arrays.gradient_path()
        if path is None:
            return bound
        return Bound(bound.forward, (*bound.backward, partial(np.multiply, path[1], self.factor, path[1])))


@dataclass(frozen=True)
class Mixing(Activation):
    """Takes the mean over the batch, so that samples are no longer independent."""

    def bind(self, arrays: Binding) -> Bound:
        return Bound((lambda: np.copyto(arrays.output, arrays.inputs[0].mean(-1, keepdims=True)),))


class WrongShape(Sound):
    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        return {"output": (*shapes["input"][0][:-1], shapes["input"][0][-1] + 1)}


class OffGradient(Sound):
    def op(self, settings: Any) -> Activation:
        return OffTanh()


class MixesSamples(Sound):
    def op(self, settings: Any) -> Activation:
        return Mixing()


class Remembers(Sound):
    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        self.calls = getattr(self, "calls", 0) + 1
        value = values["input"][0]
        for _ in range(self.calls):
            value = builder.apply(Tanh(), value)
        return {"output": value}


class TalksTooLittle(Sound):
    help = "Squashes what comes in."


class DrawsOutside(Sound):
    glyph = "M3 3 L25 21"


class DrawsNonsense(Sound):
    glyph = "M3 3 X 9"


class Unbalanced(Sound):
    formula = r"f(z) = \frac{1}{z"


class WithoutBounds(Sound):
    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        slope: Annotated[float, msgspec.Meta(title="Slope", description="No bounds.")] = 0.1


class BadDefault(Sound):
    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        slope: Annotated[float, msgspec.Meta(ge=0, le=1, title="Slope", description="Within bounds.")] = 2.0


def check_fields(check: Any, kind: Any) -> None:
    for field in fields(type(kind)):
        check(kind, field)


CHECKS = {
    "declaration": battery.test_the_declaration_is_complete,
    "help": battery.test_the_help_is_two_sentences,
    "formula": battery.test_the_formula_is_balanced,
    "glyph": battery.test_the_glyph_is_a_path_inside_its_box,
    "state": battery.test_a_kind_keeps_no_state,
    "defaults": battery.test_defaults_are_valid_and_survive_json,
    "fields": partial(check_fields, battery.test_a_field_explains_itself),
    "bounds": partial(check_fields, battery.test_every_bound_is_enforced_with_a_sentence),
    "shapes": battery.test_inferred_shapes_are_those_that_come_out,
    "gradients": partial(battery.test_gradients_agree_with_central_differences, training=False),
    "order": battery.test_lowering_does_not_depend_on_the_order_of_the_records,
    "batch": battery.test_one_sample_gives_what_seven_give,
    "precision": battery.test_single_precision_agrees_with_double,
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_kind_without_fault_passes(check):
    with registered(Sound()) as kind:
        CHECKS[check](kind)


@pytest.mark.parametrize(
    ("faulty", "check"),
    [
        (WrongShape, "shapes"),
        (OffGradient, "gradients"),
        (MixesSamples, "batch"),
        (Remembers, "order"),
        (TalksTooLittle, "help"),
        (DrawsOutside, "glyph"),
        (DrawsNonsense, "glyph"),
        (Unbalanced, "formula"),
        (WithoutBounds, "fields"),
        (BadDefault, "bounds"),
    ],
)
def test_a_planted_fault_is_noticed(faulty, check):
    with registered(faulty()) as kind, pytest.raises((AssertionError, ValueError, NeuroloomError)):
        CHECKS[check](kind)


def test_a_kind_that_keeps_state_is_noticed():
    with registered(Remembers()) as kind:
        battery.test_inferred_shapes_are_those_that_come_out(kind)
        with pytest.raises(AssertionError):
            battery.test_a_kind_keeps_no_state(kind)
