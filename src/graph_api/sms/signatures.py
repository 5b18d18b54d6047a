"""Whether a post is signed with an account's token, as Twilio's library has it."""

from collections.abc import Mapping

from graph_api.sms.accounts import TwilioAccount


def is_signed(account: TwilioAccount, url: str, fields: Mapping[str, str], signature: str) -> bool:
    """Whether the account signed the post of such fields to such an address."""
    from twilio.request_validator import RequestValidator  # here: only who has the extra has accounts

    if not signature.isascii():
        return False
    return any(RequestValidator(token).validate(url, dict(fields), signature) for token in account.auth_tokens)
