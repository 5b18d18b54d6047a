"""What doctor looks at of reminders: whether somebody sends them, who takes none, and whether texts can be sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from graph_api.cli.checks import Check, named
from graph_api.config import Settings, SettingsFileError

LATE = timedelta(minutes=10)
"""After which a reminder that nobody has looked at is late: a worker looks every ten seconds."""


async def reminder_checks(settings: Settings, database: Any) -> AsyncIterator[Check]:
    """Everything that can be told of them."""
    yield await _waiting(database)
    yield await _failed(database)
    yield await _texts(settings, database)


async def _waiting(database: Any) -> Check:
    from graph_api.acting.reminders.graph.upkeep import COUNTED, waiting_reminders

    now = datetime.now(UTC)
    found = await waiting_reminders(database, now - LATE)
    if found.since is None:
        return Check("reminders", True, "none is late")
    count = f"{found.count:,} or more" if found.count >= COUNTED else f"{found.count:,}"
    minutes = int((now - found.since).total_seconds()) // 60
    mend = (
        "Run `graph-api worker`, or a server without --no-worker. If one runs, look into its log: it can't keep up, or "
        "it can't reach the mail server."
    )
    return Check("reminders", False, f"{count} wait, the longest for {minutes:,} minutes", mend)


async def _failed(database: Any) -> Check:
    from graph_api.acting.reminders.graph.upkeep import FAILED_FOR, failed_reminders
    from graph_api.practices.graph import Practices

    now, found = datetime.now(UTC), {}
    for practice in await Practices(database).list():
        if count := await failed_reminders(database, practice.id, now):
            found[practice.slug] = count
    if not found:
        return Check("undelivered reminders", True, f"none in {FAILED_FOR.days} days")
    # A hint: an address that is wrong is the staff's to mend, and they see it at the appointment.
    counts = named([f"{count} of {slug}" for slug, count in found.items()])
    return Check("undelivered reminders", True, f"nobody took {counts} in {FAILED_FOR.days} days; staff see which")


async def _texts(settings: Settings, database: Any) -> Check:
    """Practices that want texts to be sent, and for which none can be."""
    from graph_api.acting.reminders.graph.reads import ReminderReads
    from graph_api.acting.reminders.model import ReminderChannel
    from graph_api.kernel.graph import graph_of
    from graph_api.practices.graph import Practices
    from graph_api.services import sms_gateway

    try:
        gateway = sms_gateway(settings)
    except SettingsFileError as error:
        return Check("texts", False, "the gateway can't be used", str(error))
    without: list[str] = []
    for practice in await Practices(database).list():
        rules = (await graph_of(database, practice)[ReminderReads].settings()).rules
        wants = any(rule.is_active and ReminderChannel.SMS in rule.channels for rule in rules)
        if wants and not gateway.offers(practice):
            without.append(practice.slug)
    if without:
        mend = "Give them accounts: GRAPH_API_SMS=twilio and GRAPH_API_TWILIO_FILE (docs/reminders.md)."
        return Check("texts", False, f"rules want texts, and there is no gateway for {named(without)}", mend)
    if settings.sms is not None and settings.public_url is None:
        mend = "Set GRAPH_API_PUBLIC_URL: Twilio posts there what people answer, and STOP is heard."
        return Check("texts", False, "answers can't be heard", mend)
    kind = settings.sms or ("files" if settings.mail_server is None else "none, and no rule wants any")
    return Check("texts", True, f"by {kind}" if settings.sms else kind)
