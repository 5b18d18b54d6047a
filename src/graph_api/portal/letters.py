"""The words of letters. They name the practice and no person, because others may read the mailbox."""

from graph_api.mail.letters import letter_of
from graph_api.mail.model import Letter
from graph_api.portal.codes import CODE_LASTS
from graph_api.portal.invitation_model import INVITATION_LASTS


def invitation_letter(address: str, practice_name: str, page: str, token: str, *, own: bool = False) -> Letter:
    """To a contact who has no account yet; or to a client, whose `own` account it opens.

    The token is in the link, behind the # so that no server's log and no other site is told of it; and on a line of
    its own, because filters of mail drop what is behind the #, or encode it.
    """
    whom = "yourself" if own else "somebody who has named you"
    return letter_of(
        address,
        practice_name,
        "your invitation to the portal",
        f"{practice_name} invites you to its portal, where you can act for {whom}.",
        f"Open this link to accept. It works once, within {INVITATION_LASTS.days} days:\n\n{page}#{token}",
        f"If the link does not open, go to {page} and enter this:\n\n{token}",
        "You may be asked for a date of birth. Nobody from the practice will ask you for this link.",
        "If you did not expect this, delete this mail. Nothing happens unless somebody opens the link.",
    )


def access_letter(address: str, practice_name: str, portal_url: str) -> Letter:
    """To a contact who has an account: they may act for one more."""
    return letter_of(
        address,
        practice_name,
        "you may act for somebody else in the portal",
        f"{practice_name} has given your portal account access to act for somebody who has named you.",
        f"Sign in as usual to see for whom:\n\n{portal_url}",
        "If you did not expect this, please tell the practice.",
    )


def client_letter(address: str, practice_name: str) -> Letter:
    """To a client: someone gains access. The mail does not say who; the client can ask the practice."""
    return letter_of(
        address,
        practice_name,
        "someone new was given access to your portal",
        f"{practice_name} has given someone new access to act for you in its portal.",
        "If you did not expect this, please tell the practice at once.",
    )


def sign_in_letter(address: str, practice_name: str, code: str) -> Letter:
    """To an account's address: what signs in to it."""
    return letter_of(
        address,
        practice_name,
        "your code to sign in",
        f"Your code to sign in to the portal of {practice_name}:\n\n{code}",
        f"It works once, within {_minutes()}. Nobody from the practice will ask you for it.",
        "If you did not ask for it, delete this mail. Nothing happens unless somebody enters the code.",
    )


def address_code_letter(address: str, practice_name: str, code: str) -> Letter:
    """To an address that an account is to move to."""
    return letter_of(
        address,
        practice_name,
        "your code to confirm this address",
        f"Your code to use this address for your portal account at {practice_name}:\n\n{code}",
        f"It works once, within {_minutes()}. Nobody from the practice will ask you for it.",
        "If you did not ask for it, delete this mail. Nothing happens unless somebody enters the code.",
    )


def address_changed_letter(address: str, practice_name: str) -> Letter:
    """To the address that an account had before."""
    return letter_of(
        address,
        practice_name,
        "the address of your portal account was changed",
        f"The e-mail address of your portal account at {practice_name} was changed. All devices were signed out.",
        "If you did not change it, please tell the practice at once.",
    )


def _minutes() -> str:
    return f"{int(CODE_LASTS.total_seconds() // 60)} minutes"
