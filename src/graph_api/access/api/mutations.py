"""Changes of what decisions about access rest on: features, age of majority, consent, a confidential channel."""

from typing import Annotated, Any

import strawberry

from graph_api.access.api import inputs
from graph_api.access.api.inputs import channel_fields
from graph_api.access.commands import ClientAccessService
from graph_api.network.api.types import Contact
from graph_api.people.api.types import Person
from graph_api.practices.api.types import Practice
from graph_api.practices.commands import SettingsService
from graph_api.shapes.context import Info
from graph_api.shapes.payloads import INPUT, Payload, entity_field, request_of


@strawberry.type(description="The answer of setPracticeFeature")
class SetPracticeFeaturePayload(Payload):
    practice: Practice | None = entity_field("practice", Practice)


@strawberry.type(description="The answer of setClientFeature")
class SetClientFeaturePayload(Payload):
    client: Person | None = entity_field("client", Person)


@strawberry.type(description="The answer of setAgeOfMajority")
class SetAgeOfMajorityPayload(Payload):
    practice: Practice | None = entity_field("practice", Practice)


@strawberry.type(description="The answer of recordAdultConsent")
class RecordAdultConsentPayload(Payload):
    contact: Contact | None = entity_field("contact", Contact)


@strawberry.type(description="The answer of setConfidentialChannel")
class SetConfidentialChannelPayload(Payload):
    client: Person | None = entity_field("client", Person)


@strawberry.type(description="Changes of what decisions about access rest on")
class SettingsMutations:
    @strawberry.mutation(
        description="Switch a feature on or off for the practice", graphql_type=SetPracticeFeaturePayload | None
    )
    async def set_practice_feature(
        self,
        info: Info,
        input: Annotated[inputs.SetPracticeFeatureInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[SettingsService].set_feature(
            request_of("setPracticeFeature", input), input.feature, input.enabled
        )

    @strawberry.mutation(
        description="Switch a feature off for one client, or on again", graphql_type=SetClientFeaturePayload | None
    )
    async def set_client_feature(
        self,
        info: Info,
        input: Annotated[inputs.SetClientFeatureInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[ClientAccessService].set_feature(
            request_of("setClientFeature", input), str(input.client_id), input.feature, input.enabled
        )

    @strawberry.mutation(
        description="Say at which age the practice's clients are adults", graphql_type=SetAgeOfMajorityPayload | None
    )
    async def set_age_of_majority(
        self,
        info: Info,
        input: Annotated[inputs.SetAgeOfMajorityInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[SettingsService].set_age_of_majority(request_of("setAgeOfMajority", input), input.age)

    @strawberry.mutation(
        description="Record that the adult client agrees to a parent's or guardian's portal access",
        graphql_type=RecordAdultConsentPayload | None,
    )
    async def record_adult_consent(
        self,
        info: Info,
        input: Annotated[inputs.RecordAdultConsentInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[ClientAccessService].record_adult_consent(
            request_of("recordAdultConsent", input), str(input.contact_id), input.expected_version
        )

    @strawberry.mutation(
        description="Set an e-mail or phone that only staff and the client's own account see",
        graphql_type=SetConfidentialChannelPayload | None,
    )
    async def set_confidential_channel(
        self,
        info: Info,
        input: Annotated[inputs.SetConfidentialChannelInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[ClientAccessService].set_confidential_channel(
            request_of("setConfidentialChannel", input),
            str(input.client_id),
            input.expected_version,
            channel_fields(input),
        )
