"""What a form, a help text and a file check read from a kind's typed settings."""

from typing import Annotated, Any, Literal

import msgspec
import pytest

from core.catalogue.hyperparameters import defaults, fields, is_valid, parse
from core.catalogue.kind import NodeKind
from core.errors import HyperparameterError


class Example(NodeKind):
    key = "example"
    title = "Example"

    class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        size: Annotated[
            int, msgspec.Meta(ge=1, le=4096, title="Size", description="How many.", extra={"unit": "mm"})
        ] = 3
        share: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.5
        any_number: float = 0.0
        half_open: Annotated[float, msgspec.Meta(ge=-2.5)] = 0.0
        on: bool = True
        mode: Literal["valid", "same"] = "same"
        note_text: Annotated[str, msgspec.Meta(max_length=5)] = ""
        free_text: str = ""
        from_zero: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.0
        up_to_ten: Annotated[float, msgspec.Meta(gt=0, le=10)] = 1.0
        negative: Annotated[float, msgspec.Meta(lt=0)] = -1.0

    def infer_shape(self, settings: Any, shapes: Any) -> Any:
        raise NotImplementedError

    def lower(self, settings: Any, values: Any, builder: Any) -> Any:
        raise NotImplementedError


KIND = Example()


def test_fields_are_read_in_their_order():
    size, share, any_number, half_open, on, mode, note_text, free_text, *_ = fields(Example)
    assert (size.kind, size.minimum, size.maximum, size.default, size.unit) == ("int", 1, 4096, 3, "mm")
    assert (size.title, size.help) == ("Size", "How many.")
    assert not size.exclusive_minimum
    assert (share.kind, share.minimum, share.maximum, share.exclusive_minimum, share.exclusive_maximum) == (
        "float",
        0,
        1,
        True,
        True,
    )
    assert (any_number.title, any_number.minimum, any_number.maximum) == ("Any number", None, None)
    assert (half_open.minimum, half_open.maximum) == (-2.5, None)
    assert on.kind == "bool"
    assert (mode.kind, mode.choices) == ("choice", ("valid", "same"))
    assert (note_text.kind, note_text.longest) == ("text", 5)
    assert (free_text.kind, free_text.longest) == ("text", None)


def test_defaults_are_plain_values():
    assert defaults(KIND) == {
        "size": 3, "share": 0.5, "any_number": 0.0, "half_open": 0.0, "on": True, "mode": "same", "note_text": "", "free_text": "",
        "from_zero": 0.0, "up_to_ten": 1.0, "negative": -1.0,
    }  # fmt: skip
    assert msgspec.to_builtins(parse(KIND, {})) == defaults(KIND)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"size": 4097}, "Example: Size is 4097; it must be a whole number from 1 to 4,096."),
        ({"size": "9"}, "Example: Size is '9'; it must be a whole number from 1 to 4,096."),
        ({"share": 0}, "Example: Share is 0; it must be a number above 0 and below 1."),
        ({"any_number": "x"}, "Example: Any number is 'x'; it must be a number."),
        ({"half_open": -3.0}, "Example: Half open is -3.0; it must be a number from -2.5."),
        ({"on": 1}, "Example: On is 1; it must be true or false."),
        ({"mode": "full"}, "Example: Mode is 'full'; choose one of valid, same."),
        ({"note_text": "too long"}, "Example: Note text is 'too long'; it must be a text of at most 5 characters."),
        ({"free_text": None}, "Example: Free text is None; it must be a text."),
        ({"mode": "\ud800"}, "Example: Mode is '\\ud800'; choose one of valid, same."),
        ({"from_zero": 1}, "Example: From zero is 1; it must be a number from 0 and below 1."),
        ({"up_to_ten": 11}, "Example: Up to ten is 11; it must be a number above 0 and at most 10."),
        ({"negative": 0}, "Example: Negative is 0; it must be a number below 0."),
        ({"colour": 1}, "Example: there is no hyperparameter 'colour'; it has: size, share, any_number, half_open, on, mode, note_text, free_text, from_zero, up_to_ten, negative."),
        ({"size": 5, "on": None}, "Example: On is None; it must be true or false."),
        ({7: 5}, "Example: there is no hyperparameter 7; it has: size, share, any_number, half_open, on, mode, note_text, free_text, from_zero, up_to_ten, negative."),
    ],
)  # fmt: skip
def test_what_is_not_valid_gets_a_sentence(values, message):
    with pytest.raises(HyperparameterError) as caught:
        parse(KIND, values)
    assert str(caught.value) == message


def test_endless_values_are_cut_short():
    with pytest.raises(HyperparameterError) as caught:
        parse(KIND, {"size": "9" * 1000})
    assert len(str(caught.value)) < 140
    with pytest.raises(HyperparameterError, match="thousands of digits"):
        parse(KIND, {"size": 10**5000})


def test_a_kind_without_settings_says_so():
    class Bare(Example):
        class Hyperparameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
            pass

    with pytest.raises(HyperparameterError, match="it has: none"):
        parse(Bare(), {"size": 1})


def test_single_values_can_be_asked_for():
    assert is_valid(KIND, "size", 4096)
    assert not is_valid(KIND, "size", 0)
    assert not is_valid(KIND, "colour", 0)
    assert not is_valid(KIND, "mode", "\ud800")


def test_a_type_that_no_form_can_show_is_refused():
    class Odd(Example):
        class Hyperparameters(msgspec.Struct, frozen=True):
            values: list[int] = []

    with pytest.raises(AssertionError, match="ListType"):
        fields(Odd)
