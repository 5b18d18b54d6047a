"""Who may read and do what: one table over the whole schema. What is not in it, nobody may.

Rows that a role may not see do not exist for it; a field that it may not read is null. A portal account sees its own
person, the clients it may view the portal of, and its own contacts of these (S13); what it may do is decided by
`access/model`. Names are the schema's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph_api.kernel.caller import Caller, ViewerRole


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may."""

    roles: frozenset[ViewerRole]
    own: bool = False
    """A portal account may on its own person's record."""
    anonymous: bool = False
    """Without a token too: the invitation or code that is sent is what is checked."""

    def allows(self, role: ViewerRole, *, own: bool = False) -> bool:
        """Whether the role may; `own` says that the record is the portal account's own person."""
        return role in self.roles or (self.own and own and role is ViewerRole.PORTAL)

    def admits(self, caller: Caller) -> bool:
        """Whether the caller may call it, who may have no token."""
        return self.anonymous if caller.is_anonymous else self.allows(caller.role)


NOBODY = Rule(frozenset())
EVERYONE = Rule(frozenset(ViewerRole))
INSIDE = Rule(frozenset({ViewerRole.ADMIN, ViewerRole.STAFF, ViewerRole.ANALYST}))
INSIDE_AND_OWN = Rule(INSIDE.roles, own=True)
WRITERS = Rule(frozenset({ViewerRole.ADMIN, ViewerRole.STAFF}))
WRITERS_AND_OWN = Rule(WRITERS.roles, own=True)
ADMINS = Rule(frozenset({ViewerRole.ADMIN}))
ACCOUNTS = Rule(frozenset({ViewerRole.PORTAL}))
ANYBODY = Rule(frozenset(ViewerRole), anonymous=True)

