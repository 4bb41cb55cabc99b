"""Points in the plane that belong to one of two classes: the pictures in which a decision border can be watched.

Every generator draws the classes in equal numbers and takes ``noise`` as the standard deviation of a Gaussian scatter
in the units of the axes, so that the same noise means the same amount of overlap everywhere.
"""

import numpy as np

from core.datasets.dataset import Dataset, FloatArray
from core.datasets.parts import points

SPIRAL_TURNS = 1.5
SPIRAL_RADIUS = 3.0
SPIRAL_START = 0.1
"""Where on its way an arm begins, so that the two do not touch in the middle."""


def blobs(samples: int, noise: float, seed: int) -> Dataset:
    """Two round heaps of points, one lower left and one upper right."""
    random = np.random.default_rng(seed)
    labels = _alternating(samples)
    centres = np.where(labels[:, None] == 1, 1.0, -1.0)
    return points("blobs", "Two blobs", _scatter(random, centres + np.zeros((1, 2)), noise), labels, ("lower", "upper"))


def circle(samples: int, noise: float, seed: int) -> Dataset:
    """A disc of radius 1 inside a ring from 1.5 to 2.5, both filled evenly by area."""
    random = np.random.default_rng(seed)
    labels = _alternating(samples)
    inner = np.where(labels == 1, 0.0, 1.5**2)
    outer = np.where(labels == 1, 1.0, 2.5**2)
    # The area within r grows with r squared, so even filling means an even draw of r squared.
    radius = np.sqrt(random.uniform(inner, outer))
    coordinates = _polar(radius, random.uniform(0.0, 2.0 * np.pi, samples))
    return points("circle", "Circle", _scatter(random, coordinates, noise), labels, ("outside", "inside"))


def spiral(samples: int, noise: float, seed: int) -> Dataset:
    """Two arms that wind around each other one and a half times, after Lang and Witbrock (1988)."""
    random = np.random.default_rng(seed)
    labels = _alternating(samples)
    along = np.linspace(SPIRAL_START, 1.0, (samples + 1) // 2).repeat(2)[:samples]
    angle = 2.0 * np.pi * SPIRAL_TURNS * along + np.pi * labels
    coordinates = _polar(SPIRAL_RADIUS * along, angle)
    return points("spiral", "Spiral", _scatter(random, coordinates, noise), labels, ("first arm", "second arm"))


def moons(samples: int, noise: float, seed: int) -> Dataset:
    """Two half circles of radius 1 that reach into each other."""
    random = np.random.default_rng(seed)
    labels = _alternating(samples)
    angle = random.uniform(0.0, np.pi, samples)
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    coordinates = np.where(labels[:, None] == 1, -upper, upper)
    return points("moons", "Two moons", _scatter(random, coordinates, noise), labels, ("upper", "lower"))


def _alternating(samples: int) -> FloatArray:
    return (np.arange(samples) % 2).astype(np.float64)


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _scatter(random: np.random.Generator, coordinates: FloatArray, noise: float) -> FloatArray:
    return coordinates + noise * random.standard_normal(coordinates.shape)
