"""Changes of the contract: each takes one input and answers with the entity, or errors and nothing changed."""

from typing import Annotated, Any

import strawberry

from graph_api.access.api.mutations import SettingsMutations
from graph_api.network.api import inputs as network_inputs
from graph_api.network.api.inputs import terms_fields
from graph_api.network.api.mutations import (
    AddExistingContactPayload,
    AddNewContactPayload,
    AddReciprocalContactPayload,
    RemoveContactPayload,
    UpdateContactPayload,
)
from graph_api.network.commands import ContactService
from graph_api.people.api import inputs as people_inputs
from graph_api.people.api.inputs import death_fields, person_fields
from graph_api.people.api.mutations import (
    AddClientPayload,
    SetClientStatusPayload,
    SetDeceasedPayload,
    UpdatePersonPayload,
)
from graph_api.people.commands import PersonService
from graph_api.portal.api.mutations import InvitationMutations
from graph_api.portal.api.signing_in import AccountMutation
from graph_api.portal.deaths import DeathService
from graph_api.shapes.context import Info
from graph_api.shapes.inputs import given
from graph_api.shapes.payloads import INPUT, request_of


@strawberry.type(description="Changes. Roots are nullable: a later failure must not hide an earlier commit")
class Mutation(AccountMutation, SettingsMutations, InvitationMutations):
    @strawberry.mutation(
        description="Add a client; refused when they are in the system", graphql_type=AddClientPayload | None
    )
    async def add_client(self, info: Info, input: Annotated[people_inputs.AddClientInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[PersonService].add_client(
            request_of("addClient", input), person_fields(input.person), _ids(input.not_duplicate_of)
        )

    @strawberry.mutation(
        description="Add someone new to a client's network; refused when they are in the system",
        graphql_type=AddNewContactPayload | None,
    )
    async def add_new_contact(self, info: Info, input: Annotated[network_inputs.AddNewContactInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[ContactService].add_new(
            request_of("addNewContact", input),
            str(input.client_id),
            person_fields(input.person),
            _ids(input.not_duplicate_of),
            terms_fields(input),
        )

    @strawberry.mutation(
        description="Add someone who is in the system to a client's network; one way",
        graphql_type=AddExistingContactPayload | None,
    )
    async def add_existing_contact(
        self,
        info: Info,
        input: Annotated[network_inputs.AddExistingContactInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[ContactService].add_existing(
            request_of("addExistingContact", input), str(input.client_id), str(input.person_id), terms_fields(input)
        )

    @strawberry.mutation(
        description="Add the client of a contact to the contact's own network",
        graphql_type=AddReciprocalContactPayload | None,
    )
    async def add_reciprocal_contact(
        self,
        info: Info,
        input: Annotated[network_inputs.AddReciprocalContactInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[ContactService].add_reciprocal(
            request_of("addReciprocalContact", input), str(input.contact_id), terms_fields(input)
        )

    @strawberry.mutation(description="Change a contact's terms", graphql_type=UpdateContactPayload | None)
    async def update_contact(self, info: Info, input: Annotated[network_inputs.UpdateContactInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[ContactService].update(
            request_of("updateContact", input),
            str(input.contact_id),
            input.expected_version,
            terms_fields(input.changes),
        )

    @strawberry.mutation(
        description="End a contact; the person and the history stay", graphql_type=RemoveContactPayload | None
    )
    async def remove_contact(self, info: Info, input: Annotated[network_inputs.RemoveContactInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[ContactService].remove(
            request_of("removeContact", input), str(input.contact_id), input.expected_version, given(input.reason)
        )

    @strawberry.mutation(description="Change a person's own fields", graphql_type=UpdatePersonPayload | None)
    async def update_person(self, info: Info, input: Annotated[people_inputs.UpdatePersonInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[PersonService].update(
            request_of("updatePerson", input),
            str(input.person_id),
            input.expected_version,
            person_fields(input.changes),
        )

    @strawberry.mutation(
        description="Make a person a client, or change what kind of client they are",
        graphql_type=SetClientStatusPayload | None,
    )
    async def set_client_status(
        self,
        info: Info,
        input: Annotated[people_inputs.SetClientStatusInput, INPUT],  # noqa: A002
    ) -> Any:
        return await info.context[PersonService].set_client_status(
            request_of("setClientStatus", input), str(input.person_id), input.expected_version, input.status
        )

    @strawberry.mutation(
        description="Record the day of a person's death, correct it, or take it back. It closes their account, ends "
        "what others may do for them but a personal representative recorded after it, and nothing is mailed to them",
        graphql_type=SetDeceasedPayload | None,
    )
    async def set_deceased(self, info: Info, input: Annotated[people_inputs.SetDeceasedInput, INPUT]) -> Any:  # noqa: A002
        return await info.context[DeathService].set_deceased(
            request_of("setDeceased", input), str(input.person_id), input.expected_version, death_fields(input)
        )


def _ids(value: Any) -> list[str]:
    return [str(item) for item in given(value) or ()]
