"""kill -9 in 200 saves: after each kill the file is whole, and no save that was reported done is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked for each kill")
def test_two_hundred_kills_lose_nothing(tmp_path):
    command = [sys.executable, "-m", "tests.saving_child", "kills", str(tmp_path / "net.nloom"), str(KILLS)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(rows) == KILLS
    for row in rows:
        assert row["whole"]
        assert row["found"] in (row["reported"], row["reported"] + 1)
        if row["found"] > 1:
            # Killed between keeping the previous version and the rename, both names have the same contents.
            assert row["previous"] in (row["found"] - 1, row["found"])
    assert rows[-1]["found"] >= KILLS
    # Some kills must have struck in the middle of a save, or nothing was tried.
    assert rows[-1]["litter"] + sum(row["found"] > row["reported"] for row in rows) > KILLS // 20
