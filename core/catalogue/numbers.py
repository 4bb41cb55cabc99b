"""What the kinds that read whole numbers, one at a time, ask of their input."""

from core.catalogue.kind import ShapeError
from core.catalogue.shapes import stack
from core.ops.op import Shape


def check_numbers(title: str, shape: Shape) -> None:
    """Raise ShapeError for anything but a row of numbers or a sequence with one number at each step."""
    if len(shape) == 1 or shape[1:] == (1,):
        return
    raise ShapeError(
        f"{title} reads whole numbers one by one, in a row or one at each step, and this is {stack(shape)}.",
        remedy="needs-row",
    )
