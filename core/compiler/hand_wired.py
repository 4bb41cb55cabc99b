"""Hand-wired neurons in a plan: which steps are single neurons, which of them belong together, and in which order they can be computed.

A neuron is a weighted sum of one unit over rows of features, with the activation that alone reads it. What it reads through Concatenate it
reads wire by wire. Neurons belong together where they read each other or the same value, with no other kind of step in between: a way
that leaves the neurons and comes back to them ends one stage and begins the next.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core.compiler.plan import Plan, Step
from core.ops.linear import Linear
from core.ops.neuron_ranks import NeuronRanks
from core.ops.op import Op
from core.ops.ranks import RankedNeuron
from core.ops.structure import Concatenate

WASTE = 2048
"""Cells without a wire for each neuron, up to which dense matrices are faster than one step for each neuron."""


@dataclass(frozen=True, slots=True)
class WiredNeuron:
    """A neuron: its steps by index (``bend`` is its activation), the slots that its wires read in their order, its output."""

    sums: int
    bend: int | None
    reads: tuple[int, ...]
    output: int
    stage: int


class Part:
    """Neurons that belong together, as one op: ``sources`` are the slots that it reads, ``neurons`` are in the order of its rows."""

    def __init__(self, neurons: list[WiredNeuron], plan: Plan, first_reader: dict[int, int]) -> None:
        self._plan = plan
        self._rows: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.stage = neurons[0].stage
        inside = {neuron.output for neuron in neurons}
        read = {slot for neuron in neurons for slot in neuron.reads}
        self._first_reader = first_reader
        # As they come in the plan, where every neuron reads them like that; else as they are read first.
        self._as_they_come = all(neuron.reads == tuple(sorted(neuron.reads)) for neuron in neurons)
        self.sources = tuple(sorted(read - inside, key=self._place))
        self.ranks = [self._sorted(rank) for rank in _ranks(neurons)]
        self.neurons = [neuron for rank in self.ranks for neuron in rank]

    @cached_property
    def row_of(self) -> dict[int, int]:
        """The first row of every slot in the pool, sources and neurons."""
        rows, row = {}, 0
        for group in (self.sources, *([neuron.output for neuron in rank] for rank in self.ranks)):
            for slot in group:
                rows[slot] = row
                row += self._plan.slots[slot].shape[0]
            row += 1
        return rows

    @cached_property
    def op(self) -> NeuronRanks:
        """All of it as one op."""
        sizes = tuple(self._plan.slots[slot].shape[0] for slot in self.sources)
        return NeuronRanks(sizes, tuple(tuple(self._ranked(neuron) for neuron in rank) for rank in self.ranks))

    @property
    def pays(self) -> bool:
        """Whether one step is worth more than a step for each neuron."""
        waste = sum(rank.cells for rank in self.op.layout) - self.op.macs()
        return len(self.neurons) > 1 and waste <= WASTE * len(self.neurons)

    def _ranked(self, neuron: WiredNeuron) -> RankedNeuron:
        # Many neurons read the same wires.
        if neuron.reads not in self._rows:
            starts, slots = self.row_of, self._plan.slots
            self._rows[neuron.reads] = tuple(
                row for slot in neuron.reads for row in range(starts[slot], starts[slot] + slots[slot].shape[0])
            )
        return RankedNeuron(
            self._rows[neuron.reads], _linear(self._plan.steps[neuron.sums]).bias, self._activation(neuron)
        )

    def _activation(self, neuron: WiredNeuron) -> Op | None:
        return None if neuron.bend is None else self._plan.steps[neuron.bend].op

    def _place(self, slot: int) -> int:
        return slot if self._as_they_come else self._first_reader[slot]

    def _sorted(self, rank: list[WiredNeuron]) -> list[WiredNeuron]:
        """The neurons of a rank in their order, those with the same activation side by side."""
        in_order = sorted(rank, key=lambda neuron: self._place(neuron.output))
        groups: dict[Op | None, list[WiredNeuron]] = {}
        for neuron in in_order:
            groups.setdefault(self._activation(neuron), []).append(neuron)
        return [neuron for group in groups.values() for neuron in group]


class HandWired:
    """The neurons of a plan by their output, but for those that are left out; ``stage_of`` tells when each other step can run."""

    def __init__(self, plan: Plan, left_out: set[int]) -> None:
        self._plan = plan
        self._left_out = left_out
        self._maker = {step.output: index for index, step in enumerate(plan.steps)}
        self._readers: dict[int, list[int]] = defaultdict(list)
        for index, step in enumerate(plan.steps):
            for slot in step.inputs:
                self._readers[slot].append(index)
        self._kept = set(plan.outputs.values()) | {loss.prediction_slot for loss in plan.losses}
        self._blocks = Counter(planned.node for planned in plan.parameters)
        self._leaves: dict[int, tuple[int, ...]] = {}
        self.neurons: dict[int, WiredNeuron] = {}
        self.stage_of: dict[int, int] = {}
        self._first_reader: dict[int, int] = {}
        self._walk()

    def parts(self) -> list[Part]:
        """The neurons that belong together: those of one stage that a chain of values read or written connects."""
        leaders: dict[int, dict[int, int]] = defaultdict(dict)
        for neuron in self.neurons.values():
            leader = leaders[neuron.stage]
            own = _leader_of(neuron.reads[0], leader)
            for slot in (*neuron.reads, neuron.output):
                if leader.get(slot) != own:
                    leader[_leader_of(slot, leader)] = own
        groups: dict[tuple[int, int], list[WiredNeuron]] = {}
        for neuron in self.neurons.values():
            group = neuron.stage, _leader_of(neuron.output, leaders[neuron.stage])
            groups.setdefault(group, []).append(neuron)
        return [Part(group, self._plan, self._first_reader) for group in groups.values()]

    def _walk(self) -> None:
        """Find the neurons, and the stage of every value, step by step."""
        stages: dict[int, int] = {}
        bends = set()
        for index, step in enumerate(self._plan.steps):
            if index in bends:
                continue
            if self._is_neuron(index, step):
                neuron = self._neuron(index, step, stages)
                self.neurons[neuron.output] = neuron
                stages[neuron.output] = neuron.stage
                bends.add(neuron.bend)
                self._note_readers(neuron.reads)
            else:
                stage = max((stages.get(slot, 0) + (slot in self.neurons) for slot in step.inputs), default=0)
                stages[step.output] = self.stage_of[index] = stage
                self._note_readers(step.inputs)

    def _note_readers(self, slots: Iterable[int]) -> None:
        for slot in slots:
            self._first_reader.setdefault(slot, len(self._first_reader))

    def _is_neuron(self, index: int, step: Step) -> bool:
        """Whether a step is a neuron's weighted sum; its node must have no other parameters, for those of a node lie side by side."""
        return (
            index not in self._left_out
            and isinstance(step.op, Linear)
            and step.op.units == 1
            and len(self._plan.slots[step.inputs[0]].shape) == 1
            and self._plan.slots[step.output].needs_gradient
            and all(self._blocks[self._plan.parameters[block].node] == 1 for block in step.parameters)
        )

    def _neuron(self, index: int, step: Step, stages: dict[int, int]) -> WiredNeuron:
        reads = tuple(self._leaves_of(step.inputs[0]))
        if len(set(reads)) < len(reads):
            reads = step.inputs
        bend = self._bend(step.output)
        output = step.output if bend is None else self._plan.steps[bend].output
        return WiredNeuron(index, bend, reads, output, max(stages.get(slot, 0) for slot in reads))

    def _bend(self, slot: int) -> int | None:
        """The step of the activation that alone reads a weighted sum."""
        readers = self._readers[slot]
        if slot in self._kept or len(readers) != 1:
            return None
        step = self._plan.steps[readers[0]]
        return readers[0] if step.op.elementwise and not step.parameters else None

    def _leaves_of(self, slot: int) -> tuple[int, ...]:
        """The slots that come together in this one, wire by wire."""
        if slot not in self._leaves:
            step = self._plan.steps[self._maker[slot]] if slot in self._maker else None
            if step is None or not isinstance(step.op, Concatenate):
                self._leaves[slot] = (slot,)
            else:
                self._leaves[slot] = tuple(leaf for read in step.inputs for leaf in self._leaves_of(read))
        return self._leaves[slot]


