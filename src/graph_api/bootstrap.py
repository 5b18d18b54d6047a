"""The only wiring: builds the database, repositories, services and the application from the settings."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette

from graph_api.access import reactions as access_reactions
from graph_api.acting.appointments import reactions as appointment_reactions
from graph_api.acting.appointments.letters import APPOINTMENT_COMPOSERS
from graph_api.acting.feeds import reactions as feed_reactions
from graph_api.acting.feeds.addresses import PublicAddress
from graph_api.acting.messages import reactions as message_reactions
from graph_api.acting.messages.letters import MESSAGE_COMPOSERS
from graph_api.acting.messages.texts import Texts
from graph_api.acting.messages.viewpoints import PortalViewpoints, StaffViewpoints, Viewpoints
from graph_api.audit.append import Auditor
from graph_api.audit.reads import ReadsFile, reads_folder
from graph_api.config import PORTAL_ISSUER, Settings
from graph_api.engine.bolt import Database
from graph_api.engine.chosen import Bolt
from graph_api.engine.disk import Disk
from graph_api.engine.locate import locator
from graph_api.engine.migrate import migrate
from graph_api.engine.session import GraphSession
from graph_api.evidence.wiring import Sealing
from graph_api.exchange.commands import ImportService
from graph_api.exchange.rows import ImportSource
from graph_api.graphql.build import build_schema, print_schema
from graph_api.graphql.execution import Executor
from graph_api.graphql.registered import RegisteredOperations, load_operations
from graph_api.http.app import AppParts, create_app
from graph_api.http.auth import LOCAL_AUDIENCE, LOCAL_ISSUER, Authenticator, Portal
from graph_api.http.bookmarks import BookmarkCodec
from graph_api.http.crowd import Crowd, bounds_of
from graph_api.http.entrance import PortalGate
from graph_api.http.feeds import FeedView
from graph_api.http.graphiql import DemoSession
from graph_api.http.holding import Holding
from graph_api.http.networks import Networks
from graph_api.http.portal_tokens import PORTAL_AUDIENCE, PortalTokens
from graph_api.http.rate_limits import RateLimits
from graph_api.http.token_keys import Keys, LocalKeys, RemoteKeys
from graph_api.http.view import GraphQLView
from graph_api.http.work import Buckets, allowance
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.clock import Clock
from graph_api.kernel.graph import Graph
from graph_api.kernel.reactions import NO_REACTIONS
from graph_api.kernel.scope import Makers, Scope
from graph_api.kernel.stamps import utc_now
from graph_api.kernel.unit import Wiring
from graph_api.key_files import Key
from graph_api.keys import audit_key, installation_secret, portal_signing_key, signing_key
from graph_api.known_keys import KeysOfServer, KnownKeys
from graph_api.logs import configure_logs
from graph_api.mail.files import MailFiles
from graph_api.mail.ports import Transport
from graph_api.mail.queues import Outbox
from graph_api.mail.sending import MailSender
from graph_api.mail.smtp import SmtpTransport
from graph_api.message_keys import message_texts
from graph_api.network import reactions as network_reactions
from graph_api.network.reading import Reading, StaffReading
from graph_api.people.graph.writes import people_by_id
from graph_api.portal import reactions as portal_reactions
from graph_api.portal.graph.sessions import SessionReads
from graph_api.portal.invitation_letters import COMPOSERS, TRACKERS
from graph_api.portal.reading import PortalReading
from graph_api.practices.graph import Practices
from graph_api.readiness import ReadinessChecks
from graph_api.upkeep import Upkeep

log = logging.getLogger(__name__)

COMMAND_DEADLINE = 120.0
MAIL_FROM = "graph-api@localhost"
PORTAL_URL = "http://127.0.0.1:8000"
OF_CONCERNS = (
    network_reactions,
    access_reactions,
    portal_reactions,
    message_reactions,
    appointment_reactions,
    feed_reactions,
)
REACTIONS = sum((concern.REACTIONS for concern in OF_CONCERNS), NO_REACTIONS)


def wiring(auditor: Auditor | None) -> Wiring:
    """What happens in every mutation's transaction besides what it does itself."""
    return Wiring(auditor, REACTIONS, people_by_id)


