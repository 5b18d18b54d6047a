"""make does what is missing, once; nothing is run here (`make --dry-run`)."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is absent")
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
ASSETS = Path("src/graph_api/http/assets/manifest.json")
BUILD = "vite.js build"
INSTALL = "--require-hashes -r requirements-dev.lock"


def make(*arguments: str, directory: Path) -> str:
    """What make prints."""
    command = ["make", "--no-print-directory", *arguments]
    done = subprocess.run(command, cwd=directory, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def plan(directory: Path, *targets: str) -> str:
    """The commands make would run."""
    return make("--dry-run", *targets, directory=directory)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout, in a path with a space, that looks as if all had been made."""
    directory = tmp_path / "a checkout"
    sources = ["Makefile", "pyproject.toml", "requirements-dev.lock", "web/package-lock.json", "web/src/main.tsx"]
    made = [".venv/packages.stamp", ".venv/project.stamp", "web/node_modules/.package-lock.json", str(ASSETS)]
    for age, names in ((100, sources), (50, made)):
        for name in names:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path) if age == 100 else path.touch()
            when = path.stat().st_mtime - age
            os.utime(path, (when, when))
    (directory / ".venv/bin").mkdir()
    (directory / ".venv/bin/python").symlink_to(sys.executable)
    (directory / ".venv/place").write_text(f"{directory.resolve()}\n")
    return directory


def test_help_lists_every_target() -> None:
    assert re.findall(r"^  make ([a-z-]+)", make("help", directory=ROOT), re.MULTILINE) == TARGETS
    assert {"run", "test", "test-dates", "lint", "web", "wheel", "bench", "lock", "clean", "help"} <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_a_plan(target: str) -> None:
    assert plan(ROOT, target)


def test_second_run_only_starts_the_demo(checkout: Path) -> None:
    assert plan(checkout, "run", "PORT=8123").split() == [".venv/bin/graph-api", "demo", "--port", "8123"]
    assert "graph-api demo --port" not in plan(checkout, "run")


def test_missing_assets_are_built_again(checkout: Path) -> None:
    shutil.rmtree((checkout / ASSETS).parent)
    planned = plan(checkout, "run")
    assert BUILD in planned
    assert INSTALL not in planned


def test_changed_web_source_builds_the_assets_alone(checkout: Path) -> None:
    (checkout / "web/src/main.tsx").touch()
    assert BUILD in plan(checkout, "run")
    assert INSTALL not in plan(checkout, "run")


def set_up(directory: Path, tmp_path: Path) -> list[str]:
    """Run the set-up with a Python that only notes what it is asked; its notes."""
    python, notes = tmp_path / "python", tmp_path / "notes"
    python.write_text(
        f"""#!/bin/sh
echo "$*" >> '{notes}'
case "$*" in *"venv --clear .venv") rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python ;; esac
"""
    )
    python.chmod(0o755)
    if (directory / ".venv/bin").exists():
        (directory / ".venv/bin/python").unlink()
        shutil.copy(python, directory / ".venv/bin/python")
    make(f"PYTHON={python}", ".venv/project.stamp", directory=directory)
    assert "up to date" in make(f"PYTHON={python}", ".venv/project.stamp", directory=directory)
    return [line for line in notes.read_text().splitlines() if line.startswith("-m")]


def is_install(note: str, what: str) -> bool:
    return note.startswith("-m pip ") and note.endswith(what)


def test_changed_lock_installs_into_the_same_environment(checkout: Path, tmp_path: Path) -> None:
    (checkout / "requirements-dev.lock").touch()
    packages, project = set_up(checkout, tmp_path)
    assert is_install(packages, INSTALL)
    assert is_install(project, "-e .")
    assert BUILD not in plan(checkout, "run")


def test_changed_project_installs_itself_alone(checkout: Path, tmp_path: Path) -> None:
    (checkout / "pyproject.toml").touch()
    (project,) = set_up(checkout, tmp_path)
    assert is_install(project, "--no-deps --no-build-isolation -e .")


@pytest.mark.parametrize("how", ["moved", "missing"])
def test_moved_or_missing_environment_is_made_again(checkout: Path, tmp_path: Path, how: str) -> None:
    if how == "moved":
        checkout = checkout.rename(checkout.with_name("else where"))
    else:
        shutil.rmtree(checkout / ".venv")
    environment, packages, project = set_up(checkout, tmp_path)
    assert environment == "-m venv --clear .venv"
    assert is_install(packages, INSTALL)
    assert is_install(project, "-e .")
    assert BUILD not in plan(checkout, "run")


def test_old_python_is_refused_in_words(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    command = ["make", f"PYTHON={old}", ".venv/packages.stamp"]
    done = subprocess.run(command, cwd=checkout, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert f"Python 3.11 or newer is needed; PYTHON={old} is not." in done.stderr
    assert not (checkout / ".venv").exists()
