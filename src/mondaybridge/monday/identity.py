"""Whose token it is: compared with the mapping's account before anything is written."""

import msgspec

from mondaybridge.errors import CredentialsError
from mondaybridge.monday import queries
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.errors import TOKEN_SETTING
from mondaybridge.monday.texts import brief


class AccountRow(msgspec.Struct, frozen=True):
    """The account that a token belongs to."""

    id: str
    slug: str


class Identity(msgspec.Struct, frozen=True):
    """The user that a token acts as."""

    id: str
    name: str
    account: AccountRow


def identity(client: MondayClient) -> Identity:
    """Ask who the token's user is."""
    return client.execute(queries.ME, {}, _Me).me


def check_account(client: MondayClient, slug: str) -> Identity:
    """Return the token's user, who must be of the mapping's account (reliability M25).

    Raises:
        CredentialsError: when the token opens another account.
    """
    found = identity(client)
    if found.account.slug != slug:
        raise CredentialsError(
            f"{TOKEN_SETTING} opens the account {brief(found.account.slug)!r}, but mappings.yaml is"
            f" for {brief(slug)!r}: set the token of that account, or correct account_slug"
        )
    return found


class _Me(msgspec.Struct, frozen=True):
    me: Identity
