"""Sequences as one meets them: prices from day to day, and the letters of a text."""

import numpy as np

from core.datasets.dataset import Dataset, Scaling
from core.datasets.parts import float32, one_hot, step_names, unscaled

SWING = 0.02
"""How far the season moves a price up and down, as a share of it."""

SHORTEST_SEASON, LONGEST_SEASON = 10.0, 20.0
LARGEST_TREND = 0.002

_RHYME = (
    ("house that jack built", ""),
    ("malt", "that lay in"),
    ("rat", "that ate"),
    ("cat", "that killed"),
    ("dog", "that worried"),
    ("cow with the crumpled horn", "that tossed"),
    ("maiden all forlorn", "that milked"),
    ("man all tattered and torn", "that kissed"),
    ("priest all shaven and shorn", "that married"),
    ("cock that crowed in the morn", "that waked"),
    ("farmer sowing his corn", "that kept"),
)
"""Who comes new in each verse, and what it does to the one before."""


def stock(samples: int, length: int, noise: float, seed: int) -> Dataset:
    """Prices of ``length`` days -> how much the price changes the day after, in percent of today's price.

    Every sample is a share of its own: ``log p`` has a trend, a season of 10 to 20 days at any phase, and a random walk with a
    step of ``noise`` percent a day. Prices are given as percent above or below today's, so that the answer "tomorrow is like
    today" is 0 and has an R2 of about 0.
    """
    random = np.random.default_rng(seed)
    days = np.arange(length + 1.0)
    period = random.uniform(SHORTEST_SEASON, LONGEST_SEASON, (samples, 1))
    season = SWING * np.sin(2.0 * np.pi * (days / period + random.random((samples, 1))))
    trend = random.uniform(-LARGEST_TREND, LARGEST_TREND, (samples, 1)) * days
    walk = np.cumsum(noise / 100.0 * random.standard_normal((samples, length + 1)), axis=1)
    prices = np.exp(season + trend + walk)
    percent = 100.0 * (prices / prices[:, -2:-1] - 1.0)
    inputs, targets = (Scaling(np.zeros((), np.float32), np.full((), scale, np.float32)) for scale in (4.0, 1.0))
    return Dataset(
        key="stock",
        title="Stock prices",
        task="regression",
        inputs=float32(inputs.apply(percent[:, :-1, None])),
        targets=float32(targets.apply(percent[:, -1:])),
        feature_names=step_names(length, ("price",)),
        target_names=("change",),
        input_scaling=inputs,
        target_scaling=targets,
        feature_units=("%",) * length,
        target_units=("%",),
        source="computed: a geometric random walk with trend and season, no real prices",
    )


def rhyme() -> str:
    """The nursery rhyme "This Is the House That Jack Built", in small letters; every verse ends with a full stop and a space."""
    verses, tail = [], ""
    for new, does in _RHYME:
        tail = f"{new} {does} the {tail}" if does else new
        verses.append(f"this is the {tail}. ")
    return "".join(verses)


def text(length: int) -> Dataset:
    """``length`` characters of a nursery rhyme -> the character that follows, at every place of the rhyme.

    Inputs are (n, length, characters), targets (n, characters), both one-hot.
    """
    letters = rhyme()
    alphabet = tuple(sorted(set(letters)))
    codes = np.array([alphabet.index(letter) for letter in letters])
    windows = np.lib.stride_tricks.sliding_window_view(codes, length + 1)
    names = tuple({" ": "space", ".": "full stop"}.get(letter, letter) for letter in alphabet)
    return Dataset(
        key="text",
        title="Nursery rhyme",
        task="classes",
        inputs=one_hot(windows[:, :-1], len(alphabet)),
        targets=one_hot(windows[:, -1], len(alphabet)),
        feature_names=step_names(length, names),
        target_names=names,
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=names,
        source='"This Is the House That Jack Built", traditional, printed 1755; public domain',
    )
