"""One cell with all that reading it may need: what the readers of ``monday/columns.py`` get."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from mondaybridge.sandbox.monday.boards import Asset, Cell, Column, Item, MondayState

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """One cell with everything that reading it may need."""

    state: MondayState
    item: Item
    column: Column
    cell: Cell | None
    show_manual_start: bool = False

    def value(self) -> Mapping[str, object]:
        """Return the content of a filled cell whose canonical form is an object."""
        return cast("Mapping[str, object]", self.cell.value if self.cell else {})


def compact(value: object) -> str:
    """Write JSON without spaces."""
    return msgspec.json.encode(value).decode()


def page_url(slug: str, account_id: str, asset: Asset) -> str:
    """Return where monday's own pages show a file to who is logged in."""
    place = f"protected_static/{account_id}/resources/{asset.id}/{asset.name}"
    return f"https://{slug}.monday.com/{place}"
