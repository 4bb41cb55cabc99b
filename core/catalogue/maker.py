"""MakerKind: the kinds that bring values of their own, so that neither wires nor data arrive at them."""

from typing import Annotated, ClassVar

import msgspec

from core.catalogue.kind import Category, NodeKind, Port

Size = Annotated[
    int,
    msgspec.Meta(ge=1, le=4096, title="Size", description="How many values it puts out.", extra={"unit": "values"}),
]


class MakerKind(NodeKind):
    """A kind without inputs that is not data either."""

    category = Category.DATA
    inputs: ClassVar[tuple[Port, ...]] = ()
