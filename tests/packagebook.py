"""A package contract's book from its first day: reviews on dates, sums by place."""

from dataclasses import dataclass, field, replace

from ledgerbook import Book, at, prepaid
from mondaybridge.domain.activity import Activity, Capture, Session
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.ledger import POSTING, EntryKind
from mondaybridge.domain.outcome import History, PackageChange, Review

START = "2026-10-01 08:00"


@dataclass
class PackageBook(Book):
    """A book that also keeps what people gave to packages or took from them."""

    changes: list[PackageChange] = field(default_factory=list)

    def history(self) -> History:
        return replace(super().history(), changes=self.changes)


def book(*packages: object, now: str = START, **terms: object) -> PackageBook:
    contract = prepaid(*packages, **terms)  # type: ignore[arg-type]  # packages of the test
    started = PackageBook(contract, at(now))
    started.review()
    return started


def change(started: PackageBook, minutes: int, kind: EntryKind = EntryKind.CREDIT) -> None:
    started.changes.append(PackageChange("p1", kind, minutes, started.now, "they were patient"))


def later(started: Book, day: str, *rows: Activity) -> list[tuple[str, int]]:
    started.now = at(f"{day} 20:00")
    return started.step(rows)


def confirmed(started: Book, row: Activity) -> Activity:
    """Return a row whose client has seen the numbers and answers them in writing (R15b)."""
    started.show(row.activity_id)
    return replace(row, approval_reference=f"mail of {started.now}")


def posted(started: Book) -> dict[tuple[str, str, str], int]:
    """Return posted minutes by (activity, package, month)."""
    sums: dict[tuple[str, str, str], int] = {}
    for e in started.entries:
        if e.kind in POSTING:
            key = e.activity_id, e.package_id, e.period
            sums[key] = sums.get(key, 0) + e.minutes
    return {key: minutes for key, minutes in sums.items() if minutes}


def reserved(started: Book) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for e in started.entries:
        if e.kind in {EntryKind.RESERVE, EntryKind.RELEASE}:
            sums[e.activity_id, e.package_id] = (
                sums.get((e.activity_id, e.package_id), 0) + e.minutes
            )
    return {key: minutes for key, minutes in sums.items() if minutes}


def held(review: Review) -> list[tuple[str, str, str, int]]:
    return [(h.activity_id, h.period, h.reason.value, h.minutes) for h in review.held]


def decide(started: Book, name: str, choice: Choice, **periods: int) -> None:
    minutes = tuple((key.replace("_", "-")[1:], m) for key, m in periods.items())
    started.decisions.append(Decision(name, choice, minutes, started.now + 30_000))


def typed(day: str, minutes: int, name: str) -> Session:
    return Session(name, Capture.NUMBER, at(day), at(day), minutes * 60)
