"""A board beside its book: rows change, a review follows, and every row's answer can be read."""

from dataclasses import dataclass, field, replace

from ledgerbook import Book, activity, at, package, prepaid
from mondaybridge.domain.activity import Activity, Approval, Session, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.contract import Gate, Policies
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.notices import Rule
from mondaybridge.domain.outcome import Review

NEW, NONE = Status.NEW, Approval.NONE
MINOR = Policies(minor_minutes=30)
AGREED = Policies(minor_minutes=30, baseline_at=at("2026-10-01 08:02"))
STRICT = replace(MINOR, approval_actor=Gate.REQUIRE)


def asked(name: str, estimate: int | None = None, *sessions: Session, **cells: object) -> Activity:
    """Return a row that nobody has answered, with the hour of its making."""
    cells = {"approval": NONE, "status": NEW, "created_at": ord(name)} | cells
    return activity(name, estimate, *sessions, **cells)  # type: ignore[arg-type]  # cells of a row


@dataclass
class Board:
    """Rows by name and the book that follows them."""

    book: Book
    rows: dict[str, Activity] = field(default_factory=dict)
    last: Review = field(default_factory=Review)

    def put(self, *rows: Activity) -> list[tuple[str, int]]:
        """Put or replace whole rows, review, and say what was written."""
        self.rows |= {row.activity_id: row for row in rows}
        self.last = self.book.review(*self.rows.values())
        return [(e.kind.value, e.minutes) for e in self.last.entries]

    def change(self, name: str, **cells: object) -> list[tuple[str, int]]:
        """Change cells of one row, review, and say what was written."""
        return self.put(replace(self.rows[name], **cells))  # type: ignore[arg-type]  # its cells

    def approve(self, name: str, reference: str = "") -> list[tuple[str, int]]:
        """Let the label stand; a new reference is a new consent."""
        return self.change(name, approval=Approval.APPROVED, approval_reference=reference)

    def again(self, name: str) -> list[tuple[str, int]]:
        """Take the label away and set it again: a new consent where the label counts."""
        return [*self.change(name, approval=NONE), *self.approve(name)]

    def confirm(self, name: str) -> list[tuple[str, int]]:
        """Show the client the numbers and let the client agree to them (R15b)."""
        self.book.show(name)
        return self.approve(name, f"mail of {self.book.now}")

    def state(self, *names: str) -> list[Admission]:
        return [self.book.activations[name].state for name in names or sorted(self.rows)]

    def numbers(self, name: str, *which: str) -> tuple[int, ...]:
        """Return numbers of a row's last verdict."""
        seen = self.book.activations[name].assessment
        return tuple(getattr(seen, one) for one in which)

    def rules(self, name: str) -> list[Rule]:
        return [notice.rule for notice in self.last.notices if notice.activity_id == name]

    def posted(self, name: str) -> int:
        entries = (e for e in self.book.entries if e.kind in POSTING)
        return sum(e.minutes for e in entries if e.activity_id == name)

    @property
    def sums(self) -> tuple[int, int, int, int, int]:
        """Return P, C, H, hard and free."""
        b = self.book.balance
        return b.granted, b.posted, b.reserved, b.hard, b.free


def board(minutes: int = 600, policies: Policies = MINOR, **terms: object) -> Board:
    """Open a board on a package that was just sold."""
    contract = prepaid(package(minutes=minutes), policies=policies, **terms)
    opened = Board(Book(contract, at("2026-10-01 08:00"), users=("anna@client.example",)))
    opened.put()
    return opened
