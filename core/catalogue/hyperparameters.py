"""What a kind's hyperparameters look like to a form, a help text and a file check: read from its typed record, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from core.catalogue.kind import NodeKind
from core.catalogue.trained import TrainedHyperparameters
from core.errors import HyperparameterError

LONGEST_SHOWN = 60
"""Characters of a wrong value that an error message repeats."""


@dataclass(frozen=True, slots=True)
class HyperparameterField:
    """One hyperparameter: ``kind`` is "int", "float", "bool", "choice" or "text"; a bound is None where there is none.

    ``longest`` is the number of characters that a text may have, ``examples`` are texts that mean something.
    """

    name: str
    title: str
    kind: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    help: str = ""
    longest: int | None = None
    examples: tuple[str, ...] = ()


@cache
def fields(kind: type[NodeKind]) -> tuple[HyperparameterField, ...]:
    """The hyperparameters of a kind in the order of their declaration, but ``leading`` first and what all that train share last."""
    info = msgspec.inspect.type_info(kind.Hyperparameters)
    assert isinstance(info, msgspec.inspect.StructType)
    hints = get_type_hints(kind.Hyperparameters, include_extras=True)
    names = sorted((field.name for field in info.fields), key=lambda name: _place(kind, name))
    known = {field.name: field for field in info.fields}
    return tuple(_field(known[name], hints[name]) for name in names)


def _place(kind: type[NodeKind], name: str) -> tuple[bool, int]:
    leading = kind.leading
    return name in TrainedHyperparameters.__struct_fields__, leading.index(name) if name in leading else len(leading)


def parse(kind: NodeKind, values: Mapping[str, Any]) -> Any:
    """The typed settings of a node, with defaults filled in.

    Raises HyperparameterError, with the name, the range and what was received.
    """
    try:
        return msgspec.convert(dict(values), type(kind).Hyperparameters)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the latter where a text holds half of a character
        raise HyperparameterError(f"{kind.title}: {_first_fault(kind, values)}.") from None


def is_valid(kind: NodeKind, name: str, value: Any) -> bool:
    """Whether the kind has this hyperparameter and it can have this value."""
    try:
        msgspec.convert({name: value}, type(kind).Hyperparameters)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return False
    return True


def defaults(kind: NodeKind) -> dict[str, Any]:
    """The hyperparameters of a fresh node, as plain values."""
    return {field.name: field.default for field in fields(type(kind))}


def _field(field: msgspec.inspect.Field, hint: Any) -> HyperparameterField:
    kind, meta = field.type, {}
    if isinstance(kind, msgspec.inspect.Metadata):
        meta = {**(kind.extra_json_schema or {}), **(kind.extra or {})}
        kind = kind.type
    common = {
        "name": field.encode_name,
        "title": meta.get("title") or field.encode_name.replace("_", " ").capitalize(),
        "default": field.default,
        "unit": meta.get("unit", ""),
        "help": meta.get("description", ""),
    }
    if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        low, high = kind.ge if kind.ge is not None else kind.gt, kind.le if kind.le is not None else kind.lt
        return HyperparameterField(
            kind="int" if isinstance(kind, msgspec.inspect.IntType) else "float",
            minimum=low,
            maximum=high,
            exclusive_minimum=kind.gt is not None,
            exclusive_maximum=kind.lt is not None,
            **common,
        )
    if isinstance(kind, msgspec.inspect.LiteralType):
        # msgspec sorts the values; the declaration has them in the order in which a form should show them.
        literal = hint.__origin__ if get_origin(hint) is Annotated else hint
        return HyperparameterField(kind="choice", choices=get_args(literal), **common)
    if isinstance(kind, msgspec.inspect.BoolType):
        return HyperparameterField(kind="bool", **common)
    assert isinstance(kind, msgspec.inspect.StrType), f"a hyperparameter cannot be of type {kind}"
    return HyperparameterField(kind="text", longest=kind.max_length, examples=tuple(meta.get("examples", ())), **common)


def _first_fault(kind: NodeKind, values: Mapping[str, Any]) -> str:
    """What is wrong with the first value that is not valid; fields do not depend on each other, so there is one."""
    known = {field.name: field for field in fields(type(kind))}
    name = next(name for name, value in values.items() if not is_valid(kind, name, value))
    if name not in known:
        return f"there is no hyperparameter {name!r}; it has: {', '.join(known) or 'none'}"
    return f"{known[name].title} is {_shown(values[name])}; {_wanted(known[name])}"


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out whole numbers of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def _wanted(field: HyperparameterField) -> str:
    if field.kind == "choice":
        return "choose one of " + ", ".join(field.choices)
    if field.kind == "bool":
        return "it must be true or false"
    if field.kind == "text":
        return "it must be a text" + (f" of at most {field.longest:,} characters" if field.longest else "")
    return f"it must be {'a whole number' if field.kind == 'int' else 'a number'}{_range(field)}"


def _range(field: HyperparameterField) -> str:
    """The bounds in words: " from 1 to 4,096", " above 0 and below 1", or nothing."""
    parts = []
    if field.minimum is not None:
        parts.append(f"{'above' if field.exclusive_minimum else 'from'} {field.minimum:,.10g}")
    if field.maximum is not None:
        whole = parts and not field.exclusive_minimum and not field.exclusive_maximum
        word = "to" if whole else "below" if field.exclusive_maximum else "at most"
        parts.append(f"{'and ' if parts and not whole else ''}{word} {field.maximum:,.10g}")
    return "".join(f" {part}" for part in parts)
