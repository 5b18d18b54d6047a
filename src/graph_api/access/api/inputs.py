"""Inputs of the changes that decisions about access rest on."""

from typing import Any, cast

import strawberry

from graph_api.access.api import enums as _enums  # noqa: F401 - makes the domain's enums part of the schema
from graph_api.people.confidential import ChannelFields
from graph_api.practices.model import PracticeFeature
from graph_api.shapes.inputs import EXPECTED_VERSION, KEY, needed, sent, taken

_CHANNEL = tuple(ChannelFields.__annotations__)


@strawberry.input(description="Input of setClientFeature")
class SetClientFeatureInput:
    client_id: strawberry.ID = needed("Id of the client")
    feature: PracticeFeature = needed("The feature to switch")
    enabled: bool = needed("Whether the client has the feature; the practice must have it too")
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of recordAdultConsent: the adult client agrees that a contact keeps or gets portal access"
)
class RecordAdultConsentInput:
    contact_id: strawberry.ID = needed("Id of the contact, a parent or guardian with portal access")
    expected_version: int = needed(EXPECTED_VERSION)
    idempotency_key: str | None = taken(KEY)


@strawberry.input(
    description="Input of setConfidentialChannel: an e-mail address or phone number that only staff and the "
    "client's own account see. An omitted field keeps its value, and null clears it"
)
class SetConfidentialChannelInput:
    client_id: strawberry.ID = needed("Id of the client")
    expected_version: int = needed(
        "The version of the person that you read. If the version has changed since, the mutation is refused"
    )
    email: str | None = taken("An e-mail address that is not among the client's emails")
    phone: str | None = taken(
        "A phone number that is not among the client's phones. Without a country code, it "
        "is read as a number of the practice's region"
    )
    idempotency_key: str | None = taken(KEY)


def channel_fields(source: Any) -> ChannelFields:
    """The channel's fields that were sent."""
    return cast("ChannelFields", sent(source, _CHANNEL))
