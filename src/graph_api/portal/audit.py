"""A portal account as the audit log has it."""

from graph_api.portal.model import Account


def account_values(account: Account | None) -> dict[str, object]:
    """What decisions rest on of a portal account."""
    return {} if account is None else {"account": account.status, "address": account.address}
