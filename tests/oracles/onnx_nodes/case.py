"""Node test cases as the onnx wheel ships them: a model of one node, and what comes out for what goes in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from core.ops.evaluate import evaluate
from core.ops.op import Array, Op

onnx = pytest.importorskip("onnx", reason="onnx, whose node test cases are the oracle, is not installed")

Pairs: TypeAlias = list[tuple[Array, Array]]
"""What we compute, and what ONNX expects."""


@dataclass(frozen=True)
class Case:
    """One node with its attributes; an input that is left out is None."""

    name: str
    op: str
    attributes: dict[str, Any]
    inputs: tuple[Array | None, ...]
    outputs: tuple[Array, ...]

    @property
    def given(self) -> tuple[Array, ...]:
        """The inputs that are there."""
        return tuple(array for array in self.inputs if array is not None)

    def get(self, attribute: str, default: Any) -> Any:
        """An attribute, or what it is where it is not said."""
        return self.attributes.get(attribute, default)

    def input(self, place: int) -> Array | None:
        """The input at this place, or None."""
        return self.inputs[place] if place < len(self.inputs) else None


Adapter: TypeAlias = Callable[[Case], Pairs]


@cache
def names_by_op() -> dict[str, list[str]]:
    """Op -> the names of all cases of a single node of this op, sorted."""
    found: dict[str, list[str]] = {}
    for folder in sorted(_root().iterdir()):
        nodes = onnx.load(folder / "model.onnx").graph.node
        if len(nodes) == 1:
            found.setdefault(nodes[0].op_type, []).append(folder.name.removeprefix("test_"))
    return found


def read(name: str) -> Case:
    """The case of this name, with the first of its sets of data."""
    folder = _root() / f"test_{name}"
    graph = onnx.load(folder / "model.onnx").graph
    (node,) = graph.node
    values = {
        given.name: _tensor(folder / "test_data_set_0" / f"input_{place}.pb") for place, given in enumerate(graph.input)
    }
    outputs = [_tensor(folder / "test_data_set_0" / f"output_{place}.pb") for place in range(len(graph.output))]
    attributes = {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}
    return Case(
        name,
        node.op_type,
        {key: value.decode() if isinstance(value, bytes) else value for key, value in attributes.items()},
        tuple(values[given] if given else None for given in node.input),
        tuple(outputs),
    )


def run(op: Op, *inputs: Any, parameters: tuple[Any, ...] = (), training: bool = False) -> Array:
    """The output of our op in float64, for arrays in the layout of the engine."""
    arrays = (np.ascontiguousarray(array, float) for array in inputs)
    blocks = tuple(np.array(block, float) for block in parameters)
    return evaluate(op, *arrays, parameters=blocks, training=training).output


def rows(array: Array) -> Array:
    """All values as one sample: (values, 1)."""
    return array.reshape(-1, 1)


def _root() -> Path:
    return Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"


def _tensor(path: Path) -> Array:
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    array: Array = onnx.numpy_helper.to_array(tensor)
    return array
