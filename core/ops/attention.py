"""Attention: every step of one sequence looks at all steps of another, and takes a mean of what it finds there.

Two ops: the weights, which say how much each step looks at each other, and the mean with these weights. The weights are a
value of their own and not hidden inside, so that they can be looked at. With several heads each looks at its own share of
the features. Products of single samples need the batch in front, so both ops copy their inputs there, and their outputs back.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from core.ops.op import Array, Binding, Bound, Call, Op, Shape


@dataclass(frozen=True)
class AttentionWeights(Op):
    """``a_ij = softmax_j(q_i . k_j / sqrt(d))`` per head, ``d`` the features of a head (Vaswani et al., 2017, eq. 1).

    Query ``(steps, features)``, key ``(other steps, features)``, output ``(heads, steps, other steps)``: in the engine a picture with one channel
    for each head. With ``causal`` step ``i`` sees no step after ``i``. A third input ``(other steps, 1)`` is a mask: steps where it is
    below 0.5 are not seen (and it has no gradient); who sees nothing has weights of 0. Without ``scaled`` the division by ``sqrt(d)`` is left out.
    Backward: ``dL/ds_ij = a_ij (dL/da_ij - sum_j a_ij dL/da_ij)`` by the scores, from there to ``q`` and ``k`` as in any product.
    Raises ValueError for inputs that do not fit together, or features that the heads cannot share evenly.
    """

    reads_ones: ClassVar[bool] = False
    heads: int = 1
    causal: bool = False
    scaled: bool = True

    def output_shape(self, *inputs: Shape) -> Shape:
        query, key, *mask = inputs
        if len(query) != 2 or len(key) != 2 or query[1] != key[1] or query[1] % self.heads:
            raise ValueError(
                f"attention reads two sequences whose equally many features {self.heads} heads can share; received {list(inputs)}."
            )
        if mask and mask[0] != (key[0], 1):
            raise ValueError(f"the mask of attention has one number for each step of the key; received {list(inputs)}.")
        return (self.heads, query[0], key[0])

    def macs(self, *inputs: Shape) -> int:
        return inputs[0][0] * inputs[1][0] * inputs[0][1]

    def scratch_values(self, *inputs: Shape) -> int:
        return 2 * (math.prod(inputs[0]) + math.prod(inputs[1])) + 3 * math.prod(self.output_shape(*inputs))

    def bind(self, arrays: Binding) -> Bound:
        query, key = (_Turned(arrays, source, self.heads) for source in arrays.inputs[:2])
        a = arrays.output
        scores = arrays.scratch((a.shape[-1], *a.shape[:-1]))
        turned = scores.transpose(1, 2, 3, 0)
        factor = arrays.constant(1 / math.sqrt(query.split.shape[-1]) if self.scaled else 1)
        see: Call = partial(np.copyto, a, turned)
        if self.causal:
            later = np.triu(np.ones(a.shape[1:3], bool), 1)[..., None]
            see = partial(np.add, turned, np.where(later, -np.inf, 0).astype(a.dtype), a)
        forward: tuple[Call, ...] = (
            partial(np.multiply, query.source, factor, query.batch_first),
            partial(np.copyto, key.batch_first, key.source),
            partial(np.matmul, query.split, key.split.swapaxes(2, 3), scores),
            see,
            *_softmax(arrays, a),
        )
        if arrays.output_gradient is None:
            return Bound(forward)
        backward: list[Call] = _softmax_slope(arrays, a, arrays.output_gradient, turned)
        if path := arrays.gradient_path(0):
            slope = _Turned(arrays, path[1], self.heads)
            backward += [
                partial(np.matmul, scores, key.split, slope.split),
                partial(np.multiply, slope.batch_first, factor, path[1].transpose(2, 0, 1)),
            ]
        if path := arrays.gradient_path(1):
            slope = _Turned(arrays, path[1], self.heads)
            backward += [
                partial(np.matmul, scores.swapaxes(2, 3), query.split, slope.split),
                partial(np.copyto, slope.source, slope.batch_first),
            ]
        if len(arrays.inputs) == 3 and (path := arrays.gradient_path(2)):
            backward.append(partial(path[1].fill, 0))
        return Bound(forward, tuple(backward))


@dataclass(frozen=True)
class Attend(Op):
    """``y_i = sum_j a_ij v_j``, each head with its own share of the features of ``v``, the results side by side.

    Weights ``(heads, steps, other steps)``, value ``(other steps, features)``, output ``(steps, features)``.
    Backward: ``dL/da_ij = dL/dy_i . v_j``, ``dL/dv_j = sum_i a_ij dL/dy_i``. Raises ValueError for inputs that do not fit together.
    """

    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        weights, value = inputs
        if len(weights) != 3 or len(value) != 2 or weights[2] != value[0] or value[1] % weights[0]:
            raise ValueError(
                "attending reads weights (heads, steps, other steps) and values (other steps, features) whose features the heads "
                f"can share; received {list(inputs)}."
            )
        return (weights[1], value[1])

    def macs(self, *inputs: Shape) -> int:
        return inputs[0][1] * inputs[0][2] * inputs[1][1]

    def scratch_values(self, *inputs: Shape) -> int:
        return 2 * (math.prod(inputs[0]) + math.prod(inputs[1]) + math.prod(self.output_shape(*inputs)))

    def bind(self, arrays: Binding) -> Bound:
        weights = arrays.inputs[0]
        heads, batch = len(weights), weights.shape[-1]
        a = arrays.scratch((batch, *weights.shape[:-1]))
        value, output = _Turned(arrays, arrays.inputs[1], heads), _Turned(arrays, arrays.output, heads)
        forward = (
            partial(np.copyto, a, weights.transpose(3, 0, 1, 2)),
            partial(np.copyto, value.batch_first, value.source),
            partial(np.matmul, a, value.split, output.split),
            partial(np.copyto, output.source, output.batch_first),
        )
        if arrays.output_gradient is None:
            return Bound(forward)
        downstream = _Turned(arrays, arrays.output_gradient, heads)
        backward: list[Call] = [partial(np.copyto, downstream.batch_first, downstream.source)]
        if path := arrays.gradient_path(0):
            slope = arrays.scratch(a.shape)
            backward += [
                partial(np.matmul, downstream.split, value.split.swapaxes(2, 3), slope),
                partial(np.copyto, path[1], slope.transpose(1, 2, 3, 0)),
            ]
        if path := arrays.gradient_path(1):
            upstream = _Turned(arrays, path[1], heads)
            backward += [
                partial(np.matmul, a.swapaxes(2, 3), downstream.split, upstream.split),
                partial(np.copyto, upstream.source, upstream.batch_first),
            ]
        return Bound(forward, tuple(backward))


class _Turned:
    """A sequence ``(time, features, batch)`` with its copy ``(batch, time, features)`` and the heads of that copy.

    ``source`` is the sequence and ``batch_first`` the room for its copy, both seen batch first; ``split`` is ``batch_first`` seen as
    ``(batch, head, time, features of the head)``, which matrix products take as it is.
    """

    def __init__(self, arrays: Binding, sequence: Array, heads: int) -> None:
        time, features, batch = sequence.shape
        self.source = sequence.transpose(2, 0, 1)
        self.batch_first = arrays.scratch((batch, time, features))
        self.split = self.batch_first.reshape(batch, time, heads, features // heads).swapaxes(1, 2)


def _softmax(arrays: Binding, a: Array) -> tuple[Call, ...]:
    """Turn scores into weights, in place, over axis 2; steps that are masked out have none."""
    row = (*a.shape[:2], 1, a.shape[-1])
    peak, total = arrays.scratch(row), arrays.scratch(row)
    ones = np.ones((1, a.shape[2]), a.dtype)
    softmax: tuple[Call, ...] = (
        partial(np.maximum.reduce, a, 2, None, peak, True),
        partial(np.subtract, a, peak, a),
        partial(np.exp, a, a),
        # A product with ones takes a third of the time of a reduction.
        partial(np.matmul, ones, a, total),
        partial(np.divide, a, total, a),
    )
    if len(arrays.inputs) < 3:
        return softmax
    mask = arrays.inputs[2][:, 0]
    unseen = arrays.scratch(mask.shape, bool)
    lowest, smallest = arrays.constant(-np.finfo(a.dtype).max), arrays.constant(np.finfo(a.dtype).tiny)
    return (
        partial(np.less, mask, arrays.constant(0.5), unseen),
        partial(np.copyto, a, arrays.constant(-np.inf), where=unseen),
        softmax[0],
        # Where nothing is seen, the peak is minus infinity and the total 0: held, so that the weights are 0 and not NaN.
        partial(np.maximum, peak, lowest, out=peak),
        *softmax[1:4],
        partial(np.maximum, total, smallest, out=total),
        softmax[4],
    )


def _softmax_slope(arrays: Binding, a: Array, downstream: Array, out: Array) -> list[Call]:
    """``a (dL/da - sum a dL/da)`` into ``out``, an array of the same shape in another order."""
    product = arrays.scratch(a.shape)
    total = arrays.scratch((*a.shape[:2], 1, a.shape[-1]))
    return [
        partial(np.multiply, a, downstream, product),
        partial(np.matmul, np.ones((1, a.shape[2]), a.dtype), product, total),
        partial(np.subtract, downstream, total, product),
        partial(np.multiply, product, a, out),
    ]