class Services:
    """Makes one caller's services over a database."""

    def __init__(
        self,
        database: Database,
        secret: bytes,
        auditor: Auditor,
        now: Callable[[], datetime] = utc_now,
        gate: PortalGate | None = None,
        on_mail: Callable[[], None] | None = None,
        texts: Callable[[Scope], Texts] | None = None,
        public_url: str | None = None,
    ) -> None:
        """Commands need no gate, no texts of messages unless they read or write some, and no address."""
        self._database = database
        self._secret = secret
        self._wiring = wiring(auditor)
        self._now = now
        self._on_mail = on_mail
        self._makers: Makers = {
            Reading: _reading,
            Viewpoints: _viewpoints,
            PublicAddress: lambda scope: PublicAddress(scope, public_url),
            **({} if gate is None else gate.makers()),
            **({} if texts is None else {Texts: texts}),
        }

    def scope(self, caller: Caller, bookmarks: frozenset[str] = frozenset(), until: float | None = None) -> Scope:
        """One request; all of its statements share one deadline."""
        return Scope(
            caller,
            GraphSession(self._database, bookmarks, until),
            self._secret,
            now=self._now,
            wiring=self._wiring,
            on_mail=self._on_mail,
            makers=self._makers,
            until=until,
        )


def _reading(scope: Scope) -> Reading:
    return PortalReading(scope) if scope.caller.role is ViewerRole.PORTAL else StaffReading(scope)


def _viewpoints(scope: Scope) -> Viewpoints:
    return PortalViewpoints(scope) if scope.caller.role is ViewerRole.PORTAL else StaffViewpoints(scope)


def make_auditor(settings: Settings) -> Auditor:
    """What writes the audit log, with the installation's key.

    Raises:
        KeyFileError: the key can't be read.
    """
    return Auditor(audit_key(settings.data_dir, settings.audit_key_file))


def import_service(
    database: Database,
    practice: Practice,
    auditor: Auditor,
    now: Callable[[], datetime] = utc_now,
    source: ImportSource | None = None,
) -> ImportService:
    """For the command line's imports."""
    clock = Clock(now, practice.time_zone)
    graph = Graph(GraphSession(database), practice.id, clock.today(), now=now)
    return ImportService(practice, graph, clock, auditor, source)


def open_database(settings: Settings, deadline: float | None = None, bolt: Bolt | None = None) -> Database:
    """The settings' database, by their client unless another is said; `open` finds it."""
    return Database(locator(settings), deadline=deadline or settings.request_timeout, bolt=bolt or Bolt(settings.bolt))


@asynccontextmanager
async def ready_database(settings: Settings, keys: Sequence[Key] = ()) -> AsyncIterator[Database]:
    """The database, open and migrated; for commands, whose batches may take longer than a request.

    Raises:
        KeyFileError: one of the `keys` is not the one that the data know, or is gone.
    """
    database = open_database(settings, COMMAND_DEADLINE, Bolt.OFFICIAL)
    try:
        await database.open()
        await migrate(database)
        await KnownKeys(settings, database).confirm(keys)
        yield database
    finally:
        await database.close()


def mail_sender(settings: Settings, database: Database, now: Callable[[], datetime] = utc_now) -> MailSender:
    """Sends what waits: by the settings' mail server, or to files."""
    server, mail_from = settings.mail_server, settings.mail_from or MAIL_FROM
    transport: Transport = (
        MailFiles(settings.mail_directory, mail_from, now) if server is None else SmtpTransport(server, mail_from, now)
    )
    secret = installation_secret(settings.data_dir, settings.secret_file)
    portal_url = settings.portal_url or PORTAL_URL
    composers = {**COMPOSERS, **MESSAGE_COMPOSERS, **APPOINTMENT_COMPOSERS}
    return MailSender(Outbox(database), transport, composers, TRACKERS, portal_url, secret, now)


def token_keys(settings: Settings) -> Keys:
    """Whose tokens are honoured: the outside issuer's where one is set, else our own."""
    if settings.jwks_url and settings.jwt_issuer and settings.jwt_audience:
        return RemoteKeys(settings.jwks_url, settings.jwt_issuer, settings.jwt_audience)
    return LocalKeys(signing_key(settings.data_dir), LOCAL_ISSUER, LOCAL_AUDIENCE)


