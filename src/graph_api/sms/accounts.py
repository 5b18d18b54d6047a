"""The practices' accounts at Twilio, as the file has them that GRAPH_API_TWILIO_FILE names; nothing of it is shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

SAMPLE = (
    '{"maple-street": {"accountSid": "AC...", "apiKey": "SK...", "apiSecret": "...", "authToken": "...", '
    '"from": "+15551230000"}}'
)
_OTHERS = 0o077
Sid = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9a-f]{32}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
Secret = Annotated[SecretStr, Field(min_length=16, max_length=200)]


class AccountsError(Exception):
    """The file can't be used; the message says why, and holds nothing of it."""


class TwilioAccount(BaseModel):
    """A practice's."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    account_sid: Sid
    api_key: Sid
    api_secret: Secret
    auth_token: Secret
    """Signs what Twilio posts."""
    former_auth_token: Secret | None = None
    """Signs it as well, while another one is brought in."""
    sender: Phone | None = Field(None, alias="from")
    messaging_service_sid: Sid | None = None

    @model_validator(mode="after")
    def _one_sender(self) -> Self:
        if (self.sender is None) == (self.messaging_service_sid is None):
            raise ValueError("needs from or messagingServiceSid, and not both")
        return self

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """By which what Twilio posts may be signed."""
        tokens = (self.auth_token, self.former_auth_token)
        return tuple(token.get_secret_value() for token in tokens if token is not None)


_FILE = TypeAdapter(dict[str, TwilioAccount])


def read_accounts(path: Path) -> Mapping[str, TwilioAccount]:
    """The accounts by practices' slugs.

    Raises:
        AccountsError: the file can't be read, others may read it, or it does not hold accounts.
    """
    try:
        if path.stat().st_mode & _OTHERS:
            raise AccountsError(f"{path} can be read by others. It holds secrets: chmod 600 {path}")
        content = path.read_bytes()
    except OSError as error:
        raise AccountsError(f"{path}: {error.strerror}. GRAPH_API_TWILIO_FILE names it.") from None
    try:
        return _FILE.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise AccountsError(f"{path}: {place}: {first['msg']}. It looks like this: {SAMPLE}") from None
