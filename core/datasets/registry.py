"""The table of datasets: one row for each, with what a person may set and the function that draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.datasets import bundled, curves, memory, pictures, planar, reber, series, tables
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


Options = tuple[OptionField, ...]


def _drawn(samples: int, noise: float, *, unit: str = "") -> Options:
    return SAMPLES.starting_at(samples), NOISE.starting_at(noise, unit=unit), SEED


def _table(rows: int) -> Options:
    return SAMPLES.starting_at(rows, minimum=rows), NOISE.starting_at(0.0, maximum=0.5), SEED


def _counted(name: str, title: str, default: int, minimum: int, maximum: int, unit: str, text: str) -> OptionField:
    return OptionField(name, title, "int", default, minimum, maximum, unit, text)


def _length(default: int, minimum: int, maximum: int) -> OptionField:
    return _counted("length", "Length", default, minimum, maximum, "steps", "How many steps a sequence has.")


def _samples(default: int, maximum: int = 20_000) -> OptionField:
    return SAMPLES.starting_at(default, maximum=maximum)


_LAG = _counted("lag", "Lag", 10, 1, 500, "steps", "How many steps lie between the symbol and the question.")
_PAUSE = _counted("pause", "Pause", 0, 0, 200, "steps", "How many empty steps come before the answer.")
_SYMBOLS = _counted("length", "Length", 8, 1, 100, "symbols", "How many symbols are to be said again.")
_STRING = _counted("length", "Longest", 30, 25, 100, "symbols", "Strings that come out longer are drawn again.")
_WINDOW = _counted("length", "Length", 20, 1, 100, "characters", "How many characters are seen.")
_FLIPS = _counted("flips", "Faults", 3, 0, 12, "points", "How many points of a letter are turned over.")
_FIRST = _counted("first", "First digit", 0, 0, 8, "", "Digits below this one are left out.")
_LAST = _counted("last", "Last digit", 9, 1, 9, "", "Digits above this one are left out.")
_DARK = OptionField(
    "dark", "Dark lines", "float", 1.0, 0.0, 1.0, help="The share of pictures with dark lines on light."
)


def _row(
    key: str, task: str, build: Callable[..., Dataset], options: Options, title: str, goal: str, image: bool = False
) -> _Row:
    return _Row(DatasetInfo(key, title, goal, task, options, image), build)


# fmt: off
_ROWS = (
    _row("sum", "regression", tables.sum_of_three, _drawn(200, 0.0),
         "Sum of three numbers", "Add three numbers: every weight should become 1."),
    _row("article", "binary", tables.article, (),
         "Worked example", "One sample, x1 = 1 and x2 = 0.5, to follow by hand."),
    _row("and", "binary", tables.logical_and, _table(4), "AND", "Say 1 only where both inputs are 1."),
    _row("or", "binary", tables.logical_or, _table(4), "OR", "Say 1 where at least one input is 1."),
    _row("xor", "binary", tables.xor, _table(4), "XOR", "Say 1 where exactly one input is 1."),
    _row("one-of-three", "binary", tables.one_of_three, _table(8),
         "One of three", "Say 1 where exactly one of three inputs is 1."),
    _row("line", "regression", curves.line, _drawn(100, 0.1),
         "Straight line", "Find slope and intercept of a straight line."),
    _row("sine", "regression", curves.sine, _drawn(200, 0.05), "Sine wave", "Follow a sine wave."),
    _row("bumps", "regression", curves.bumps, _drawn(200, 0.02), "Two bumps", "Follow a flat line with two bumps."),
    _row("meals", "regression", tables.meals, _drawn(200, 0.0, unit="€"),
         "Meal prices", "Learn three prices from receipts."),
    _row("blobs", "binary", planar.blobs, _drawn(400, 0.4), "Two blobs", "Tell two heaps of points apart."),
    _row("circle", "binary", planar.circle, _drawn(400, 0.05),
         "Circle", "Tell the inside of a circle from the outside."),
    _row("moons", "binary", planar.moons, _drawn(400, 0.1),
         "Two moons", "Tell two half circles apart that reach into each other."),
    _row("spiral", "binary", planar.spiral, _drawn(400, 0.05), "Spiral", "Tell two arms of a spiral apart."),
    _row("seven-segment", "classes", tables.seven_segment, (),
         "Seven-segment digits", "Read the digits of a pocket calculator."),
    _row("iris", "classes", bundled.iris, (), "Iris", "Name the species of an iris from four lengths."),
    _row("digits", "classes", bundled.digits, (_FIRST, _LAST),
         "Handwritten digits", "Read handwritten digits of 8 by 8 points.", image=True),
    _row("noisy-digits", "regression", bundled.noisy_digits, (NOISE.starting_at(0.3), SEED),
         "Noisy digits", "Draw a handwritten digit clean that is full of noise.", image=True),
    _row("bars", "binary", pictures.bars, (_samples(400), _DARK, NOISE.starting_at(0.05), SEED),
         "Thin lines", "Tell lines across from lines down.", image=True),
    _row("letters", "regression", pictures.spoilt_letters, (_samples(300), _FLIPS, SEED),
         "Spoilt letters", "Recall a letter of 5 by 5 points of which some are wrong."),
    _row("latch", "binary", memory.latch, (_samples(400), _length(20, 2, 500), SEED),
         "Latch", "Keep the last marked bit until another is marked."),
    _row("echo", "classes", memory.echo, (_samples(1000), _LAG, SEED),
         "Echo", "Say the symbol that was marked many steps ago."),
    _row("timing", "binary", memory.timing, (_samples(1000), _length(30, 2, 500), SEED),
         "Timing", "Say when as many steps have gone by as the clock was set to."),
    _row("adding", "regression", memory.adding, (_samples(2000), _length(100, 4, 500), SEED),
         "Adding problem", "Add the two marked numbers of a long sequence."),
    _row("recall", "classes", memory.distracted_recall, (_samples(2000), _length(24, 5, 200), SEED),
         "Distracted sequence recall", "Say two symbols in order that were hidden among others."),
    _row("reber", "classes", reber.embedded_reber, (_samples(500, 2000), _STRING, SEED),
         "Embedded Reber grammar", "Say which symbols may come next in a string of a strict grammar."),
    _row("copy", "classes", memory.copying, (_samples(1000), _SYMBOLS, _PAUSE, SEED),
         "Copy a sequence", "Say all symbols of a sequence again, in the same order."),
    _row("stock", "regression", series.stock,
         (_samples(1000), _length(30, 2, 200), NOISE.starting_at(0.3, maximum=5.0, unit="%"), SEED),
         "Stock prices", "Say by how much a price will change tomorrow."),
    _row("text", "classes", series.text, (_WINDOW,), "Nursery rhyme", "Say the next character of a nursery rhyme."),
)
# fmt: on

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
