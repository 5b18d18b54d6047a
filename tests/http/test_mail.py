"""Letters to a real mail server, and to files: what arrives, over which connection, and what nobody else may read."""

import re
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import pytest

from graph_api.keys.secrets import installation_secret
from graph_api.mail.files import MailFiles
from graph_api.mail.model import Letter, LetterDeferred, LetterRefused, TransportDown
from graph_api.mail.sending import MailSender
from graph_api.mail.smtp import SmtpTransport
from graph_api.mail_server import MailServer
from graph_api.portal.invitation_letters import COMPOSERS, TRACKERS
from graph_api.portal.letters import (
    access_letter,
    address_changed_letter,
    address_code_letter,
    client_letter,
    invitation_letter,
    sign_in_letter,
)
from tests.api import Api, Installation
from tests.http.mail_server import PASSWORD, USER, Received, certificate, mail_server
from tests.http.serving import EMBEDDED
from tests.letters import PORTAL, OutboxOf
from tests.stranger import ask

FROM = "portal@clinic.example"
LETTER = Letter(
    "lucia@example.org", "Praxis Müller: hello", "Grüße\n\nhttps://x.example/#" + "a" * 120 + "\n", "Praxis Müller"
)


def now() -> datetime:
    return datetime.now(UTC)


def transport(url: str) -> SmtpTransport:
    return SmtpTransport(MailServer.from_url(url), FROM, now)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate, and its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(tls: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The same, trusted on this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[0]))
    return tls


async def test_a_letter_arrives_whole_and_tells_no_more_than_it_says() -> None:
    async with mail_server() as received:
        await transport(f"smtp://127.0.0.1:{received.port}").send(LETTER)
    [message] = received.messages
    assert received.recipients == [["lucia@example.org"]]
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert (message["Subject"], message["To"]) == ("Praxis Müller: hello", "lucia@example.org")
    assert str(message["From"]) == "Praxis Müller <portal@clinic.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    known = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
    assert set(message.keys()) <= known | {"Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo"}
    assert re.fullmatch(r"<[0-9a-f]{32}@clinic\.example>", message["Message-ID"])


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r\n", "\n", "\x00"])
async def test_a_practice_whose_stored_name_has_a_line_separator_sends_mail(separator: str) -> None:
    """Names were taken so once: no header is refused, and none is added."""
    name = f"Smith{separator}Bcc: x@example.org"
    letters = (
        invitation_letter("a@example.org", name, "https://x.example/invitation", "x.y"),
        access_letter("a@example.org", name, "https://x.example"),
        client_letter("a@example.org", name),
        sign_in_letter("a@example.org", name, "1234"),
        address_code_letter("a@example.org", name, "1234"),
        address_changed_letter("a@example.org", name),
    )
    async with mail_server() as received:
        for letter in letters:
            await transport(f"smtp://127.0.0.1:{received.port}").send(letter)
    assert len(received.messages) == len(letters)
    for message in received.messages:
        assert re.match(r"Smith {1,2}Bcc: x@example\.org: \w", str(message["Subject"]).strip())
        assert re.fullmatch(r'"?Smith {1,2}Bcc: x@example\.org"? <portal@clinic\.example>', str(message["From"]))
        assert message["Bcc"] is None
    assert received.recipients == [["a@example.org"]] * len(letters)


async def test_tls_is_taken_where_it_is_offered(trusted: tuple[Path, Path]) -> None:
    async with mail_server(tls=trusted) as received:
        await transport(f"smtp://localhost:{received.port}").send(LETTER)
        assert await transport(f"smtp://localhost:{received.port}").check() is True
    assert received.encrypted == [True]
    async with mail_server(tls=trusted, implicit=True) as received:
        await transport(f"smtps://localhost:{received.port}").send(LETTER)
    assert received.encrypted == [True]
    async with mail_server() as received:
        assert await transport(f"smtp://localhost:{received.port}").check() is False


async def test_a_certificate_that_is_not_trusted_gets_no_letter(tls: tuple[Path, Path]) -> None:
    for implicit, scheme in ((False, "smtp"), (True, "smtps")):
        async with mail_server(tls=tls, implicit=implicit) as received:
            with pytest.raises(TransportDown, match="certificate"):
                await transport(f"{scheme}://localhost:{received.port}").send(LETTER)
        assert received.messages == []


async def test_user_and_password(trusted: tuple[Path, Path]) -> None:
    async with mail_server(tls=trusted, sign_in=True) as received:
        await transport(f"smtp://{USER}:{quote(PASSWORD, safe='')}@localhost:{received.port}").send(LETTER)
        with pytest.raises(TransportDown, match="refuses the user or password") as wrong:
            await transport(f"smtp://{USER}:wr0ng@localhost:{received.port}").send(LETTER)
    assert received.encrypted == [True]
    assert "wr0ng" not in str(wrong.value)


