"""`graph-api token`: the token alone on stdout, honoured by the API, for a practice that is there."""

import jwt
import pytest

from graph_api.http.auth import LOCAL_AUDIENCE, LOCAL_ISSUER
from graph_api.keys.secrets import signing_key
from tests.cli.command import Command


def claims(command: Command, output: str) -> dict[str, object]:
    token = output.removesuffix("\n")
    assert token.split() == [token]
    key = signing_key(command.data_dir).public_key()
    found: dict[str, object] = jwt.decode(
        token, key, algorithms=["EdDSA"], audience=LOCAL_AUDIENCE, issuer=LOCAL_ISSUER
    )
    return found


@pytest.mark.parametrize("role", ["staff", "analyst", "admin"])
def test_a_token_is_alone_on_stdout(command: Command, practice: str, role: str) -> None:
    options = ("--practice", practice, "--role", role, "--subject", "ada", "--hours", "2")
    found = claims(command, command.done("token", *options))
    assert (found["sub"], found["practice"], found["role"]) == ("ada", practice, role)
    assert int(str(found["exp"])) - int(str(found["iat"])) == 2 * 3600


def test_a_token_lasts_half_a_day_and_names_who_asked_for_it(command: Command, practice: str) -> None:
    found = claims(command, command.done("token", "--practice", practice, "--role", "staff"))
    assert int(str(found["exp"])) - int(str(found["iat"])) == 12 * 3600
    assert found["sub"]


def test_a_practice_that_is_not_there_is_refused(command: Command, practice: str) -> None:
    line = command.refused("token", "--practice", "nowhere", "--role", "staff")
    assert "known" in line
    assert practice not in line


@pytest.mark.parametrize("options", [("--role", "portal"), ("--role", "staff", "--hours", "0"), ("--role", "x")])
def test_what_a_token_needs(command: Command, practice: str, options: tuple[str, ...]) -> None:
    assert "Invalid value" in command.misused("token", "--practice", practice, *options)


@pytest.mark.parametrize("subject", ["", " ", "x" * 201])
def test_a_subject_is_bounded(command: Command, practice: str, subject: str) -> None:
    assert "--subject" in command.refused("token", "--practice", practice, "--role", "staff", "--subject", subject)


def test_own_tokens_are_not_made_where_an_outside_issuer_is_set(
    command: Command, practice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_API_JWKS_URL", "https://login.example/keys")
    monkeypatch.setenv("GRAPH_API_JWT_ISSUER", "https://login.example")
    monkeypatch.setenv("GRAPH_API_JWT_AUDIENCE", "graph-api")
    line = command.refused("token", "--practice", practice, "--role", "staff")
    assert "GRAPH_API_JWKS_URL" in line
    assert "not accepted" in line
