"""One number to be told from another: line, sine wave and two bumps, on which a fit can be drawn as a curve."""

import numpy as np

from core.datasets.dataset import Dataset, FloatArray
from core.datasets.parts import float32, unscaled

LINE_SLOPE = 0.8
LINE_INTERCEPT = 0.5


def line(samples: int, noise: float, seed: int) -> Dataset:
    """``y = 0.8 x + 0.5`` for x from -2 to 2."""
    x, scatter = _draw(2.0, samples, noise, seed)
    return _curve("line", "Straight line", x, LINE_SLOPE * x + LINE_INTERCEPT + scatter)


def sine(samples: int, noise: float, seed: int) -> Dataset:
    """``y = sin(x)`` for one and a bit periods around 0, x from -4 to 4."""
    x, scatter = _draw(4.0, samples, noise, seed)
    return _curve("sine", "Sine wave", x, np.sin(x) + scatter)


def bumps(samples: int, noise: float, seed: int) -> Dataset:
    """``y = exp(-(x + 2)^2) + 0.6 exp(-2 (x - 1.5)^2)`` for x from -4 to 4: flat but for two bumps of different width."""
    x, scatter = _draw(4.0, samples, noise, seed)
    wide, narrow = np.exp(-np.square(x + 2.0)), 0.6 * np.exp(-2.0 * np.square(x - 1.5))
    return _curve("bumps", "Two bumps", x, wide + narrow + scatter)


def _draw(reach: float, samples: int, noise: float, seed: int) -> tuple[FloatArray, FloatArray]:
    random = np.random.default_rng(seed)
    return random.uniform(-reach, reach, (samples, 1)), noise * random.standard_normal((samples, 1))


def _curve(key: str, title: str, x: FloatArray, y: FloatArray) -> Dataset:
    return Dataset(
        key=key,
        title=title,
        task="regression",
        inputs=float32(x),
        targets=float32(y),
        feature_names=("x",),
        target_names=("y",),
        input_scaling=unscaled(),
        target_scaling=unscaled(),
    )
