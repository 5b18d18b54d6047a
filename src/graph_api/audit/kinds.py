"""What each kind of event tells, in words."""

from graph_api.kernel.happened import EventKind

EVENT_KINDS = {
    EventKind.ADD_CLIENT: "A client was added",
    EventKind.UPDATE_PERSON: "A person's own fields were changed",
    EventKind.SET_CLIENT_STATUS: "A person became a client, or another kind of client",
    EventKind.SET_DECEASED: "A person's death was recorded, corrected or taken back",
    EventKind.ADD_NEW_CONTACT: "Someone new was added to a client's network",
    EventKind.ADD_EXISTING_CONTACT: "Someone who was there was added to a client's network",
    EventKind.ADD_RECIPROCAL_CONTACT: "The client of a contact was added to the contact's own network",
    EventKind.UPDATE_CONTACT: "A contact's terms were changed",
    EventKind.REMOVE_CONTACT: "A contact was removed",
    EventKind.SET_PRACTICE_FEATURE: "A feature of the practice was switched on or off",
    EventKind.SET_AGE_OF_MAJORITY: "The age of majority was set",
    EventKind.SET_CLIENT_FEATURE: "A feature was switched on or off for one client",
    EventKind.RECORD_ADULT_CONSENT: "An adult client's consent to a contact's portal access was recorded",
    EventKind.SET_CONFIDENTIAL_CHANNEL: "A client's confidential e-mail or phone was changed",
    EventKind.INVITATION_MADE: "An invitation to the portal was sent",
    EventKind.INVITATION_ANSWERED_WRONG: "A wrong birth date was given for an invitation",
    EventKind.INVITATION_ACCEPTED: "An invitation was accepted",
    EventKind.INVITATION_REVOKED: "An invitation was revoked",
    EventKind.ACCOUNT_OPENED: "A portal account was opened, or opened again",
    EventKind.ACCOUNT_CLOSED: "A portal account was closed because its owner has died",
    EventKind.DISABLE_ACCOUNT: "Staff disabled a portal account",
    EventKind.CHANGE_ACCOUNT_ADDRESS_CODE_ASKED: "A code was mailed to move an account to another address",
    EventKind.CHANGE_ACCOUNT_ADDRESS: "A portal account moved to another address",
    EventKind.SIGN_IN: "A session began",
    EventKind.REFRESH_SESSION: "A session went on",
    EventKind.SIGN_OUT: "A session ended",
    EventKind.SESSION_REFRESH_TOKEN_REUSED: "A refresh token was used a second time, which ended the session",
    EventKind.IMPORT: "A command brought in a person or a contact",
    EventKind.KEY_REPLACED: "One of the installation's keys was replaced",
}
"""In the order in which they are listed."""
