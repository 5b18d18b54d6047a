"""The files that hold checkpoints, and the signing of their lines."""

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER = "audit"


def checkpoint_path(data_dir: Path, practice_id: str) -> Path:
    """Where a practice's checkpoints are."""
    return data_dir / FOLDER / f"{practice_id}.checkpoints"


def practices_with_checkpoints(data_dir: Path) -> list[str]:
    """Ids of the practices that have a file of checkpoints."""
    return sorted(path.stem for path in (data_dir / FOLDER).glob("*.checkpoints"))


def signs(key: Ed25519PrivateKey, path: Path) -> bool:
    """Whether the last whole line of a file of checkpoints was signed with the key."""
    last = b""
    with path.open("rb") as file:
        for line in file:
            last = line if line.endswith(b"\n") else last
    try:
        entry = json.loads(last)
        key.public_key().verify(base64.b64decode(entry["signature"], validate=True), text_of(entry["checkpoint"]))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def text_of(content: Any) -> bytes:
    """As it is signed: JSON without spaces, in ASCII."""
    return json.dumps(content, separators=(",", ":")).encode()
