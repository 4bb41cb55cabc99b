"""The options of a dataset: declared once, so that the form, the file check and the error message all say the same."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from core.errors import DatasetError

OptionValue: TypeAlias = int | float


@dataclass(frozen=True, slots=True)
class OptionField:
    """One option; ``kind`` is "int" or "float", and both bounds are allowed values."""

    name: str
    title: str
    kind: str
    default: OptionValue
    minimum: OptionValue
    maximum: OptionValue
    unit: str = ""
    help: str = ""

    def starting_at(self, default: OptionValue, **changes: Any) -> "OptionField":
        """The same option with another default (and other bounds)."""
        return replace(self, default=default, **changes)


SAMPLES = OptionField("samples", "Samples", "int", 400, 8, 20_000, help="How many samples to draw.")
NOISE = OptionField("noise", "Noise", "float", 0.05, 0.0, 1.0, help="Standard deviation of the scatter.")
SEED = OptionField("seed", "Data seed", "int", 0, 0, 2**31 - 1, help="The same seed draws the same samples.")


def complete(title: str, fields: Sequence[OptionField], given: Mapping[str, Any]) -> dict[str, OptionValue]:
    """Every option with its value, the default where none is given.

    Raises DatasetError for an unknown name, a wrong type, or a value out of range.
    """
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            names = ", ".join(known) or "none"
            raise DatasetError(f"{title} has no option {name!r}; its options are: {names}.")
    return {name: _checked(title, field, given.get(name, field.default)) for name, field in known.items()}


def _checked(title: str, field: OptionField, value: Any) -> OptionValue:
    whole = field.kind == "int"
    allowed = (int,) if whole else (int, float)
    fits = isinstance(value, allowed) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or not field.minimum <= value <= field.maximum:
        noun = "a whole number" if whole else "a number"
        raise DatasetError(
            f"{title}: {field.name} is {value!r}; it must be {noun} from {field.minimum:g} to {field.maximum:g}."
        )
    return int(value) if whole else float(value)
