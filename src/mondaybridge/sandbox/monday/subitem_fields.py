"""Resolvers of subitems: made below a row, shown below it (monday.md §4, §7)."""

from collections.abc import Callable

from mondaybridge.sandbox.monday.boards import Cell, Item
from mondaybridge.sandbox.monday.cost import CREATE_COST
from mondaybridge.sandbox.monday.errors import failure
from mondaybridge.sandbox.monday.resolving import Info
from mondaybridge.sandbox.monday.subitems import below, board_below
from mondaybridge.sandbox.monday.writes import checked_name, contents

Resolver = Callable[..., object]


def _create_subitem(
    _: object,
    info: Info,
    *,
    parent_item_id: str,
    item_name: str,
    column_values: object = None,
    create_labels_if_missing: bool | None = False,
) -> Item:
    call = info.context
    call.extra_cost += CREATE_COST
    parent = call.item(parent_item_id)
    if parent.parent_id is not None:
        raise failure("InvalidArgumentException", "a subitem has no subitems here")
    call.check_edit(call.board(parent.board_id), parent)
    name, changes = checked_name(item_name), call.services.changes
    now = changes.world.clock.now()
    board = board_below(call.state, call.board(parent.board_id), changes.new_id, now)
    given = column_values if isinstance(column_values, dict) else {}
    parsed = contents(call, board, given, bool(create_labels_if_missing))
    item = Item(
        id=changes.new_id(),
        board_id=board.id,
        group_id=next(iter(board.groups)),
        name=name,
        creator_id=call.user.id,
        created_at=now,
        updated_at=now,
        cells={key: Cell(one, now) for key, one in parsed.items() if one is not None},
        parent_id=parent.id,
    )
    changes.add_item(item)
    return item


def _subitems(item: Item, info: Info) -> list[Item]:
    return below(info.context.state, item)


def _parent_item(item: Item, info: Info) -> Item | None:
    return info.context.state.items.get(item.parent_id or "")


ROOT_WRITES: dict[str, Resolver] = {"create_subitem": _create_subitem}

READS: dict[str, dict[str, Resolver]] = {
    "Item": {"parent_item": _parent_item, "subitems": _subitems}
}
"""Type and field to resolver."""
