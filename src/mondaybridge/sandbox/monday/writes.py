"""Resolvers of mutations (monday.md §5-§7): check as monday does, then change the state.

A mutation that fails leaves everything as it was; in an aliased batch the others still run.
"""

from collections.abc import Callable, Mapping

from graphql import GraphQLError

from mondaybridge.sandbox.monday.boards import Board, Cell, Column, Item, Lifecycle, Webhook
from mondaybridge.sandbox.monday.cells import NO_SIMPLE_FORM, Target, no_simple_value, parse
from mondaybridge.sandbox.monday.cost import CREATE_COST
from mondaybridge.sandbox.monday.errors import bad_value, failure, not_found
from mondaybridge.sandbox.monday.hooks import challenge, check_config
from mondaybridge.sandbox.monday.reads import complexity
from mondaybridge.sandbox.monday.resolving import Call, Info

Resolver = Callable[..., object]
LONGEST_NAME = 255


def _change_multiple_column_values(
    _: object,
    info: Info,
    *,
    board_id: str,
    column_values: object,
    item_id: str | None = None,
    create_labels_if_missing: bool | None = False,
) -> Item:
    call = info.context
    item, board = _item_on(call, item_id, board_id)
    if not isinstance(column_values, dict):
        raise failure("ColumnValueException", "column_values must be an object by column id")
    return _write(call, item, board, column_values, bool(create_labels_if_missing))


def _change_column_value(
    _: object,
    info: Info,
    *,
    board_id: str,
    column_id: str,
    value: object,
    item_id: str | None = None,
    create_labels_if_missing: bool | None = False,
) -> Item:
    call = info.context
    item, board = _item_on(call, item_id, board_id)
    return _write(call, item, board, {column_id: value}, bool(create_labels_if_missing))


def _change_simple_column_value(
    _: object,
    info: Info,
    *,
    board_id: str,
    column_id: str,
    value: str | None = None,
    item_id: str | None = None,
    create_labels_if_missing: bool | None = False,
) -> Item:
    call = info.context
    item, board = _item_on(call, item_id, board_id)
    column = column_of_board(board, column_id)
    if column.type in NO_SIMPLE_FORM:
        raise no_simple_value(column)
    return _write(call, item, board, {column_id: value}, bool(create_labels_if_missing))


def _create_item(
    _: object,
    info: Info,
    *,
    board_id: str,
    item_name: str,
    group_id: str | None = None,
    column_values: object = None,
    create_labels_if_missing: bool | None = False,
) -> Item:
    call = info.context
    call.extra_cost += CREATE_COST
    board = call.board(board_id)
    call.check_edit(board)
    now = call.services.changes.world.clock.now()
    given = column_values if isinstance(column_values, dict) else {}
    parsed = contents(call, board, given, bool(create_labels_if_missing))
    kept = {
        column_id: Cell(value, now)
        for column_id, value in parsed.items()
        if value is not None and board.columns[column_id].type != "board_relation"  # dropped: §5
    }
    item = Item(
        id=call.services.changes.new_id(),
        board_id=board.id,
        group_id=_group(board, group_id),
        name=checked_name(item_name),
        creator_id=call.user.id,
        created_at=now,
        updated_at=now,
        cells=kept,
    )
    call.services.changes.add_item(item)
    return item


def _write(
    call: Call,
    item: Item,
    board: Board,
    values: Mapping[str, object],
    create_labels: bool,  # noqa: FBT001 - passed through
) -> Item:
    cells = {key: value for key, value in values.items() if key != "name"}
    parsed = contents(call, board, cells, create_labels)
    if "name" in values:
        name = checked_name(values["name"])
        call.services.changes.rename(item, name, call.user.id)
    call.services.changes.write_cells(item, parsed, call.user.id)
    return item


def contents(
    call: Call,
    board: Board,
    values: Mapping[str, object],
    create_labels: bool,  # noqa: FBT001 - passed through
) -> dict[str, object]:
    """Check what is to be written, as monday does, and return it in canonical form."""
    columns = {column_id: column_of_board(board, column_id) for column_id in values}
    return {
        column_id: parse(values[column_id], Target(call.state, column, create_labels, board))
        for column_id, column in columns.items()
    }


def _create_webhook(
    _: object,
    info: Info,
    *,
    board_id: str,
    event: str,
    url: str,
    config: object = None,
) -> Webhook:
    call = info.context
    board, changes = call.board(board_id), call.services.changes
    checked = check_config(event, config)
    token = f"{changes.world.random.getrandbits(128):032x}"
    challenge(url, token, call.services.handshake)
    webhook = Webhook(
        id=changes.new_id(),
        board_id=board.id,
        event=event,
        config=checked,
        url=url,
        user_id=call.user.id,
        by_app=call.by_app,
    )
    call.state.webhooks[webhook.id] = webhook
    return webhook


def _delete_webhook(_: object, info: Info, *, id: str) -> Webhook:  # noqa: A002 - monday's name
    webhook = info.context.state.webhooks.pop(id, None)
    if webhook is None:
        raise not_found("Webhook", id)
    return webhook


def _move_item_to_group(
    _: object, info: Info, *, group_id: str, item_id: str | None = None
) -> Item:
    call = info.context
    item = call.item(item_id)
    board = call.board(item.board_id)
    call.check_edit(board, item)
    call.services.changes.move(item, board, _group(board, group_id), call.user.id)
    return item


def _set_state(state: Lifecycle) -> Resolver:
    def resolve(_: object, info: Info, *, item_id: str | None = None) -> Item:
        call = info.context
        item = call.item(item_id)
        call.check_edit(call.state.boards[item.board_id], item)
        call.services.changes.set_state(item, state, call.user.id)
        return item

    return resolve


def _item_on(call: Call, item_id: str | None, board_id: str) -> tuple[Item, Board]:
    board, item = call.board(board_id), call.item(item_id)
    if item.board_id != board.id:
        raise not_found("Item", item.id)
    if item.state != "active":
        raise failure("InactiveItemException", "the item is archived", item_id=item.id)
    call.check_edit(board, item)
    return item, board


def column_of_board(board: Board, column_id: str) -> Column:
    """Find a column that can be written, or refuse its id."""
    column = board.columns.get(column_id)
    if column is None or column.archived:
        raise _no_column(column_id)
    return column


def _no_column(column_id: str) -> GraphQLError:
    message = "This column ID doesn't exist for the board"
    return failure("InvalidColumnIdException", message, column_id=column_id)


def _group(board: Board, group_id: str | None) -> str:
    found = next(iter(board.groups), "") if group_id is None else group_id
    if found not in board.groups:
        raise not_found("Group", found)
    return found


def checked_name(name: object) -> str:
    """Refuse a name that monday would not take (monday.md §3)."""
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise bad_value(f"a name has 1 to {LONGEST_NAME} characters", "name", "name")
    return name


ROOT_WRITES: dict[str, Resolver] = {
    "archive_item": _set_state("archived"),
    "change_column_value": _change_column_value,
    "change_multiple_column_values": _change_multiple_column_values,
    "change_simple_column_value": _change_simple_column_value,
    "complexity": complexity,
    "create_item": _create_item,
    "create_webhook": _create_webhook,
    "delete_item": _set_state("deleted"),
    "delete_webhook": _delete_webhook,
    "move_item_to_group": _move_item_to_group,
}
