"""The activation plot: what the units of the hidden nodes answer to a fixed batch of samples, side by side.

A small network shows every unit as a row of bars; a large one shows every node as a block, one thin line per unit.
Either way a column is a sample, and columns are sorted by target, so that a unit which tells classes apart shows it.
"""

import numpy as np
from PySide6.QtWidgets import QWidget

from core.catalogue.kind import Category
from core.catalogue.registry import find_kind
from core.inspection.snapshot import Snapshot
from desktop.plots.activation_rows import ActivationRows, Block
from desktop.plots.nodes import node_label
from desktop.plots.panel import PlotPanel
from desktop.plots.sanitizer import robust_scale
from desktop.plots.scale_legend import ScaleLegend
from desktop.plots.style import number
from desktop.theme import Theme
from desktop.training.controller import TrainingController

EMPTY = "Draw a network with a hidden node to see what its units answer."
MOST_BLOCKS = 12
SHOWN = frozenset({Category.NEURONS, Category.ACTIVATIONS, Category.RECURRENCE})


class ActivationPlot(PlotPanel):
    """Follows the newest Snapshot."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__("activationPlot", "Activations", EMPTY, parent)
        self._controller = controller
        self._snapshot: Snapshot | None = controller.snapshot
        self._scale = 1.0
        self._rows = ActivationRows()
        self._legend = ScaleLegend()
        self.add_to_head(self._legend)
        controller.snapshot_ready.connect(self._on_snapshot)
        controller.history_cleared.connect(self._on_cleared)
        self.start()

    @property
    def rows(self) -> ActivationRows:
        """The picture."""
        return self._rows

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.request_redraw()

    def _on_cleared(self) -> None:
        self._snapshot = self._controller.snapshot
        self._scale = 1.0
        self.request_redraw()

    def restyle(self, theme: Theme) -> None:
        self._rows.update()

    def redraw(self) -> None:
        blocks = self._blocks()
        self._legend.setVisible(bool(blocks))
        if not blocks:
            self.set_subtitle("")
            self.show_empty()
            return
        self.set_body(self._rows)
        self._follow_scale(robust_scale(np.concatenate([block.values.ravel() for block in blocks])))
        self._legend.set_ends(f"−{number(self._scale, 1)}", f"+{number(self._scale, 1)}")
        samples = blocks[0].values.shape[1]
        self.set_subtitle(f"{samples} samples, by target")
        self._rows.show_blocks(blocks, self._scale)

    def _follow_scale(self, wanted: float) -> None:
        """At least 1; grows at once and shrinks only when far too wide, so that colours keep their meaning."""
        wanted = max(1.0, wanted)
        if wanted > self._scale or wanted < self._scale / 4:
            self._scale = wanted

    def _blocks(self) -> list[Block]:
        snapshot = self._snapshot
        if snapshot is None:
            return []
        diagram = self._controller.bridge.diagram
        blocks = []
        for node_id, values in snapshot.batch_activations.items():
            node = diagram.nodes.get(node_id)
            kind = None if node is None else find_kind(node.kind)
            if kind is None or kind.category not in SHOWN or not values.size:
                continue
            blocks.append(Block(node_label(diagram, node_id), np.nan_to_num(values)))
        return blocks if len(blocks) <= MOST_BLOCKS else _merged(blocks)


def _merged(blocks: list[Block]) -> list[Block]:
    """Many nodes of one unit each become one block; of what is still too many, the first ones are shown."""
    single = [block for block in blocks if len(block.values) == 1]
    others = [block for block in blocks if len(block.values) > 1]
    if len(single) > MOST_BLOCKS - len(others) and single:
        stacked = np.concatenate([block.values for block in single])
        return [Block(f"{len(single)} neurons", stacked), *others][:MOST_BLOCKS]
    return [*single, *others][:MOST_BLOCKS]
