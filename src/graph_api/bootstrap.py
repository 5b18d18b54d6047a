"""The server's wiring: the application from the settings, the database and the services."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from starlette.applications import Starlette

from graph_api.audit.reads import ReadsFile, reads_folder
from graph_api.config import PORTAL_ISSUER, Settings
from graph_api.custody.known import KeysOfServer
from graph_api.custody.masters_in_use import message_texts
from graph_api.engine.bolt import Database
from graph_api.engine.disk import Disk
from graph_api.evidence.wiring import Sealing
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
from graph_api.http.texting import TwilioView
from graph_api.http.token_keys import Keys, LocalKeys, RemoteKeys
from graph_api.http.unsubscribing import UnsubscribeView
from graph_api.http.view import GraphQLView
from graph_api.http.work import Buckets, allowance
from graph_api.kernel.stamps import utc_now
from graph_api.keys.secrets import installation_secret, portal_signing_key, signing_key
from graph_api.logs import configure_logs
from graph_api.opening import make_auditor, open_database
from graph_api.portal.graph.sessions import SessionReads
from graph_api.practices.graph import Practices
from graph_api.readiness import ReadinessChecks
from graph_api.services import Services, sms_gateway, twilio_accounts, wiring
from graph_api.upkeep import Upkeep
from graph_api.working import Working


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
        self._works = settings.worker
        self._practices = Practices(database)
        keys = KeysOfServer(settings)
        self._upkeep = Upkeep(database, now, keys.see)
        self._sealing = Sealing(settings, database, now)
        self.reads = ReadsFile(reads_folder(settings.data_dir))
        disk = Disk(settings.data_dir, settings.disk_reserve)
        self.readiness = ReadinessChecks(database, disk, self.reads, keys)
        """What /health/ready answers."""
        secret = installation_secret(settings.data_dir, settings.secret_file)
        auditor = make_auditor(settings)
        self.working = Working(settings, database, auditor, now)
        self.mail = self.working.mail
        portal_key = portal_signing_key(settings.data_dir, settings.portal_key_file)
        tokens, limits = PortalTokens(portal_key), RateLimits()
        gate = PortalGate(database, secret, wiring(auditor), tokens, limits, settings.portal_open, now, self.mail.wake)
        portal_keys = LocalKeys(portal_key, PORTAL_ISSUER, PORTAL_AUDIENCE)
        portal = Portal(portal_keys, SessionReads(database, now)) if settings.portal_open else None
        buckets = Buckets(allowance(settings.staff_work), allowance(settings.portal_work))
        texts, public_url = message_texts(settings), settings.public_url
        gateway, wake = sms_gateway(settings, now), self.mail.wake
        self.services = Services(database, secret, auditor, now, gate.makers(), wake, texts, public_url, gateway)
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
        shared = (self.services.scope, authenticator.practice, networks, limits, settings.request_timeout)
        return create_app(
            AppParts(
                crowd=crowd,
                view=view,
                unsubscribes=UnsubscribeView(*shared, secret),
                texting=TwilioView(*shared, twilio_accounts(settings), settings.public_url),
                feeds=FeedView(*shared, self.reads),
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
        beside = (self._upkeep.forever(), self._sealing.forever(), *self._beside())
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

    def _beside(self) -> Iterator[Coroutine[Any, Any, None]]:
        """Send what waits and remind of what is due, once the database is there, unless other processes do it."""

        async def when_prepared(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
            await self._upkeep.prepared.wait()
            await run(asyncio.Event())

        if self._works:
            yield when_prepared(self.working.mail.run)
            yield when_prepared(self.working.reminding.run)


def create_worker_app() -> Starlette:
    """For `uvicorn --factory`: a worker's application, from the environment."""
    configure_logs()
    settings = Settings()
    return Server(settings, open_database(settings)).app
