"""Reactions of the portal to changes of people and edges."""

from datetime import datetime

from graph_api.kernel.clock import Clock
from graph_api.kernel.reactions import On, Told
from graph_api.kernel.transaction import Transaction
from graph_api.network.changes import EdgeChanged, EdgeRemoved
from graph_api.people.changes import ClientStatusChanged, ContactPointsChanged
from graph_api.people.model import ClientStatus
from graph_api.portal.invitations import tell_of_access, withdraw, withdraw_gone, withdraw_of_client


async def _edge_changed(tx: Transaction, change: EdgeChanged, _clock: Clock, now: datetime) -> Told:
    return await tell_of_access(tx, change.contact, change.before, now, *change.path, "portalAccess")


async def _edge_removed(tx: Transaction, change: EdgeRemoved, _clock: Clock, _now: datetime) -> Told:
    return Told(events=await withdraw(tx, change.contact))


async def _contact_points_changed(tx: Transaction, change: ContactPointsChanged, _clock: Clock, _now: datetime) -> Told:
    return await withdraw_gone(tx, change.before, change.after, *change.path)


async def _client_status_changed(tx: Transaction, change: ClientStatusChanged, _clock: Clock, _now: datetime) -> Told:
    archived = change.after.client_status is ClientStatus.ARCHIVED
    return Told(events=await withdraw_of_client(tx, change.after.id)) if archived else Told()


REACTIONS = (
    On(EdgeChanged, _edge_changed),
    On(EdgeRemoved, _edge_removed),
    On(ContactPointsChanged, _contact_points_changed),
    On(ClientStatusChanged, _client_status_changed),
)
