"""The ops for pictures and sequences, with sample shapes (of the engine: channels first) to try them at, and those of their parameters."""

from core.ops.activations import Identity, Relu
from core.ops.columns import Kernel
from core.ops.convolution import Convolution, ConvolutionOverTime
from core.ops.convolution_pool import ConvolutionPool
from core.ops.global_pooling import GlobalAverage, GlobalMax, GlobalMin
from core.ops.op import Op, Shape
from core.ops.pooling import AveragePool, MaxPool, MinPool
from core.ops.resizing import Interpolate, Upsample
from core.ops.shaping import Crop, Pad, Permute, Reshape
from core.ops.transposed_convolution import TransposedConvolution
from core.ops.windows import Window

Row = tuple[Op, Shape, tuple[Shape, ...]]


def square(kernel: int, *, groups: int = 1, flipped: bool = False, **window: int | str) -> Kernel:
    """The same window over the lines and the columns."""
    one = Window(kernel, **window)
    return Kernel((one, one), groups, flipped)


def line(kernel: int, *, groups: int = 1, flipped: bool = False, **window: int | str) -> Kernel:
    """A kernel over time."""
    return Kernel((Window(kernel, **window), Window(1)), groups, flipped)


def convolved(op: Convolution | ConvolutionOverTime, shape: Shape) -> Row:
    channels = shape[0] if isinstance(op, Convolution) else shape[1]
    return op, shape, (op.block(channels, "zeros").shape,)


def transposed(op: TransposedConvolution, shape: Shape) -> Row:
    channels, axes = (shape[0], 2) if len(shape) == 3 else (shape[1], 1)
    return op, shape, tuple(block.shape for block in op.blocks(channels, "zeros", axes))


def fused(op: ConvolutionPool, shape: Shape) -> Row:
    return op, shape, (op.convolution.block(shape[0], "zeros").shape,)


CONVOLUTIONS = (
    convolved(Convolution(3, Kernel((Window(2), Window(3)))), (2, 4, 5)),
    convolved(Convolution(2, square(3, stride=2, padding="same"), bias=False), (1, 5, 4)),
    convolved(Convolution(4, square(2, dilation=2, groups=2)), (4, 4, 3)),
    convolved(Convolution(3, square(2, padding=3, groups=3, flipped=True)), (3, 3, 2)),
    convolved(Convolution(6, square(2, groups=3)), (3, 3, 2)),
    convolved(Convolution(2, Kernel((Window(3), Window(4)))), (2, 3, 4)),
    convolved(Convolution(2, square(1, stride=3)), (2, 5, 4)),
    # The outer lines of this kernel lie on padding alone.
    convolved(Convolution(2, Kernel((Window(3, 1, 4, 4), Window(1)))), (1, 2, 2)),
    convolved(ConvolutionOverTime(3, line(2)), (5, 3)),
    convolved(ConvolutionOverTime(4, line(3, stride=2, padding="same", groups=2), bias=False), (6, 2)),
    convolved(ConvolutionOverTime(2, line(2, dilation=2, padding=2, flipped=True)), (4, 2)),
    transposed(TransposedConvolution(3, square(3, stride=2)), (2, 3, 2)),
    transposed(TransposedConvolution(4, square(2, stride=3, padding="same", groups=2), bias=False), (2, 2, 3)),
    transposed(TransposedConvolution(1, square(3, padding=1, dilation=2, flipped=True)), (3, 3, 2)),
    transposed(TransposedConvolution(4, line(3, stride=2, padding=1, groups=2)), (3, 2)),
    transposed(TransposedConvolution(3, line(2), bias=False), (3, 2)),
)

# The first two make four outputs at once, the others convolve and then pool.
FUSED = (
    fused(ConvolutionPool(Convolution(3, square(3, padding=1)), Relu(), MaxPool(Window(2, 2))), (2, 5, 4)),
    fused(
        ConvolutionPool(Convolution(2, square(2, flipped=True), bias=False), Identity(), MinPool(Window(2, 2))),
        (1, 5, 4),
    ),
    fused(ConvolutionPool(Convolution(2, square(2)), Relu(), MaxPool(Window(2, 2))), (3, 4, 5)),
    fused(ConvolutionPool(Convolution(2, square(1), bias=False), Identity(), MinPool(Window(2, 2))), (3, 2, 4)),
)

EXTREMES = tuple(
    (pool(window), shape, ())
    for pool in (MaxPool, MinPool)
    for window, shape in (
        (Window(2, 2), (2, 4, 5)),
        (Window(3, 1, 1), (1, 3, 4)),
        (Window(2, 3), (2, 5, 5)),
        (Window(3, 2, "same"), (1, 4, 5)),
        (Window(1, 2), (2, 3, 3)),
        (Window(2, 1, dilation=2), (1, 4, 3)),
        (Window(3, 3), (6, 2)),
        (Window(4, 2), (7, 2)),
    )
) + tuple((pool(), shape, ()) for pool in (GlobalMax, GlobalMin) for shape in ((2, 3, 4), (5, 2)))

SHAPED = (
    (AveragePool(Window(2, 2)), (2, 4, 5), ()),
    (AveragePool(Window(3, 1, 1)), (1, 3, 4), ()),
    (AveragePool(Window(3, 2, "same")), (4, 2), ()),
    (AveragePool(Window(2, 3)), (2, 5, 5), ()),
    (GlobalAverage(), (2, 3, 4), ()),
    (GlobalAverage(), (5, 2), ()),
    (Upsample(2), (2, 3, 2), ()),
    (Upsample(3), (2, 3), ()),
    (Interpolate(2), (2, 3, 4), ()),
    (Interpolate(3), (1, 1, 3), ()),
    (Interpolate(3), (4, 2), ()),
    (Reshape((3, 4)), (2, 3, 2), ()),
    (Permute((2, 0, 1)), (2, 3, 4), ()),
    (Permute((1, 0)), (2, 3), ()),
    (Crop(((0, 0), (1, 0), (1, 2))), (2, 3, 4), ()),
    (Crop(((1, 1),)), (4,), ()),
    (Pad(((0, 0), (1, 0), (0, 2))), (2, 2, 3), ()),
    (Pad(((2, 1), (0, 0)), "edge"), (3, 2), ()),
    (Pad(((0, 0), (2, 1), (1, 3)), "edge"), (1, 2, 3), ()),
    (Pad(((0, 0), (2, 2), (1, 3)), "reflect"), (1, 3, 4), ()),
    (Pad(((0, 4),), "reflect"), (5,), ()),
)
