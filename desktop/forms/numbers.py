"""Numbers as people read and write them: rounded to what can be believed, with a true minus sign and spaced thousands."""

import math

MINUS = "\u2212"
DASH = "\u2013"


def number_text(value: float) -> str:
    """A setting as it is edited: all digits that matter, and no more: 0.03, 1e-8, 400."""
    if isinstance(value, int):
        return str(value).replace("-", MINUS)
    text = f"{value:.10g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def parse_number(text: str) -> float | None:
    """What a person typed: a comma or a point, a true or a plain minus; None if it is no finite number."""
    plain = text.strip().replace(MINUS, "-").replace("\u00a0", "").replace(" ", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def signed_text(value: float) -> str:
    """A weight: three digits, with its sign: +1.84, −0.072, +12.5."""
    if not math.isfinite(value):
        return DASH
    return ("+" if value >= 0 else MINUS) + _digits(abs(value))


def value_text(value: float) -> str:
    """A computed value: three digits, a sign only where it is negative."""
    if not math.isfinite(value):
        return DASH
    return (MINUS if value < 0 else "") + _digits(abs(value))


def loss_text(value: float) -> str:
    """A loss as a big figure: 0.021, 1.34, 128, 3.1e-5."""
    if not math.isfinite(value):
        return DASH
    if 0 < abs(value) < 0.0005:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{MINUS if int(exponent) < 0 else ''}{abs(int(exponent))}".replace("-", MINUS)
    if abs(value) < 1:
        return f"{value:.3f}".replace("-", MINUS)
    return value_text(value)


def metric_text(name: str, value: float) -> str:
    """A metric as a big figure: a share in percent, R² as a number."""
    if not math.isfinite(value):
        return DASH
    if name == "accuracy":
        return f"{100 * value:.1f}\u202f%" if value < 1 else "100\u202f%"
    return f"{value:.3f}".replace("-", MINUS)


def metric_title(name: str) -> str:
    """What a metric is called on screen."""
    return {"accuracy": "Accuracy", "r2": "R²", "validation_loss": "Validation loss"}.get(name, name.capitalize())


def pace_text(steps_per_second: float) -> str:
    """How fast a run goes: 2,470 steps a second."""
    if not math.isfinite(steps_per_second) or steps_per_second <= 0:
        return ""
    if steps_per_second < 10:
        return f"{steps_per_second:.1f} steps a second"
    scale = 10 ** max(0, math.floor(math.log10(steps_per_second)) - 2)
    return f"{round(steps_per_second / scale) * scale:,} steps a second"


def count_text(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 parameter, 5,130 parameters."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _digits(value: float) -> str:
    """Three digits that matter, without an exponent between 0.001 and a million."""
    if value == 0:
        return "0"
    if value < 0.001 or value >= 1e6:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    decimals = max(0, min(4, 2 - math.floor(math.log10(value))))
    return f"{value:,.{decimals if value < 1 else min(decimals, 2)}f}"
