"""What the canvas costs: building, repainting, adding a node, handing out values; run by ``python -m tests.benchmarks.canvas``.

Prints one line per size. Every figure is the median of several runs in milliseconds, on a view of 1400 x 900 that shows
the whole diagram.
"""

import os
import statistics
import sys
from collections.abc import Callable
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from core.diagram import edits
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings
from core.inspection.snapshot import Snapshot
from core.storage.project import Project
from desktop.actions import ActionTable
from desktop.canvas.hits import hit_at
from desktop.canvas.view import CanvasView
from desktop.document_bridge import DocumentBridge
from desktop.selection import Selection

SIZES = (100, 300, 1000)
WIRES_PER_NODE = 3
RUNS = 9


def network(count: int) -> Diagram:
    """Ranks of neurons, each wired to three of the rank before it."""
    height = 25
    nodes = [Node(id=f"n{i}", kind="neuron", position=(i // height * 220.0, i % height * 120.0)) for i in range(count)]
    wires: list[tuple[str, str]] = []
    for i in range(height, count):
        before = i // height * height - height
        wires += [(f"n{before + (i * 7 + step * 5) % height}", f"n{i}") for step in range(WIRES_PER_NODE)]
    return Diagram.build(nodes, wires, training=TrainingSettings(dataset=DatasetChoice(key="circle")))


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median time of a call."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return statistics.median(times)


def repaint(view: CanvasView) -> Callable[[], None]:
    """A full repaint of the viewport, done at once."""
    return view.viewport().repaint


def measured(count: int) -> dict[str, float]:
    """All figures for one size."""
    bridge, view = DocumentBridge(), None
    view = CanvasView(bridge, Selection(), ActionTable())
    view.resize(1400, 900)
    view.show()
    diagram = network(count)
    start = perf_counter()
    bridge.open_project(Project(diagram=diagram), None)
    build = (perf_counter() - start) * 1000
    QApplication.processEvents()
    view.fit()
    view.canvas.sharpness.resting = True
    paint = repaint(view)
    start = perf_counter()
    paint()
    first = (perf_counter() - start) * 1000
    figures = {"open": build, "first paint": first, "repaint, fitted": milliseconds(paint)}
    figures["with new wires"] = milliseconds(lambda: (view.canvas.wires.forget_pens(), paint()))
    view.camera.zoom_to(1.0)
    view.canvas.sharpness.resting = True
    paint()
    figures["repaint, 100 %"] = milliseconds(paint)
    figures["with new wires, 100 %"] = milliseconds(lambda: (view.canvas.wires.forget_pens(), paint()))

    def add() -> None:
        change, _ = edits.add_node(bridge.diagram, "neuron", (0.0, -200.0))
        bridge.apply(change, "Add")

    figures["add a node"] = milliseconds(add)
    values = {key: np.array([0.5]) for key in bridge.diagram.nodes}
    snapshot = Snapshot(step=1, loss=0.1, activations=values)
    figures["snapshot, one tick"] = milliseconds(lambda: view.set_snapshot(snapshot))
    figures["hover"] = milliseconds(lambda: view.canvas.hover(next(iter(view.canvas.nodes)), None))
    figures["hit test"] = milliseconds(lambda: hit_at(view.canvas, QPointF(5000, 300), 1.0))
    view.clock.stop()
    view.close()
    return figures


def main() -> int:
    """Print the table."""
    application = QApplication.instance() or QApplication(sys.argv)
    for count in SIZES:
        figures = measured(count)
        print(f"{count:5d} nodes  " + "   ".join(f"{name} {value:6.2f}" for name, value in figures.items()))
        application.processEvents()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
