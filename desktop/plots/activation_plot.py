"""The activation plot: what the units of the hidden nodes answer to a fixed batch of samples, side by side.

A small network shows every unit as a row of bars; a large one shows every node as a block, one thin line per unit.
Either way a column is a sample, and columns are sorted by target, so that a unit which tells classes apart shows it.
"""

import numpy as np
from PySide6.QtWidgets import QWidget

from core.catalogue.kind import Category
from core.catalogue.registry import find_kind
from core.diagram.diagram import Diagram
from core.inspection.snapshot import Snapshot
from desktop.forms.numbers import count_text
from desktop.plots.activation_rows import ActivationRows, Block
from desktop.plots.caption import PART
from desktop.plots.nodes import node_label
from desktop.plots.panel import PlotPanel
from desktop.plots.sanitizer import Values, robust_scale
from desktop.plots.scale_legend import ScaleLegend
from desktop.plots.style import number
from desktop.theme import Theme
from desktop.training.controller import TrainingController

EMPTY = "Draw a network with a hidden node to see what its units answer."
MOST_BLOCKS = 12
SHOWN = frozenset({Category.NEURONS, Category.ACTIVATIONS, Category.CONVOLUTION, Category.RECURRENCE})


class ActivationPlot(PlotPanel):
    """Follows the newest Snapshot."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__("activationPlot", "Activations", EMPTY, parent)
        self._controller = controller
        self._snapshot: Snapshot | None = controller.snapshot
        self._scales: dict[str, float] = {}
        self._rows = ActivationRows()
        self.add_body(self._rows)
        self._legend = ScaleLegend()
        self.add_to_head(self._legend)
        controller.snapshot_ready.connect(self._on_snapshot)
        controller.history_cleared.connect(self._on_cleared)
        controller.network_gone.connect(self._on_cleared)
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
        self._scales = {}
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
        self._rows.show_blocks(blocks)
        one = "" if self._rows.scales_differ else number(blocks[0].scale, 1)
        self._legend.set_ends(f"−{one}", f"+{one}")
        samples = blocks[0].values.shape[1]
        parts = [count_text(samples, "sample"), *(["by target"] if samples > 1 else [])]
        self.set_subtitle(PART.join(parts))

    def _scale(self, node_id: str, values: Values) -> float:
        """At least 1; grows at once and shrinks only when far too wide, so that colours keep their meaning."""
        scale, wanted = self._scales.get(node_id, 1.0), max(1.0, robust_scale(values, 99.0))
        if wanted > scale or wanted < scale / 4:
            scale = wanted
        self._scales[node_id] = scale
        return scale

    def _blocks(self) -> list[Block]:
        snapshot = self._snapshot
        if snapshot is None:
            return []
        diagram = self._controller.bridge.diagram
        blocks: list[Block] = []
        seen = [values for node_id, values in snapshot.batch_activations.items() if not _is_shown(diagram, node_id)]
        for node_id, values in snapshot.batch_activations.items():
            if not _is_shown(diagram, node_id) or not values.size:
                continue
            if any(np.array_equal(values, earlier) for earlier in seen):
                continue  # It only passes on what another node answered.
            seen.append(values)
            clean = np.nan_to_num(values, posinf=0.0, neginf=0.0)
            blocks.append(Block(node_label(diagram, node_id), clean, self._scale(node_id, clean)))
        return blocks if len(blocks) <= MOST_BLOCKS else _merged(blocks)


def _is_shown(diagram: Diagram, node_id: str) -> bool:
    node = diagram.nodes.get(node_id)
    kind = None if node is None else find_kind(node.kind)
    return kind is not None and kind.category in SHOWN


def _merged(blocks: list[Block]) -> list[Block]:
    """Many nodes of one unit each become one block; of what is still too many, the first ones are shown."""
    single = [block for block in blocks if len(block.values) == 1]
    others = [block for block in blocks if len(block.values) > 1]
    if len(single) > MOST_BLOCKS - len(others) and single:
        stacked = np.concatenate([block.values for block in single])
        scale = max(block.scale for block in single)
        return [Block(f"{len(single)} neurons", stacked, scale), *others][:MOST_BLOCKS]
    return [*single, *others][:MOST_BLOCKS]
