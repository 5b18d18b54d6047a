"""How little a command loads before it runs."""

import subprocess
import sys

HEAVY = ("neo4j", "strawberry", "graphql", "starlette", "uvicorn", "httpx", "phonenumbers", "arcadedb_embedded")
"""Each takes longer to load than all of the command line."""


def test_the_command_line_loads_nothing_heavy_before_a_command_runs() -> None:
    code = f"import sys, graph_api.cli; print(*sorted(set(sys.modules) & set({HEAVY})))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