def find_parts(plan: Plan) -> tuple[HandWired, list[Part]]:
    """The hand-wired parts of a plan that are worth a step of their own."""
    left_out: set[int] = set()
    while True:
        found = HandWired(plan, left_out)
        parts = found.parts()
        refused = {neuron.sums for part in parts if not part.pays for neuron in part.neurons}
        if not refused:
            return found, parts
        left_out |= refused


def _leader_of(slot: int, leader: dict[int, int]) -> int:
    """Who stands for all that a slot is connected with; every look makes the next one shorter."""
    while leader.setdefault(slot, slot) != slot:
        leader[slot] = leader[leader[slot]]
        slot = leader[slot]
    return slot


def _linear(step: Step) -> Linear:
    assert isinstance(step.op, Linear)
    return step.op


def _ranks(neurons: list[WiredNeuron]) -> Iterator[list[WiredNeuron]]:
    """The neurons by the length of the longest way to them, which is the order in which they can be computed."""
    depth: dict[int, int] = {}
    ranks: dict[int, list[WiredNeuron]] = {}
    for neuron in neurons:
        depth[neuron.output] = 1 + max(depth.get(slot, 0) for slot in neuron.reads)
        ranks.setdefault(depth[neuron.output], []).append(neuron)
    for _, rank in sorted(ranks.items()):
        yield rank
