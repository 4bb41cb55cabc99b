"""Shapes as a person reads them, and the checks that several kinds share."""

from core.ops.op import Shape


def in_words(shape: Shape) -> str:
    """``(8, 8, 1)`` as "8 x 8 x 1"."""
    return " x ".join(str(length) for length in shape)


def stack(shape: Shape) -> str:
    """A value with its article: "a 4 x 4 x 32 stack", "an 8 x 8 x 1 stack", "a row of 3 values"."""
    if not shape:
        return "a single number without an axis"
    if len(shape) == 1:
        return f"a row of {counted(shape[0], 'value')}"
    if len(shape) == 2:
        return f"a sequence of {counted(shape[0], 'step')} of {counted(shape[1], 'value')}"
    words = in_words(shape)
    article = "an" if words[:1] == "8" or shape[:1] in ((11,), (18,)) else "a"
    return f"{article} {words} stack"


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number with its noun: "1 value", "10 values", "3 classes"; commas between the thousands."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
