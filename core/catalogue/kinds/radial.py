"""The RBF layer: units that answer to what lies near their centre."""

from typing import Annotated, Any

import msgspec

from core.catalogue.kind import Builder, Category, NodeKind, Port, ShapeError, Shapes, Value, Values
from core.catalogue.shapes import counted, stack
from core.catalogue.trained import TrainedHyperparameters
from core.ops.op import ParameterBlock, Shape
from core.ops.radial import RadialBasis


class RadialKind(NodeKind):
    """A bell around each centre."""

    key = "rbf"
    title = "RBF"
    category = Category.NEURONS
    synonyms = ("radial basis function", "Gaussian unit", "kernel", "bump", "centre", "center", "distance")
    help = (
        "Each unit answers 1 at its centre and less the farther away the input lies, as wide as its width says. "
        "Centres and widths are trained; a linear layer after it makes an RBF network, which draws with bumps instead of lines."
    )
    formula = r"y_j = e^{-\frac{\left|x - c_j\right|^2}{2 s_j^2}}"
    glyph = "M4 12 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0 M8 12 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0 M11.5 12 H12.5"
    inputs = (Port("input", "Input"),)
    order = 30

    class Hyperparameters(TrainedHyperparameters, frozen=True, kw_only=True, forbid_unknown_fields=True):
        units: Annotated[
            int,
            msgspec.Meta(
                ge=1, le=4096, title="Units", description="How many centres the layer has.", extra={"unit": "units"}
            ),
        ] = 8
        spread: Annotated[
            float,
            msgspec.Meta(
                ge=0, le=1e6, title="Spread", description="Centres start anywhere from minus to plus this number."
            ),
        ] = 1.0
        width: Annotated[
            float,
            msgspec.Meta(
                gt=0, le=1e6, title="Width", description="Where the widths start: the distance at which 0.61 is left."
            ),
        ] = 1.0

    def headline(self, settings: Any) -> str:
        return counted(settings.units, "unit")

    def infer_shape(self, settings: Any, shapes: Shapes) -> dict[str, Shape]:
        (shape,) = shapes["input"]
        if len(shape) != 1:
            raise ShapeError(
                f"RBF measures distances between rows of values, and this is {stack(shape)}.", remedy="needs-row"
            )
        return {"output": (settings.units,)}

    def parameters(self, settings: Any, shapes: Shapes) -> tuple[ParameterBlock, ...]:
        return RadialBasis(settings.units).blocks(shapes["input"][0][0], settings.spread, settings.width)

    def lower(self, settings: Any, values: Values, builder: Builder) -> dict[str, Value]:
        (value,) = values["input"]
        blocks = self.parameters(settings, {"input": (value.shape,)})
        return {"output": builder.apply(RadialBasis(settings.units), value, blocks=blocks)}