Fields = Mapping[str, Rule]
PERMISSIONS: Mapping[str, Fields | Rule] = {
    "Query": {
        "node": EVERYONE,
        "nodes": EVERYONE,
        "viewer": EVERYONE,
        "person": EVERYONE,
        "personByExternalId": INSIDE,
        "client": EVERYONE,
        "clients": INSIDE,
        "findContacts": INSIDE,
        "relationshipTypes": EVERYONE,
        "canAct": EVERYONE,
        "whoCanAct": INSIDE,
        "previewContactChange": WRITERS,
        "rehearseContactChange": WRITERS,
        "accessEndingWithin": INSIDE,
        "clientsTurning": INSIDE,
        "auditLog": ADMINS,
    },
    "Mutation": {
        "addClient": WRITERS,
        "addNewContact": WRITERS,
        "addExistingContact": WRITERS,
        "addReciprocalContact": WRITERS,
        "updateContact": WRITERS,
        "removeContact": WRITERS,
        "updatePerson": WRITERS,
        "setClientStatus": WRITERS,
        "setDeceased": WRITERS,
        "setPracticeFeature": WRITERS,
        "setAgeOfMajority": ADMINS,
        "setClientFeature": WRITERS,
        "recordAdultConsent": WRITERS,
        "setConfidentialChannel": WRITERS,
        "inviteClient": WRITERS,
        "resendInvitation": WRITERS,
        "revokeInvitation": WRITERS,
        "disableAccount": WRITERS,
        "acceptInvitation": ANYBODY,
        "requestSignInCode": ANYBODY,
        "signIn": ANYBODY,
        "refreshSession": ANYBODY,
        "signOut": ACCOUNTS,
        "changeAccountAddress": ACCOUNTS,
    },
    "Person": {
        "id": EVERYONE,
        "displayName": EVERYONE,
        "givenName": EVERYONE,
        "familyName": EVERYONE,
        "preferredName": EVERYONE,
        "birthDate": INSIDE_AND_OWN,
        "deceasedOn": INSIDE,
        "gender": INSIDE_AND_OWN,
        "emails": INSIDE_AND_OWN,
        "phones": INSIDE_AND_OWN,
        "address": INSIDE_AND_OWN,
        "externalId": INSIDE,
        "externalIds": INSIDE,
        "clientStatus": INSIDE,
        "isClient": EVERYONE,
        "contactNetwork": INSIDE,
        "contactNetworkAsOf": INSIDE,
        "contactOf": INSIDE_AND_OWN,
        "clientProfile": WRITERS_AND_OWN,
        "account": WRITERS,
        "version": WRITERS,
        "createdAt": INSIDE,
        "updatedAt": INSIDE,
    },
    "ClientProfile": {
        "confidentialEmail": EVERYONE,
        "confidentialPhone": EVERYONE,
        "features": EVERYONE,
        "invitation": WRITERS,
    },
    "Contact": {
        "id": EVERYONE,
        "client": EVERYONE,
        "person": EVERYONE,
        "relationship": EVERYONE,
        "relationshipType": EVERYONE,
        "relationshipLabel": INSIDE,
        "roles": EVERYONE,
        "authority": INSIDE,
        "adultConsentAt": INSIDE,
        "portalAccess": EVERYONE,
        "secureMessaging": EVERYONE,
        "payments": EVERYONE,
        "appointmentReminders": EVERYONE,
        "allowedActions": EVERYONE,
        "startsOn": EVERYONE,
        "endsOn": EVERYONE,
        "status": EVERYONE,
        "isInForce": EVERYONE,
        "removedAt": INSIDE,
        "removalReason": INSIDE,
        "isReciprocated": INSIDE,
        "reciprocal": INSIDE,
        "note": INSIDE,
        "history": INSIDE,
        "invitation": WRITERS,
        "version": WRITERS,
        "createdAt": INSIDE,
        "updatedAt": INSIDE,
    },
    "Practice": {
        "id": EVERYONE,
        "name": EVERYONE,
        "timeZone": EVERYONE,
        "features": INSIDE,
        "ageOfMajority": INSIDE,
    },
    "AccessDecision": {
        "allowed": EVERYONE,
        "action": EVERYONE,
        "at": EVERYONE,
        "contact": EVERYONE,
        "contactVersion": INSIDE,
        # Why not can tell a birthday, a status or a confidential address.
        "checks": WRITERS,
        "nearestDenial": WRITERS,
    },
    # Types whose fields are all alike: who is given the object may read it.
    "Viewer": EVERYONE,
    "PageInfo": EVERYONE,
    "PersonConnection": EVERYONE,
    "PersonEdge": EVERYONE,
    "ContactConnection": EVERYONE,
    "ContactEdge": EVERYONE,
    "RelationshipType": EVERYONE,
    "PostalAddress": EVERYONE,
    "AccessGrant": EVERYONE,
    "AccessGrantConnection": EVERYONE,
    "AccessGrantEdge": EVERYONE,
    "Session": EVERYONE,
    "InvalidInput": EVERYONE,
    "Forbidden": EVERYONE,
    "NotFound": EVERYONE,
    "MutationWarning": EVERYONE,
    "ExternalId": INSIDE,
    "ContactMatch": INSIDE,
    "ContactMatchConnection": INSIDE,
    "ContactMatchEdge": INSIDE,
    "ContactAuthority": INSIDE,
    "ContactVersion": INSIDE,
    "ContactVersionConnection": INSIDE,
    "ContactVersionEdge": INSIDE,
    "AccessCheck": WRITERS,
    "AccessChange": WRITERS,
    "ContactChangeRehearsal": WRITERS,
    "Invitation": WRITERS,
    "Delivery": WRITERS,
    "PortalAccount": WRITERS,
    "VersionConflict": WRITERS,
    "IdempotencyKeyReused": EVERYONE,
    "AlreadyInNetwork": WRITERS,
    "ContactAlreadyExists": WRITERS,
    "DuplicateCandidate": WRITERS,
    "AddExistingContactDraft": WRITERS,
    "MatchEvidence": WRITERS,
    "AuditEvent": ADMINS,
    "AuditEventConnection": ADMINS,
    "AuditEventEdge": ADMINS,
    "FieldChange": ADMINS,
}
PAYLOAD = "Payload"
"""How the types end that mutations answer with: everyone may read them, as a refusal is one."""


def rule_of(type_name: str, field_name: str) -> Rule:
    """Who may read a field, or call a mutation."""
    found = PERMISSIONS.get(type_name, EVERYONE if type_name.endswith(PAYLOAD) else NOBODY)
    return found if isinstance(found, Rule) else found.get(field_name, NOBODY)
