"""What a mail server's refusal of one letter means: for good or for now, and why (RFC 3463, RFC 5321).

The server's words stay here: they can hold addresses.
"""

import re

from graph_api.mail.model import DeliveryProblem, LetterDeferred, LetterRefused

FOR_GOOD = 500
_ENHANCED = re.compile(r"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")
_LIMIT = re.compile(
    r"\b(?:limit\w*|rate|quota|exceed\w*|too many|throttl\w*|try again|later|temporar\w*)\b", re.IGNORECASE
)
_FULL = re.compile(r"\b(?:full|over ?quota|storage)\b", re.IGNORECASE)
_STORAGE = 552
_NO_MAILBOX = (550, 551, 553)
_PASSES = (DeliveryProblem.MAILBOX_FULL, DeliveryProblem.SENDING_LIMIT, DeliveryProblem.POLICY)
"""Limits pass with the day, a mailbox is emptied, a policy is lifted: these are tried again, also after a 5xx."""


def of_the_letter(code: int, message: str) -> LetterDeferred | LetterRefused:
    """What is to be raised for a reply to the recipient or to the content."""
    problem = problem_of(code, message)
    return LetterRefused(problem) if code >= FOR_GOOD and problem not in _PASSES else LetterDeferred(problem)


def problem_of(code: int, message: str) -> DeliveryProblem:
    """Why, as far as the reply tells: by its enhanced code, else by its words."""
    found = _ENHANCED.match(message)
    if found is not None:
        return _by_enhanced_code(int(found.group(1)), int(found.group(2)), message)
    if code == _STORAGE or _FULL.search(message):
        return DeliveryProblem.MAILBOX_FULL
    if _LIMIT.search(message):
        return DeliveryProblem.SENDING_LIMIT
    return DeliveryProblem.MAILBOX_UNKNOWN if code in _NO_MAILBOX else DeliveryProblem.OTHER


def _by_enhanced_code(subject: int, detail: int, message: str) -> DeliveryProblem:
    match subject, detail:
        case (1, 1 | 2 | 3 | 6 | 10) | (2, 1):
            return DeliveryProblem.MAILBOX_UNKNOWN
        case (2, 2):
            return DeliveryProblem.MAILBOX_FULL
        case (4, 5) | (3, _):
            return DeliveryProblem.SENDING_LIMIT
        case (6, 7):
            return DeliveryProblem.NEEDS_SMTPUTF8
        case (7, _):
            return DeliveryProblem.SENDING_LIMIT if _LIMIT.search(message) else DeliveryProblem.POLICY
    return DeliveryProblem.SENDING_LIMIT if _LIMIT.search(message) else DeliveryProblem.OTHER
