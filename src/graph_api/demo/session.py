"""Signs GraphiQL in for the demo, for half a day: as staff or an analyst of either practice, or as a portal account."""

from datetime import timedelta
from pathlib import Path

from graph_api.audit.append import Auditor
from graph_api.config import Settings
from graph_api.custody.masters_in_use import message_texts
from graph_api.demo.conversations import ACTOR
from graph_api.demo.examples import example_tabs
from graph_api.demo.portal_account import DemoAccount, SignedIn
from graph_api.demo.seeding import DemoPractices, Entrance
from graph_api.demo.tabs import PORTAL
from graph_api.engine.bolt import Database
from graph_api.http.auth import mint_token
from graph_api.http.entrance import PortalGate
from graph_api.http.graphiql import DemoPractice, DemoSession
from graph_api.http.portal_tokens import PortalTokens
from graph_api.http.rate_limits import RateLimits
from graph_api.kernel.caller import Caller, Practice, ViewerRole
from graph_api.kernel.stamps import utc_now
from graph_api.keys.secrets import installation_secret, portal_signing_key, signing_key
from graph_api.services import Services, wiring

TOKENS_LAST = timedelta(hours=12)
ROYAL92_DATA = Path(__file__).parent / "data" / "royal92"


def demo_services(settings: Settings, database: Database, auditor: Auditor) -> Services:
    """What the demo is made with: as a server has it, with a portal of its own to accept an invitation at."""
    secret = installation_secret(settings.data_dir, settings.secret_file)
    gate = PortalGate(
        database, secret, wiring(auditor), _tokens(settings), RateLimits(), is_open=True, now=utc_now, on_mail=_later
    )
    return Services(database, secret, auditor, makers=gate.makers(), texts=message_texts(settings))


def _later() -> None:
    """Mail that the demo's making causes is sent by the server that starts after it."""


def _tokens(settings: Settings) -> PortalTokens:
    """The page can't renew them. Each request still looks whether the session holds."""
    return PortalTokens(portal_signing_key(settings.data_dir, settings.portal_key_file), TOKENS_LAST)


def entrance(settings: Settings, services: Services) -> Entrance:
    """How its portal account is opened and signed in to."""
    secret = installation_secret(settings.data_dir, settings.secret_file)
    return lambda practice: DemoAccount(services, practice, _tokens(settings), secret)


async def demo_session(settings: Settings, services: Services, practices: DemoPractices) -> DemoSession:
    """Tokens for both practices, and the examples."""
    scope = services.scope(Caller(ACTOR, practices.maple, ViewerRole.STAFF))
    key = signing_key(settings.data_dir)

    def signed_in(practice: Practice) -> DemoPractice:
        def token(role: ViewerRole) -> str:
            subject = f"{ACTOR}-{role.value}"
            return mint_token(key, subject=subject, practice=practice.slug, role=role, lasts=TOKENS_LAST)

        return DemoPractice(practice.slug, practice.name, token(ViewerRole.STAFF), token(ViewerRole.ANALYST))

    return DemoSession(
        actor="demo staff",
        practices=(signed_in(practices.maple), signed_in(practices.royal92), *_portal(practices.portal_user)),
        tabs=await example_tabs(scope, with_portal=practices.portal_user is not None),
    )


def _portal(user: SignedIn | None) -> tuple[DemoPractice, ...]:
    """The account stands in the page's list of practices. It has one token, whatever role is chosen there."""
    if user is None:
        return ()
    name = f"{user.caller.practice.name}, as {user.name} (portal account)"
    return (DemoPractice(PORTAL, name, user.token, user.token),)
