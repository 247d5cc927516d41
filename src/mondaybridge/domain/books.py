"""What one client's plan is made from and what it would do, as values."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field

from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import (
    DocumentKind,
    ObservedDocument,
    PlannedDocument,
)
from mondaybridge.domain.late import LateRuling
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.usage import LineId, UsageLine


def _unsaid(*_: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Books:
    """What one client's plan is made from; ``closed`` and ``held`` are per contract.

    ``posted`` holds minutes by contract and month: what a closed month's statement will say;
    ``closed_at`` says when a contract's month was closed. ``services`` are the activities' types
    of service and ``labels`` the groups that lines were given once, by contract, month and
    activity; ``resting`` are lines that stay as they are. ``heading`` names a contract, ``carried``
    the month that a line comes from, ``so_far`` says what a line comes to and how much of it was
    billed, ``footer`` ends a document: its kind, scope and the name of the full list beside it.
    ``causes`` tell what moved a line since it was issued, ``moved_at`` when it moved last, and
    ``late`` what people decided about changes that came too late (semantics 6.12);
    ``by_hand`` is said where nothing of ours moved a line. Causes are in the client's language.
    ``released`` is what plans were parked for, word by word, and a person let pass.
    """

    client: Client
    desired: Sequence[UsageLine]
    observed: Sequence[ObservedDocument]
    closed: Mapping[str, frozenset[str]]
    held: frozenset[tuple[str, str]]
    describe: Callable[[UsageLine, str], str]
    title: Callable[[DocumentKind, str], str]
    posted: Mapping[tuple[str, str], int] = field(default_factory=dict)
    closed_at: Mapping[tuple[str, str], int] = field(default_factory=dict)
    now: int = 0
    services: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    resting: frozenset[LineId] = frozenset()
    heading: Callable[[str], str] = _unsaid
    carried: Callable[[str], str] = _unsaid
    so_far: Callable[[UsageLine, int], str] = _unsaid
    footer: Callable[[DocumentKind, str, str], str] = _unsaid
    causes: Mapping[LineId, str] = field(default_factory=dict)
    moved_at: Mapping[LineId, int] = field(default_factory=dict)
    late: Mapping[LineId, tuple[LateRuling, ...]] = field(default_factory=dict)
    by_hand: str = Reason.AT_STRIPE.value
    released: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One activity of an invoice whose lines are grouped, as the list beside it says (6.21)."""

    contract_id: str
    group: str
    activity_id: str
    period: str
    source: str
    rate_key: str
    minutes: int
    amount_minor: int
    text: str


@dataclass(frozen=True, slots=True)
class FullList:
    """All activities of an invoice, one by one; its digest stands in the invoice's metadata."""

    period: str
    rows: tuple[ListedLine, ...]

    @property
    def digest(self) -> str:
        """Hash of all rows: two lists of one name are the same list."""
        text = json.dumps([astuple(row) for row in self.rows], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """Return the list's name, without the ending of a file."""
        return f"{self.period}-{self.digest}"


@dataclass(frozen=True, slots=True)
class ClosePlan:
    """What closing a month, a sale or a correction would do for one client.

    ``closes`` is the month whose usage it fixes, empty when only sales and corrections are due;
    ``findings`` are what a person must look at before anything is issued; ``minutes`` is what
    each contract's statement of the month will say. ``notes`` say what waits for a later invoice,
    ``lists`` are kept beside the documents and ``labels`` say who is in which group. ``late``
    came after the late window and waits for a decision.
    """

    client_id: str
    closes: str
    documents: tuple[PlannedDocument, ...]
    findings: tuple[str, ...] = ()
    minutes: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    lists: tuple[FullList, ...] = ()
    labels: tuple[tuple[tuple[str, str, str], str], ...] = ()
    late: tuple["Change", ...] = ()

    @property
    def hash(self) -> str:
        """Hash of all that would be issued and stated: ``close apply`` takes it."""
        body = [self.client_id, self.closes, [d.to_json() for d in self.documents], self.minutes]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()[:12]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do at all."""
        return not (self.closes or self.documents)


@dataclass(frozen=True, slots=True)
class Change:
    """What a line has more or less than its issued documents say; minutes and money signed.

    ``billed_minor`` is what documents ask for it so far.
    """

    line: UsageLine
    minutes: int
    amount_minor: int
    billed_minor: int = 0


def next_revision(books: Books, kind: DocumentKind, scope: str) -> int:
    """Return the next revision of a scope; voided documents keep theirs."""
    seen = [
        d.key.revision
        for d in books.observed
        if d.key is not None
        and d.status != "draft"
        and (d.key.kind, d.key.scope) == (kind.value, scope)
    ]
    return max(seen, default=0) + 1
