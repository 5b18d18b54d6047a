"""How many files a request enters, as docs/design.md says: `python -m bench.rooms` counts them anew."""

import json
import re
from pathlib import Path

from bench import rooms

MARGIN = 0.1
DESIGN = Path(__file__).parents[2] / "docs" / "design.md"


async def test_a_request_enters_as_many_files_as_the_page_says(tmp_path: Path) -> None:
    kept = json.loads(rooms.RESULT.read_text(encoding="utf-8"))["requests"]
    rows = re.findall(
        r"^\| (addNew|one net|canAct|signIn).*\| (\d+), (\d+) \|$", DESIGN.read_text("utf-8"), re.MULTILINE
    )
    assert [(int(files), int(moves)) for _, files, moves in rows] == [
        (one["files"], one["moves"]) for one in kept.values()
    ]
    found = await rooms.count(tmp_path / "data")
    far = {
        f"{name}, {kind}": (counts[kind], kept[name][kind])
        for name, counts in found.items()
        for kind in ("files", "moves")
        if abs(counts[kind] - kept[name][kind]) > MARGIN * kept[name][kind]
    }
    assert far == {}
