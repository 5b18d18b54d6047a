"""Every statement's parameters, as the repositories would bind them for a practice's first part.

A new statement needs an entry here. The parameters stay the same however many parts the practice has, and so does what
a statement finds by them, except where `MAY_GROW` says why.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from graph_api.audit.graph.events import chain_key
from graph_api.engine.session import Row
from graph_api.kernel.caller import Practice
from graph_api.kernel.ids import new_id
from graph_api.kernel.rows import stamp
from graph_api.network.graph.edges import edge_params, network_params
from graph_api.network.graph.rows import contact_row, created_row, final_version_row, version_row
from graph_api.network.model import Contact
from graph_api.network.records import CONTACT_PROPERTIES, TOGGLE_PROPERTIES, WHOLE_EDGE, WHOLE_NETWORK
from graph_api.people.duplicates import match_keys
from graph_api.people.graph.conversions import HIGH
from graph_api.people.graph.rows import (
    activated_row,
    client_facts_row,
    client_key,
    client_key_prefix,
    external_key,
    person_row,
)
from graph_api.people.graph.writes import name_key_rows
from graph_api.people.model import ExternalId, Person
from graph_api.people.names import fold, sort_key
from graph_api.people.records import PERSON_PROPERTIES
from graph_api.practices.facts import FactKind, fact_row
from graph_api.practices.graph import practice_row, settings_row
from graph_api.practices.model import ALL_FEATURES, PracticeSettings
from tests.contract.access_statements import access_statements
from tests.contract.cases_accounts import account_cases, invitation_cases, mail_cases, outbox_cases
from tests.contract.cases_appointments import APPOINTMENTS_MAY_GROW, appointment_cases, setting_cases
from tests.contract.cases_audit import AUDIT_MAY_GROW, audit_cases
from tests.contract.cases_coming import COMING_MAY_GROW, coming_cases
from tests.contract.cases_feeds import feed_cases
from tests.contract.cases_history import history_cases
from tests.contract.cases_messages import MESSAGES_MAY_GROW, master_cases, message_cases
from tests.contract.cases_payments import payment_cases
from tests.contract.cases_practitioners import PRACTITIONERS_MAY_GROW, practitioner_cases
from tests.contract.cases_reminders import due_cases, reminder_cases
from tests.contract.cases_sessions import code_cases, session_cases
from tests.contract.growing import Part
from tests.contract.growth import Case
from tests.contract.plans import READ_WHOLE

MAY_GROW = {
    "practices/everybody": "verifying reads everybody, page by page, and the embedded engine sorts them for each page",
    "practices/high_sort_keys": "a migration looks at everybody, once",
    "people/clients_total": "it counts all of a practice's clients, and only when asked",
    **AUDIT_MAY_GROW,
    **COMING_MAY_GROW,
    **PRACTITIONERS_MAY_GROW,
    **MESSAGES_MAY_GROW,
    **APPOINTMENTS_MAY_GROW,
    **dict.fromkeys(READ_WHOLE, "there are few, and all are asked for; others may add some meanwhile"),
}
SOME = 5
"""How many a statement is asked about at once: few, so that one scan among them is not lost in what they take."""
PAGE = 11
"""Ten, and one more that says whether there is a next page."""


@dataclass(frozen=True)
class Sample:
    """Whom the statements are asked about."""

    practice: Practice
    part: Part
    now: datetime

    @cached_property
    def clients(self) -> list[Person]:
        """Some in their order, from the middle of it."""
        ordered = sorted(filter(lambda person: person.is_client, self.part.people), key=sort_key)
        middle = len(ordered) // 2
        return ordered[middle : middle + SOME]

    @cached_property
    def stranger(self) -> Contact:
        """An edge that could be added."""
        client = self.clients[0]
        known = {c.person.id for c in (*self.part.contacts, *self.part.removed) if c.client.id == client.id}
        person = next(p for p in self.part.people if p.id not in known and p.id != client.id)
        return replace(self.part.contacts[0], id=new_id("contact"), client=client, person=person)

    @cached_property
    def newcomer(self) -> Person:
        """A person who could be added."""
        return replace(self.part.marked[0], id=new_id("person"), external_ids=())

    @property
    def pairs(self) -> list[Row]:
        """Of client and contact, some of whom have an edge, some had one."""
        contacts = (*self.part.contacts[:SOME], *self.part.removed[:SOME])
        return [{"clientId": contact.client.id, "personId": contact.person.id} for contact in contacts]

    def match_keys(self, *people: Person) -> list[str]:
        """As they are stored."""
        return sorted({f"{self.practice.id} {key}" for person in people for key in match_keys(person)})

    @property
    def external_keys(self) -> list[str]:
        """As they are stored."""
        return [external_key(self.practice.id, person.external_ids[0]) for person in self.part.marked[:SOME]]


OF_NEO4J = {"people/searches"}
"""Statements that the embedded engine does not have."""


def cases(sample: Sample) -> dict[str, Case]:
    """Parameters by statement."""
    tables = (
        _networks,
        _contacts,
        _contact_changes,
        _people,
        _searches,
        _person_changes,
        _key_changes,
        _imports,
        _keys,
        _facts,
        access_statements,
        account_cases,
        outbox_cases,
        invitation_cases,
        audit_cases,
        history_cases,
        coming_cases,
        session_cases,
        code_cases,
        practitioner_cases,
        message_cases,
        setting_cases,
        appointment_cases,
        feed_cases,
        payment_cases,
        reminder_cases,
    )
    scoped = {name: params for table in tables for name, params in table(sample).items()}
    practice = {"practice": sample.practice.id}
    return {name: Case(practice | params) for name, params in scoped.items()} | _practices(sample)


def _networks(sample: Sample) -> dict[str, Row]:
    """A page of networks each of as many people; then the next page, of those who come after the cursor's person."""
    in_force = {"statuses": ["IN_FORCE", "UPCOMING"], "relationships": None, "roles": None, "portalAccess": None}
    removed = in_force | {"statuses": ["IN_FORCE", "UPCOMING", "EXPIRED", "REMOVED"]}
    page = {"today": sample.now.date().isoformat(), "limit": PAGE, "withTotal": True} | network_params(WHOLE_NETWORK)
    first = {"ids": [person.id for person in sample.clients], "cursorKey": None, "cursorId": ""}
    contact = sample.part.contacts[len(sample.part.contacts) // 2]
    after = first | {"cursorKey": sort_key(contact.person), "cursorId": contact.id}
    found: dict[str, Row] = {}
    for side in ("network", "contact_of"):
        found[f"network/contacts/{side}"] = page | in_force | first
        found[f"network/contacts/{side}_backward"] = page | in_force | after
        found[f"network/contacts/{side}_with_removed"] = page | removed | first
        found[f"network/contacts/{side}_with_removed_backward"] = page | removed | after
        found[f"people/clients_with_{side}"] = {"limit": PAGE} | network_params(WHOLE_NETWORK) | _clients_page(sample)
    return found


def _clients_page(sample: Sample) -> Row:
    """A page that begins after somebody in the middle."""
    prefix = client_key_prefix(sample.practice.id)
    first = client_key(sample.practice.id, sample.clients[0])
    before = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return {"after": first, "before": before, "clientStatuses": ["ACTIVE"], "size": PAGE}


def _contacts(sample: Sample) -> dict[str, Row]:
    current, removed = sample.part.contacts[:SOME], sample.part.removed[:SOME]
    whole = edge_params(WHOLE_EDGE)
    return {
        "network/contacts/by_ids": {"ids": [contact.id for contact in current]} | whole,
        "network/contacts/by_pairs": {"pairs": sample.pairs} | whole,
        "network/contacts/removed_by_ids": {"ids": [contact.id for contact in removed]} | whole,
        "network/contacts/with_access": {
            "clientId": current[0].client.id,
            "limit": 100,
            "toggles": list(TOGGLE_PROPERTIES),
        }
        | whole,
    }


def _contact_changes(sample: Sample) -> dict[str, Row]:
    contact, stranger, practice = sample.part.contacts[0], sample.stranger, sample.practice.id
    row = created_row(practice, stranger)
    return {
        "network/contacts/create": {"rows": [row]},
        "network/contacts/lock_for_adding": {
            "clientId": contact.client.id,
            "personId": contact.person.id,
            "stamp": "x",
            "person": list(PERSON_PROPERTIES),
            "contact": list(CONTACT_PROPERTIES),
        },
        "network/contacts/remove": {
            "id": contact.id,
            "version": final_version_row(contact, sample.now, "moved away"),
        },
        "network/contacts/replace": {
            "id": contact.id,
            "properties": contact_row(practice, replace(contact, version=contact.version + 1)),
            "version": version_row(contact, sample.now),
        },
    }


def _people(sample: Sample) -> dict[str, Row]:
    prefix = client_key_prefix(sample.practice.id)
    first = client_key(sample.practice.id, sample.clients[0])
    whole = {"person": list(PERSON_PROPERTIES)}
    page = _clients_page(sample) | whole
    person = sample.part.marked[0]
    return {
        "people/by_external_ids": {"keys": sample.external_keys} | whole,
        "people/by_ids": {"ids": [person.id for person in sample.clients]} | whole,
        "people/by_match_keys": {"keys": sample.match_keys(*sample.clients), "limit": 100} | whole,
        "people/clients": page,
        "people/clients_backward": page | {"after": prefix, "before": first},
        "people/clients_total": {"prefix": prefix, "statuses": ["ACTIVE"]},
        "people/rejected_duplicates": {"id": person.id},
    }


def _searches(sample: Sample) -> dict[str, Row]:
    """The search for a name finds as many as it may, at once: every person of the family answers to its initial."""
    person = sample.clients[0]
    family = fold(person.family_name)
    shown = {"clientId": person.id, "withCount": True} | edge_params(WHOLE_EDGE)
    phone = {"prefix": f"{sample.practice.id} phone {person.phones[0]}", "limit": 50}
    prefix, other = f"{sample.practice.id} {family}", f" {family[0]}"
    name = {"prefix": prefix, "words": [other], "limit": 10}
    ids = [f"{prefix}\n{other}", f"{sample.practice.id} {family[:2]}"]
    return {
        "people/search_match_keys": phone | shown,
        "people/search_names": name | shown,
        "people/searches": {"ids": ids, "limit": 10} | shown,
    }


def _person_changes(sample: Sample) -> dict[str, Row]:
    practice, person, new = sample.practice.id, sample.part.marked[0], sample.newcomer
    names = name_key_rows(practice, new)
    identifiers = {"system": "register", "value": new.id}
    external_id = {"personId": person.id, "key": external_key(practice, ExternalId(**identifiers)), **identifiers}
    created = {"person": person_row(practice, new), "names": names, "externalIds": [external_id]}
    return {
        "people/create": {"rows": [created]},
        "people/create_external_ids": {"rows": [external_id]},
        "people/create_name_keys": {"rows": [row | {"personId": person.id} for row in names]},
        "people/delete_external_ids": {"keys": sample.external_keys[:1]},
        "people/delete_name_keys": {"id": person.id},
        "people/lock": {"ids": sorted(found.id for found in sample.clients), "stamp": "x"},
        "people/reject_duplicates": {
            "id": person.id,
            "others": [found.id for found in sample.clients],
            "by": "staff-1",
            "at": stamp(sample.now),
        },
        "people/update": {"id": person.id, "properties": person_row(practice, replace(person, version=2))},
    }


def _key_changes(sample: Sample) -> dict[str, Row]:
    person, other = sample.part.marked[:2]
    keys = sample.match_keys(other)
    return {
        "people/create_match_keys": {"rows": [{"personId": person.id, "key": key} for key in keys]},
        "people/detach_match_keys": {"id": person.id},
        "people/lock_match_keys": {"keys": [*keys, f"{sample.practice.id} email new@example.org"], "stamp": "x"},
    }


def _imports(sample: Sample) -> dict[str, Row]:
    others = [person for person in sample.part.people if not person.is_client][:SOME]
    rows = [activated_row(sample.practice.id, person, sample.now) for person in others]
    return {
        "exchange/imports/activate": {"rows": rows},
        "exchange/imports/linked": {"pairs": sample.pairs},
        "exchange/imports/mark_seed": {"seed": "royal92"},
        "exchange/imports/seed": {},
    }


def _keys(sample: Sample) -> dict[str, Row]:
    practice, key = sample.practice.id, sample.part.keys[-1]
    now = f"{practice}|{stamp(sample.now)}"
    stored = {name: key[name] for name in ("key", "inputHash", "warnings", "expiresAt", "expiryKey")}
    return {
        "kernel/idempotency/claim": {"key": key["key"], "stamp": "x"},
        "kernel/idempotency/read": {"key": key["key"]},
        "kernel/idempotency/store": stored | {"entityId": sample.part.people[0].id},
        "kernel/idempotency/expired": {"after": f"{practice}|", "before": now, "limit": PAGE},
        "kernel/idempotency/sweep": {
            "keys": [row["key"] for row in sample.part.keys[:SOME]],
            "before": now,
            "stamp": "x",
        },
    }


def _facts(sample: Sample) -> dict[str, Row]:
    client, settings = sample.clients[0], PracticeSettings(ALL_FEATURES, 19, sample.now)
    before = sample.now - timedelta(days=1)
    return {
        "practices/facts/supersede": {
            "fact": fact_row(FactKind.CLIENT, client.id, client_facts_row(client), before, sample.now)
        },
        "practices/settings/lock": {"stamp": "x"},
        "practices/settings/read": {},
        "practices/settings/save": {"settings": settings_row(settings)},
    }


def _practices(sample: Sample) -> dict[str, Case]:
    new_practice = replace(sample.practice, id=new_id("practice"), slug="growth-new")
    claim = {
        "version": "9999",
        "name": "growth",
        "checksum": "x",
        "state": "APPLYING",
        "claimedAt": stamp(sample.now),
    }
    claimed = (("practices/migration_claim", {"migrations": [claim]}),)
    version = {"versions": [claim["version"]]}
    return {
        **mail_cases(sample),
        **due_cases(sample),
        **master_cases(sample),
        "practices/by_ids": Case({"ids": [sample.practice.id]}),
        "practices/by_slug": Case({"slug": sample.practice.slug}),
        "practices/clock": Case({}),
        "practices/components": Case({}),
        "practices/create": Case({"practice": practice_row(new_practice, sample.now)}),
        "practices/everybody": Case({"above": sample.clients[0].id, "size": PAGE}),
        "practices/events_at": Case({"keys": [chain_key(sample.practice.id, one.id, 1) for one in sample.clients]}),
        "practices/key_check_add": Case({"key": "growth", "value": "0"}),
        "practices/key_check_replace": Case({"key": "growth", "value": "0"}),
        "practices/key_check_remove": Case({"key": "growth"}),
        "practices/key_checks": Case({}),
        "practices/high_sort_keys": Case({"after": "", "pattern": HIGH, "size": 500}),
        "practices/list": Case({"limit": 10_000}),
        "practices/of_events": Case({"above": f"{sample.practice.id}|"}),
        "practices/secrets_used": Case({}),
        "practices/stray_accounts": Case({"size": PAGE}),
        "practices/migration_applied": Case(version | {"appliedAt": stamp(sample.now)}, claimed),
        "practices/migration_claim": Case({"migrations": [claim]}),
        "practices/migration_constraint": Case({}),
        "practices/migration_release": Case(version | {"claimedAt": claim["claimedAt"]}, claimed),
        "practices/migrations": Case({}),
        "practices/ping": Case({}),
        "practices/replace_sort_keys": Case({"rows": [{"id": sample.clients[0].id, "version": 1, "sortKey": "a"}]}),
    }
