"""Tasks that ask for memory: something is shown, other things follow, and much later the first thing is asked for.

How long it has to be remembered can be set, so that it can be seen where a network begins to forget. All sequences are
(samples, steps, features); a step whose target is all zeros asks nothing.
"""

import numpy as np

from core.datasets.dataset import Dataset, FloatArray
from core.datasets.parts import float32, one_hot, step_names, unscaled

ECHO_SYMBOLS = ("a", "b", "c", "d")
COPY_SYMBOLS = ("a", "b", "c", "d", "e", "f", "g", "h")
LATCH_SHARE = 0.2
RECALL_TARGETS = ("a", "b", "c", "d")
RECALL_DISTRACTORS = ("p", "q", "r", "s")
RECALL_PROMPTS = ("first?", "second?")


def echo(samples: int, lag: int, seed: int) -> Dataset:
    """A symbol is shown and marked, ``lag`` more follow that mean nothing, and then the marked one is asked for.

    Inputs are (n, lag + 1, 5): four symbols one-hot, and the mark; targets are (n, 4), after the last step. The inputs that
    have to be ignored are as strong as the one that counts (task 2 of Hochreiter and Schmidhuber, 1997, is of this kind).
    """
    shown = np.random.default_rng(seed).integers(0, len(ECHO_SYMBOLS), (samples, lag + 1))
    mark = np.zeros((samples, lag + 1, 1))
    mark[:, 0] = 1.0
    return _sequences(
        "echo",
        "Echo",
        np.concatenate([one_hot(shown, len(ECHO_SYMBOLS)), mark], axis=2),
        one_hot(shown[:, 0], len(ECHO_SYMBOLS)),
        (*ECHO_SYMBOLS, "marked"),
        ECHO_SYMBOLS,
        "after S. Hochreiter, J. Schmidhuber (1997), Long Short-Term Memory, experiment 2",
    )


def copying(samples: int, length: int, pause: int, seed: int) -> Dataset:
    """``length`` symbols are shown, ``pause`` empty steps follow, and then all of them are to be said in the same order.

    Inputs are (n, 2 length + pause, 9): eight symbols one-hot, and a flag at the steps that ask; targets (n, 2 length + pause,
    8) are zeros up to there (the copying problem of Arjovsky, Shah and Bengio, 2016, with a flag at every answer).
    """
    shown = np.random.default_rng(seed).integers(0, len(COPY_SYMBOLS), (samples, length))
    steps = 2 * length + pause
    inputs = np.zeros((samples, steps, len(COPY_SYMBOLS) + 1))
    targets = np.zeros((samples, steps, len(COPY_SYMBOLS)))
    inputs[:, :length, :-1] = targets[:, -length:] = one_hot(shown, len(COPY_SYMBOLS))
    inputs[:, -length:, -1] = 1.0
    return _sequences(
        "copy",
        "Copy a sequence",
        inputs,
        targets,
        (*COPY_SYMBOLS, "say it"),
        COPY_SYMBOLS,
        "after M. Arjovsky, A. Shah, Y. Bengio (2016), Unitary Evolution Recurrent Neural Networks",
    )


def distracted_recall(samples: int, length: int, seed: int) -> Dataset:
    """Two symbols of four are hidden among distractors; two prompts at the end ask for the first and for the second.

    Inputs are (n, length, 10): four target symbols, four distractors and two prompts, one-hot; targets (n, length, 4) are
    zeros except at the prompts (distracted sequence recall of Monner and Reggia, 2012, there 24 steps).
    """
    random = np.random.default_rng(seed)
    rows, asking = np.arange(samples)[:, None], len(RECALL_PROMPTS)
    places = np.sort(np.argsort(random.random((samples, length - asking)), axis=1)[:, :asking], axis=1)
    wanted = random.integers(0, len(RECALL_TARGETS), (samples, asking))
    symbols = random.integers(len(RECALL_TARGETS), len(RECALL_TARGETS + RECALL_DISTRACTORS), (samples, length))
    symbols[rows, places] = wanted
    symbols[:, -asking:] = len(RECALL_TARGETS + RECALL_DISTRACTORS) + np.arange(asking)
    targets = np.zeros((samples, length, len(RECALL_TARGETS)))
    targets[:, -asking:] = one_hot(wanted, len(RECALL_TARGETS))
    names = RECALL_TARGETS + RECALL_DISTRACTORS + RECALL_PROMPTS
    return _sequences(
        "recall",
        "Distracted sequence recall",
        one_hot(symbols, len(names)),
        targets,
        names,
        RECALL_TARGETS,
        "after D. Monner, J. A. Reggia (2012), A generalized LSTM-like training algorithm, Neural Networks 25",
    )


