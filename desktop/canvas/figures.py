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
        text = f"{value:.4f}" if size > 0.99 else f"{value:.3f}"
        text = text.rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "") else text
    return text.replace("-", MINUS)


def loss_text(value: float) -> str:
    """A loss with three digits after the point, or as a power of ten where that would read 0.000."""
    if not math.isfinite(value):
        return plain(value)
    return f"{value:.3f}" if 0.0005 <= abs(value) < 1000 or value == 0 else plain(value)


def counted(count: int, one: str, many: str) -> str:
    """ "1 parameter", "5,130 parameters"."""
    return f"{count:,} {one if count == 1 else many}"
