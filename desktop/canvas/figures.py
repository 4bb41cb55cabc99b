"""Numbers and shapes as the canvas writes them: short, with a true minus sign, rounded to what can be believed."""

import math

from core.ops.op import Shape

MINUS = "−"


def shape_text(shape: Shape) -> str:
    """(8, 8, 1) as "8 × 8 × 1"; a single number as "1"."""
    return " × ".join(str(length) for length in shape) or "1"


def signed(value: float) -> str:
    """A weight with its sign: "+1.84", "−2.07"."""
    return plain(value) if value < 0 else f"+{plain(value)}"


def plain(value: float) -> str:
    """A value with three to four digits: "3.25", "−0.3", "0.9985", "1.2e−05"; "–" where there is none."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e5 or size < 1e-4:
        text = f"{value:.1e}"
    elif size >= 100:
        text = f"{value:.0f}"
    elif size >= 1:
        text = f"{value:.2f}".rstrip("0").rstrip(".")
    else:
        digits = 4 if size > 0.99 or size < 0.01 else 3
        text = f"{value:.{5 if size < 0.001 else digits}f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def brief(value: float) -> str:
    """A value with two digits, where there is room for no more: "−0.9", "12"."""
    if not math.isfinite(value):
        return plain(value)
    text = f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"
    return "0" if float(text) == 0 else text.removesuffix(".0").replace("-", MINUS)


def loss_text(value: float) -> str:
    """A loss with three digits after the point, or as a power of ten where that would read 0.000."""
    if not math.isfinite(value):
        return plain(value)
    return f"{value:.3f}" if 0.0005 <= abs(value) < 1000 or value == 0 else plain(value)
