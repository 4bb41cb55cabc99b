"""Everything that a network has learned, in one flat vector, with a named view of each weight matrix and each bias.

One vector means that an optimizer is a few calls for the whole network, a snapshot is one copy, and going back to an earlier
state is another. The gradients lie in a second vector in the same order.
"""

import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from core.compiler.plan import PlannedBlock, size
from core.errors import ModelError
from core.ops.initializers import initializer
from core.ops.layout import aligned_zeros
from core.ops.op import Array, ParameterView


class Parameters:
    """The parameter blocks of a plan and their gradients.

    ``vector`` and ``gradient_vector`` are flat; ``blocks[i]`` and ``gradient_blocks[i]`` are the arrays of block ``i``; ``views`` and
    ``gradient_views`` map ``node/name`` to writable views; ``node_slices`` maps a node to its part of the vectors. Raises ModelError for a
    plan in which two views share a name, or the blocks of a node do not lie side by side.
    """

    def __init__(self, planned: tuple[PlannedBlock, ...], dtype: Any) -> None:
        end = max((_end(block) for block in planned), default=0)
        self.vector = aligned_zeros((end,), dtype)
        self.gradient_vector = aligned_zeros((end,), dtype)
        self.blocks = tuple(_cut(self.vector, block) for block in planned)
        self.gradient_blocks = tuple(_cut(self.gradient_vector, block) for block in planned)
        self._views: dict[str, ParameterView] = {}
        views: dict[str, Array] = {}
        gradient_views: dict[str, Array] = {}
        for block, values, gradients in zip(planned, self.blocks, self.gradient_blocks):
            for view in block.block.views:
                name = f"{block.node}/{view.name}"
                if name in views:
                    raise ModelError(f"The plan has two parameters called {name}; compile the diagram again.")
                self._views[name] = view
                views[name], gradient_views[name] = view.cut(values), view.cut(gradients)
        self.views: Mapping[str, Array] = MappingProxyType(views)
        self.gradient_views: Mapping[str, Array] = MappingProxyType(gradient_views)
        self.node_slices: Mapping[str, slice] = MappingProxyType(_node_slices(planned))

    def initialize(self, seed: int) -> None:
        """Draw every parameter afresh, each from a generator of its own.

        A parameter's numbers depend on the seed, its name and its shape alone, so adding a node changes no other.
        """
        for name, view in self._views.items():
            generator = seeded_generator(seed, name)
            target = self.views[name]
            target[...] = initializer(view.initializer)(generator, target.shape, view.fan_in, view.fan_out)

    def load(self, values: Mapping[str, Array]) -> tuple[str, ...]:
        """Take over every array whose name and shape are known here; returns their names."""
        taken = tuple(
            name for name, view in self.views.items() if name in values and np.shape(values[name]) == view.shape
        )
        with np.errstate(all="ignore"):
            for name in taken:
                self.views[name][...] = values[name]
        return taken


def seeded_generator(seed: int, name: str) -> np.random.Generator:
    """A generator for one purpose: the same seed and name give the same numbers everywhere. ``seed`` is 0 or more."""
    return np.random.default_rng((seed, zlib.crc32(name.encode())))


def _end(planned: PlannedBlock) -> int:
    return planned.offset + size(planned.block.shape)


def _cut(vector: Array, planned: PlannedBlock) -> Array:
    return vector[planned.offset : _end(planned)].reshape(planned.block.shape)


def _node_slices(planned: tuple[PlannedBlock, ...]) -> dict[str, slice]:
    slices: dict[str, slice] = {}
    for block in sorted(planned, key=lambda block: block.offset):
        start, stop = block.offset, _end(block)
        if before := slices.get(block.node):
            if before.stop != start:
                raise ModelError(f"The parameters of {block.node} do not lie side by side; compile the diagram again.")
            start = before.start
        slices[block.node] = slice(start, stop)
    return slices
