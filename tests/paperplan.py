"""A plan's books as an accountant would keep them on paper, from the rules alone (ledger 1, 6).

Written without a look at how the domain does it: whole months are told anew from the rows and from
what was written down at each close. Tests compare it with what the ledger holds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Where = tuple[str, str, str, int]
"""Row, month, source and price of an hour."""


def instant(year: int, month: int, day: int = 1) -> int:
    """Return midnight in London; months may run past December."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return int(datetime(year, month, day, tzinfo=LONDON).timestamp()) * 1000


def month_name(at: int) -> str:
    return f"{datetime.fromtimestamp(at // 1000, LONDON):%Y-%m}"


def bounds(name: str) -> tuple[int, int]:
    year, month = int(name[:4]), int(name[5:])
    return instant(year, month), instant(year, month + 1)


def next_name(name: str) -> str:
    return month_name(bounds(name)[1])


def last_name(name: str) -> str:
    return month_name(bounds(name)[0] - 1)


@dataclass(frozen=True)
class Terms:
    """A plan: rank, minutes, fee and what an hour beyond costs from which instant."""

    name: str
    rank: int
    minutes: int
    fee: int
    over: tuple[tuple[int, int], ...]

    def price(self, at: int) -> int:
        return [price for since, price in sorted(self.over) if since <= at][-1]


@dataclass
class Row:
    """Sessions as (start, seconds), how often a second counts, and whether it is a bug."""

    sessions: list[tuple[int, int]] = field(default_factory=list)
    times: int = 1
    bug: bool = False


@dataclass
class Closed:
    """What was written down at a close: who had what, and what was left of which month."""

    parts: dict[str, tuple[int, int]]
    free: dict[str, int]
    limit: int
    taken: int
    goodwill: int
    left: list[tuple[str, int]]
    fees: list[tuple[str, int]]
    sheet: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    """By row and price: minutes within the plan and beyond it."""


