"""What one client's plan is made from and what it would do, as values."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import (
    DocumentKind,
    ObservedDocument,
    PlannedDocument,
)
from mondaybridge.domain.usage import UsageLine


@dataclass(frozen=True, slots=True)
class Books:
    """What one client's plan is made from; ``closed`` and ``held`` are per contract.

    ``posted`` holds minutes by contract and month: what a closed month's statement will say;
    ``closed_at`` says when a contract's month was closed.
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


@dataclass(frozen=True, slots=True)
class ClosePlan:
    """What closing a month, a sale or a correction would do for one client.

    ``closes`` is the month whose usage it fixes, empty when only sales and corrections are due;
    ``findings`` are what a person must look at before anything is issued; ``minutes`` is what
    each contract's statement of the month will say.
    """

    client_id: str
    closes: str
    documents: tuple[PlannedDocument, ...]
    findings: tuple[str, ...] = ()
    minutes: tuple[tuple[str, int], ...] = ()

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
    """What a line has more or less than its issued documents say; minutes and money signed."""

    line: UsageLine
    minutes: int
    amount_minor: int


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