async def test_no_password_leaves_this_machine_in_the_clear() -> None:
    server = MailServer.from_url("smtp://user:secret@mail.example.org")
    assert server.needs_tls
    assert not MailServer.from_url("smtp://user:secret@127.0.0.1").needs_tls
    assert "secret" not in f"{server} {server!r}"


@pytest.mark.parametrize(("refusal", "expected"), [
    ("550 no such user", LetterRefused), ("450 try later", LetterDeferred),
])  # fmt: skip
async def test_a_refusal_is_told_from_a_delay(refusal: str, expected: type[Exception]) -> None:
    async with mail_server() as received:
        received.refuse = refusal
        with pytest.raises(expected):
            await transport(f"smtp://127.0.0.1:{received.port}").send(LETTER)
    assert received.messages == []


async def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(TransportDown, match="can't be reached"):
            await transport(f"smtp://127.0.0.1:{unused.getsockname()[1]}").send(LETTER)


async def test_files_hold_secrets_so_only_their_owner_reads_them(tmp_path: Path) -> None:
    directory = tmp_path / "mail"
    directory.mkdir(mode=0o755)
    files = MailFiles(directory, FROM, now)
    await files.send(LETTER)
    await files.send(LETTER)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    written = sorted(directory.iterdir())
    assert len(written) == 2
    for path in written:
        assert re.fullmatch(r"\d{8}T\d{6}\.\d{6}-[0-9a-f]{8}\.eml", path.name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert (message["To"], message.get_content().replace("\r\n", "\n")) == (LETTER.address, LETTER.text)


async def test_old_letters_are_not_kept(tmp_path: Path) -> None:
    """By the clock that wrote them: a copy of the directory has files of today."""
    await MailFiles(tmp_path / "mail", FROM, lambda: now() - timedelta(days=31)).send(LETTER)
    [old] = (tmp_path / "mail").iterdir()
    await MailFiles(tmp_path / "mail", FROM, now).send(LETTER)
    assert old not in list((tmp_path / "mail").iterdir())
    assert len(list((tmp_path / "mail").iterdir())) == 1


async def test_a_directory_that_can_not_be_written_to_keeps_the_mail_waiting(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(TransportDown):
        await MailFiles(tmp_path / "mail", FROM, now).send(LETTER)


@asynccontextmanager
async def posting(installation: Installation, api: Api) -> AsyncIterator[tuple[MailSender, Received]]:
    """The practice's sender, and the mail server it sends to."""
    secret = installation_secret(installation.settings.data_dir)
    async with mail_server() as received:
        outbox = OutboxOf(installation.database, api.practice)
        carrier = transport(f"smtp://127.0.0.1:{received.port}")
        yield MailSender(outbox, carrier, COMPOSERS, TRACKERS, PORTAL, secret, now), received


@EMBEDDED
async def test_an_invitation_arrives_and_opens_the_portal(installation: Installation, api: Api) -> None:
    client = await api.client("Aniceta", emails=["ana@example.org"])
    await api.contact(client["id"], "Lucrecia", portalAccess=True, person={"emails": ["lucia@example.org"]})
    async with posting(installation, api) as (sender, received):
        assert (await sender.send_due()).sent == 2
    by_recipient = {to[0]: message for to, message in zip(received.recipients, received.messages, strict=True)}
    assert by_recipient.keys() == {"ana@example.org", "lucia@example.org"}
    for recipient, message in by_recipient.items():
        other = {"ana@example.org", "lucia@example.org"} - {recipient}
        text = message.as_string()
        assert not [name for name in ("Aniceta", "Lucrecia", "García", *other) if name.casefold() in text.casefold()]
        assert api.practice.name in str(message["From"])
    link = re.search(r"https://\S+/invitation#(\S+)", by_recipient["lucia@example.org"].get_content())
    assert link is not None
    assert (await ask(installation, "acceptInvitation", token=link.group(1)))["errors"] == []


@EMBEDDED
async def test_a_dead_mail_server_delays_the_letter_and_nothing_else(installation: Installation, api: Api) -> None:
    client = await api.client("Ana", emails=[])
    async with posting(installation, api) as (sender, received):
        pass  # its port is closed again
    added = await api.contact(client["id"], portalAccess=True, person={"emails": ["lucia@example.org"]})
    assert added["portalAccess"] is True
    report = await sender.send_due()
    assert (report.sent, report.postponed) == (0, 1)
    assert received.messages == []
