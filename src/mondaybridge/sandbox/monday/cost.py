"""Complexity of an answer: 10 for each object it holds (monday.md §3, measured).

What ``complexity`` itself shows is known only when the answer is complete: its resolver leaves
marks, which are replaced here. ``complexity`` costs nothing.
"""

from collections.abc import Collection

OBJECT_COST = 10
CREATE_COST = 10_000

MARKS = {"query": -1001, "before": -1002, "after": -1003, "reset_in_x_seconds": -1004}


class JsonObject(dict[str, object]):
    """An object inside a JSON scalar: data of a column's settings, free of charge."""


def cost(data: object, free: Collection[str]) -> int:
    """Return the complexity of executed data without the root fields that are free."""
    if not isinstance(data, dict):
        return 0
    objects, rest = 0, [value for key, value in data.items() if key not in free]
    while rest:
        node = rest.pop()
        if type(node) is dict:
            objects += 1
            rest.extend([one for one in node.values() if type(one) is dict or type(one) is list])
        elif type(node) is list:
            rest.extend(node)
    return OBJECT_COST * objects


def fill(data: object, roots: Collection[str], figures: dict[str, int]) -> None:
    """Put the figures of ``complexity`` under the root fields that asked for them."""
    by_mark = {MARKS[name]: figure for name, figure in figures.items()}
    for key in roots:
        shown = data.get(key) if isinstance(data, dict) else None
        if isinstance(shown, dict):
            shown.update({name: by_mark.get(mark, mark) for name, mark in shown.items()})
