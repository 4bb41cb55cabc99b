"""How ranks of neurons are bound to arrays: what each rank calls forward, and what it calls backward."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import accumulate

import numpy as np

from core.ops.activations import Identity
from core.ops.elementwise import ARENA, SmoothCurve
from core.ops.op import Array, Binding, Bound, Call, Op
from core.ops.pool_gradient import PoolGradient
from core.ops.rank_matrices import RankMatrices
from core.ops.ranks import Rank
from core.ops.spans import address


class RankBinder:
    """Binds the ranks from last to first, which is the order in which gradients are written."""

    def __init__(
        self, arrays: Binding, sources: tuple[int, ...], one_rows: tuple[int, ...], ranks: tuple[Rank, ...]
    ) -> None:
        self._arrays = arrays
        self._pool = arrays.output
        self._starts = tuple(accumulate(sources, initial=0))
        self._ranks = ranks
        self._pool[list(one_rows)] = 1
        self._matrices = RankMatrices(ranks, arrays)
        self._gradient: PoolGradient | None = None
        self._slopes: dict[int, Array] = {}
        self._slope_calls: list[Call] = []
        if arrays.output_gradient is not None:
            self._gradient = PoolGradient(arrays, arrays.output_gradient, self._starts, one_rows)
            self._share_slopes()

    def bind(self) -> Bound:
        """The calls of all ranks."""
        bound = [self._bind_rank(index, rank) for index, rank in reversed(list(enumerate(self._ranks)))]
        forward = [*self._copy_sources(), *self._matrices.scatter]
        forward += [call for calls, _ in reversed(bound) for call in calls]
        backward = [call for _, calls in bound for call in calls]
        if self._gradient is None:
            return Bound(tuple(forward))
        backward += [*self._matrices.gather, *self._hand_to_sources(self._gradient)]
        return Bound(tuple(forward), (*self._slope_calls, *backward))

    def _share_slopes(self) -> None:
        """Where ranks that follow each other end in the same activation, their slopes are worked out in one call, ones and all."""
        for activation, runs in _neighbours(self._ranks, ARENA // self._pool.shape[1]):
            if isinstance(activation, SmoothCurve) and activation.of_output:
                first, last = runs[0][0], runs[-1][1]
                shared = self._arrays.scratch((last - first, self._pool.shape[1]))
                self._slope_calls += activation.slope_calls(self._arrays, self._pool[first:last], shared)
                self._slopes |= {start: shared[start - first : stop - first] for start, stop in runs}

    def _copy_sources(self) -> Iterator[Call]:
        for start, source in zip(self._starts, self._arrays.inputs):
            rows = self._pool[start : start + len(source)]
            if address(source) != address(rows):
                yield partial(np.copyto, rows, source)

    def _hand_to_sources(self, gradient: PoolGradient) -> list[Call]:
        calls: list[Call] = []
        for start, upstream in zip(self._starts, self._arrays.input_gradients):
            if upstream is not None:
                calls.append(partial(np.copyto, upstream, gradient.read(start, start + len(upstream), calls)))
        return calls

    def _bind_rank(self, index: int, rank: Rank) -> tuple[list[Call], list[Call]]:
        """The calls of one rank forward and backward."""
        weight = self._matrices.weights[index]
        source, sums = self._pool[rank.low : rank.high], self._pool[rank.start : rank.stop]
        if not rank.is_linear:
            # Not in place: on a small array a ufunc that writes over what was just computed takes half as long again.
            sums = self._arrays.scratch(sums.shape)
        forward: list[Call] = [partial(weight.dot, source, sums)]
        backward: list[Call] = []
        slope = self._slope(rank, backward)
        for activation, start, stop in () if rank.is_linear else rank.runs():
            bound = self._bind_run(activation or Identity(), rank, sums, slope, start, stop, backward)
            forward += bound.forward
            backward += bound.backward
        if self._gradient is not None and slope is not None:
            backward.append(partial(slope.dot, source.T, self._matrices.gradients[index]))
            backward += self._gradient.add(rank.low, rank.high, weight.T, slope)
        return forward, backward

    def _slope(self, rank: Rank, calls: list[Call]) -> Array | None:
        """Room for the gradient of the weighted sums of a rank; that of its values where nothing bends them."""
        if self._gradient is None:
            return None
        if rank.is_linear:
            return self._gradient.read(rank.start, rank.stop, calls)
        return self._arrays.scratch((len(rank.neurons), self._pool.shape[1]))

    def _bind_run(
        self,
        activation: Op,
        rank: Rank,
        sums: Array,
        slope: Array | None,
        start: int,
        stop: int,
        calls: list[Call],
    ) -> Bound:
        """The activation of some neurons side by side."""
        rows = slice(start - rank.start, stop - rank.start)
        binding = replace(
            self._arrays,
            inputs=(sums[rows],),
            extended=(),
            output=self._pool[start:stop],
            input_gradients=(None if slope is None else slope[rows],),
            extended_gradients=(),
            output_gradient=None if self._gradient is None else self._gradient.read(start, stop, calls),
            parameters=(),
            parameter_gradients=(),
            written=None,
            slope=self._slopes.get(start),
        )
        return activation.bind(binding)


def _neighbours(ranks: tuple[Rank, ...], most: int) -> Iterator[tuple[Op | None, list[tuple[int, int]]]]:
    """The runs of rows of an activation, together with those after them that only a row of ones parts from them, in ``most`` rows."""
    current: Op | None = None
    runs: list[tuple[int, int]] = []
    for activation, start, stop in (run for rank in ranks for run in rank.runs()):
        if runs and (activation != current or stop - runs[0][0] > most):
            yield current, runs
            runs = []
        current = activation
        runs.append((start, stop))
    yield current, runs
