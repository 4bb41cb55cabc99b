"""NeuronRanks: neurons that were wired by hand, computed rank by rank as if each rank were a layer.

All values lie in one array, the pool: first the rows of the sources, then rank after rank, each with a row of ones below it. A rank
reads the smallest run of rows that holds everything its neurons read, through a dense matrix that is 0 where there is no wire; so a wire
past several ranks costs nothing. A rank that is wired completely and in order needs no matrix of its own: the parameters of its neurons,
which lie side by side, already are one, and it costs what a layer costs. Neurons with one activation lie side by side within their rank.

Where a value is infinite or no number, all neurons of a rank that reads past it are no number either, for a missing wire multiplies by 0;
a network with such values is lost in any case, and the first of them is the one that is named.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import ClassVar

from core.ops.op import Binding, Bound, Op, Shape
from core.ops.rank_binding import RankBinder
from core.ops.ranks import Rank, RankedNeuron


@dataclass(frozen=True)
class NeuronRanks(Op):
    """``a_j = f_j(sum_i w_ji a_i + b_j)`` for every neuron ``j`` of every rank, in the order of the ranks.

    Inputs are rows of ``sources[i]`` features; the output is the pool. Each neuron has a block ``(1, fan_in + 1)``, or ``(1, fan_in)``
    without a bias, in the order of the pool. Raises ValueError for inputs of other shapes.
    """

    sources: tuple[int, ...]
    ranks: tuple[tuple[RankedNeuron, ...], ...]
    reads_ones: ClassVar[bool] = False

    def output_shape(self, *inputs: Shape) -> Shape:
        if inputs != tuple((size,) for size in self.sources):
            raise ValueError(f"these neurons read rows of {self.sources} features; received {inputs}.")
        return (self.one_rows[-1] + 1,)

    @cached_property
    def one_rows(self) -> tuple[int, ...]:
        """The rows of ones: below the sources, and below each rank."""
        return tuple(accumulate((len(rank) + 1 for rank in self.ranks), initial=sum(self.sources)))

    @cached_property
    def layout(self) -> tuple[Rank, ...]:
        """The ranks with their places in the pool."""
        return tuple(self._rank(neurons, self.one_rows[index] + 1) for index, neurons in enumerate(self.ranks))

    def _rank(self, neurons: tuple[RankedNeuron, ...], start: int) -> Rank:
        low, last = min(min(neuron.reads) for neuron in neurons), max(max(neuron.reads) for neuron in neurons)
        ones = self.one_rows[bisect_left(self.one_rows, last)]
        biased = any(neuron.bias for neuron in neurons)
        every = tuple(range(low, last + 1))
        whole = all(neuron.reads == every and neuron.bias == biased for neuron in neurons)
        return Rank(
            neurons, start, low, (ones if biased else last) + 1, ones, whole and (not biased or ones == last + 1)
        )

    def activation_of(self, row: int) -> Op | None:
        """What the neuron in this row of the pool ends with; None where its weighted sum is left as it is."""
        rank = self.layout[bisect_left(self.one_rows, row) - 1]
        return rank.neurons[row - rank.start].activation

    @property
    def places(self) -> tuple[tuple[int, bool], ...]:
        starts = accumulate(self.sources, initial=0)
        return tuple((start, start + size == self.one_rows[0]) for start, size in zip(starts, self.sources))

    def macs(self, *inputs: Shape) -> int:
        return sum(len(neuron.reads) for rank in self.ranks for neuron in rank)

    def bind(self, arrays: Binding) -> Bound:
        return RankBinder(arrays, self.sources, self.one_rows, self.layout).bind()
