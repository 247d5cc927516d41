"""Whose account a token belongs to: compared before anything is written to it."""

import msgspec

from mondaybridge.monday import queries
from mondaybridge.monday.client import MondayClient


class Account(msgspec.Struct, frozen=True):
    """An account by its id and its name in addresses, ``example`` of example.monday.com."""

    id: str
    slug: str


class _Me(msgspec.Struct, frozen=True):
    id: str
    account: Account


class _Data(msgspec.Struct, frozen=True):
    me: _Me


def account(client: MondayClient) -> Account:
    """Return the account that a token belongs to."""
    return client.execute(queries.ME, {}, _Data).me.account


def account_slug(client: MondayClient) -> str:
    """Return the name in the account's address, ``example`` of example.monday.com."""
    return account(client).slug