@dataclass
class Paper:
    """One plan contract's paper: its phases, its term, and the months that were closed."""

    phases: Sequence[tuple[int, Terms]]
    begins: int
    ends: int | None
    step: int
    daily: bool
    keep: tuple[int, int] | None
    closed: dict[str, Closed] = field(default_factory=dict)

    # --- what was bought -------------------------------------------------------------------

    def spans(self, name: str) -> list[tuple[Terms, int, int, int]]:
        """Return plan, its first day, and from when to when it counts in a month."""
        start, end = bounds(name)
        start = max(start, self.begins)
        end = end if self.ends is None else min(end, self.ends)
        found: list[tuple[Terms, int, int]] = []
        for since, terms in sorted(self.phases, key=lambda one: one[0]):
            if since <= start:
                found = [(terms, since, start)]
            elif since < end and (not found or terms.rank > found[-1][0].rank):
                found.append((terms, since, since))
        ends = [*(at for _, _, at in found[1:]), end]
        return [(t, s, a, e) for (t, s, a), e in zip(found, ends, strict=False) if a < e]

    def bought(self, name: str) -> tuple[int, list[tuple[str, int]]]:
        """Return a month's own minutes and its fees by plan and first day."""
        spans = self.spans(name)
        if not self.daily:
            spans = spans[-1:]
            shares = [(1, 1)] * len(spans)
        else:
            whole = _days(*bounds(name))
            shares = [(_days(a, e), whole) for _, _, a, e in spans]
        minutes = _largest(
            [(t.minutes * n, d) for (t, *_), (n, d) in zip(spans, shares, strict=True)]
        )
        fees = _largest([(t.fee * n, d) for (t, *_), (n, d) in zip(spans, shares, strict=True)])
        days = [
            f"{t.name}@{datetime.fromtimestamp(s // 1000, LONDON):%Y-%m-%d}" for t, s, *_ in spans
        ]
        return sum(minutes), [one for one in zip(days, fees, strict=True) if one[1]]

    # --- what was worked -------------------------------------------------------------------

    def work(self, rows: Mapping[str, Row]) -> dict[str, list[tuple[int, str, int, int]]]:
        """Return by month, in order of work: when, whose, price beyond the plan, minutes."""
        found: dict[str, list[tuple[int, str, int, int]]] = {}
        for key, row in rows.items():
            seconds: Counter[tuple[str, int]] = Counter()
            for at, length, price in sorted(self._pieces(row)):
                scope = month_name(at), price
                before = self._charge(seconds[scope], row.times)
                seconds[scope] += length
                more = self._charge(seconds[scope], row.times) - before
                if more:
                    found.setdefault(scope[0], []).append((at, key, price, more))
        return {name: sorted(one for one in work) for name, work in found.items()}

    def _charge(self, seconds: int, times: int) -> int:
        return -(-seconds * times // (60 * self.step)) * self.step

    def _pieces(self, row: Row) -> list[tuple[int, int, int]]:
        found = []
        for start, seconds in row.sessions:
            end = start + seconds * 1000
            cuts = {at for _, t in self.phases for at, _ in t.over} | {at for at, _ in self.phases}
            cuts |= {self.begins, self.ends or 0, bounds(month_name(start))[1]}
            edges = [start, *sorted(at for at in cuts if start < at < end), end]
            for a, b in pairwise(edges):
                if self.begins <= a and (self.ends is None or a < self.ends):
                    found.append((a, (b - a) // 1000, self._price(a)))
        return found

    def _price(self, at: int) -> int:
        (plan,) = [t for t, _, a, e in self.spans(month_name(at)) if a <= at < e]
        return plan.price(at)

    # --- where it stands ---------------------------------------------------------------------

    def tell(self, rows: Mapping[str, Row]) -> tuple[dict[Where, int], dict[tuple[str, str], int]]:
        """Return where all minutes stand, and what bugs gave back by row and month."""
        stands: Counter[Where] = Counter()
        back: dict[tuple[str, str], int] = {}
        work, spent = self.work(rows), Counter[str]()
        for name in sorted(self.closed):
            spent[name] = self._late(name, rows, work.get(name, []), stands, back)
        given = sum(back.values()) - sum(one.goodwill for one in self.closed.values())
        for name in sorted(work.keys() - self.closed.keys()):
            charged = [one for one in work[name] if not rows[one[1]].bug]
            for _, key, _, minutes in (one for one in work[name] if rows[one[1]].bug):
                stands[key, name, "no_charge", 0] += minutes
            limit = self._limit(name, given, spent)
            used = sum(minutes for *_, minutes in charged)
            given = max(0, given) - min(max(0, given), used, limit)
            _pour(stands, name, charged, limit)
        return {where: m for where, m in stands.items() if m}, {k: m for k, m in back.items() if m}

    def _limit(self, name: str, given: int, spent: Mapping[str, int]) -> int:
        carried = sum(m for _, m in self._carried(name, spent))
        return self.bought(name)[0] + carried + max(0, given)

    def _carried(self, name: str, spent: Mapping[str, int]) -> list[tuple[str, int]]:
        """The oldest are used first; of what is left the newest are kept, up to the limit."""
        before = last_name(name)
        if self.keep is None or before not in self.closed:
            return []
        most, months = self.keep
        late, oldest = spent[before], name
        for _ in range(months):
            oldest = last_name(oldest)
        lots = []
        for origin, minutes in self.closed[before].left:
            taken = min(minutes, late)
            late -= taken
            lots.append((origin, minutes - taken))
        kept = []
        for origin, minutes in reversed(lots):
            room = min(minutes, most) if origin >= oldest else 0
            most -= room
            if room:
                kept.append((origin, room))
        return kept[::-1]

    def close(self, name: str, rows: Mapping[str, Row]) -> None:
        stands, back = self.tell(rows)
        given = max(0, sum(back.values()) - sum(one.goodwill for one in self.closed.values()))
        spent = {n: self._spent(n, stands) for n in self.closed}
        own, fees = self.bought(name)
        carried = self._carried(name, spent)
        parts, free = _parts(stands, name)
        used = sum(i + o for i, o in parts.values())
        goodwill = min(given, used)
        rest, left = used - goodwill, []
        for origin, minutes in (*carried, (name, own)):
            taken = min(minutes, max(0, rest))
            rest -= taken
            if minutes > taken:
                left.append((origin, minutes - taken))
        if last_name(name) in self.closed:
            self.closed[last_name(name)].taken = sum(m for _, m in carried)
        limit = own + sum(m for _, m in carried) + goodwill
        self.closed[name] = Closed(parts, free, limit, 0, goodwill, left, fees)
        self.closed[name].sheet = self._sheet(name, rows, stands)

    def _sheet(
        self, name: str, rows: Mapping[str, Row], stands: Mapping[Where, int]
    ) -> dict[str, dict[int, list[int]]]:
        sheet: dict[str, dict[int, list[int]]] = {}
        for _, key, price, minutes in self.work(rows).get(name, []):
            if not rows[key].bug:
                sheet.setdefault(key, {}).setdefault(price, [0, 0])[0] += minutes
        for key, prices in sheet.items():
            for price, cells in prices.items():
                cells[1] = stands.get((key, name, "overage", price), 0)
                cells[0] -= cells[1]
        return sheet

    def _spent(self, name: str, stands: Mapping[Where, int]) -> int:
        now, _ = _parts(stands, name)
        then = self.closed[name].parts
        return max(0, sum(i for i, _ in now.values()) - sum(i for i, _ in then.values()))

    def _late(
        self,
        name: str,
        rows: Mapping[str, Row],
        work: Sequence[tuple[int, str, int, int]],
        stands: Counter[Where],
        back: dict[tuple[str, str], int],
    ) -> int:
        """Apply the margin rule to a closed month; return what it uses more of the allowance."""
        was = self.closed[name]
        charged = [one for one in work if not rows[one[1]].bug]
        total: Counter[str] = Counter()
        latest: dict[str, int] = {}
        for at, key, _, minutes in charged:
            total[key] += minutes
            latest[key] = max(latest.get(key, 0), at)
        keys = {*was.parts, *total}
        now = {key: list(was.parts.get(key, (0, 0))) for key in keys}
        net = {key: total[key] - sum(now[key]) for key in keys}
        for key in keys:  # (a) own overage first, then included minutes
            less = max(0, -net[key])
            own = min(less, now[key][1])
            now[key][1] -= own
            now[key][0] -= less - own
        pool = max(0, was.limit - was.taken - sum(i for i, _ in now.values()))
        order = sorted(keys, key=lambda key: (latest.get(key, 0), key))
        for key in order:  # (b) increases in order of work
            more = max(0, net[key])
            taken = min(pool, more)
            pool -= taken
            now[key][0] += taken
            now[key][1] += more - taken
        for key in reversed(order) if any(net.values()) else ():  # (c) the latest overage
            taken = min(pool, now[key][1])
            pool -= taken
            now[key][0] += taken
            now[key][1] -= taken
        for key in sorted(keys):
            mine = [one for one in charged if one[1] == key]
            if key in was.sheet and mine:
                _on_lines(stands, name, mine, was.sheet[key], now[key][1])
            else:
                _pour(stands, name, mine, now[key][0])
        was.free = {key: minutes for key, minutes in was.free.items() if rows[key].bug}
        for key, minutes in was.free.items():
            stands[key, name, "no_charge", 0] += minutes
        left = pool
        for key in sorted(was.parts):
            if rows[key].bug:
                worked = sum(minutes for _, other, _, minutes in work if other == key)
                back[key, name] = min(left, was.parts[key][0], worked)
                left -= back[key, name]
        return max(0, sum(i for i, _ in now.values()) - sum(i for i, _ in was.parts.values()))


def amount(minutes: int, hourly: int) -> int:
    """Half up, once: a half of the smallest coin is a whole one."""
    return (2 * minutes * hourly + 60) // 120


def _pour(
    stands: Counter[Where], name: str, work: Sequence[tuple[int, str, int, int]], limit: int
) -> None:
    for _, key, price, minutes in work:
        taken = min(limit, minutes)
        limit -= taken
        stands[key, name, "included", 0] += taken
        stands[key, name, "overage", price] += minutes - taken


def _on_lines(
    stands: Counter[Where],
    name: str,
    work: Sequence[tuple[int, str, int, int]],
    sheet: Mapping[int, Sequence[int]],
    beyond: int,
) -> None:
    """Each price has its own line: only the one that was worked on late moves by itself."""
    key = work[0][1]
    lines = list(dict.fromkeys(price for _, _, price, _ in work))
    asked = {price: sum(m for _, _, p, m in work if p == price) for price in lines}
    was = {price: sheet.get(price, [0, 0]) for price in lines}
    added = {price: max(0, asked[price] - sum(was[price])) for price in lines}
    gone = {price: max(0, sum(was[price]) - asked[price]) for price in lines}
    kept = {price: max(0, was[price][1] - gone[price]) for price in lines}
    spare = sum(added.values()) + sum(kept.values()) - beyond
    for price in lines:  # what the plan has room for goes to what was added, as it was worked
        part = min(added[price], max(0, spare))
        added[price] -= part
        spare -= part
    for price in reversed(lines):  # then the latest overage is covered
        part = min(added[price] + kept[price], max(0, spare))
        stands[key, name, "overage", price] += added[price] + kept[price] - part
        stands[key, name, "included", 0] += asked[price] - added[price] - kept[price] + part
        spare -= part


def _parts(
    stands: Mapping[Where, int], name: str
) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    sums: dict[str, list[int]] = {}
    free: Counter[str] = Counter()
    for (key, month, source, _), minutes in stands.items():
        if month == name and source == "no_charge":
            free[key] += minutes
        elif month == name and minutes:
            sums.setdefault(key, [0, 0])[source == "overage"] += minutes
    return {key: (one[0], one[1]) for key, one in sums.items()}, dict(free)


def _days(start: int, end: int) -> int:
    first, last = (datetime.fromtimestamp(at // 1000, LONDON).date() for at in (start, end))
    return (last - first) // timedelta(days=1)


def _largest(parts: Sequence[tuple[int, int]]) -> list[int]:
    """Share out by the largest remainder: the parts sum to the rounded whole."""
    if not parts:
        return []
    below = parts[0][1]
    whole = (2 * sum(n for n, _ in parts) + below) // (2 * below)
    found = [n // below for n, _ in parts]
    order = sorted(range(len(parts)), key=lambda i: -(parts[i][0] % below))
    for i in order[: whole - sum(found)]:
        found[i] += 1
    return found
