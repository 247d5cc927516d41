"""What people do below a row: they divide it into subitems."""

from dataclasses import dataclass

from mondaybridge.sandbox.monday.acting import Acting
from mondaybridge.sandbox.monday.boards import Cell, Item
from mondaybridge.sandbox.monday.data import ColumnData
from mondaybridge.sandbox.monday.load import column_of
from mondaybridge.sandbox.monday.subitems import board_below


@dataclass(frozen=True, slots=True)
class Dividing(Acting):
    """Subitems as people make them."""

    def create_subitem(
        self,
        *,
        parent: str,
        name: str,
        cells: dict[str, object] | None = None,
        columns: list[dict[str, object]] | None = None,
        as_user: str | None = None,
        item_id: str | None = None,
    ) -> str:
        """Create a subitem; columns its board lacks are made as in a data file. Returns its id."""
        row, user, now = self._item(parent), self._user(as_user), self._now()
        if row.parent_id is not None:
            raise ValueError(f"item {parent} is a subitem")
        if item_id is not None and item_id in self.changes.state.items:
            raise ValueError(f"item {item_id} exists already")
        self.changes.lag.begin()
        above = self._board(row.board_id)
        place = board_below(self.changes.state, above, self.changes.new_id, now)
        for column in columns or []:
            made = column_of(ColumnData.model_validate(column))
            place.columns.setdefault(made.id, made)
        contents = self._loader().cells(place, cells or {})
        item = Item(
            id=item_id or self.changes.new_id(),
            board_id=place.id,
            group_id=next(iter(place.groups)),
            name=name,
            creator_id=user,
            created_at=now,
            updated_at=now,
            cells={key: Cell(one, now) for key, one in contents.items() if one is not None},
            parent_id=row.id,
        )
        self.changes.add_item(item)
        return item.id