def latch(samples: int, length: int, seed: int) -> Dataset:
    """A bit comes at every step, and one in five is marked; at every step the last marked bit is asked for.

    Inputs are (n, length, 2): the bit as -1 or 1, and the mark, which the first always has; targets (n, length, 1) are 0 or 1.
    A single memory cell with gates can do it: write at a mark, keep otherwise.
    """
    random = np.random.default_rng(seed)
    bits = random.integers(0, 2, (samples, length))
    marks = random.random((samples, length)) < LATCH_SHARE
    marks[:, 0] = True
    marked = np.maximum.accumulate(np.where(marks, np.arange(length), 0), axis=1)
    kept = np.take_along_axis(bits, marked, axis=1)
    features = ("bit", "mark")
    return Dataset(
        key="latch",
        title="Latch",
        task="binary",
        inputs=float32(np.stack([2.0 * bits - 1.0, marks], axis=2)),
        targets=float32(kept[..., None]),
        feature_names=step_names(length, features),
        target_names=step_names(length, ("kept",)),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=("0", "1"),
        source="computed",
    )


def timing(samples: int, length: int, seed: int) -> Dataset:
    """A clock is set once, to a number of steps; from when these have gone by the answer is 1, and 0 before.

    Inputs are (n, length, 2): a mark where the clock is set, and with it the number as a share of the longest, half the length;
    targets (n, length, 1). Nothing happens while the network has to count (after the tasks of Gers and Schmidhuber, 2000).
    """
    random = np.random.default_rng(seed)
    longest = length // 2
    start, wait = random.integers(0, length - longest, samples), random.integers(1, longest + 1, samples)
    inputs, rows = np.zeros((samples, length, 2)), np.arange(samples)
    inputs[rows, start, 0] = 1.0
    inputs[rows, start, 1] = wait / longest
    rings = np.arange(length) >= (start + wait)[:, None]
    return Dataset(
        key="timing",
        title="Timing",
        task="binary",
        inputs=float32(inputs),
        targets=float32(rings[..., None]),
        feature_names=step_names(length, ("set", "to")),
        target_names=step_names(length, ("rings",)),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=("waits", "rings"),
        source="after F. A. Gers, J. Schmidhuber (2000), Recurrent Nets that Time and Count",
    )


def adding(samples: int, length: int, seed: int) -> Dataset:
    """Two of ``length`` numbers from 0 to 1 are marked; their sum is asked for at the end.

    Inputs are (n, length, 2): the number, and the mark; targets (n, 1). One mark lies in the first half and one in the second.
    Who always answers 1 has a mean squared error of 1/6 (adding problem of Hochreiter and Schmidhuber, 1997, experiment 4,
    with the numbers and marks of Le, Jaitly and Hinton, 2015).
    """
    random = np.random.default_rng(seed)
    numbers, half = random.random((samples, length)), length // 2
    marks, rows = np.zeros((samples, length)), np.arange(samples)
    marks[rows, random.integers(0, half, samples)] = 1.0
    marks[rows, random.integers(half, length, samples)] = 1.0
    features = ("number", "mark")
    return Dataset(
        key="adding",
        title="Adding problem",
        task="regression",
        inputs=float32(np.stack([numbers, marks], axis=2)),
        targets=float32((numbers * marks).sum(axis=1, keepdims=True)),
        feature_names=step_names(length, features),
        target_names=("sum",),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        source="after S. Hochreiter, J. Schmidhuber (1997), Long Short-Term Memory, experiment 4",
    )


def _sequences(
    key: str,
    title: str,
    inputs: FloatArray,
    targets: FloatArray,
    features: tuple[str, ...],
    classes: tuple[str, ...],
    source: str,
) -> Dataset:
    """Sequences with a class for each, (n, classes), or for each step, (n, steps, classes)."""
    steps = inputs.shape[1]
    return Dataset(
        key=key,
        title=title,
        task="classes",
        inputs=float32(inputs),
        targets=float32(targets),
        feature_names=step_names(steps, features),
        target_names=classes if targets.ndim == 2 else step_names(steps, classes),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
        class_names=classes,
        source=source,
    )
