"""Settings that decide who is let in."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from graph_api.cli.problems import explain_settings
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


@pytest.mark.parametrize(("said", "here", "beyond"), [(None, True, False), (True, True, True), (False, False, False)])
def test_graphiql_is_served_on_loopback_alone_unless_it_is_asked_for(
    tmp_path: Path, said: bool | None, here: bool, beyond: bool
) -> None:
    for on_loopback, expected in ((True, here), (False, beyond)):
        settings = Settings(data_dir=tmp_path, graphiql=said, on_loopback=on_loopback, _env_file=None)
        assert settings.serves_graphiql is expected


def test_trusted_proxies_are_addresses_or_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_API_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")
    assert Settings(data_dir=tmp_path, _env_file=None).trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    monkeypatch.setenv("GRAPH_API_TRUSTED_PROXIES", "proxy.example")
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(data_dir=tmp_path, _env_file=None)


def test_without_mail_the_portal_is_open_on_loopback_alone(tmp_path: Path) -> None:
    assert not Settings(data_dir=tmp_path, _env_file=None).portal_open
    assert Settings(data_dir=tmp_path, on_loopback=True, _env_file=None).portal_open


@pytest.mark.parametrize(("url", "server"), [
    ("smtp://mail.example.org", ("mail.example.org", 587, False, None, None)),
    ("smtps://mail.example.org", ("mail.example.org", 465, True, None, None)),
    ("smtp://a%40b.example:p%2Fw%3A%20x@[::1]:2525/", ("::1", 2525, False, "a@b.example", "p/w: x")),
])  # fmt: skip
def test_a_mail_server_is_read_from_its_address(tmp_path: Path, url: str, server: tuple[object, ...]) -> None:
    settings = Settings(data_dir=tmp_path, smtp_url=SecretStr(url), mail_from="portal@example.org", _env_file=None)
    found = settings.mail_server
    assert found is not None
    assert (found.host, found.port, found.implicit_tls, found.username, found.password) == server
    assert settings.portal_open
    assert "p/w" not in f"{settings!r} {found!r} {found}"


@pytest.mark.parametrize("url", [
    "mail.example.org", "http://mail.example.org", "smtp://", "smtp://user@mail.example.org", "smtp://mail.example.org/x",
    "smtp://u:hunter2/@mail.example.org", "smtp://u:p#hunter2@mail.example.org", "smtp://mail.example.org:99999",
    "smtp://mail.example.org?hunter2", "smtp://:hunter2@mail.example.org",
])  # fmt: skip
def test_an_address_of_no_mail_server_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(data_dir=tmp_path, smtp_url=SecretStr(url), mail_from="portal@example.org", _env_file=None)
    told = explain_settings(refused.value)
    assert told.startswith("GRAPH_API_SMTP_URL: ")
    assert "hunter2" not in told


def test_mail_comes_from_somebody(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="GRAPH_API_MAIL_FROM"):
        Settings(data_dir=tmp_path, smtp_url=SecretStr("smtp://mail.example.org"), _env_file=None)
    with pytest.raises(ValidationError, match="not an e-mail address"):
        Settings(data_dir=tmp_path, mail_from="Portal", _env_file=None)


@pytest.mark.parametrize(
    "url", ["https://portal.example.org", "https://{practice}.example.org/x/", "http://[::1]:8000"]
)
def test_links_lead_to_a_front_end(tmp_path: Path, url: str) -> None:
    assert Settings(data_dir=tmp_path, portal_url=url, _env_file=None).portal_url == url.rstrip("/")


@pytest.mark.parametrize("url", ["http://portal.example.org", "portal.example.org", "https://", "https://x.example/#y"])
def test_links_that_others_could_read_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(data_dir=tmp_path, portal_url=url, _env_file=None)
