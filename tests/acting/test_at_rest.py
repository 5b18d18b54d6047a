"""Nothing of a message's words is written anywhere but sealed (X8): files, logs, keys of retries, events."""

from pathlib import Path

import pytest

from tests.acting.cast import new_cast
from tests.api import Installation
from tests.contract.practice_graph import NODES, run

WORDS = ("Zwetschgenknödel", "Quittengelee")
"""Of no other text."""


def holding(folder: Path, words: tuple[str, ...]) -> list[str]:
    """Files that hold one of the words, in any encoding that an engine or a log may write."""
    needles = [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")]
    needles += [word.encode("unicode_escape") for word in words]
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [str(path)] if any(needle in content for needle in needles) else []
    return found


async def test_x8_no_word_is_at_rest_anywhere(
    installation: Installation, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    cast = await new_cast(installation)
    body, subject = WORDS
    sent = {"clientId": cast.ids["ben"], "subject": subject, "body": body, "idempotencyKey": "k-1"}
    first = await cast.done("anna", "startThread", "thread { id subject }", **sent, audience="SHARED")
    assert first["subject"] == subject
    again = await cast.done("anna", "startThread", "thread { id subject }", **sent, audience="SHARED")
    assert again == first
    await cast.done("staff", "sendMessage", "message { body }", threadId=first["id"], body=f"{body}!")
    assert await cast.refused("anna", "sendMessage", threadId=first["id"], body=f"{body}\x07") != ""
    found = await run(installation.database, NODES, practices=[cast.practice.id])
    assert len(found) > 10
    assert not [record for record in found if any(word in repr(record) for word in WORDS)]
    assert holding(installation.settings.data_dir, WORDS) == []
    told = "".join(capfd.readouterr()) + caplog.text
    assert not [word for word in WORDS if word in told]


def test_a_word_that_is_there_is_found(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"body={WORDS[0]}", encoding="utf-8")
    (tmp_path / "wide").write_text(WORDS[1], encoding="utf-16-le")
    assert len(holding(tmp_path, WORDS)) == 2
