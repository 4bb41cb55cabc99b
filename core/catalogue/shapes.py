"""Shapes as a person reads them, and the checks that several kinds share."""

from core.ops.op import Shape


def in_words(shape: Shape) -> str:
    """``(8, 8, 1)`` as "8 x 8 x 1"."""
    return " x ".join(str(length) for length in shape)


def counted(number: int, noun: str) -> str:
    """ "1 value", "10 values"; commas between the thousands."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
