"""Changes of what decisions about one client rest on: features, consent, a confidential channel."""

from typing import Any

from graph_api.access.api.inputs import (
    RecordAdultConsentInput,
    SetClientFeatureInput,
    SetConfidentialChannelInput,
    channel_fields,
)
from graph_api.access.commands import ClientAccessService
from graph_api.kernel.rules import WRITERS
from graph_api.kernel.scope import Scope
from graph_api.kernel.unit import Request
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.shapes.mutations import mutation


@mutation(WRITERS, "Switch a feature off for one client, or on again", shows=("client", Person))
async def set_client_feature(scope: Scope, request: Request, source: SetClientFeatureInput) -> Any:
    return await scope[ClientAccessService].set_feature(request, str(source.client_id), source.feature, source.enabled)


@mutation(
    WRITERS, "Record that an adult client agrees to a parent's or guardian's portal access", shows=("contact", Contact)
)
async def record_adult_consent(scope: Scope, request: Request, source: RecordAdultConsentInput) -> Any:
    return await scope[ClientAccessService].record_adult_consent(
        request, str(source.contact_id), source.expected_version
    )


@mutation(
    WRITERS,
    "Set an e-mail address or phone number that only staff and the client's own account see",
    shows=("client", Person),
)
async def set_confidential_channel(scope: Scope, request: Request, source: SetConfidentialChannelInput) -> Any:
    return await scope[ClientAccessService].set_confidential_channel(
        request,
        str(source.client_id),
        source.expected_version,
        channel_fields(source),
    )
