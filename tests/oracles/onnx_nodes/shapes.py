"""Ops of ONNX that give values another place: they all see one sample, whatever its axes."""

import numpy as np

from core.ops.op import Array, Op
from core.ops.resizing import Interpolate, Upsample
from core.ops.shaping import Crop, Pad, Permute, Reshape
from core.ops.structure import Concatenate, Flatten
from tests.oracles.onnx_nodes.case import Adapter, Case, Pairs, run

MODES = {"constant": "zeros", "edge": "edge", "reflect": "reflect"}


def concatenate(case: Case) -> Pairs:
    """The joined axis as features, all others as batch."""
    axis = case.attributes["axis"]
    turned = [np.moveaxis(array, axis, 0) for array in case.given]
    joined = run(Concatenate(), *(array.reshape(len(array), -1) for array in turned))
    return [(np.moveaxis(joined.reshape(-1, *turned[0].shape[1:]), 0, axis), case.outputs[0])]


def flatten(case: Case) -> Pairs:
    """Everything from the axis on in a row; what comes before is batch."""
    (x,) = case.given
    axis = case.get("axis", 1) % x.ndim
    samples = x.reshape(-1, *x.shape[axis:])
    return [(run(Flatten(), np.moveaxis(samples, 0, -1)).T, case.outputs[0])]


def reshape(case: Case) -> Pairs:
    x, wanted = case.given
    kept = [x.shape[place] if length == 0 else int(length) for place, length in enumerate(wanted)]
    rest = x.size // -int(np.prod(kept)) if -1 in kept else 1
    shape = tuple(rest if length == -1 else length for length in kept)
    return [(_one(Reshape(shape), x), case.outputs[0])]


def transpose(case: Case) -> Pairs:
    (x,) = case.given
    return [(_one(Permute(tuple(case.get("perm", range(x.ndim)[::-1]))), x), case.outputs[0])]


def pad(case: Case) -> Pairs:
    """Zeros, edges and mirrors; another number than 0 is what 0 stands for while the op runs."""
    x, pads = case.given[:2]
    axes = case.input(3) if case.input(3) is not None else np.arange(x.ndim)
    edges = [(0, 0)] * x.ndim
    for place, axis in enumerate(axes):
        edges[int(axis)] = int(pads[place]), int(pads[place + len(axes)])
    zero = 0.0 if case.input(2) is None else case.inputs[2].astype(float)  # type: ignore[union-attr]
    op = Pad(tuple(edges), MODES[case.get("mode", "constant")])  # type: ignore[arg-type]
    return [(_one(op, x - zero) + zero, case.outputs[0])]


def crop(case: Case) -> Pairs:
    """What a slice without steps leaves out at both ends."""
    x, starts, ends, *more = case.given
    axes = more[0] if more else np.arange(len(starts))
    edges = [(0, 0)] * x.ndim
    for axis, start, end in zip(axes, starts, ends):
        first, last, _ = slice(int(start), int(end)).indices(x.shape[axis])
        edges[int(axis)] = first, x.shape[axis] - last
    return [(_one(Crop(tuple(edges)), x), case.outputs[0])]


def resize(case: Case) -> Pairs:
    """Whole factors, axis by axis: the steps of a sequence that has all other axes as features."""
    x = case.given[0]
    expected = case.outputs[0]
    op = Interpolate if case.get("mode", "nearest") == "linear" else Upsample
    values = x.astype(float)
    for axis, length in enumerate(expected.shape):
        factor, rest = divmod(length, values.shape[axis])
        assert rest == 0, "a factor that is not whole belongs among the cases that are left out"
        if factor > 1:
            turned = np.moveaxis(values, axis, 0)
            longer = run(op(factor), turned.reshape(len(turned), -1, 1))
            values = np.moveaxis(longer.reshape(length, *turned.shape[1:]), 0, axis)
    return [(values, expected)]


def _one(op: Op, x: Array) -> Array:
    """The op on all of ``x`` as one sample."""
    return run(op, x[..., None])[..., 0]


ADAPTERS: dict[str, Adapter] = {
    "Concat": concatenate,
    "Flatten": flatten,
    "Reshape": reshape,
    "Transpose": transpose,
    "Pad": pad,
    "Slice": crop,
    "Resize": resize,
    "Upsample": resize,
}
