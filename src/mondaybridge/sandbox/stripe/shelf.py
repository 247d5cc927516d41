"""Objects of one kind in order of creation, and Stripe's cursor pages over them (stripe.md §1.2).

Pages are found by bisection, so a list costs what it returns; search and its lag are not here.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from typing_extensions import override

from mondaybridge.sandbox.stripe.errors import missing
from mondaybridge.sandbox.stripe.forms import ListForm, Span


class Kept(Protocol):
    """What the shelf must know of an object: its id, its place and its second of creation."""

    id: str
    serial: int
    created: int


T = TypeVar("T", bound=Kept)
_serial = attrgetter("serial")
_created = attrgetter("created")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, newest first."""

    rows: list[T]
    has_more: bool


class Shelf(Mapping[str, T]):
    """All objects of one kind by id, with an index for each attribute that lists filter by."""

    def __init__(self, kind: str, *indexed: str) -> None:
        self.kind = kind
        self._by_id: dict[str, T] = {}
        self._rows: list[T] = []
        self._index: dict[str, dict[str, list[T]]] = {name: defaultdict(list) for name in indexed}
        self._ordered = True

    @override
    def __getitem__(self, identifier: str) -> T:
        return self._by_id[identifier]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    @override
    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, identifier: str, *, param: str = "id", status: int = 404) -> T:
        """Return an object or refuse its id as Stripe does."""
        if (found := self._by_id.get(identifier)) is None:
            missing(self.kind, identifier, param=param, status=status)
        return found

    def add(self, thing: T) -> T:
        """Put a new object at the end."""
        if self._rows and thing.created < self._rows[-1].created:
            self._ordered = False  # the sandbox's clock was set back
        self._by_id[thing.id] = thing
        for rows in self._lists(thing):
            rows.append(thing)
        return thing

    def remove(self, thing: T) -> None:
        """Take an object away for good."""
        del self._by_id[thing.id]
        for rows in self._lists(thing):
            del rows[bisect_left(rows, thing.serial, key=_serial)]

    def change(self, thing: T, attribute: str, value: str) -> None:
        """Change an indexed attribute of an object."""
        rows = self._index[attribute][getattr(thing, attribute)]
        del rows[bisect_left(rows, thing.serial, key=_serial)]
        setattr(thing, attribute, value)
        insort(self._index[attribute][value], thing, key=_serial)

    def forget_before(self, created: int) -> None:
        """Drop the oldest objects up to a second."""
        while self._rows and self._rows[0].created < created:
            self.remove(self._rows[0])

    def page(
        self,
        form: ListForm,
        *,
        by: Mapping[str, str | None] | None = None,
        created: Span | None = None,
        keep: Callable[[T], bool] = lambda _: True,
    ) -> Page[T]:
        """Return a page of those that match, newest first."""
        rows = self._candidates(by or {})
        low, high = self._bounds(rows, created)
        wanted = (
            row
            for row in self._walk(rows, form, low, high)
            if (created is None or created.holds(row.created)) and self._fits(row, by) and keep(row)
        )
        found = list(islice(wanted, form.limit + 1))
        page = found[: form.limit]
        return Page(page[::-1] if form.ending_before else page, len(found) > form.limit)

    def _lists(self, thing: T) -> Iterator[list[T]]:
        yield self._rows
        for name, index in self._index.items():
            yield index[getattr(thing, name)]

    def _candidates(self, by: Mapping[str, str | None]) -> list[T]:
        lists = [
            self._index[name].get(value, [])
            for name, value in by.items()
            if value is not None and name in self._index
        ]
        return min(lists, key=len, default=self._rows)

    def _bounds(self, rows: list[T], created: Span | None) -> tuple[int, int]:
        if created is None or not self._ordered:
            return 0, len(rows)
        low = bisect_left(rows, created.first(), key=_created)
        return low, bisect_left(rows, created.end(), key=_created)

    def _walk(self, rows: list[T], form: ListForm, low: int, high: int) -> Iterable[T]:
        if form.ending_before is not None:
            edge = self.find(form.ending_before, param="ending_before", status=400)
            first = max(low, bisect_right(rows, edge.serial, key=_serial))
            return (rows[place] for place in range(first, high))
        if form.starting_after is not None:
            edge = self.find(form.starting_after, param="starting_after", status=400)
            high = min(high, bisect_left(rows, edge.serial, key=_serial))
        return (rows[place] for place in range(high - 1, low - 1, -1))

    @staticmethod
    def _fits(row: T, by: Mapping[str, str | None] | None) -> bool:
        return all(
            value is None or getattr(row, name) == value for name, value in (by or {}).items()
        )
