"""Convolution and pooling: ops of ONNX that slide a window over lines and columns, or over the steps of a sequence."""

import numpy as np

from core.ops.columns import Kernel
from core.ops.convolution import Convolution
from core.ops.global_pooling import GlobalAverage, GlobalMax, GlobalPool
from core.ops.op import Array, Op
from core.ops.pooling import AveragePool, MaxPool
from core.ops.shaping import Pad
from core.ops.transposed_convolution import TransposedConvolution
from core.ops.windows import Window
from tests.oracles.onnx_nodes.case import Adapter, Case, Pairs, run

GLOBAL: dict[str, GlobalPool] = {"GlobalAveragePool": GlobalAverage(), "GlobalMaxPool": GlobalMax()}


def convolution(case: Case) -> Pairs:
    x, weight, *bias = case.given
    kernel = Kernel(_two(windows(case, x.shape[2:], weight.shape[2:])), case.get("group", 1))
    block = np.column_stack([weight.reshape(len(weight), -1), *bias])
    return [_compared(Convolution(len(weight), kernel, bool(bias)), case, x, block)]


def transposed_convolution(case: Case) -> Pairs:
    """``output_shape`` and ``output_padding`` say how much of the padding at the end is left."""
    x, weight, *bias = case.given
    groups, lengths = case.get("group", 1), case.outputs[0].shape[2:]
    found = []
    for place, (before, window) in enumerate(zip(x.shape[2:], windows(case, x.shape[2:], weight.shape[2:]))):
        missing = (before - 1) * window.stride + window.span - lengths[place]
        start = window.padding[0] if "pads" in case.attributes else max(missing, 0) // 2  # type: ignore[index]
        found.append(Window(window.kernel, window.stride, (start, missing - start), window.dilation))
    channels, block = weight.shape[1] * groups, weight.reshape(len(weight), -1)
    if len(found) == 1:
        op = TransposedConvolution(channels, Kernel((found[0], Window(1)), groups), bool(bias))
        return [(run(op, x.transpose(2, 1, 0), parameters=(block, *bias)).transpose(2, 1, 0), case.outputs[0])]
    return [_compared(TransposedConvolution(channels, Kernel(_two(found), groups), bool(bias)), case, x, block, *bias)]


def max_pool(case: Case) -> Pairs:
    """The values; where they came from, which ONNX gives too, we keep for ourselves."""
    x = case.given[0]
    return [_along_axes(MaxPool, case, x, windows(case, x.shape[2:], case.attributes["kernel_shape"]))]


def average_pool(case: Case) -> Pairs:
    """Where padding counts, it is put there first, as zeros."""
    x = case.given[0]
    found = windows(case, x.shape[2:], case.attributes["kernel_shape"])
    if case.get("count_include_pad", 0):
        edges = ((0, 0), *(window.pads(length) for window, length in zip(found, x.shape[2:])))
        x = np.moveaxis(run(Pad(edges), np.moveaxis(x, 0, -1)), -1, 0)
        found = [Window(window.kernel, window.stride, 0, window.dilation) for window in found]
    return [_along_axes(AveragePool, case, x, found)]


def global_pool(case: Case) -> Pairs:
    output = run(GLOBAL[case.op], np.moveaxis(case.given[0], 0, -1)).T
    return [(output[..., None, None], case.outputs[0])]


def windows(case: Case, lengths: tuple[int, ...], kernel: tuple[int, ...]) -> list[Window]:
    """One window for each axis; the last one of a kernel that is to look over the end gets more padding."""
    axes = len(kernel)
    strides, dilations = case.get("strides", [1] * axes), case.get("dilations", [1] * axes)
    pads, auto = case.get("pads", [0] * 2 * axes), case.get("auto_pad", "NOTSET")
    found = []
    for axis, length in enumerate(lengths):
        window = Window(kernel[axis], strides[axis], (pads[axis], pads[axis + axes]), dilations[axis])
        if auto.startswith("SAME"):
            first, last = Window(kernel[axis], strides[axis], "same", dilations[axis]).pads(length)
            ends = (first, last) if auto == "SAME_UPPER" else (last, first)
            window = Window(kernel[axis], strides[axis], ends, dilations[axis])
        elif case.get("ceil_mode", 0):
            window = _to_the_end(window, length)
        found.append(window)
    return found


def _to_the_end(window: Window, length: int) -> Window:
    """A last window that starts among the values, or in the padding before them, counts although it looks over the end."""
    before, after = window.pads(length)
    left = (before + length + after - window.span) % window.stride
    more = window.stride - left if left else 0
    starts = before + length + after + more - window.span
    return Window(
        window.kernel, window.stride, (before, after + (more if starts < before + length else 0)), window.dilation
    )


def _two(found: list[Window]) -> tuple[Window, Window]:
    lines, columns = found
    return lines, columns


def _compared(op: Op, case: Case, x: Array, *parameters: Array) -> tuple[Array, Array]:
    return np.moveaxis(run(op, np.moveaxis(x, 0, -1), parameters=parameters), -1, 0), case.outputs[0]


def _along_axes(
    pool: type[MaxPool] | type[AveragePool], case: Case, x: Array, found: list[Window]
) -> tuple[Array, Array]:
    """At once where two windows are alike, as over pictures; else axis by axis, as the steps of a sequence."""
    if len(found) == 2 and found[0] == found[1]:
        return np.moveaxis(run(pool(found[0]), np.moveaxis(x, 0, -1)), -1, 0), case.outputs[0]
    values = x
    for axis, window in enumerate(found, 2):
        turned = np.moveaxis(values, axis, 0)
        pooled = run(pool(window), turned.reshape(len(turned), -1, 1))
        values = np.moveaxis(pooled.reshape(len(pooled), *turned.shape[1:]), 0, axis)
    return values, case.outputs[0]


ADAPTERS: dict[str, Adapter] = {
    "Conv": convolution,
    "ConvTranspose": transposed_convolution,
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    **dict.fromkeys(GLOBAL, global_pool),
}
