"""Inputs of the changes that decisions about access rest on."""

from typing import Any, cast

import strawberry

from graph_api.access.api import enums as _enums  # noqa: F401 - makes the domain's enums part of the schema
from graph_api.people.confidential import ChannelFields
from graph_api.practices.model import PracticeFeature
from graph_api.shapes.inputs import KEY, needed, sent, taken

_CHANNEL = tuple(ChannelFields.__annotations__)


@strawberry.input(description="A feature for one client, off or on again")
class SetClientFeatureInput:
    client_id: strawberry.ID = needed("Which client")
    feature: PracticeFeature = needed("Which feature")
    enabled: bool = needed("Whether the client has it; the practice must have it too")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(description="The adult client agrees that this contact keeps or gets portal access")
class RecordAdultConsentInput:
    contact_id: strawberry.ID = needed("Which contact; a parent or guardian with portal access")
    expected_version: int = needed("The version that was read")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="An e-mail or phone that only staff and the client's own account see. Omitted: keep; null: clear"
)
class SetConfidentialChannelInput:
    client_id: strawberry.ID = needed("Which client")
    expected_version: int = needed("The version of the person that was read")
    email: str | None = taken("An e-mail address that is not among the client's emails")
    phone: str | None = taken("A phone number that is not among the client's phones, read as of the practice's region")
    idempotency_key: str | None = taken(KEY)


def channel_fields(source: Any) -> ChannelFields:
    """The channel's fields that were sent."""
    return cast("ChannelFields", sent(source, _CHANNEL))
