"""LiveValues: hands the newest Snapshot to nodes and wires a little at a time, so that no tick takes long.

The newest snapshot wins: when one comes before the last was shown everywhere, the rest of the last is dropped.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from core.inspection.snapshot import Snapshot
from desktop.canvas.figures import signed
from desktop.canvas.live import full_width, values_of_node, weight_places, weights_of_wires
from desktop.canvas.node_values import NO_VALUES, FloatArray

if TYPE_CHECKING:
    from core.compiler.compile import Compilation
    from core.datasets.dataset import Dataset
    from desktop.canvas.scene import CanvasScene

BUDGET = 0.006
"""Seconds per tick for handing out values."""
FEW_SAMPLES = 1
"""A dataset of so many samples is a worked example: every number is shown."""
FEW_WEIGHTS = 8
"""Up to so many weighted wires all show their weight without being asked: there is room, and the weights are the point."""
SHARE_STEPS = 12
MOST_LISTED = 4
"""A wire that carries up to so many weights shows them all in its pill."""


class LiveValues:
    """What of the network's present state is on the canvas."""

    def __init__(self, scene: "CanvasScene") -> None:
        self._scene = scene
        self._snapshot: Snapshot | None = None
        self._places: dict[str, tuple[str, int, int]] = {}
        self._dataset: Dataset | None = None
        self._waiting: deque[str] = deque()
        self._all_numbers = False

    @property
    def is_empty(self) -> bool:
        """Whether no snapshot is shown."""
        return self._snapshot is None

    @property
    def all_numbers(self) -> bool:
        """Whether every neuron shows its number and every wire its weight."""
        return self._all_numbers

    def set_all_numbers(self, shown: bool) -> None:
        """Show the number of every neuron and wire, or only those of what is selected."""
        if shown != self._all_numbers:
            self._all_numbers = shown
            self._show_pills()
            self.show_numbers_of(self._scene.nodes)

    def forget(self) -> None:
        """Another diagram: nothing is known of it."""
        self._snapshot = None
        self._places = {}
        self._waiting.clear()

    def compiled(self, compilation: "Compilation", dataset: "Dataset | None") -> None:
        """Work out which weight belongs to which wire."""
        if dataset is not self._dataset:
            self._all_numbers = dataset is not None and len(dataset) <= FEW_SAMPLES
        self._dataset = dataset
        self._places = weight_places(self._scene.diagram, compilation)
        for wire, look in tuple(self._scene.wires.wires.items()):
            if wire not in self._places and (look.weight is not None or look.weights_text):
                self._scene.wires.change(wire, weight=None, share=0.0, weights_text="")
        self._show_pills()
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot | None) -> None:
        """Show a snapshot from the next ticks on; None takes all values away."""
        self._snapshot = snapshot
        if snapshot is None:
            self._waiting.clear()
            for item in self._scene.nodes.values():
                item.set_values(NO_VALUES)
            return
        if snapshot.parameters:
            self.show_weights(snapshot.parameters)
        self._waiting = deque(self._scene.nodes)

    def show_weights(self, parameters: Mapping[str, FloatArray]) -> None:
        """Give every wire the width and colour of its weight."""
        weights = weights_of_wires(self._places, parameters)
        most = full_width(weights)
        wires = self._scene.wires
        for key, row in weights.items():
            if key in wires.wires and len(row) > 1:
                wires.change(key, weight=None, share=0.0, weights_text=_listed(row))
            elif key in wires.wires:
                weight = row[0]
                # Steps keep a wire from being repainted for a change that nobody can see.
                share = round(min(1.0, abs(weight) / most) * SHARE_STEPS) / SHARE_STEPS
                wires.change(key, weight=weight, share=share, weights_text="")

    def show_numbers_of(self, nodes: Iterable[str]) -> None:
        """Show these nodes again, because they may show their numbers now, or no longer."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        for key in nodes:
            item = self._scene.nodes.get(key)
            if item is not None and item.values.numbers != self._wants_numbers(key):
                self._hand(key, snapshot)

    def hand_out(self, seconds: float) -> bool:
        """Hand values to as many nodes as the budget of one tick allows; whether any are left."""
        end = perf_counter() + BUDGET
        while self._waiting and self._snapshot is not None:
            self._hand(self._waiting.popleft(), self._snapshot)
            if perf_counter() > end:
                break
        return bool(self._waiting)

    def _hand(self, key: str, snapshot: Snapshot) -> None:
        item = self._scene.nodes.get(key)
        if item is not None:
            numbers = self._wants_numbers(key)
            values = values_of_node(key, item.look, self._scene.diagram, snapshot, self._dataset, numbers)
            item.set_values(values)

    def _wants_numbers(self, key: str) -> bool:
        return self._all_numbers or self._scene.nodes[key].selected or key == self._scene.hovered_node

    def _show_pills(self) -> None:
        shown = self._all_numbers or len(self._places) <= FEW_WEIGHTS
        for wire, look in tuple(self._scene.wires.wires.items()):
            if look.shows_pill != shown:
                self._scene.wires.change(wire, shows_pill=shown)


def _listed(weights: list[float]) -> str:
    """The weights of a wire that carries a few, or "" where there are too many to read."""
    return "  ".join(signed(weight) for weight in weights) if len(weights) <= MOST_LISTED else ""
