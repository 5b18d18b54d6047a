"""The container files: what they start, on which ports, with whose password."""

import re
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml

from graph_api.config import Settings
from tests.packaging.checkout import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
FINAL_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def instructions(name: str, text: str = FINAL_STAGE) -> list[str]:
    return re.findall(rf"^{name} +(.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("text", [COMPOSE, DOCKERFILE], ids=["docker-compose.yml", "Dockerfile"])
def test_every_variable_is_a_setting(text: str) -> None:
    named = {name.lower() for name in re.findall(r"GRAPH_API_([A-Z_]+)", text)}
    assert named
    assert named <= Settings.model_fields.keys()


def test_password_must_be_given() -> None:
    given = [
        SERVICES["api"]["environment"]["GRAPH_API_DATABASE_PASSWORD"],
        SERVICES["neo4j"]["environment"]["NEO4J_AUTH"],
    ]
    for value in given:
        assert re.fullmatch(r"(neo4j/)?\$\{NEO4J_PASSWORD:\?[^}]+\}", value), "a default password"
    assert "PASSWORD" not in DOCKERFILE


def test_api_waits_for_a_healthy_database_and_asks_it() -> None:
    api, database = SERVICES["api"], SERVICES["neo4j"]
    assert api["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert api["environment"]["GRAPH_API_DATABASE_URL"] == "neo4j://neo4j:7687"
    assert "cypher-shell" in database["healthcheck"]["test"][1]
    assert re.fullmatch(r"neo4j:(5\.26|20\d\d\.\d+)[\w.]*-community", database["image"])


def test_ports_are_open_to_this_machine_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_each_service_keeps_its_data_in_a_volume_of_its_own() -> None:
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    used = [mount.split(":") for service in SERVICES.values() for mount in service["volumes"]]
    assert {name for name, _ in used} == volumes.keys()
    assert len(used) == len(SERVICES) == len(volumes)
    assert {target for _, target in used} == {"/data"}
    assert "GRAPH_API_DATA_DIR=/data" in FINAL_STAGE


def test_image_runs_as_nobody_special_and_tells_when_it_is_ready() -> None:
    user = instructions("USER")
    assert len(user) == 1
    assert user[0] not in ("root", "0")
    assert f"useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin {user[0]}" in FINAL_STAGE
    (port,) = instructions("EXPOSE")
    (health,) = instructions("HEALTHCHECK")
    assert f"http://127.0.0.1:{port}/health/ready" in health
    assert instructions("ENTRYPOINT") == ['["graph-api"]']
    assert instructions("CMD") == [f'["serve", "--host", "0.0.0.0", "--port", "{port}"]']
    assert SERVICES["api"]["ports"][0].endswith(f":{port}")


def test_image_installs_by_hash() -> None:
    installs = re.findall(r"pip install ([^&\n]+)", FINAL_STAGE)
    assert len(installs) == 2
    assert "--require-hashes -r /tmp/requirements.lock" in installs[0]
    assert "--no-deps /tmp/*.whl" in installs[1]


def test_what_is_copied_is_there_and_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        source for line in instructions("COPY", DOCKERFILE) if "--from" not in line for source in line.split()[:-1]
    }
    assert copied <= sent
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert any(fnmatch("src/graph_api/http/assets", line) for line in lines), "assets are built in the image"
