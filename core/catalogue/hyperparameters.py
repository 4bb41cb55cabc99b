"""What a kind's hyperparameters look like to a form, a help text and a file check: read from its typed record, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from core.catalogue.kind import NodeKind
from core.errors import HyperparameterError


@dataclass(frozen=True, slots=True)
class HyperparameterField:
    """One hyperparameter: ``kind`` is "int", "float", "bool", "choice" or "text"; a bound is None where there is none."""

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


@cache
def fields(kind: type[NodeKind]) -> tuple[HyperparameterField, ...]:
    """The hyperparameters of a kind, in the order of their declaration."""
    info = msgspec.inspect.type_info(kind.Hyperparameters)
    assert isinstance(info, msgspec.inspect.StructType)
    return tuple(_field(field) for field in info.fields)


def parse(kind: NodeKind, values: Mapping[str, Any]) -> Any:
    """The typed settings of a node, with defaults filled in.

    Raises HyperparameterError, with the name, the range and what was received.
    """
    try:
        return msgspec.convert(dict(values), type(kind).Hyperparameters)
    except msgspec.ValidationError as error:
        raise HyperparameterError(f"{kind.title}: {_explain(str(error), fields(type(kind)), values)}") from None


def defaults(kind: NodeKind) -> dict[str, Any]:
    """The hyperparameters of a fresh node, as plain values."""
    return {field.name: field.default for field in fields(type(kind))}


def _field(field: msgspec.inspect.Field) -> HyperparameterField:
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
        return HyperparameterField(kind="choice", choices=tuple(str(value) for value in kind.values), **common)
    return HyperparameterField(kind="bool" if isinstance(kind, msgspec.inspect.BoolType) else "text", **common)


def _explain(text: str, known: tuple[HyperparameterField, ...], values: Mapping[str, Any]) -> str:
    """msgspec's message with the field's range and the value received, for a person."""
    for field in known:
        if f"$.{field.name}`" in text or f"$.{field.name} " in text:
            return f"{field.title} is {values.get(field.name)!r}; {_wanted(field)}."
    unknown = [name for name in values if name not in {field.name for field in known}]
    if unknown:
        names = ", ".join(field.name for field in known) or "none"
        return f"there is no hyperparameter {unknown[0]!r}; it has: {names}."
    return text


def _wanted(field: HyperparameterField) -> str:
    if field.kind == "choice":
        return "choose one of " + ", ".join(field.choices)
    if field.kind == "bool":
        return "it must be true or false"
    if field.kind == "text":
        return "it must be a text"
    noun = "a whole number" if field.kind == "int" else "a number"
    low = "" if field.minimum is None else f" {'above' if field.exclusive_minimum else 'from'} {field.minimum:,.10g}"
    high = "" if field.maximum is None else f" {'below' if field.exclusive_maximum else 'to'} {field.maximum:,.10g}"
    return f"it must be {noun}{low}{high}"
