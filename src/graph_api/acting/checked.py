"""A checked write that carries its actor: what every action from a portal account begins with (X1, X3, X5)."""

from datetime import datetime

from graph_api.access.decision import decide
from graph_api.access.grants import PossibleGrant
from graph_api.access.graph.decisions import AccessWrites
from graph_api.access.model import PortalAction
from graph_api.access.questions import decide_locked
from graph_api.acting.bylines import Author
from graph_api.kernel.caller import Caller
from graph_api.kernel.errors import Forbidden, Refused, invalid, not_found
from graph_api.kernel.transaction import Transaction
from graph_api.people.commands import refuse_archived
from graph_api.people.graph.writes import PersonWrites
from graph_api.practices.model import FEATURES, PracticeFeature

NOT_FOR_CLIENT = "Your account may not do this for this client."


async def checked_author(
    tx: Transaction,
    caller: Caller,
    client_id: str,
    action: PortalAction,
    *path: str,
    sees: PortalAction = PortalAction.VIEW_PORTAL,
) -> Author:
    """Lock what an account's action for a client rests on, and decide; until the transaction ends it stays so.

    Nothing that stands above the client in the order of locks may be locked after it (docs/access.md).

    Args:
        tx: the transaction, in which nothing but an idempotency key is locked yet.
        caller: whose account it is.
        client_id: for whom they act.
        action: what they do.
        path: where the client, or what is theirs, stands in the input.
        sees: what it takes to see what `path` names.

    Raises:
        Refused: NotFound where the account may not see it, Forbidden where it may see it and not do this. Neither says
            why.
    """
    await tx[PersonWrites].lock(client_id)
    checked = await decide_locked(tx, caller.person_id or "", client_id, action)
    if not checked.decision.allowed:
        may_see = decide(checked.facts, sees, tx.stamp()).allowed
        raise Refused([Forbidden(path=path, message=NOT_FOR_CLIENT)]) if may_see else not_found(*path)
    edge = checked.facts.edge
    return Author(
        caller.subject,
        caller.role,
        caller.person_id,
        checked.contact_id,
        checked.contact_version,
        None if edge is None else edge.terms.relationship,
    )


def staff_author(caller: Caller) -> Author:
    """Staff act by their role."""
    return Author(caller.subject, caller.role)


async def author_of(
    tx: Transaction,
    caller: Caller,
    client_id: str,
    action: PortalAction,
    *path: str,
    sees: PortalAction = PortalAction.VIEW_PORTAL,
) -> Author:
    """Whoever acts, with the client locked; as `checked_author` from an account.

    Raises:
        Refused: NotFound, Forbidden.
    """
    if caller.is_account:
        return await checked_author(tx, caller, client_id, action, *path, sees=sees)
    await tx[PersonWrites].lock(client_id)
    return staff_author(caller)


async def author_or_refusal(
    tx: Transaction, caller: Caller, client_id: str, action: PortalAction, *path: str, sees: PortalAction
) -> Author | Refused:
    """As `author_of`, for what may be hidden from whoever acts: whether it is, is looked at before they are refused."""
    try:
        return await author_of(tx, caller, client_id, action, *path, sees=sees)
    except Refused as refused:
        return refused


async def grants_of(tx: Transaction, client_id: str, *path: str) -> list[PossibleGrant]:
    """The client, and whoever may act for them; the client must be locked.

    Raises:
        Refused: NotFound where there is no such client.
    """
    grants = await tx[AccessWrites].of_client(client_id)
    if not grants or not grants[0].client.is_client:
        raise not_found(*path)
    return grants


def refuse_unreachable(grants: list[PossibleGrant], feature: PracticeFeature, *path: str) -> None:
    """Staff start nothing for an archived client, nor write where nobody could read (X1).

    Raises:
        Refused: `client.archived`, `feature.off`.
    """
    facts = grants[0].facts
    refuse_archived(grants[0].client.client_status, *path)
    for needed in (PracticeFeature.PORTAL, feature):
        off_here = facts.client is not None and needed in facts.client.features_off
        if needed not in facts.practice.features or off_here:
            whom = " for this client" if off_here else ""
            message = f"The practice has switched off {FEATURES[needed].inside}{whom}, so nobody could read this."
            raise Refused([invalid("feature.off", message, *path)])


def allowed_at(grant: PossibleGrant, action: PortalAction, at: datetime) -> bool:
    """Whether somebody may do it then."""
    return decide(grant.facts, action, at).allowed
