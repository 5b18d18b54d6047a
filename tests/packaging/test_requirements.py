"""What is installed is locked by hash, and no tracked file says where it is downloaded from."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.packaging.checkout import ROOT, tracked_files

# In halves, so that this file holds none itself.
REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("maven", "org"),
    ("maven.apache", "org"),
    ("proxy.golang", "org"),
    ("deb.debian", "org"),
    ("archive.ubuntu", "com"),
    ("docker", "io"),
    ("ghcr", "io"),
    ("quay", "io"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("esm", "sh"),
    ("cdnjs.cloudflare", "com"),
]
HOST = "|".join(re.escape(f"{name}.{end}") for name, end in REGISTRIES)
REGISTRY = re.compile(rf"//([\w-]+\.)*({HOST})\b|(?<![\w.-])({HOST})/")
WHERE_TO_LOOK = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"\s*:")
LOCKS = ["requirements.lock", "requirements-dev.lock"]
PACKAGE_LOCKS = [
    "web/package-lock.json",
    "tests/http/audit/package-lock.json",
    "bench/compare/peer/package-lock.json",
]


def read_lock(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package."""
    entries = re.sub(r"\\\n", " ", (ROOT / name).read_text(encoding="utf-8")).splitlines()
    found: dict[str, tuple[str, int]] = {}
    for entry in entries:
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        requirement, *hashes = entry.split(" --hash=")
        pinned = re.fullmatch(r"([A-Za-z0-9._-]+)==([^ ;]+)( ;.*)?", requirement.strip())
        assert pinned, f"{name}: not pinned: {entry[:80]}"
        found[pinned[1].lower()] = (pinned[2], sum(bool(re.match(r"sha256:[0-9a-f]{64}", item)) for item in hashes))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_has_hashes(name: str) -> None:
    locked = read_lock(name)
    assert len(locked) > 20
    assert [package for package, (_, hashes) in locked.items() if not hashes] == []


def test_both_locks_hold_the_same_versions() -> None:
    ours, dev = (read_lock(name) for name in LOCKS)
    assert {package: entry for package, entry in dev.items() if package in ours} == ours


@pytest.mark.parametrize("name", LOCKS)
def test_locks_satisfy_what_the_project_declares(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = list(project["project"]["dependencies"])
    if name == "requirements-dev.lock":
        declared += [*project["dependency-groups"]["dev"], *project["build-system"]["requires"]]
    locked = read_lock(name)
    for requirement in map(Requirement, declared):
        version, _ = locked[requirement.name.lower()]
        assert requirement.specifier.contains(version), f"{name}: {requirement}, but {version} is locked"


@pytest.mark.parametrize("name", PACKAGE_LOCKS)
def test_every_web_package_has_a_hash(name: str) -> None:
    packages = json.loads((ROOT / name).read_text(encoding="utf-8"))["packages"]
    fetched = {path: package for path, package in packages.items() if path}
    assert fetched
    assert [path for path, package in fetched.items() if "integrity" not in package] == []


def test_no_tracked_file_names_a_registry() -> None:
    assert [line for path in tracked_files() for line in download_addresses(path)] == []


def download_addresses(path: Path) -> list[str]:
    """Lines of a text file that say where packages are fetched from."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    here = path.relative_to(ROOT)
    return [
        f"{here}:{number}: {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), 1)
        if REGISTRY.search(line) or (WHERE_TO_LOOK.search(line) and path != Path(__file__).resolve())
    ]


def test_addresses_are_found_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.packaging.test_requirements.ROOT", tmp_path)
    file = tmp_path / "lock"
    for name, end in REGISTRIES:
        file.write_text(f"ok\nhttps://registry.{name}.{end}/x", encoding="utf-8")
        assert download_addresses(file), f"{name}.{end}"
    file.write_text('{"resolved": "x"}\n--index-url x\n', encoding="utf-8")
    assert len(download_addresses(file)) == 2
