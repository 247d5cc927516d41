"""Lines of one month taken together where an invoice would have too many (semantics 6.21).

A group stands on the invoice under a fixed key, the label as its subject, chosen when the month is
first issued and used for desired and issued alike from then on (ledger 6.7). Its money is the sum
of its members' money, so that nothing is rounded twice. Who is not grouped once stays so.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain.books import Books
from mondaybridge.domain.issued import IssuedLine
from mondaybridge.domain.usage import LineId, LineKind, UsageLine
from mondaybridge.domain.worktime import local_date

GROUP = "group:"
SERVICE = f"{GROUP}service:"
DAY = f"{GROUP}day:"
LABEL_LENGTH = 80  # a LineId has to fit into one value of Stripe's metadata

# Contract and month.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Groups:
    """The books as they stand on grouped documents, and what is behind each group's line.

    ``labels`` are the groups of activities, by contract, month and activity.
    """

    books: Books
    members: Mapping[LineId, tuple[UsageLine, ...]]
    labels: Mapping[tuple[str, str, str], str]


def grouped(
    books: Books, lines: Sequence[IssuedLine], first: Collection[LineId], limit: int
) -> Groups:
    """Group months that stand grouped on documents, and those of ``first`` that are too long.

    ``first`` are the lines that an invoice would have; only months that no document shows yet may
    be grouped now.
    """
    before = {_place(line.line_id) for line in lines if _usage(line.line_id)}
    known = {_place(line.line_id) for line in lines if line.line_id.subject.startswith(GROUP)}
    fresh = {_place(one) for one in first if _usage(one)} - before if len(first) > limit else set()
    if not known | fresh:
        return Groups(books, {}, {})
    labels = _labels(books, lines, known)
    labels |= _first_labels(books, fresh, limit)
    return _taken_together(books, labels, known)


def members_digest(members: Iterable[UsageLine]) -> str:
    """Return a hash of who is in a group, with the time and money of each."""
    text = "\n".join(f"{one.line_id} {one.minutes} {one.amount_minor}" for one in members)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def as_issued(line_id: LineId, labels: Mapping[tuple[str, str, str], str]) -> LineId:
    """Return the line under which an activity's time stands on documents."""
    label = labels.get((line_id.contract_id, line_id.period, line_id.subject))
    return replace(line_id, subject=label) if label and _usage(line_id) else line_id


def _labels(
    books: Books, lines: Sequence[IssuedLine], known: Collection[Place]
) -> dict[tuple[str, str, str], str]:
    """Keep the labels that were given; who comes late is labelled like the rest of its month.

    What was held from the first on is no part of its group's line: the line need not rest for it.
    Where no label of the month is known, as after a restore, nobody can tell.
    """
    told = {key[:2] for key in books.labels}
    by_service = {
        _place(line.line_id) for line in lines if line.line_id.subject.startswith(SERVICE)
    }
    return {
        _key(line.line_id): books.labels.get(_key(line.line_id))
        or _label(books, line, by_day=_place(line.line_id) not in by_service)
        for line in books.desired
        if _usage(line.line_id)
        and _place(line.line_id) in known
        and not (_place(line.line_id) in told and _waits_outside(books, line.line_id))
    }


def _first_labels(
    books: Books, fresh: Collection[Place], limit: int
) -> dict[tuple[str, str, str], str]:
    """Label by type of service; where even that is too long, by day (semantics 6.21).

    What is held is no part of a month's first document; it comes to its group later.
    """
    mine = [
        line
        for line in books.desired
        if _usage(line.line_id)
        and _place(line.line_id) in fresh
        and not _rests(books, line.line_id)
    ]
    by_service = {_key(line.line_id): _label(books, line, by_day=False) for line in mine}
    if len({as_issued(line.line_id, by_service) for line in mine}) <= limit:
        return by_service
    return {_key(line.line_id): _label(books, line, by_day=True) for line in mine}


def _label(books: Books, line: UsageLine, *, by_day: bool) -> str:
    service = books.services.get(line.line_id.subject, "")
    if service and not by_day:
        return f"{SERVICE}{service[:LABEL_LENGTH]}"
    return f"{DAY}{local_date(line.first_work_at, books.client.zone).isoformat()}"


def _taken_together(
    books: Books, labels: Mapping[tuple[str, str, str], str], known: Collection[Place]
) -> Groups:
    members: dict[LineId, list[UsageLine]] = {}
    desired: list[UsageLine] = []
    resting: set[LineId] = set()
    for line in books.desired:
        group = as_issued(line.line_id, labels)
        if group == line.line_id:
            desired.append(line)
            continue
        members.setdefault(group, []).append(line)
        if _place(line.line_id) in known and _rests(books, line.line_id):
            resting.add(group)  # nobody knows how much of it the held activity is
    desired += [_sum(group, behind) for group, behind in members.items()]
    return Groups(
        replace(
            books,
            desired=desired,
            resting=books.resting | resting,
            causes={**books.causes, **_causes(books, members)},
        ),
        {group: tuple(behind) for group, behind in members.items()},
        labels,
    )


def _sum(group: LineId, behind: Sequence[UsageLine]) -> UsageLine:
    return UsageLine(
        group,
        sum(line.minutes for line in behind),
        sum(line.amount_minor for line in behind),
        min(line.first_work_at for line in behind),
        max(line.last_work_at for line in behind),
    )


def _causes(books: Books, members: Mapping[LineId, Sequence[UsageLine]]) -> dict[LineId, str]:
    """Say of a group what moved its members (S7)."""
    found = {
        group: [books.causes[one.line_id] for one in behind if one.line_id in books.causes]
        for group, behind in members.items()
    }
    return {group: "; ".join(dict.fromkeys(whys)) for group, whys in found.items() if whys}


def _rests(books: Books, line_id: LineId) -> bool:
    """Whether an activity's time is held, or in question, and stays as documents show it."""
    return (line_id.contract_id, line_id.subject) in books.held or line_id in books.resting


def _waits_outside(books: Books, line_id: LineId) -> bool:
    return _key(line_id) not in books.labels and _rests(books, line_id)


def _usage(line_id: LineId) -> bool:
    return line_id.kind == LineKind.USAGE.value


def _place(line_id: LineId) -> Place:
    return line_id.contract_id, line_id.period


def _key(line_id: LineId) -> tuple[str, str, str]:
    return line_id.contract_id, line_id.period, line_id.subject
