"""What Twilio posts: answers to texts, and how far a text has come. Each post is signed with the account's token."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from graph_api.acting.reminders.answers import FOLDER, Answers, said
from graph_api.http.incoming import Refusal, read_body
from graph_api.http.links import LinkView, refusal
from graph_api.kernel.caller import Caller, ViewerRole
from graph_api.kernel.happened import EventKind
from graph_api.sms.accounts import TwilioAccount
from graph_api.sms.signatures import is_signed

ACTOR = "twilio"
"""How the audit log names it."""
MAX_BODY = 100_000
MAX_FIELDS = 200
SIGNATURE = "X-Twilio-Signature"
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_OPT_OUT = {"STOP": EventKind.OPT_OUT_STOP, "START": EventKind.OPT_OUT_START}
_NOT_DELIVERED = frozenset({"failed", "undelivered"})
_STOPPED = "21610"
"""Twilio's code of a text to a number whose owner has said STOP."""
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class TwilioView(LinkView):
    """The routes."""

    accounts: Mapping[str, TwilioAccount]
    public_url: str | None

    methods = ("POST",)

    async def answer(self, request: Request, until: float) -> Response:
        """Take in one post. Whatever is wrong with its address or signature is answered alike."""
        slug, _, kind = request.scope["path"].removeprefix(FOLDER).partition("/")
        try:
            body = await read_body(request, MAX_BODY)
        except Refusal as refused:
            return refusal(refused.status, str(refused))
        fields = self._signed(request, slug, body)
        practice = None if fields is None else await self.practice_of(slug)
        if fields is None or practice is None or kind not in ("", "status"):
            return refusal(403, "This is not signed.")
        answers = self.scopes(Caller(ACTOR, practice, ViewerRole.ADMIN, **self.known(request)), frozenset(), until)[
            Answers
        ]
        await (_take_status if kind else _take_answer)(answers, fields)
        return Response(NOTHING_TO_SAY, media_type="text/xml", headers={"Cache-Control": "no-store"})

    def _signed(self, request: Request, slug: str, body: bytes) -> Mapping[str, str] | None:
        """What stands in a post that the practice's account has signed."""
        account, signature = self.accounts.get(slug), request.headers.get(SIGNATURE, "")
        if account is None or self.public_url is None:
            return None
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError:
            return None
        fields = dict(pairs)
        query = request.scope["query_string"].decode("latin-1")
        url = f"{self.public_url}{request.scope['path']}{'?' if query else ''}{query}"
        if len(fields) < len(pairs) or not is_signed(account, url, fields, signature):
            return None
        return fields if fields.get("AccountSid") == account.account_sid else None


async def _take_answer(answers: Answers, fields: Mapping[str, str]) -> None:
    """STOP and START; Twilio's own reading of it counts where it has one."""
    kind = _OPT_OUT.get(fields.get("OptOutType", "")) or said(fields.get("Body", ""))
    phone, gateway_id = fields.get("From", ""), fields.get("MessageSid", "")
    if kind is not None and _is_phone(phone) and _SID.fullmatch(gateway_id):
        await answers.heard(phone, kind, gateway_id)


async def _take_status(answers: Answers, fields: Mapping[str, str]) -> None:
    """A text that does not arrive."""
    gateway_id, phone = fields.get("MessageSid", ""), fields.get("To", "")
    if fields.get("MessageStatus") not in _NOT_DELIVERED or not _SID.fullmatch(gateway_id):
        return
    if fields.get("ErrorCode") == _STOPPED and _is_phone(phone):
        await answers.heard(phone, EventKind.OPT_OUT_STOP, gateway_id)
    await answers.not_delivered(gateway_id)


def _is_phone(text: str) -> bool:
    """Whether it is a number in E.164; a short code is nobody's phone."""
    return _PHONE.fullmatch(text) is not None
