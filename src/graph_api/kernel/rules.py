"""Who may read or do something. Each field and mutation declares its rule; without one it is closed.

Rows that a role may not see do not exist for it; a field that it may not read is null. A portal account sees its own
person, the clients it may view the portal of, and its own contacts of these (S13); what it may do is decided by
`access.decision`.
"""

from dataclasses import dataclass

from graph_api.kernel.caller import Caller, ViewerRole


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may."""

    roles: frozenset[ViewerRole]
    own: bool = False
    """A portal account may read it on its own person's record."""
    anonymous: bool = False
    """Without a token too: the mutation checks the invitation or code that is sent."""

    def allows(self, role: ViewerRole, *, own: bool = False) -> bool:
        """Whether the role may; `own` says that the record is the portal account's own person."""
        return role in self.roles or (self.own and own and role is ViewerRole.PORTAL)

    def admits(self, caller: Caller) -> bool:
        """Whether the caller may call it; the caller may have no token."""
        return self.anonymous if caller.is_anonymous else self.allows(caller.role)


NOBODY = Rule(frozenset())
EVERYONE = Rule(frozenset(ViewerRole))
INSIDE = Rule(frozenset({ViewerRole.ADMIN, ViewerRole.STAFF, ViewerRole.ANALYST}))
INSIDE_AND_OWN = Rule(INSIDE.roles, own=True)
WRITERS = Rule(frozenset({ViewerRole.ADMIN, ViewerRole.STAFF}))
WRITERS_AND_OWN = Rule(WRITERS.roles, own=True)
ADMINS = Rule(frozenset({ViewerRole.ADMIN}))
ACCOUNTS = Rule(frozenset({ViewerRole.PORTAL}))
WRITERS_AND_ACCOUNTS = Rule(WRITERS.roles | ACCOUNTS.roles)
"""What staff and portal accounts do and read of each other, and rows of which an account sees its own alone. Analysts
see nothing of it."""
ANYBODY = Rule(frozenset(ViewerRole), anonymous=True)

CALLED_BY: dict[str, Rule] = {}
"""Who may call each mutation, by its name in the API; declared with it."""


def may_call(mutation: str, caller: Caller) -> bool:
    """Whether the caller may call a mutation; a mutation that was not declared is closed."""
    return CALLED_BY.get(mutation, NOBODY).admits(caller)
