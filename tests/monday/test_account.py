"""Whose token it is."""

from mondaybook import account
from mondaybridge.monday.account import account_slug


def test_the_tokens_account_is_known() -> None:
    assert account_slug(account().client) == "invented-agency"
