"""Where the lean client connects to, with TLS and without, and when the driver is used in its place."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from neo4j.exceptions import ServiceUnavailable

from graph_api.config import Settings
from graph_api.engine import official
from graph_api.engine.chosen import Bolt, ChosenClient
from graph_api.engine.clients import Address, Terms
from graph_api.engine.lean.client import LeanClient
from graph_api.engine.lean.pool import Endpoint
from graph_api.engine.session import GraphSession
from graph_api.engine.statements import Dialect
from graph_api.opening import open_database
from tests.engine.lean.server import BoltServer, bolt_server

READ = Terms(5.0)


def chosen(uri: str, bolt: Bolt = Bolt.LEAN) -> ChosenClient:
    return ChosenClient(Address(uri, None, None, None, Dialect.NEO4J), bolt, pool_size=2, wait=2.0)


@asynccontextmanager
async def behind_tls(folder: Path) -> AsyncIterator[tuple[BoltServer, Path]]:
    """A server with a certificate that nobody signed, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "graph")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    whole = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    whole.write_bytes(secret + public)
    trusted = folder / "trusted.pem"
    trusted.write_bytes(public)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(whole)
    server = BoltServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.uri = f"bolt+ssc://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server, trusted
    finally:
        listening.close()


async def test_tls_with_any_certificate_and_with_a_trusted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with behind_tls(tmp_path) as (server, trusted):
        any_client = server.client()
        assert await any_client.read("R", {"x": 1}, READ) == [{"x": 1}]
        await any_client.close()
        server.uri = server.uri.replace("bolt+ssc", "bolt+s")
        strict = server.client()
        with pytest.raises(ServiceUnavailable):
            await strict.read("R", {"x": 1}, READ)
        await strict.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        trusting = server.client()
        assert await trusting.read("R", {"x": 2}, READ) == [{"x": 2}]
        await trusting.close()
        server.uri = server.uri.replace("bolt+s", "bolt")
        plain = server.client()
        with pytest.raises(ServiceUnavailable):
            await plain.read("R", {"x": 1}, READ)
        await plain.close()


@pytest.mark.parametrize(
    ("uri", "host", "port", "tls"),
    [
        ("bolt://db", "db", 7687, False),
        ("bolt://[::1]:17", "::1", 17, False),
        ("bolt+s://db.example:1", "db.example", 1, True),
        ("bolt+ssc://db", "db", 7687, True),
    ],
)
def test_addresses(uri: str, host: str, port: int, tls: bool) -> None:
    endpoint = Endpoint.of(uri)
    assert (endpoint.host, endpoint.port, endpoint.tls is not None) == (host, port, tls)


@pytest.mark.parametrize(
    ("uri", "bolt", "name"),
    [
        ("bolt://a", Bolt.LEAN, "lean"),
        ("bolt+s://a", Bolt.LEAN, "lean"),
        ("bolt+ssc://a", Bolt.LEAN, "lean"),
        ("neo4j://a", Bolt.LEAN, "official"),
        ("neo4j+s://a", Bolt.LEAN, "official"),
        ("bolt://a", Bolt.OFFICIAL, "official"),
    ],
)
async def test_an_address_that_routes_is_the_drivers(uri: str, bolt: Bolt, name: str) -> None:
    client = chosen(uri, bolt)
    assert client.name == name
    await client.close()


async def test_a_server_that_speaks_another_bolt_is_the_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """For good, also when one that could be spoken to answers later."""
    asked: list[str] = []

    async def read(_self: object, text: str, _params: object, _terms: object) -> list[dict[str, object]]:
        asked.append(text)
        return [{"x": 1}]

    monkeypatch.setattr(official.OfficialClient, "read", read)
    async with bolt_server(version=b"\x00\x00\x04\x04") as server:
        client = chosen(server.uri)
        assert client.name == "lean"
        assert await client.read("R", {}, READ) == [{"x": 1}]
        assert client.name == "official"
        server.version = b"\x00\x00\x08\x05"
        await client.read("S", {}, READ)
        assert asked == ["R", "S"]
        await client.close()


@pytest.mark.parametrize(("said", "name"), [(None, "lean"), ("lean", "lean"), ("official", "official")])
async def test_the_setting_chooses(said: str | None, name: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="bolt://127.0.0.1:1", bolt=said or "lean", _env_file=None)
    database = open_database(settings)
    await database.open()
    assert database.client == name
    await database.close()


async def test_a_session_reads_through_the_lean_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded engine and `bolt://` are asked by it alone."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(official.OfficialClient, "__init__", refuse)
    async with bolt_server() as server:
        database = open_database(Settings(database_url=server.uri, _env_file=None))
        await database.open()
        assert await GraphSession(database).read("practices/migrations") == [{"x": None}]
        await database.close()


def test_the_lean_client_is_one_of_the_clients() -> None:
    assert LeanClient.name == Bolt.LEAN.value
    assert official.OfficialClient.name == Bolt.OFFICIAL.value
