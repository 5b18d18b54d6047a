"""The services that change something for one caller."""

from dataclasses import dataclass

from graph_api.services.account_changes import AccountService
from graph_api.services.client_access import ClientAccessService
from graph_api.services.contacts import ContactService
from graph_api.services.deaths import DeathService
from graph_api.services.inviting import InvitationService
from graph_api.services.people import PersonService
from graph_api.services.settings import SettingsService
from graph_api.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Changes:
    """Mutations, by what they change."""

    people: PersonService
    contacts: ContactService
    client_access: ClientAccessService
    settings: SettingsService
    accounts: AccountService
    invitations: InvitationService
    deaths: DeathService


def changes(unit: Unit, secret: bytes) -> Changes:
    """They share one unit: one caller, one graph, one clock."""
    people = PersonService(unit)
    contacts = ContactService(unit, people)
    return Changes(
        people,
        contacts,
        ClientAccessService(unit, contacts),
        SettingsService(unit),
        AccountService(unit, secret),
        InvitationService(unit),
        DeathService(unit),
    )
