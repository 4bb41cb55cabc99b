"""Glyphs of activations: SVG path data sampled from the very curve that the op computes."""

import numpy as np

from core.ops.activations import activation_curve
from core.ops.op import Op

REACH = 3.0
"""The curve is drawn for z from -REACH to REACH."""
SAMPLES = 25
MARGIN, SIZE = 3.0, 18.0


def curve_glyph(op: Op) -> str:
    """Path data of ``op``'s curve, fitted into a 24 x 24 box with a margin."""
    z = np.linspace(-REACH, REACH, SAMPLES)
    y, _ = activation_curve(op, z)
    x_places = MARGIN + (z + REACH) / (2 * REACH) * SIZE
    y_places = MARGIN + (y.max() - y) / (y.max() - y.min()) * SIZE
    points = [f"{x:.3g} {y:.3g}" for x, y in zip(x_places, y_places, strict=True)]
    return "M" + " L".join(points)
