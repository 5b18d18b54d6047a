"""Settings that decide who is let in."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from graph_api.config import Settings

ISSUER = "https://id.example"


@pytest.mark.parametrize("url", ["https://id.example/jwks", "http://127.0.0.1:9/jwks", "http://localhost/jwks"])
def test_keys_come_by_https_or_from_this_machine(tmp_path: Path, url: str) -> None:
    assert (
        Settings(data_dir=tmp_path, jwks_url=url, jwt_issuer=ISSUER, jwt_audience="graph-api", _env_file=None).jwks_url
        == url
    )


@pytest.mark.parametrize("url", ["http://id.example/jwks", "ftp://id.example/jwks", "id.example"])
def test_keys_anyone_on_the_path_could_change_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(data_dir=tmp_path, jwks_url=url, jwt_issuer=ISSUER, jwt_audience="graph-api", _env_file=None)


def test_an_issuer_is_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="go together"):
        Settings(data_dir=tmp_path, jwks_url="https://id.example/jwks", _env_file=None)


def test_only_registered_operations_need_some(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="GRAPH_API_ONLY_OPERATIONS"):
        Settings(data_dir=tmp_path, only_operations=True, _env_file=None)


def test_no_outside_issuer_has_the_portals_name(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="GRAPH_API_JWT_ISSUER"):
        Settings(
            data_dir=tmp_path,
            jwks_url="https://id.example/jwks",
            jwt_issuer="graph-api-portal",
            jwt_audience="x",
            _env_file=None,
        )


def test_trusted_proxies_are_addresses_or_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")
    assert Settings(data_dir=tmp_path, _env_file=None).trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    monkeypatch.setenv("GRAPH_API_TRUSTED_PROXIES", "proxy.example")
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(data_dir=tmp_path, _env_file=None)


def test_without_mail_the_portal_is_open_on_loopback_alone(tmp_path: Path) -> None:
    assert not Settings(data_dir=tmp_path, _env_file=None).portal_open
    assert Settings(data_dir=tmp_path, on_loopback=True, _env_file=None).portal_open
