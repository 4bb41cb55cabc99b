"""Whether the memory that a compilation tells is near what a model then takes."""

import tracemalloc
from collections.abc import Callable

import pytest

from core.capacity import CHUNK, TRAINING_BYTES_PER_PARAMETER
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from tests.diagrams import hand_wired, pictures
from tests.drawn_cells import cell_node, cell_spec, hand_drawn_lstm

BYTES_BOUND = 2 * 4
"""Of a parameter in a model: itself and its gradient. What training takes beside them is not allocated by the model."""

NETWORKS: dict[str, Callable[[], tuple[Diagram, DataSpec]]] = {
    "pictures": pictures,
    "hand-wired": hand_wired,
    "drawn lstm": lambda: (hand_drawn_lstm(16), cell_spec(20, 4)),
    "lstm": lambda: (cell_node("lstm", 16), cell_spec(20, 4)),
    "gru": lambda: (cell_node("gru", 16), cell_spec(20, 4)),
    "rnn": lambda: (cell_node("rnn", 16), cell_spec(20, 4)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_memory_that_is_told_is_near_what_is_taken(name: str) -> None:
    diagram, spec = NETWORKS[name]()
    compilation = compile_diagram(diagram, spec)
    not_bound = TRAINING_BYTES_PER_PARAMETER - BYTES_BOUND
    told = compilation.memory - compilation.parameter_count * not_bound
    tracemalloc.start()
    model = Model(compilation.plan)
    steps = model.bound(diagram.training.batch_size), model.bound(CHUNK, training=False)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert all(step.forward_calls for step in steps)
    assert 0.6 * taken < told < 4 * taken
