"""Whose token it is."""

import pytest

from mondaybook import account
from mondaybridge.errors import CredentialsError
from mondaybridge.monday.identity import AccountRow, Identity, check_account, identity


def test_the_tokens_user_and_account_are_known() -> None:
    here = account()
    expected = Identity("100", "Bridge", AccountRow("9000001", "invented-agency"))
    assert identity(here.client) == expected
    assert check_account(here.client, "invented-agency") == expected


def test_a_token_of_another_account_is_refused() -> None:
    with pytest.raises(CredentialsError, match=r"mappings\.yaml is for 'mine'"):
        check_account(account().client, "mine")
