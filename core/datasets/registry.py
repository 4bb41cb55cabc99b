"""The table of datasets: one row for each, with what a person may set and the function that draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.datasets import bundled, curves, planar, tables
from core.datasets.dataset import Dataset
from core.datasets.options import NOISE, SAMPLES, SEED, OptionField, complete
from core.errors import DatasetError


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What a list of datasets shows; ``task`` is "regression", "binary" or "classes"; ``image``: samples are pictures."""

    key: str
    title: str
    goal: str
    task: str
    options: tuple[OptionField, ...] = ()
    image: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    info: DatasetInfo
    build: Callable[..., Dataset]


_DRAWN = (SAMPLES, NOISE, SEED)
_TABLE_SAMPLES = SAMPLES.starting_at(4, minimum=4)
_LOGIC = (_TABLE_SAMPLES, NOISE.starting_at(0.0, maximum=0.5), SEED)
_EXACT = (SAMPLES.starting_at(200), NOISE.starting_at(0.0), SEED)
_PRICE_NOISE = NOISE.starting_at(0.0, unit="€", help="Standard deviation of the tip on each receipt.")

_ROWS = (
    _Row(
        DatasetInfo(
            "sum", "Sum of three numbers", "Add three numbers: every weight should become 1.", "regression", _EXACT
        ),
        tables.sum_of_three,
    ),
    _Row(
        DatasetInfo("article", "Worked example", "One sample, x1 = 1 and x2 = 0.5, to follow by hand.", "binary"),
        tables.article,
    ),
    _Row(DatasetInfo("and", "AND", "Say 1 only where both inputs are 1.", "binary", _LOGIC), tables.logical_and),
    _Row(DatasetInfo("or", "OR", "Say 1 where at least one input is 1.", "binary", _LOGIC), tables.logical_or),
    _Row(DatasetInfo("xor", "XOR", "Say 1 where exactly one input is 1.", "binary", _LOGIC), tables.xor),
    _Row(
        DatasetInfo(
            "blobs", "Two blobs", "Tell two heaps of points apart.", "binary", (SAMPLES, NOISE.starting_at(0.4), SEED)
        ),
        planar.blobs,
    ),
    _Row(
        DatasetInfo("circle", "Circle", "Tell the inside of a circle from the outside.", "binary", _DRAWN),
        planar.circle,
    ),
    _Row(
        DatasetInfo(
            "moons",
            "Two moons",
            "Tell two interlocking half circles apart.",
            "binary",
            (SAMPLES, NOISE.starting_at(0.1), SEED),
        ),
        planar.moons,
    ),
    _Row(DatasetInfo("spiral", "Spiral", "Tell two arms of a spiral apart.", "binary", _DRAWN), planar.spiral),
    _Row(
        DatasetInfo(
            "line",
            "Straight line",
            "Find slope and intercept of a straight line.",
            "regression",
            (SAMPLES.starting_at(100), NOISE.starting_at(0.1), SEED),
        ),
        curves.line,
    ),
    _Row(
        DatasetInfo("sine", "Sine wave", "Follow a sine wave.", "regression", (SAMPLES.starting_at(200), NOISE, SEED)),
        curves.sine,
    ),
    _Row(
        DatasetInfo(
            "meals",
            "Meal prices",
            "Learn three prices from receipts.",
            "regression",
            (SAMPLES.starting_at(200), _PRICE_NOISE, SEED),
        ),
        tables.meals,
    ),
    _Row(
        DatasetInfo("seven-segment", "Seven-segment digits", "Read the digits of a pocket calculator.", "classes"),
        tables.seven_segment,
    ),
    _Row(DatasetInfo("iris", "Iris", "Name the kind of iris from four lengths.", "classes"), bundled.iris),
    _Row(
        DatasetInfo("digits", "Handwritten digits", "Read handwritten digits of 8 by 8 points.", "classes", image=True),
        bundled.digits,
    ),
)

_BY_KEY = {row.info.key: row for row in _ROWS}


def dataset_keys() -> tuple[DatasetInfo, ...]:
    """Every dataset, from the simplest to the hardest."""
    return tuple(row.info for row in _ROWS)


def dataset(key: str, **options: Any) -> Dataset:
    """The dataset of this key, drawn with these options.

    Raises DatasetError if the key or an option is unknown, or a value lies out of range.
    """
    row = _BY_KEY.get(key)
    if row is None:
        raise DatasetError(f"There is no dataset {key!r}; choose one of {', '.join(_BY_KEY)}.")
    return row.build(**complete(row.info.title, row.info.options, options))
