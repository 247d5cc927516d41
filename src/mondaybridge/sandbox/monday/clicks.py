"""People who click: a check, a label, a choice of several, a link to other rows, a file.

Each is an edit of one cell, said the way a person would say it.
"""

from dataclasses import dataclass

from mondaybridge.sandbox.monday.acting import Acting
from mondaybridge.sandbox.monday.boards import Item
from mondaybridge.sandbox.monday.files import Files
from mondaybridge.sandbox.monday.load import column_in
from mondaybridge.sandbox.monday.multipart import Upload


@dataclass(frozen=True, slots=True)
class Clicks(Acting):
    """What a person can do to one cell without typing its JSON."""

    def edit_cell(
        self, *, item: str, column: str, value: object, as_user: str | None = None
    ) -> None:
        """Fill or empty (None) a cell; formulas and mirrors take the text they show."""
        row = self._item(item)
        contents = self._loader().cells(self._board(row.board_id), {column: value})
        self.changes.write_cells(row, contents, self._user(as_user))

    def toggle_checkbox(self, *, item: str, column: str, as_user: str | None = None) -> bool:
        """Click a check. Returns whether it is set now."""
        row = self._row_with(item, column, "checkbox")
        cell = row.cells.get(column)
        checked = isinstance(cell.value, dict) and cell.value["checked"] if cell else False
        value = None if checked else {"checked": "true"}
        self.edit_cell(item=item, column=column, value=value, as_user=as_user)
        return not checked

    def choose_label(
        self, *, item: str, column: str, label: str | None, as_user: str | None = None
    ) -> None:
        """Choose a status by its name; None empties the cell."""
        self._row_with(item, column, "status")
        value = None if label is None else {"label": label}
        self.edit_cell(item=item, column=column, value=value, as_user=as_user)

    def choose_options(
        self, *, item: str, column: str, labels: list[str], as_user: str | None = None
    ) -> None:
        """Choose the labels of a dropdown, in place of those chosen before."""
        self._row_with(item, column, "dropdown")
        self.edit_cell(item=item, column=column, value={"labels": labels}, as_user=as_user)

    def link_items(
        self, *, item: str, column: str, items: list[str], as_user: str | None = None
    ) -> None:
        """Connect a row with others, in place of those connected before."""
        self._row_with(item, column, "board_relation")
        ids = [int(self._item(one).id) for one in items]
        self.edit_cell(item=item, column=column, value={"item_ids": ids}, as_user=as_user)

    def assign(
        self, *, item: str, column: str, users: list[str], as_user: str | None = None
    ) -> None:
        """Assign people to a row, in place of those assigned before."""
        self._row_with(item, column, "people")
        people = [{"id": int(self._user(user)), "kind": "person"} for user in users]
        value = {"personsAndTeams": people}
        self.edit_cell(item=item, column=column, value=value, as_user=as_user)

    def attach_file(
        self, *, item: str, column: str, name: str, text: str, as_user: str | None = None
    ) -> str:
        """Drop a file of text into a cell. Returns the file's id."""
        row, upload = self._row_with(item, column, "file"), Upload(name, text.encode())
        return Files(self.changes).add_to_column(row, column, upload, self._user(as_user)).id

    def _row_with(self, item: str, column: str, kind: str) -> Item:
        row = self._item(item)
        column_in(self._board(row.board_id), column, kind)
        return row
