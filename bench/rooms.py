"""How many files one request enters, and how often it moves between them: `python -m bench.rooms`.

Four requests are answered by an application in this process, on the embedded engine, each a second time after a first:
what is made once is made. `sys.setprofile` sees every function of src/graph_api that is called. A file counts once; a
move is the first call of a function from a function of another file. docs/design.md keeps the figures, as they say how
far one thought is spread. The result is written to bench/results/rooms.json.
"""

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import httpx

import graph_api
from graph_api.bootstrap import Server
from graph_api.config import Settings
from graph_api.engine.migrate import migrate
from graph_api.http.auth import mint_token
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.ids import new_id
from graph_api.kernel.transaction import Transaction
from graph_api.keys.secrets import signing_key
from graph_api.opening import open_database
from graph_api.people.graph.writes import PersonWrites
from graph_api.portal.graph.accounts import AccountWrites
from graph_api.portal.model import Account
from graph_api.practices.graph import Practices

RESULT = Path(__file__).parent / "results" / "rooms.json"
SOURCES = str(Path(graph_api.__file__).parent)
ADD_CLIENT = "mutation ($input: AddClientInput!) { addClient(input: $input) { person { id } errors { code } } }"
ADD = """mutation ($input: AddNewContactInput!) {
  addNewContact(input: $input) { contact { id person { id } } errors { code } } }"""
NETWORK = """query ($id: ID!) {
  person(id: $id) { displayName contactNetwork { nodes { relationship person { displayName } } } } }"""
CAN_ACT = """query ($client: ID!, $person: ID!) {
  canAct(clientId: $client, personId: $person, action: VIEW_PORTAL) { allowed } }"""
SIGN_IN = """mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { code } } }"""
ASK_CODE = "mutation ($input: RequestSignInCodeInput!) { requestSignInCode(input: $input) { errors { code } } }"
CODE = re.compile(r"^[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}$", re.MULTILINE)
Ask = Callable[[], Awaitable[Any]]


class Rooms:
    """What was entered while it was watching."""

    def __init__(self) -> None:
        self._seen: set[Any] = set()
        self.files: set[str] = set()
        self.moves = 0

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        """As `sys.setprofile` wants it."""
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(SOURCES) or code in self._seen:
            return
        self._seen.add(code)
        self.files.add(code.co_filename)
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(SOURCES):
            caller = caller.f_back
        self.moves += caller is None or caller.f_code.co_filename != code.co_filename

    async def watch(self, ask: Ask) -> None:
        """What one request enters."""
        sys.setprofile(self)
        try:
            await ask()
        finally:
            sys.setprofile(None)


class Client:
    """Asks an application in this process."""

    def __init__(self, server: Server, token: str | None, slug: str) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(server.app, client=("10.0.0.1", 1))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)
        self.slug = slug

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        response = await self._http.post("/graphql", json={"query": query, "variables": variables})
        answer: dict[str, Any] = response.json()
        if "errors" in answer or any((value or {}).get("errors") for value in answer["data"].values()):
            raise RuntimeError(answer)
        data: dict[str, Any] = answer["data"]
        return data


async def count(folder: Path) -> dict[str, dict[str, int]]:
    """Files and moves of each request, on an engine of its own in a folder."""
    settings = Settings(data_dir=folder, on_loopback=True, staff_work=0, portal_work=0, _env_file=None)
    database = open_database(settings)
    await database.open()
    try:
        await migrate(database)
        practice = Practice(new_id("practice"), "rooms", "Rooms", "Europe/London", "GB")
        await Practices(database).create(practice, datetime.now(UTC))
        said = {"subject": "staff-1", "practice": practice.slug, "role": ViewerRole.STAFF, "lasts": timedelta(hours=1)}
        token = mint_token(signing_key(folder), **said)  # type: ignore[arg-type]
        server = Server(settings, database)
        callers = Client(server, token, practice.slug), Client(server, None, practice.slug)
        return await _rooms(server, practice, *callers, settings.mail_directory)
    finally:
        await database.close()


async def _open_account(server: Server, practice: Practice, person_id: str) -> str:
    """The address of a new account."""
    now, address = datetime.now(UTC), f"{person_id[-12:]}@example.org"
    account = Account(new_id("account"), person_id, address, now, now)
    scope = server.services.scope(Caller("bench", practice, ViewerRole.STAFF))

    async def work(tx: Transaction) -> None:
        await tx[PersonWrites].lock(person_id)
        await tx[AccountWrites].create(account)

    await scope.graph.write(work)
    return address


def _newest_code(folder: Path) -> re.Match[str] | None:
    newest = max(folder.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return CODE.search(newest.read_text(encoding="utf-8"))


async def _code(server: Server, stranger: Client, address: str, folder: Path) -> str:
    """A fresh code that was mailed there."""
    await stranger.ask(ASK_CODE, input={"practice": stranger.slug, "email": address})
    await server.mail.send_due()
    found = await asyncio.to_thread(_newest_code, folder)
    if found is None:
        raise RuntimeError("no code was mailed")
    return found.group(0)


async def _rooms(
    server: Server, practice: Practice, staff: Client, stranger: Client, mails: Path
) -> dict[str, dict[str, int]]:
    people = iter(range(100))

    def fresh() -> dict[str, Any]:
        return {"givenName": f"Ana {next(people)}", "familyName": "García", "emails": [f"a{next(people)}@example.org"]}

    added = await staff.ask(ADD_CLIENT, input={"person": fresh()})
    client = added["addClient"]["person"]["id"]

    async def add() -> dict[str, Any]:
        terms = {"relationship": "SPOUSE", "portalAccess": True}
        return await staff.ask(ADD, input={"clientId": client, "person": fresh(), **terms})

    contact = (await add())["addNewContact"]["contact"]["person"]["id"]
    address = await _open_account(server, practice, contact)
    sign_in = {"practice": staff.slug, "email": address}
    sign_in["code"] = await _code(server, stranger, address, mails)
    requests: dict[str, Ask] = {
        "addNewContact": add,
        "one network, compiled": lambda: staff.ask(NETWORK, id=client),
        "canAct": lambda: staff.ask(CAN_ACT, client=client, person=contact),
        "signIn": lambda: stranger.ask(SIGN_IN, input=sign_in),
    }
    found = {}
    for name, ask in requests.items():
        if name != "signIn":  # a code is good once, and asking for it has warmed the way
            await ask()
        rooms = Rooms()
        await rooms.watch(ask)
        found[name] = {"files": len(rooms.files), "moves": rooms.moves}
    return found


def main() -> None:
    """Count, print and write."""
    with tempfile.TemporaryDirectory(prefix="graph-api-rooms-") as folder:
        found = asyncio.run(count(Path(folder)))
    for name, counts in found.items():
        print(f"{name:<24} {counts['files']:>3} files {counts['moves']:>4} moves")
    RESULT.write_text(json.dumps({"requests": found}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
