"""What a practice sets about secure messages (M3, M9)."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict

from graph_api.acting.messages.graph.writes import ThreadWrites
from graph_api.acting.messages.model import DEFAULT_PRIVACY_AGE, MessagingSettings
from graph_api.audit.changes import changes_between
from graph_api.audit.graph.chains import AuditWrites
from graph_api.kernel.caller import Practice
from graph_api.kernel.fields import logged_fields
from graph_api.kernel.happened import EventKind, Happened
from graph_api.kernel.problems import Problems
from graph_api.kernel.scope import Scope
from graph_api.kernel.text import MAX_NOTE, clean_text
from graph_api.kernel.transaction import Transaction
from graph_api.kernel.unit import Outcome, Request
from graph_api.people.contact_points import normalise_email
from graph_api.practices.graph import SettingsWrites


class MessagingFields(TypedDict, total=False):
    """What was sent; one that is missing is kept, None clears it."""

    message_privacy_age: int | None
    staff_notice_email: str | None
    messaging_notice: str | None


def apply_messaging_fields(
    settings: MessagingSettings, fields: MessagingFields, problems: Problems
) -> MessagingSettings:
    """`settings` with what was sent; what is wrong goes to `problems`."""
    values: dict[str, Any] = dict(fields)
    if "staff_notice_email" in fields and fields["staff_notice_email"] is not None:
        values["staff_notice_email"] = normalise_email(fields["staff_notice_email"])
        if values["staff_notice_email"] is None:
            problems.add("staffNoticeEmail.invalid", "This is not an e-mail address.", "staffNoticeEmail")
    if "messaging_notice" in fields:
        values["messaging_notice"] = clean_text(
            fields["messaging_notice"], problems, "messagingNotice", "messagingNotice", limit=MAX_NOTE, prose=True
        )
    if "message_privacy_age" in fields and fields["message_privacy_age"] is None:
        values["message_privacy_age"] = DEFAULT_PRIVACY_AGE
    return replace(settings, **values)


class MessagingService:
    """Mutations of these settings."""

    def __init__(self, scope: Scope) -> None:
        self._unit = scope.unit

    async def set(self, request: Request, fields: MessagingFields) -> Outcome[Practice]:
        """Change what was sent.

        Refused for the reasons of `apply_messaging_fields`, and with `messagePrivacyAge.outOfRange`.
        """
        practice = self._unit.caller.practice

        def check() -> None:
            problems = Problems()
            apply_messaging_fields(MessagingSettings(), fields, problems)
            problems.refuse()

        async def change(tx: Transaction, _: None, now: datetime) -> Outcome[Practice]:
            await tx[AuditWrites].lock_practice()
            of_age = (await tx[SettingsWrites].lock()).age_of_majority
            problems = Problems()
            before = await tx[ThreadWrites].settings()
            after = apply_messaging_fields(before, fields, problems)
            most = of_age if of_age is not None else DEFAULT_PRIVACY_AGE
            if "message_privacy_age" in fields and not 0 <= after.message_privacy_age <= most:
                message = f"The age must be between 0 and {most}, the practice's age of majority."
                problems.add("messagePrivacyAge.outOfRange", message, "messagePrivacyAge")
            problems.refuse()
            if after == before:
                return Outcome(practice)
            await tx[ThreadWrites].save_settings(after)
            changes = changes_between(_values(before), _values(after))
            return Outcome(practice, events=(Happened(EventKind(request.mutation), practice.id, changes=changes),))

        async def reload(_tx: Transaction, _practice_id: str) -> Practice:
            return practice

        return await self._unit.run(request, check, change, reload)


def _values(settings: MessagingSettings) -> dict[str, object]:
    return {name: getattr(settings, own) for name, own in logged_fields(MessagingSettings).items()}
