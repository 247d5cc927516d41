"""``query_params`` of ``items_page``: rules, groups of rules and order (monday.md §4).

A rule that monday cannot make sense of gives an empty page and no error; only a mirror column and
an unknown one are refused. Columns and operators outside the documented ones count as malformed.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import cast

from mondaybridge.sandbox.monday.boards import Board, Column, Item, MondayState
from mondaybridge.sandbox.monday.columns import text_of
from mondaybridge.sandbox.monday.data import instant
from mondaybridge.sandbox.monday.errors import failure, not_found
from mondaybridge.sandbox.monday.place import Place
from mondaybridge.sandbox.monday.switches import Switches

Query = dict[str, object]
Test = Callable[[Item], bool]

LAST_UPDATED = "__last_updated__"
CREATION_LOG = "__creation_log__"
MOST_IDS = 100


class _MalformedError(Exception):
    """A rule that matches nothing because monday cannot read it."""


def select(
    items: list[Item], query: Query, state: MondayState, board: Board, switches: Switches
) -> list[Item]:
    """Return the items that a query asks for, in the order given."""
    ids = cast("list[str] | None", query.get("ids"))
    if ids is not None and len(ids) > MOST_IDS:
        raise failure("InvalidArgumentException", f"at most {MOST_IDS} ids", argument="ids")
    try:
        wanted = _Compiler(state, board, switches).group(query)
    except _MalformedError:
        return []
    return [item for item in items if (ids is None or item.id in ids) and wanted(item)]


def ordered(
    items: Iterable[Item], order: list[dict[str, str]], state: MondayState, board: Board
) -> list[Item]:
    """Sort by several columns; ties keep the order of creation."""
    result = list(items)
    for rule in reversed(order):
        key = _sort_key(rule["column_id"], state, board)
        result.sort(key=key, reverse=rule.get("direction") == "desc")
    return result


def _sort_key(
    column_id: str, state: MondayState, board: Board
) -> Callable[[Item], tuple[bool, int | Decimal | str]]:
    if column_id == LAST_UPDATED:
        return lambda item: (True, item.updated_at // 1000)
    if column_id == CREATION_LOG:
        return lambda item: (True, item.created_at // 1000)
    if column_id == "name":
        return lambda item: (True, item.name)
    column = _column(board, column_id)

    def key(item: Item) -> tuple[bool, int | Decimal | str]:
        text = _text(item, column, state)
        return bool(text), Decimal(text or 0) if column.type == "numbers" else text

    return key


class _Compiler:
    """Turns rules into one test of an item."""

    def __init__(self, state: MondayState, board: Board, switches: Switches) -> None:
        self._state = state
        self._board = board
        self._switches = switches

    def group(self, query: Query) -> Test:
        rules = cast("list[Query]", query.get("rules") or [])
        groups = cast("list[Query]", query.get("groups") or [])
        tests = [self._rule(rule) for rule in rules] + [self.group(group) for group in groups]
        if not tests:
            return lambda _: True
        joined = any if query.get("operator") == "or" else all
        return lambda item: joined(test(item) for test in tests)

    def _rule(self, rule: Query) -> Test:
        column_id, operator = str(rule["column_id"]), str(rule.get("operator", "any_of"))
        given = rule["compare_value"]
        if column_id == LAST_UPDATED:
            return self._instant_rule(rule, operator, lambda item: item.updated_at)
        if column_id == CREATION_LOG:
            return self._instant_rule(rule, operator, lambda item: item.created_at)
        if column_id == "name":
            return _text_rule(operator, given, lambda item: item.name)
        column = _column(self._board, column_id)
        if column.type == "mirror":
            message = "This column type is not supported by the filter"
            raise failure("InvalidColumnTypeException", message, column_id=column_id)
        return self._column_rule(column, operator, given)

    def _instant_rule(self, rule: Query, operator: str, at: Callable[[Item], int]) -> Test:
        given = rule["compare_value"]
        values = given if isinstance(given, list) else [given]
        if operator == "between":
            low, high = _span(values, whole_days=self._switches.last_updated_by_day)
            return lambda item: low <= at(item) // 1000 <= high
        named = rule.get("compare_attribute") == "UPDATED_AT"
        if operator.startswith("greater_than") and named and self._greater():
            bound = _instant(values[-1]) // 1000
            strict = operator == "greater_than"
            return lambda item: at(item) // 1000 >= bound + strict
        raise failure("no_operator_config", f"operator {operator} is not supported for the column")

    def _greater(self) -> bool:
        return self._switches.last_updated_takes_greater

    def _column_rule(self, column: Column, operator: str, given: object) -> Test:
        if operator in ("is_empty", "is_not_empty"):
            empty = operator == "is_empty"
            return lambda item: _is_empty(item, column) == empty
        if column.type == "numbers" and operator in _COMPARISONS:
            compare, bound = _COMPARISONS[operator], _decimal(given)
            return lambda item: column.id in item.cells and compare(_number(item, column), bound)
        if operator in ("any_of", "not_any_of"):
            wanted = _tokens_asked(column, given)
            hit = operator == "any_of"
            return lambda item: bool(wanted & _tokens(item, column)) == hit
        return _text_rule(operator, given, lambda item: _text(item, column, self._state))


_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "greater_than": lambda one, other: one > other,
    "greater_than_or_equals": lambda one, other: one >= other,
    "lower_than": lambda one, other: one < other,
    "lower_than_or_equal": lambda one, other: one <= other,
}


def _column(board: Board, column_id: str) -> Column:
    if column_id not in board.columns:
        raise not_found("Column", column_id)
    return board.columns[column_id]


def _text(item: Item, column: Column, state: MondayState) -> str:
    return text_of(Place(state, item, column, item.cells.get(column.id)))


def _text_rule(operator: str, given: object, text: Callable[[Item], str]) -> Test:
    values = [str(one).lower() for one in (given if isinstance(given, list) else [given])]
    tests: dict[str, Callable[[str], bool]] = {
        "any_of": lambda shown: shown in values,
        "not_any_of": lambda shown: shown not in values,
        "contains_text": lambda shown: values[0] in shown,
        "not_contains_text": lambda shown: values[0] not in shown,
        "contains_terms": lambda shown: all(term in shown for term in values[0].split()),
        "starts_with": lambda shown: shown.startswith(values[0]),
        "ends_with": lambda shown: shown.endswith(values[0]),
    }
    if operator not in tests or not values:
        raise _MalformedError
    test = tests[operator]
    return lambda item: test(text(item).lower())


def _tokens_asked(column: Column, given: object) -> set[str]:
    values = given if isinstance(given, list) else [given]
    numeric = column.type in ("status", "dropdown", "time_tracking", "checkbox")
    if numeric and any(type(one) is not int for one in values):
        raise _MalformedError
    if column.type == "people" and any("-" not in str(one) for one in values):
        raise _MalformedError
    if column.type == "date" and values[:1] != ["EXACT"]:
        raise _MalformedError
    return {str(one) for one in values}


def _tokens(item: Item, column: Column) -> set[str]:
    if column.type == "time_tracking":
        sessions = item.sessions.get(column.id, [])
        return {"2" if any(one.ended_at is None for one in sessions) else "1"}
    value = item.cells[column.id].value if column.id in item.cells else None
    if not isinstance(value, dict):
        return set() if value is None else {str(value)}
    return {str(token) for token in _object_tokens(value)}


def _object_tokens(value: dict[str, object]) -> Iterable[object]:
    if "index" in value:
        return [value["index"]]
    if "checked" in value:
        return [1 if value["checked"] else 0]
    if "date" in value:
        return [value["date"]]
    people = cast("list[dict[str, object]]", value.get("personsAndTeams", []))
    linked = value.get("ids", value.get("item_ids", []))
    return [*cast("list[object]", linked), *(f"{one['kind']}-{one['id']}" for one in people)]


def _is_empty(item: Item, column: Column) -> bool:
    if column.type == "time_tracking":
        return not item.sessions.get(column.id)
    return column.id not in item.cells


def _number(item: Item, column: Column) -> Decimal:
    return Decimal(str(item.cells[column.id].value))


def _decimal(given: object) -> Decimal:
    value = given[0] if isinstance(given, list) and given else given
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise _MalformedError from error


def _span(values: list[object], *, whole_days: bool) -> tuple[int, int]:
    if len(values) != 2:  # noqa: PLR2004 - from and to
        raise _MalformedError
    low, high = (_instant(value) // 1000 for value in values)
    if not whole_days:
        return low, high
    return _midnight(low), _midnight(high) + 86_399


def _instant(value: object) -> int:
    try:
        return instant(value)
    except ValueError as error:
        raise _MalformedError from error


def _midnight(seconds: int) -> int:
    day = datetime.fromtimestamp(seconds, UTC).date()
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
