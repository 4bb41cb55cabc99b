"""How much memory there is, and how much of it a network may take."""

import pytest

from core import capacity


def test_memory_is_known_here() -> None:
    total = capacity.total_memory()
    assert total is not None
    assert total > 2**28
    assert capacity.room_for_training() == total // 4


def test_a_system_that_does_not_say_sets_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> int:
        raise OSError("no")

    monkeypatch.setattr(capacity, "_ask", unknown)
    assert capacity.total_memory() is None
    assert capacity.room_for_training() is None