def make_executor(settings: Settings) -> Executor:
    """What answers operations; the registered ones are checked.

    Raises:
        SettingsFileError: they can't be used.
    """
    texts = None if settings.operations is None else load_operations(settings.operations)
    executor = Executor(build_schema(), RegisteredOperations(texts, only=settings.only_operations))
    executor.check()
    return executor


def _settle_memory() -> None:
    """What was made while starting stays: without this, collections go over all of it now and then, and nobody is
    answered for 40 ms. The thresholds stay Python's own: with larger ones the collections are seldom and long.
    """
    gc.collect()
    gc.freeze()


class Server:
    """The application's parts that live as long as a worker."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        demo: DemoSession | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._practices = Practices(database)
        keys = KeysOfServer(settings)
        self._upkeep = Upkeep(database, now, keys.see)
        self._sealing = Sealing(settings, database, now)
        self.reads = ReadsFile(reads_folder(settings.data_dir))
        disk = Disk(settings.data_dir, settings.disk_reserve)
        self.readiness = ReadinessChecks(database, disk, self.reads, keys)
        """What /health/ready answers."""
        secret = installation_secret(settings.data_dir, settings.secret_file)
        self.mail = mail_sender(settings, database, now)
        auditor = make_auditor(settings)
        portal_key = portal_signing_key(settings.data_dir, settings.portal_key_file)
        tokens, limits = PortalTokens(portal_key), RateLimits()
        gate = PortalGate(database, secret, wiring(auditor), tokens, limits, settings.portal_open, now, self.mail.wake)
        portal_keys = LocalKeys(portal_key, PORTAL_ISSUER, PORTAL_AUDIENCE)
        portal = Portal(portal_keys, SessionReads(database, now)) if settings.portal_open else None
        buckets = Buckets(allowance(settings.staff_work), allowance(settings.portal_work))
        texts, public_url = message_texts(settings), settings.public_url
        self.services = Services(database, secret, auditor, now, gate, self.mail.wake, texts, public_url)
        authenticator = Authenticator(token_keys(settings), self._practices.by_slug, portal, buckets)
        self.app: Starlette = self._application(settings, secret, authenticator, limits, buckets, demo)

    def _application(
        self,
        settings: Settings,
        secret: bytes,
        authenticator: Authenticator,
        limits: RateLimits,
        buckets: Buckets,
        demo: DemoSession | None,
    ) -> Starlette:
        networks = Networks(settings.trusted_proxies)
        crowd = Crowd(bounds_of(settings), networks, by_address=not settings.on_loopback)
        view = GraphQLView(
            executor=make_executor(settings),
            authenticator=authenticator,
            scopes=self.services.scope,
            bookmarks=BookmarkCodec(secret),
            networks=networks,
            limits=limits,
            buckets=buckets,
            holding=Holding(crowd.most),
            timeout=settings.request_timeout,
            reads=self.reads,
        )
        feeds = FeedView(
            scopes=self.services.scope,
            practice_of=authenticator.practice,
            networks=networks,
            limits=limits,
            timeout=settings.request_timeout,
            reads=self.reads,
        )
        return create_app(
            AppParts(
                crowd=crowd,
                view=view,
                feeds=feeds,
                schema_text=print_schema(),
                readiness=self.readiness,
                lifespan=self.lifespan,
                cors_origins=settings.cors_origins,
                graphiql=settings.serves_graphiql,
                demo=demo,
            )
        )

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Start what runs beside requests, and end it. A database that is not there yet is waited for beside them."""
        await self._upkeep.start()
        beside = (self._upkeep.forever(), self._sealing.forever(), self._send_mail())
        tasks = [asyncio.create_task(work) for work in beside]
        _settle_memory()
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._sealing.close()
            await asyncio.to_thread(self.reads.close)
            await self._database.close()

    async def _send_mail(self) -> None:
        """Send what waits, once the database is there."""
        await self._upkeep.prepared.wait()
        await self.mail.run()


def create_worker_app() -> Starlette:
    """For `uvicorn --factory`: a worker's application, from the environment."""
    configure_logs()
    settings = Settings()
    return Server(settings, open_database(settings)).app
