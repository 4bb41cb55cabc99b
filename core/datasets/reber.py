"""The embedded Reber grammar: strings in which the second symbol decides, many symbols later, what the last but one must be.

Between the two lies a string of an ordinary Reber grammar, of any length, which says nothing about it. A network that forgets
the second symbol can do no better than guess the last but one.
"""

from collections.abc import Collection

import numpy as np

from core.datasets.dataset import Dataset, FloatArray
from core.datasets.parts import float32, step_names, unscaled
from core.errors import DatasetError

SYMBOLS = "BTPSXVE"

_ARROWS: tuple[dict[str, int], ...] = (
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
)
"""The graph of Reber (1967): from each place, the symbols that lead on, and where to; place 7 is the end."""

_END = len(_ARROWS)


def legal_next(prefix: str) -> str:
    """The symbols that may follow after a beginning of a string of the embedded grammar; empty after its end.

    Raises DatasetError where the beginning itself breaks the grammar.
    """
    place, opening = 0, ""
    for number, symbol in enumerate(prefix):
        if symbol not in _legal(number, opening, place):
            raise DatasetError(f"{prefix!r} breaks the grammar at symbol {number + 1}, {symbol!r}.")
        if number == 1:
            opening = symbol
        elif number > 1:
            place = _ARROWS[place][symbol] if place < _END else place + 1
    return _legal(len(prefix), opening, place)


def _legal(number: int, opening: str, place: int) -> str:
    """The legal symbols at a place; the places after the end of the inner string are the repeated symbol, E, and nothing."""
    if number < 2:
        return ("B", "TP")[number]
    return "".join(_ARROWS[place]) if place < _END else (opening, "E", "")[place - _END]


def draw_strings(
    count: int, longest: int, random: np.random.Generator, unlike: Collection[str] = ()
) -> tuple[str, ...]:
    """``count`` different strings of the embedded grammar, none longer than ``longest`` and none of ``unlike``.

    At every fork both ways are equally likely, as in Hochreiter and Schmidhuber (1997).
    """
    found: dict[str, None] = {}
    while len(found) < count:
        text = _draw(random)
        if len(text) <= longest and text not in unlike:
            found[text] = None
    return tuple(found)


def encode(strings: Collection[str], longest: int) -> tuple[FloatArray, FloatArray]:
    """Strings -> inputs and targets, both (n, longest - 1, 7): every symbol but the last one-hot, and what may follow it.

    Of two symbols that may follow each gets 0.5; after the end of a string both are zeros.
    """
    inputs = np.zeros((len(strings), longest - 1, len(SYMBOLS)), np.float32)
    targets = np.zeros_like(inputs)
    for row, text in enumerate(strings):
        for step, symbol in enumerate(text[:-1]):
            inputs[row, step, SYMBOLS.index(symbol)] = 1.0
            legal = legal_next(text[: step + 1])
            targets[row, step, [SYMBOLS.index(following) for following in legal]] = 1.0 / len(legal)
    return inputs, targets


def embedded_reber(samples: int, length: int, seed: int) -> Dataset:
    """Different strings of at most ``length`` symbols; at every step the symbols that may come next are asked for."""
    inputs, targets = encode(draw_strings(samples, length, np.random.default_rng(seed)), length)
    return Dataset(
        key="reber",
        title="Embedded Reber grammar",
        task="classes",
        inputs=float32(inputs),
        targets=float32(targets),
        feature_names=step_names(length - 1, tuple(SYMBOLS)),
        target_names=step_names(length - 1, tuple(SYMBOLS)),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=tuple(SYMBOLS),
        source="S. Hochreiter, J. Schmidhuber (1997), Long Short-Term Memory, experiment 1",
    )


def _draw(random: np.random.Generator) -> str:
    opening = "TP"[random.integers(2)]
    inner, place = "", 0
    while place < _END:
        ways = tuple(_ARROWS[place].items())
        symbol, place = ways[random.integers(len(ways))]
        inner += symbol
    return f"B{opening}{inner}{opening}E"
