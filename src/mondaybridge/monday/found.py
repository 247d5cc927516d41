"""The one thing that was asked for, out of a list that monday may leave empty without an error.

A bad or hidden id makes the list shorter or null (monday.md §4); that is no empty answer.
"""

from collections.abc import Sequence
from typing import TypeVar

from mondaybridge.monday.errors import ServerFault

T = TypeVar("T")


def only(listed: Sequence[T | None] | None, what: str) -> T:
    """Return what was asked for.

    Raises:
        TryLater: when monday does not show it.
    """
    for one in listed or ():
        if one is not None:
            return one
    raise ServerFault(f"monday does not show {what}")
