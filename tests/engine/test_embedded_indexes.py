"""Indexes of the embedded engine beside writers: each record is found by its key, and nothing else is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.budgets import budget

ROOT = Path(__file__).parents[2]
SECONDS = budget(6, 60)


def lived(directory: Path, seed: int, kind: str) -> Any:
    """What a life of an index came to."""
    command = [sys.executable, "-m", "tests.engine.index_life", str(directory), str(seed), str(SECONDS), kind]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # ArcadeDB writes a log where it runs
        command, cwd=directory.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("kind", ["unique", "shared"])
def test_no_entry_is_lost_or_left_beside_compaction_and_a_damaged_index_is_built_anew_once(
    tmp_path: Path, kind: str
) -> None:
    found = lived(tmp_path / "life", 7, kind)
    sound = {"too_many": 0, "missing": 0}
    assert found["lived"] == found["lived"] | sound
    assert found["lived"]["compacted"] > 0
    assert found["lived"]["kept"] > 100
    assert found["damaged"]["missing"] == 1
    assert found["rebuilt"] == [1, 0]
    assert found["mended"] == {"kept": found["lived"]["kept"], **sound}
    assert found["killed"] == found["mended"] | {"built": 1, "unique": int(kind == "unique")}
