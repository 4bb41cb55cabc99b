"""Slopes of several layers in one call: on small networks a call costs more than its arithmetic.

Where the slope of an activation follows from its output, the outputs of all layers with that activation lie in one arena, one behind the
other, and their slopes in another; one row of calls at the start of the backward pass works all of them out.
"""

from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from core.compiler.plan import Step
from core.model.memory import Memory
from core.ops.elementwise import ARENA, SmoothCurve
from core.ops.layout import ALIGNMENT, aligned_zeros
from core.ops.op import Array, Binding, Call


@dataclass
class SharedSlopes:
    """``of_slot`` is where the slope of an output is found, ``calls`` what works out all of them."""

    of_slot: dict[int, Array] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)


def shared_slopes(memory: Memory, steps: list[Step]) -> SharedSlopes:
    """Lay out the outputs of the activations among these steps, of each sort that there is more than one of."""
    slopes = SharedSlopes()
    groups: dict[SmoothCurve, list[int]] = {}
    for step in steps:
        if isinstance(step.op, SmoothCurve) and step.op.of_output and memory.is_free(step.output):
            groups.setdefault(step.op, []).append(step.output)
    for op, slots in groups.items():
        _share(memory, op, slots, slopes)
    return slopes


def _share(memory: Memory, op: SmoothCurve, slots: list[int], slopes: SharedSlopes) -> None:
    room = ALIGNMENT // memory.dtype.itemsize
    sizes = [-(-(memory.size(slot) + 1) * memory.batch // room) * room for slot in slots]
    if len(slots) < 2 or sum(sizes) > ARENA:
        return
    values, shared = (aligned_zeros((sum(sizes),), memory.dtype) for _ in range(2))
    for slot, start in zip(slots, accumulate(sizes, initial=0)):
        rows, length = memory.size(slot), memory.size(slot) * memory.batch
        extended = values[start : start + length + memory.batch].reshape(rows + 1, memory.batch)
        extended[-1] = 1
        memory.put(slot, extended)
        slopes.of_slot[slot] = memory.shaped(shared[start : start + length], slot)
    # Only the constants of this binding are asked for.
    binding = Binding((values,), (), values, (None,), (), None, (), (), False, np.random.default_rng(0))
    slopes.calls += op.slope_calls(binding, values, shared)
