"""Whose account a token belongs to: compared before anything is written to it."""

import msgspec

from mondaybridge.monday import queries
from mondaybridge.monday.client import MondayClient


class _Account(msgspec.Struct, frozen=True):
    id: str
    slug: str


class _Me(msgspec.Struct, frozen=True):
    id: str
    account: _Account


class _Data(msgspec.Struct, frozen=True):
    me: _Me


def account_slug(client: MondayClient) -> str:
    """Return the name in the account's address, ``example`` of example.monday.com."""
    return client.execute(queries.ME, {}, _Data).me.account.slug
