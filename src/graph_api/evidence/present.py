"""Reads people and the practice from the graph, in the audit log's names for their fields."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from graph_api.access.graph.rows import account_key
from graph_api.audit.changes import text_of
from graph_api.audit.graph.events import head_of, number_in, text_in
from graph_api.engine.session import GraphSession, Row
from graph_api.evidence.comparison import DEATH_RECORDED, REMOVAL, UNREADABLE, Period, Present
from graph_api.evidence.model import PracticeNode, Witness
from graph_api.evidence.replay import DIED
from graph_api.kernel.ids import is_id
from graph_api.network.audit import contact_values
from graph_api.network.graph.rows import contact_of
from graph_api.network.records import TERMS_PROPERTIES
from graph_api.people.audit import person_values
from graph_api.people.graph.rows import client_facts_row
from graph_api.people.model import Person
from graph_api.people.records import PERSON, PERSON_PROPERTIES
from graph_api.portal.graph.accounts import address_key
from graph_api.practices.audit import settings_values
from graph_api.practices.facts import FactKind
from graph_api.practices.graph import settings_of
from graph_api.practitioners.audit import practitioner_values
from graph_api.practitioners.graph import PRACTITIONER, subject_key

CLIENT_FACTS = frozenset(client_facts_row(Person("")))
"""What decisions rest on of a client; a person's fields are called alike."""
_SETTINGS = tuple(settings_values(settings_of({})))
_ACCOUNT = ("status", "address")
_PERIOD = ("kind", "subject", "validFrom", "validTo")
_DEATH = (DIED, DEATH_RECORDED)
FACT = (*_PERIOD, *sorted({*CLIENT_FACTS, *_SETTINGS, *_ACCOUNT, *_DEATH}))
EDGE = (
    "id",
    *TERMS_PROPERTIES,
    "version",
    "contactId",
    "versionId",
    "key",
    "createdAt",
    "updatedAt",
    "validFrom",
    "validTo",
    "final",
    "removalReason",
)
HELD = ("id", "personId", "key", "addressKey", "practice", "since", *_ACCOUNT)
WORKING = (*PRACTITIONER.names, "subjectKey")
OWN = ("slug", "name", "timeZone", "region", "createdAt")
"""Of a practice: what no mutation changes, in the order of PracticeNode."""
NODE = (*OWN, "settingsSince", *_SETTINGS)
Texts = Mapping[str, str | None]


