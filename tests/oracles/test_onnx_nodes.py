"""The node test cases of ONNX for every op that we have: the numbers of others, computed by nobody here."""

from fnmatch import fnmatchcase
from itertools import chain

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx, whose node test cases are the oracle, is not installed")

from tests.oracles.onnx_nodes import elementwise, left_out, products, recurrence, shapes, windows
from tests.oracles.onnx_nodes.case import Adapter, names_by_op, read
from tests.oracles.onnx_nodes.names import NAMES

pytestmark = pytest.mark.oracle

MODULES = (elementwise, products, shapes, windows, recurrence)
ADAPTERS: dict[str, Adapter] = dict(chain.from_iterable(module.ADAPTERS.items() for module in MODULES))
RELATIVE, ABSOLUTE = 1e-5, 1e-6
"""What ONNX expects was computed in single precision."""

ALL = [(op, name) for op in sorted(NAMES) for name in NAMES[op].split()]


def marked(op: str, name: str) -> object:
    why = left_out.reason(name)
    return pytest.param(op, name, id=name, marks=() if why is None else pytest.mark.skip(reason=f"{op}: {why}"))


def check(op: str, name: str) -> None:
    pairs = ADAPTERS[op](read(name))
    assert pairs
    for ours, expected in pairs:
        assert ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=RELATIVE, atol=ABSOLUTE)


def test_no_case_of_our_ops_is_forgotten() -> None:
    found = names_by_op()
    assert {op: found[op] for op in ADAPTERS} == {op: names.split() for op, names in NAMES.items()}


@pytest.mark.parametrize(("op", "name"), [marked(op, name) for op, name in ALL])
def test_node_agrees(op: str, name: str) -> None:
    check(op, name)


@pytest.mark.parametrize("pattern", left_out.REASONS)
def test_what_is_left_out_would_not_agree(pattern: str) -> None:
    """So that a reason goes when it no longer holds."""
    chosen = [(op, name) for op, name in ALL if fnmatchcase(name, pattern)]
    assert chosen
    for op, name in chosen:
        with pytest.raises((AssertionError, ValueError, KeyError)), np.errstate(all="ignore"):
            check(op, name)
