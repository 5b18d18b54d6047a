"""What answers a caller over a database: services, what reacts to changes, the sender of mail. No GraphQL, no web."""

from collections.abc import Callable, Mapping
from datetime import datetime

from graph_api.access import reactions as access_reactions
from graph_api.acting.appointments import reactions as appointment_reactions
from graph_api.acting.appointments.letters import APPOINTMENT_COMPOSERS
from graph_api.acting.feeds import reactions as feed_reactions
from graph_api.acting.feeds.addresses import PublicAddress
from graph_api.acting.messages import reactions as message_reactions
from graph_api.acting.messages.letters import MESSAGE_COMPOSERS
from graph_api.acting.messages.texts import Texts
from graph_api.acting.messages.viewpoints import PortalViewpoints, StaffViewpoints, Viewpoints
from graph_api.acting.payments import reactions as payment_reactions
from graph_api.acting.reminders import reactions as reminder_reactions
from graph_api.acting.reminders.graph.planning import Plannings
from graph_api.acting.reminders.graph.sending import Dues
from graph_api.acting.reminders.handing import Handing
from graph_api.acting.reminders.looking import Looking
from graph_api.acting.reminders.planning_again import PlanningAgain
from graph_api.acting.reminders.ports import Texting
from graph_api.acting.reminders.sending import Reminding
from graph_api.audit.append import Auditor
from graph_api.config import Settings, SettingsFileError
from graph_api.engine.bolt import Database
from graph_api.engine.session import GraphSession
from graph_api.exchange.commands import ImportService
from graph_api.exchange.rows import ImportSource
from graph_api.kernel.caller import Caller, Practice
from graph_api.kernel.clock import Clock
from graph_api.kernel.graph import Graph
from graph_api.kernel.reactions import NO_REACTIONS
from graph_api.kernel.scope import Makers, Scope
from graph_api.kernel.stamps import utc_now
from graph_api.kernel.unit import Wiring
from graph_api.keys.secrets import installation_secret
from graph_api.mail.files import MailFiles
from graph_api.mail.ports import Transport
from graph_api.mail.queues import Outbox
from graph_api.mail.sending import MailSender
from graph_api.mail.smtp import SmtpTransport
from graph_api.network import reactions as network_reactions
from graph_api.network.reading import Reading, StaffReading
from graph_api.people.graph.writes import people_by_id
from graph_api.portal import reactions as portal_reactions
from graph_api.portal.invitation_letters import COMPOSERS, TRACKERS
from graph_api.portal.reading import PortalReading
from graph_api.sms.accounts import AccountsError, TwilioAccount, read_accounts
from graph_api.sms.files import TextFiles
from graph_api.sms.ports import NoGateway, SmsGateway

MAIL_FROM = "graph-api@localhost"
PORTAL_URL = "http://127.0.0.1:8000"
OF_CONCERNS = (
    network_reactions,
    access_reactions,
    portal_reactions,
    message_reactions,
    appointment_reactions,
    feed_reactions,
    reminder_reactions,
    payment_reactions,
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
        makers: Makers | None = None,
        on_mail: Callable[[], None] | None = None,
        texts: Callable[[Scope], Texts] | None = None,
        public_url: str | None = None,
        gateway: SmsGateway | None = None,
    ) -> None:
        """`makers` are what the server adds. Commands need no texts of messages unless they read or write some, and no
        address.
        """
        self._database = database
        self._secret = secret
        self._wiring = wiring(auditor)
        self._now = now
        self._on_mail = on_mail
        self._makers: Makers = {
            Reading: _reading,
            Viewpoints: _viewpoints,
            PublicAddress: lambda scope: PublicAddress(scope, public_url),
            Texting: lambda scope: Texting(scope, gateway),
            **(makers or {}),
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
    return PortalReading(scope) if scope.caller.is_account else StaffReading(scope)


def _viewpoints(scope: Scope) -> Viewpoints:
    return PortalViewpoints(scope) if scope.caller.is_account else StaffViewpoints(scope)


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


def mail_sender(settings: Settings, database: Database, now: Callable[[], datetime] = utc_now) -> MailSender:
    """Sends what waits: by the settings' mail server, or to files."""
    transport = mail_transport(settings, now)
    secret = installation_secret(settings.data_dir, settings.secret_file)
    portal_url = settings.portal_url or PORTAL_URL
    composers = {**COMPOSERS, **MESSAGE_COMPOSERS, **APPOINTMENT_COMPOSERS}
    return MailSender(Outbox(database), transport, composers, TRACKERS, portal_url, secret, now)


def reminding(
    settings: Settings, database: Database, auditor: Auditor, now: Callable[[], datetime] = utc_now
) -> Reminding:
    """Reminds of appointments that are due, by the settings' mail server, or to files."""
    secret = installation_secret(settings.data_dir, settings.secret_file)
    planning, gateway = PlanningAgain(Plannings(database), now), sms_gateway(settings, now)
    dues = Dues(database)
    handing = Handing(dues, mail_transport(settings, now), gateway, secret, settings.public_url)
    return Reminding(dues, planning, Looking(auditor, gateway), handing, now)


def sms_gateway(settings: Settings, now: Callable[[], datetime] = utc_now) -> SmsGateway:
    """Takes texts to phones away: the settings' gateway, or files where mail is written to files too.

    Raises:
        SettingsFileError: the gateway's file or its library can't be used.
    """
    if settings.sms is not None:
        return _twilio(settings)
    return TextFiles(settings.texts_directory, now) if settings.mail_server is None else NoGateway()


def twilio_accounts(settings: Settings) -> Mapping[str, TwilioAccount]:
    """The practices' accounts by their slugs; none without the gateway.

    Raises:
        SettingsFileError: their file can't be used.
    """
    if settings.sms is None or settings.twilio_file is None:
        return {}
    try:
        return read_accounts(settings.twilio_file)
    except AccountsError as error:
        raise SettingsFileError(str(error)) from None


def _twilio(settings: Settings) -> SmsGateway:
    try:
        from graph_api.sms.twilio import TwilioGateway
    except ImportError:
        raise SettingsFileError('GRAPH_API_SMS=twilio needs its library: pip install "graph-api[sms]"') from None
    return TwilioGateway(twilio_accounts(settings), settings.public_url, settings.twilio_url)


def mail_transport(settings: Settings, now: Callable[[], datetime] = utc_now) -> Transport:
    """Takes letters away: the settings' mail server, or files."""
    server, mail_from = settings.mail_server, settings.mail_from or MAIL_FROM
    if server is None:
        return MailFiles(settings.mail_directory, mail_from, now)
    return SmtpTransport(server, mail_from, now)
