"""Glyphs of activations: SVG path data sampled from the very curve that the op computes."""

import numpy as np

from core.ops.activations import activation_curve
from core.ops.elementwise import Activation

REACH = 3.0
"""The curve is drawn for z from -REACH to REACH."""
SAMPLES = 25
MARGIN, SIZE = 3.0, 18.0
_JUMP = 0.5


def curve_glyph(op: Activation) -> str:
    """Path data of ``op``'s curve, fitted into a 24 x 24 box with a margin; where the curve jumps, the line goes straight up."""
    z = np.linspace(-REACH, REACH, SAMPLES)
    y, _ = activation_curve(op, z)
    x_places = MARGIN + (z + REACH) / (2 * REACH) * SIZE
    y_places = MARGIN + (y.max() - y) / (y.max() - y.min()) * SIZE
    path = f"M{x_places[0]:.3g} {y_places[0]:.3g}"
    for index in range(1, SAMPLES):
        if abs(y_places[index] - y_places[index - 1]) > _JUMP * SIZE:
            path += f" H{x_places[index]:.3g}"
        path += f" L{x_places[index]:.3g} {y_places[index]:.3g}"
    return path