class AuditStates:
    """What the graph says of the subjects of one practice's chains."""

    def __init__(self, session: GraphSession, practice_id: str) -> None:
        self._session = session
        self._practice = practice_id

    @property
    def fact_fields(self) -> frozenset[str]:
        """Which of a person's fields decisions rest on where they are a client."""
        return CLIENT_FACTS

    async def of(self, subject_ids: Sequence[str]) -> Mapping[str, Present]:
        """What the graph says of each; of who is not there, that they are not."""
        found = {subject: Present() for subject in subject_ids}
        people = [subject for subject in subject_ids if is_id("person", subject)]
        if people:
            await self._people(found, people)
        if self._practice in found:
            await self._settings(found[self._practice])
            await self._practitioners(found[self._practice])
        await self._facts(found)
        return found

    async def _read(self, name: str, **params: Any) -> list[Row]:
        return await self._session.read(f"audit/present_{name}", practice=self._practice, **params)

    async def _people(self, found: dict[str, Present], ids: list[str]) -> None:
        facts: dict[str, Period] = {}
        for row in await self._read("people", ids=ids, person=list(PERSON_PROPERTIES)):
            record = dict(zip(PERSON_PROPERTIES, row["person"], strict=True))
            present = found[record["id"]]
            present.exists, present.head = True, head_of(row["head"])
            present.person = _texts(lambda r=record: person_values(PERSON.read(r)))  # type: ignore[misc]
            if record["clientStatus"] is not None:
                since = record["accessSince"] or record["updatedAt"]
                values = {name: present.person.get(name) for name in CLIENT_FACTS}
                facts[record["id"]] = Period("now", _moment(since), None, values)
            death = {name: record[name] for name in _DEATH}
            if any(value is not None for value in death.values()):
                present.death.append(Period("now", _moment(record["deceasedSince"]), None, death))
        for client_id, now in facts.items():
            found[client_id].client.append(now)
        for row in await self._read("contacts", ids=ids, edge=list(EDGE)):
            contact_id, period = self._version(row)
            found[row["clientId"]].contacts.setdefault(contact_id, []).append(period)
        for row in await self._read("accounts", ids=ids, account=list(HELD)):
            found[row["personId"]].account.append(self._account(row))
        for row in await self._read("verdicts", ids=ids):
            found[row["personId"]].verdicts[text_in(row["other"])] = text_in(row["by"])

    def _version(self, row: Row) -> tuple[str, Period]:
        edge = dict(zip(EDGE, row["edge"], strict=True))
        is_current, client_id, person_id = row["isCurrent"], row["clientId"], row["personId"]
        contact_id = text_in(edge["id"] if is_current else edge["contactId"])
        person = Person(text_in(person_id))
        read = {**edge, "id": contact_id}
        values = _texts(lambda: contact_values(contact_of(read, Person(client_id), person, date.min)))
        key = f"{self._practice}|{client_id}|{person_id}"
        is_found = row["isOurs"] and (not is_current or edge["key"] == key)
        return contact_id, Period(
            id=str(edge["versionId"] if is_current else edge["id"]),
            since=text_in(edge["updatedAt"] if is_current else edge["validFrom"]),
            until=None if is_current else text_in(edge["validTo"]),
            values={name: text for name, text in values.items() if name not in REMOVAL},
            version=number_in(edge["version"]),
            is_final=bool(edge["final"]),
            removal_reason=edge["removalReason"],
            oddity="" if is_found else "between whom",
        )

    def _account(self, row: Row) -> Period:
        held = dict(zip(HELD, row["account"], strict=True))
        person_id, address = row["personId"], text_in(held["address"])
        expected = (person_id, account_key(self._practice, person_id), address_key(self._practice, address))
        is_theirs = (held["personId"], held["key"], held["addressKey"]) == expected
        is_theirs = is_theirs and held["practice"] == self._practice
        values = {name: held[name] for name in _ACCOUNT}
        return Period(
            text_in(held["id"]), text_in(held["since"]), None, values, oddity="" if is_theirs else "whose it is"
        )

    async def _settings(self, present: Present) -> None:
        for row in await self._read("practice", node=list(NODE)):
            node = dict(zip(NODE, row["node"], strict=True))
            present.exists, present.head = True, head_of(row["head"])
            values = _texts(lambda n=node: settings_values(settings_of(n)))  # type: ignore[misc]
            present.made = _moment(node["createdAt"])
            present.settings.append(Period("now", _moment(node["settingsSince"]), None, values))

    async def _practitioners(self, present: Present) -> None:
        for row in await self._read("practitioners", practitioner=list(WORKING)):
            node = dict(zip(WORKING, row["practitioner"], strict=True))
            values = _texts(lambda n=node: practitioner_values(PRACTITIONER.read(n)))  # type: ignore[misc]
            subject = node["subject"]
            key = None if subject is None else subject_key(self._practice, text_in(subject))
            oddity = "" if node["subjectKey"] == key else "by which subject they are found"
            present.practitioners[text_in(node["id"])] = Period("now", None, None, values, oddity=oddity)

    async def _facts(self, found: dict[str, Present]) -> None:
        rows = await self._read("facts", ids=list(found), fact=list(FACT))
        facts = [dict(zip(FACT, row["fact"], strict=True)) for row in rows]
        for fact in sorted(facts, key=lambda one: (str(one["validFrom"]), str(one["validTo"]))):
            present, kind = found[fact["subject"]], text_in(fact["kind"])
            held = {
                FactKind.CLIENT.value: (present.client, CLIENT_FACTS, _client_texts),
                FactKind.ACCOUNT.value: (present.account, _ACCOUNT, _plain_texts),
                FactKind.PERSON.value: (present.death, _DEATH, _plain_texts),
                FactKind.PRACTICE.value: (present.settings, _SETTINGS, _settings_texts),
            }.get(kind)
            if held is not None:
                periods, names, texts = held
                values = texts({name: fact[name] for name in names})
                period = Period(kind, text_in(fact["validFrom"]), text_in(fact["validTo"]), values)
                periods.insert(sum(one.id == kind for one in periods), period)

    async def node(self) -> PracticeNode | None:
        """The practice's own fields; None where its node is not there."""
        for row in await self._read("practice", node=list(NODE)):
            return PracticeNode(*(str(value) for value in row["node"][: len(OWN)]))
        return None


class Witnesses:
    """The database's notes of one practice's newest checkpoint."""

    def __init__(self, session: GraphSession, practice_id: str) -> None:
        self._session = session
        self._practice = practice_id

    async def read(self, key_id: str) -> Witness | None:
        """The one that was signed with the key of this id."""
        rows = await self._session.read("audit/witness", practice=self._practice, key=self._key(key_id))
        if not rows:
            return None
        row = rows[0]
        return Witness(number_in(row["number"]), text_in(row["digest"]), text_in(row["signature"]))

    async def note(self, key_id: str, witness: Witness) -> None:
        """Take the place of the one before."""
        values = {"number": witness.number, "digest": witness.digest, "signature": witness.signature}
        key = self._key(key_id)
        await self._session.write(lambda tx: tx.run("audit/witness_note", practice=self._practice, key=key, **values))

    def _key(self, key_id: str) -> str:
        return f"{self._practice}|{key_id}"


def _texts(values: Callable[[], Mapping[str, object]]) -> Texts:
    """Values as the log has them; of what no version of the software wrote, that it can't be read."""
    try:
        return {name: text_of(value) for name, value in values().items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {UNREADABLE: UNREADABLE}


def _moment(value: object) -> str | None:
    return None if value is None else text_in(value)


def _client_texts(facts: Mapping[str, Any]) -> Texts:
    texts = _texts(lambda: person_values(PERSON.read({"id": "", "version": 0, **facts})))
    return {name: text for name, text in texts.items() if name in facts or name == UNREADABLE}


def _settings_texts(facts: Mapping[str, Any]) -> Texts:
    return _texts(lambda: settings_values(settings_of(facts)))


def _plain_texts(facts: Mapping[str, Any]) -> Texts:
    return facts
