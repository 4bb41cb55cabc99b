"""RankMatrices: the weights of ranks of neurons as matrices.

Where a rank is wired completely and in order, the parameters of its neurons lie side by side and are the matrix. Any other rank has a
dense matrix of its own, 0 where there is no wire: its weights are scattered into it before the forward pass, and its gradients are
gathered out of it after the backward pass, for all such ranks in one call each where their parameters lie side by side.
"""

from collections.abc import Iterator
from functools import partial
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from core.ops.layout import ALIGNMENT, aligned_zeros
from core.ops.op import Array, Binding, Call
from core.ops.ranks import Rank
from core.ops.spans import side_by_side, span


class RankMatrices:
    """``weights[i]`` and ``gradients[i]`` are those of rank ``i`` as matrices; without a backward pass there are no gradients.

    ``scatter`` are the calls before the forward pass, ``gather`` those after the backward pass.
    """

    def __init__(self, ranks: tuple[Rank, ...], arrays: Binding) -> None:
        blocks = [list(arrays.parameters), list(arrays.parameter_gradients)]
        if not blocks[1]:
            blocks.pop()
        members = _members(ranks)
        in_place = [
            rank.whole and all(side_by_side(kind[part]) for kind in blocks) for rank, part in zip(ranks, members)
        ]
        offsets = _offsets(ranks, in_place, ALIGNMENT // arrays.output.dtype.itemsize)
        arenas = [aligned_zeros((offsets[-1],), arrays.output.dtype) for _ in blocks]
        matrices: list[list[Array]] = []
        for kind, arena in zip(blocks, arenas):
            matrices.append([])
            for rank, part, ready, offset in zip(ranks, members, in_place, offsets):
                flat = span(kind[part]) if ready else arena[offset : offset + rank.cells]
                matrices[-1].append(flat.reshape(len(rank.neurons), rank.high - rank.low))
        self.weights = matrices[0]
        self.gradients = matrices[1] if len(matrices) > 1 else []
        self.scatter: list[Call] = []
        self.gather: list[Call] = []
        for part, places in _runs(ranks, members, in_place, offsets, blocks):
            self.scatter.append(partial(arenas[0].__setitem__, places, span(blocks[0][part])))
            if self.gradients:
                # "wrap" lets take write straight into its target, at three quarters of the price of "clip"; no index is out of range.
                self.gather.append(partial(arenas[1].take, places, None, span(blocks[1][part]), "wrap"))


def _members(ranks: tuple[Rank, ...]) -> list[slice]:
    """Which of all neurons, in the order of the pool, those of each rank are."""
    stops = list(accumulate(len(rank.neurons) for rank in ranks))
    return [slice(stop - len(rank.neurons), stop) for rank, stop in zip(ranks, stops)]


def _offsets(ranks: tuple[Rank, ...], in_place: list[bool], room: int) -> list[int]:
    """Where the private matrix of each rank begins, on a cache line, and how much they take together."""
    sizes = (0 if ready else -(-rank.cells // room) * room for rank, ready in zip(ranks, in_place))
    return list(accumulate(sizes, initial=0))


def _runs(
    ranks: tuple[Rank, ...],
    members: list[slice],
    in_place: list[bool],
    offsets: list[int],
    blocks: list[list[Array]],
) -> Iterator[tuple[slice, NDArray[np.intp]]]:
    """The neurons with a place in the private matrices, in runs whose parameters lie side by side, and the place of each parameter."""
    run, places = slice(0, 0), list[int]()
    for rank, part, ready, offset in zip(ranks, members, in_place, offsets):
        for index in range(part.start, part.stop) if not ready else ():
            follows = 0 < index == run.stop and all(side_by_side(kind[index - 1 : index + 1]) for kind in blocks)
            if places and not follows:
                yield run, np.array(places)
                places = []
            run = slice(run.start if places else index, index + 1)
            places += _places(rank, index - part.start, offset)
    if places:
        yield run, np.array(places)


def _places(rank: Rank, position: int, offset: int) -> list[int]:
    """Where the parameters of one neuron of a rank lie in the private matrices."""
    neuron = rank.neurons[position]
    first = offset + position * (rank.high - rank.low) - rank.low
    reads = (*neuron.reads, rank.ones) if neuron.bias else neuron.reads
    return [first + row for row in reads]
