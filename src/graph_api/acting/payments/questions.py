"""Statements of some days: what a client owed before and after them, and what happened between (P9)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from graph_api.acting.appointments.spans import Span
from graph_api.acting.payments.graph.reads import PaymentReads
from graph_api.acting.payments.graph.rows import EntryPart, entry_place
from graph_api.acting.payments.ledger import EntryKind, LedgerEntry
from graph_api.acting.payments.model import Charge
from graph_api.acting.payments.money import Currency, Money
from graph_api.acting.payments.readers import PaymentReaders
from graph_api.acting.payments.reading import Currencies
from graph_api.acting.payments.seen import Reader, SeenEntry, description_of, seen_entry, sees_all
from graph_api.acting.payments.statements import balance_after, span_of, text_of
from graph_api.engine.errors import BadRequest
from graph_api.kernel.door import nobody
from graph_api.kernel.paging import Cursors, Page, PageArguments, Position, make_page, page_request
from graph_api.kernel.rows import stamp
from graph_api.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement, before its lines are read."""

    client_id: str
    span: Span
    reader: Reader
    currency: Currency
    opening: Money
    closing: Money


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A line of a statement."""

    entry: SeenEntry
    currency: Currency
    description: str | None = None
    """Of its charge."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.entry.at

    @property
    def kind(self) -> EntryKind:
        """What it is about."""
        return self.entry.kind

    @property
    def text(self) -> str:
        """In words."""
        return text_of(self.entry.kind, self.description)

    @property
    def amount(self) -> Money:
        """With its sign."""
        return self.currency.of(self.entry.amount)

    @property
    def balance(self) -> Money:
        """After it."""
        return self.currency.of(self.entry.balance)

    @property
    def node_id(self) -> str:
        """The charge, payment or refund."""
        return self.entry.node_id


class StatementQuestions:
    """Questions of one caller."""

    def __init__(self, scope: Scope) -> None:
        self._practice = scope.caller.practice
        self._graph = scope.graph
        self._secret = scope.secret
        self._readers = scope[PaymentReaders]
        self._currencies = scope[Currencies]

    async def of(self, client_id: str, first: date, last: date) -> ShownStatement | None:
        """The statement of some days; None where the caller sees nothing of the client's.

        Raises:
            BadRequest: OUT_OF_RANGE.
        """
        try:
            span = span_of(first, last, ZoneInfo(self._practice.time_zone))
        except ValueError:
            raise BadRequest("OUT_OF_RANGE", "These are no days that can be asked about.") from None
        reader = await self._readers.one(client_id)
        currency = None if reader is None else await self._currencies.own()
        if reader is None or currency is None:
            return None
        reads, door = self._graph[PaymentReads], self._graph.door
        ends = await asyncio.gather(*(reads.last_before(client_id, stamp(at)) for at in (span.start, span.end)))
        opening, closing = (
            door.keep(found, lambda entry: balance_after(entry, client_id, reader), lambda _: [client_id])
            for found in ends
        )
        return ShownStatement(client_id, span, reader, currency, currency.of(opening), currency.of(closing))

    async def entries(self, statement: ShownStatement, arguments: PageArguments) -> Page[SeenEntry, ShownEntry]:
        """A page of a statement's lines, the first one first.

        Raises:
            BadRequest: INVALID_PAGE, INVALID_CURSOR.
        """
        client_id, reader, span = statement.client_id, statement.reader, statement.span
        cursors = Cursors(self._secret, self._practice.id, f"statement\x00{client_id}\x00{span.start}\x00{span.end}")
        request = page_request(arguments, cursors, with_total=False)
        part = EntryPart.WHOLE if sees_all(client_id, reader) else EntryPart.SHARED
        found = await self._graph[PaymentReads].entries(client_id, span, request, part)

        def page(entries: Sequence[LedgerEntry]) -> Page[SeenEntry, SeenEntry]:
            lines = [line for line in (seen_entry(one, client_id, reader) for one in entries) if line is not None]
            return make_page(lines, request, lambda one: cursors.encode(Position(entry_place(one.at, one.number))))

        rows = self._graph.door.keep(found, page, lambda _: [client_id])
        described = await self._described([one.node_id for one in rows.items], reader)
        return rows.shown_as(lambda one: ShownEntry(one, statement.currency, described.get(one.node_id)))

    async def _described(self, node_ids: Sequence[str], reader: Reader) -> Mapping[str, str]:
        """What charges are called for the reader, by id."""
        wanted = [one for one in node_ids if one.startswith("charge_")]
        if not wanted:
            return {}
        found = await self._graph[PaymentReads].charges_by_ids(wanted)

        def described(charges: Sequence[Charge]) -> dict[str, str]:
            return {one.id: description_of(one, reader) for one in charges}

        return self._graph.door.keep(found, described, nobody)
