"""How much random suites, races and measurements try: little in every run, much when somebody wants to know."""

import os

THOROUGH = bool(os.environ.get("GRAPH_API_THOROUGH"))

THOROUGH_TIMEOUT = 7_200
"""Seconds for a thorough test, and for removing what it left."""


def budget(usual: int, thorough: int) -> int:
    """The usual number, a few seconds' worth; with GRAPH_API_THOROUGH set to anything, the thorough one."""
    return thorough if THOROUGH else usual
