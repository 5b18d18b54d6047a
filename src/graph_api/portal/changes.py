"""The services that change something for one caller."""

from dataclasses import dataclass

from graph_api.access.commands import ClientAccessService
from graph_api.kernel.unit import Unit
from graph_api.network.commands import ContactService
from graph_api.people.commands import PersonService
from graph_api.portal.account_commands import AccountService
from graph_api.portal.deaths import DeathService
from graph_api.portal.invitation_commands import InvitationService
from graph_api.practices.commands import SettingsService


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
