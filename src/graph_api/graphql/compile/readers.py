"""How each field of the contract is read from a record: the tables compiled completion works from.

Those of a dataclass follow from its fields (`derived`); only what is computed is written here. A field that is missing
is answered the ordinary way, by its resolver, and so is the operation that selects it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graph_api.graphql.compile.completion import Compiler, Details, Projection, Reader, Values
from graph_api.graphql.compile.levels import BetweenLevel, NetworkLevel
from graph_api.graphql.compile.values import (
    EdgeSource,
    MatchSource,
    PageSource,
    derived,
    kept,
    names_of,
    of,
    relationship_type,
)
from graph_api.graphql.viewer import viewer_id
from graph_api.kernel.caller import Practice
from graph_api.network.model import Contact, ContactStatus, ContactTerms, status_on
from graph_api.network.records import EdgeRecord
from graph_api.network.relationships import BY_RELATIONSHIP
from graph_api.network.requests import Side
from graph_api.people.duplicates import MatchField
from graph_api.people.model import Person, display_name
from graph_api.people.records import external_pairs
from graph_api.shapes.scalars import show_moment


def _display_name(compiler: Compiler, source: Any, _details: Details) -> str:
    function = compiler.constant(display_name)
    return f"{function}({source['preferredName']}, {source['givenName']}, {source['familyName']})"


def _address(compiler: Compiler, source: Any, details: Details) -> str:
    return f"({compiler.selection('PostalAddress', details, source)} if {source['hasAddress']} else None)"


def _external_id(compiler: Compiler, source: Any, _details: Details) -> str:
    value = compiler.name("x")
    pairs = compiler.constant(external_pairs)
    return f"({pairs}({value})[0][1] if ({value} := {source['externalIds']}) else None)"


def _external_ids(compiler: Compiler, source: Any, details: Details) -> str:
    pair = compiler.name("x")
    item = compiler.selection("ExternalId", details, pair)
    return f"[{item} for {pair} in {compiler.constant(external_pairs)}({source['externalIds']})]"


def _network(side: Side) -> Reader:
    def read(compiler: Compiler, source: Values, details: Details) -> str:
        contact, other = Values(compiler.name("e")), Values(compiler.name("o"))
        level = NetworkLevel(
            len(compiler.levels),
            side=side,
            arguments=compiler.arguments("Person", details),
            near=source.projection,
            contact=contact.projection,
            other=other.projection,
            with_total=compiler.selects("ContactConnection", details, "totalCount"),
        )
        compiler.add(level, source.var)
        near = Values("p", source.projection)
        client, person = (near, other) if side is Side.CONTACT_NETWORK else (other, near)
        edge = EdgeSource(contact, client, person)
        rows = PageSource(
            "v",
            "ContactEdge",
            f"[{contact.var}, {other.var}]",
            lambda selected: compiler.selection("Contact", selected, edge),
            other,
        )
        compiler.target(level, details, lambda: compiler.selection("ContactConnection", details, rows))
        return "None"

    return read


def _between(expression: Callable[[Compiler, EdgeSource, Details], str]) -> Reader:
    def read(compiler: Compiler, source: EdgeSource, details: Details) -> str:
        level = compiler.open_level(BetweenLevel)
        if level is None:
            level = BetweenLevel(len(compiler.levels), contact=Projection(), client=Projection(), person=Projection())
            compiler.add(level, f"({source.person['id']}, {source.client['id']})")
        ends = (Values(f"v.{name}", getattr(level, name)) for name in ("contact", "client", "person"))
        edge = EdgeSource(*ends)
        compiler.target(level, details, lambda: expression(compiler, edge, details))
        return "None"

    return read


def _reciprocal(compiler: Compiler, edge: EdgeSource, details: Details) -> str:
    return f"(None if v is None else {compiler.selection('Contact', details, edge)})"


def _relationship_type(compiler: Compiler, source: EdgeSource, details: Details) -> str:
    shown = {kind.value: relationship_type(compiler, row, details) for kind, row in BY_RELATIONSHIP.items()}
    return f"{compiler.constant(shown)}[{source['relationship']}]"


def _authority(compiler: Compiler, source: EdgeSource, details: Details) -> str:
    shown = compiler.selection("ContactAuthority", details, source)
    return f"({shown} if {source['authorityKind']} is not None else None)"


def _status(compiler: Compiler, source: EdgeSource, shown: str) -> str:
    standing = f"{compiler.constant(status_on)}({source['startsOn']}, {source['endsOn']}, s.today)"
    return f"{shown}({standing} if {source['removedAt']} is None else {compiler.constant(ContactStatus.REMOVED)})"


def _status_name(status: ContactStatus) -> str:
    return status.name


def _in_force(status: ContactStatus) -> bool:
    return status is ContactStatus.IN_FORCE


def _client(compiler: Compiler, source: EdgeSource, details: Details) -> str:
    return compiler.selection("Person", details, source.client)


def _person(compiler: Compiler, source: EdgeSource, details: Details) -> str:
    return compiler.selection("Person", details, source.person)


def _edges(compiler: Compiler, source: PageSource, details: Details) -> str:
    edge = compiler.selection(source.edge_type, details, source)
    return f"[{edge} for {source.row} in {source.page}.rows]"


def _nodes(_compiler: Compiler, source: PageSource, details: Details) -> str:
    return f"[{source.node(details)} for {source.row} in {source.page}.rows]"


def _cursor(_compiler: Compiler, source: PageSource, _details: Details) -> str:
    source.keep_places()
    return f"{source.page}.cursor_of({source.row})"


def _page_info(compiler: Compiler, source: PageSource, details: Details) -> str:
    if any(compiler.selects("PageInfo", details, name) for name in ("startCursor", "endCursor")):
        source.keep_places()
    return compiler.selection("PageInfo", details, source.page)


_CONNECTION: dict[str, Reader] = {
    "edges": _edges,
    "nodes": _nodes,
    "pageInfo": _page_info,
    "totalCount": lambda _c, source, _d: f"{source.page}.total",
}
_EDGE: dict[str, Reader] = {
    "cursor": _cursor,
    "node": lambda _c, source, details: str(source.node(details)),
}


def match(compiler: Compiler, source: MatchSource, details: Details) -> str:
    """Somebody the search found."""
    return compiler.selection("ContactMatch", details, source)


def _match_person(compiler: Compiler, source: MatchSource, details: Details) -> str:
    return compiler.selection("Person", details, source.person)


def _match_is_client(_compiler: Compiler, source: MatchSource, _details: Details) -> str:
    return f"({source.person['clientStatus']} is not None)"


def _client_count(_compiler: Compiler, source: MatchSource, _details: Details) -> str:
    source.level.with_count = True
    return f"{source.var}.client_count"


def _match_contact(compiler: Compiler, source: MatchSource, details: Details) -> str:
    found, level = f"{source.var}.existing", source.level
    edge = EdgeSource(
        Values(f"{found}.contact", level.contact),
        Values(f"{found}.client", level.client),
        Values(f"{found}.person", level.person),
    )
    return f"(None if {found} is None else {compiler.selection('Contact', details, edge)})"


def _matched_on(compiler: Compiler, source: MatchSource, _details: Details) -> str:
    field = compiler.name("x")
    return f"[{compiler.constant(names_of(MatchField))}[{field}.value] for {field} in {source.var}.matched_on]"


def _moment(compiler: Compiler, source: str, _details: Details) -> str:
    return f"{compiler.constant(show_moment)}({source}.at)"


def _checks(compiler: Compiler, source: str, details: Details) -> str:
    check = compiler.name("x")
    return f"[{compiler.selection('AccessCheck', details, check)} for {check} in {source}.checks]"


def _nearest_denial(compiler: Compiler, source: str, details: Details) -> str:
    check = compiler.name("x")
    shown = compiler.selection("AccessCheck", details, check)
    return f"(None if ({check} := {source}.nearest_denial) is None else {shown})"


def node(compiler: Compiler, source: str, person: Values, edge: EdgeSource, details: Details) -> str:
    """Whatever an id names: a record is a person. What stands in no table here is answered the ordinary way."""
    return (
        f"(None if {source} is None"
        f" else {compiler.selection('Person', details, person)} if {source}.__class__ is list"
        f" else {compiler.selection('Contact', details, edge)} if {source}.__class__ is {compiler.constant(EdgeRecord)}"
        f" else {compiler.selection('Practice', details, source)}"
        f" if {source}.__class__ is {compiler.constant(Practice)} else missing())"
    )


READERS: Mapping[str, Mapping[str, Reader]] = {
    "Person": derived(Person)
    | {
        "displayName": _display_name,
        "deceasedOn": kept("deceasedOn"),
        "address": _address,
        "externalId": _external_id,
        "externalIds": _external_ids,
        "isClient": lambda _c, source, _d: f"({source['clientStatus']} is not None)",
        "contactNetwork": _network(Side.CONTACT_NETWORK),
        "contactOf": _network(Side.CONTACT_OF),
    },
    "Contact": derived(ContactTerms)
    | derived(Contact)
    | {
        "client": _client,
        "person": _person,
        "relationshipType": _relationship_type,
        "authority": _authority,
        "status": lambda c, source, _d: _status(c, source, c.constant(_status_name)),
        "isInForce": lambda c, source, _d: _status(c, source, c.constant(_in_force)),
        "isReciprocated": _between(lambda _c, _e, _d: "v is not None"),
        "reciprocal": _between(_reciprocal),
    },
    "Practice": {"id": of("id"), "name": of("name"), "timeZone": of("time_zone")},
    "Viewer": {
        "id": lambda c, source, _d: f"{c.constant(viewer_id)}({source})",
        "role": of("role.name"),
        "practice": lambda c, source, details: c.selection("Practice", details, f"{source}.practice"),
        "person": lambda _c, _s, _d: "None",
    },
    "ContactAuthority": derived(ContactTerms, "authority"),
    "AccessDecision": {
        "allowed": of("allowed"),
        "action": of("action.name"),
        "at": _moment,
        "checks": _checks,
        "nearestDenial": _nearest_denial,
    },
    "AccessCheck": {"rule": of("rule.name"), "passed": of("passed"), "explanation": of("explanation")},
    "PostalAddress": derived(Person, "address"),
    "ExternalId": {
        "system": lambda _c, pair, _d: f"{pair}[0]",
        "value": lambda _c, pair, _d: f"{pair}[1]",
    },
    "PageInfo": {
        "hasNextPage": of("has_next"),
        "hasPreviousPage": of("has_previous"),
        "startCursor": of("start_cursor"),
        "endCursor": of("end_cursor"),
    },
    "PersonConnection": _CONNECTION,
    "PersonEdge": _EDGE,
    "ContactConnection": _CONNECTION,
    "ContactEdge": _EDGE,
    "ContactMatchConnection": _CONNECTION,
    "ContactMatchEdge": _EDGE,
    "ContactMatch": {
        "person": _match_person,
        "score": lambda _c, source, _d: f"{source.var}.score",
        "matchedOn": _matched_on,
        "isClient": _match_is_client,
        "clientCount": _client_count,
        "existingContact": _match_contact,
    },
}
