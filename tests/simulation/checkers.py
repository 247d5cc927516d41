"""What must hold of every world, judged from outside: papers at Stripe, and what people did.

A checker counts how often it judged; one that never did is no proof. The names are those of
the invariants (reliability 3.1).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mondaybridge.sandbox.server import Sandbox
from simulation.books import nets, unit_of
from simulation.city import City, Customer
from simulation.dues import judged_deal
from simulation.faults import Swarm
from simulation.model import TYPED, History, Row
from simulation.months import DAY_MS, HOUR_MS, month_at, price
from simulation.papers import Entry, Paper, papers
from simulation.plan_dues import Seen
from simulation.waiting import late_waits, questioned_waits, unapproved_waits
from simulation.watching import Watch
from simulation.wiretap import Wiretap, content

UNFORESEEN = re.compile(r"^\w+: [A-Z][A-Za-z]*(Error|Exception|Iteration|Interrupt): ")


@dataclass(slots=True)
class Verdicts:
    """How often each checker judged, and what it found."""

    judged: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def hold(self, checker: str, truth: object, told: str) -> None:
        """Judge once."""
        self.judged[checker] += 1
        if not truth:
            self.failures.append((checker, told))

    def fail(self, checker: str, told: str) -> None:
        """Judge once, badly."""
        self.hold(checker, truth=False, told=told)


@dataclass
class Case:
    """All that a checker may look at."""

    town: City
    sandbox: Sandbox
    history: History
    faults: Swarm
    wire: Wiretap
    watch: Watch
    releases: Counter[str] = field(default_factory=Counter)

    @cached_property
    def papers(self) -> list[Paper]:
        return [one for one in papers(self.sandbox.stripe) if one.key or not one.invoice]

    @property
    def slack_ms(self) -> int:
        """Return how old a plan may be when it is issued."""
        slack = 16 * HOUR_MS
        if self.faults.chance("pause_30h"):
            slack += 40 * HOUR_MS
        if self.faults.chance("restore") or self.history.restores:
            slack += 60 * DAY_MS
        return slack

    def of(self, one: Customer) -> list[Paper]:
        return [paper for paper in self.papers if paper.customer == one.customer]

    def touched(self, one: Customer) -> bool:
        """Say whether somebody worked on a client's documents by hand."""
        return one.client_id in self.history.by_hand


Checker = Callable[[Case, Verdicts], None]


def judged(case: Case, verdicts: Verdicts) -> None:
    """Let every checker judge a world."""
    for checker in CHECKERS:
        checker(case, verdicts)


def one_document_a_key(case: Case, verdicts: Verdicts) -> None:
    """S5: at most one issued document carries a key."""
    found = Counter(paper.key for paper in case.papers if paper.key)
    for key, count in found.items():
        verdicts.hold("S5", count == 1, f"{count} documents are issued as {key}")


def what_was_worked_is_billed(case: Case, verdicts: Verdicts) -> None:
    """S6: per activity, month and price the documents come to what is due, to the minor unit."""
    for one in case.town.customers:
        found = nets(case.of(one))
        issued = {paper.scope: paper.created for paper in reversed(case.of(one)) if paper.invoice}
        seen = Seen(issued, case.slack_ms, case.of(one))
        for deal in one.deals:
            for truth, told in judged_deal(case.history, case.town, deal, found, seen):
                verdicts.hold("S6", truth, told)


def nothing_held_is_billed(case: Case, verdicts: Verdicts) -> None:
    """Time of a deleted row is billed only after somebody decided to keep it (ledger 5.6)."""
    for one in case.town.customers:
        free: Counter[str] = Counter()
        for paper in case.of(one):
            for entry in paper.entries:
                row = case.history.rows.get(entry.identity[2]) if entry.identity else None
                if row is None or not row.gone_at or not entry.minutes:
                    continue
                if entry.identity[4:5] == ("no_charge",):
                    continue  # a bug's minutes: nobody pays for them, and no allowance does (R55)
                before = free[row.item]
                free[row.item] += 0 if entry.amount else entry.minutes
                if not paper.invoice or (not entry.amount and entry.minutes <= before):
                    continue  # included minutes that another month had shown cost nothing twice
                late = paper.created > row.gone_at + case.slack_ms
                kept = any(
                    at // 1000 * 1000 <= paper.created and c == "keep" for at, c in row.decisions
                )  # Stripe counts seconds
                kept = kept or any(
                    row.gone_at < at <= paper.created
                    for at in case.history.passed.get(one.client_id, ())
                )  # a parked plan passes as it was drawn up once a person released it
                told = f"{paper.key} bills {entry.identity}, which was gone at {row.gone_at}"
                verdicts.hold("held", not late or kept, told)


def drafts_are_read_back(case: Case, verdicts: Verdicts) -> None:
    """No draft is made final that was changed by hand before its last look (reliability 0.6)."""
    verdicts.hold("read-back", not case.wire.unread, "; ".join(case.wire.unread))


def line_is_its_minutes(case: Case, verdicts: Verdicts) -> None:
    """S14: integers everywhere, each line the price of its minutes, each total its lines."""
    for one in case.town.customers:
        for net in nets(case.of(one)).values():
            if not case.touched(one) and net.kind == "usage":
                expected = price(net.minutes, net.unit)
                told = f"{net.name} asks {net.amount} for {net.minutes} min at {net.unit}"
                verdicts.hold("S14", net.amount == expected, told)
    for invoice in case.sandbox.stripe.invoices.values():
        whole = sum(line.amount for line in invoice.lines)
        verdicts.hold("S14", invoice.totals.subtotal == whole, f"{invoice.id} is not its lines")


def only_causes_correct(case: Case, verdicts: Verdicts) -> None:
    """S7: a line's second document has a cause; a quiet month has exactly one document.

    One cause may need several documents in one go: a credit note for each invoice of the line.
    """
    for one in case.town.customers:
        seen: dict[tuple[str, ...], tuple[int, int]] = {}
        for paper in case.of(one):
            for entry in paper.entries:
                if not (entry.identity and paper.key):
                    continue
                before, last = seen.get(entry.identity, (0, 0))
                since = before if not paper.invoice and paper.created < last + HOUR_MS else last
                if last:
                    told = f"{paper.key} bills {entry.identity} again without a cause"
                    verdicts.hold("S7", _caused(case, one, entry, since, paper.created), told)
                seen[entry.identity] = since, paper.begun
        _quiet(case, one, verdicts)


def issued_stays(case: Case, verdicts: Verdicts) -> None:
    """S8: what is issued is never written to."""
    told = "; ".join(case.wire.forbidden)
    verdicts.hold("S8", not case.wire.forbidden, told)
    stripe = case.sandbox.stripe
    for invoice_id, before in case.wire.frozen.items():
        verdicts.hold("S8", content(stripe, invoice_id) == before, f"{invoice_id} was changed")


def only_what_the_board_had(case: Case, verdicts: Verdicts) -> None:
    """S9: after each document a line shows a value that the board really had at some time."""
    for one in case.town.customers:
        if case.touched(one):
            continue
        metered = {d.contract_id: d for d in one.deals if d.kind in {"payg", "none"}}
        running: dict[tuple[str, ...], int] = {}
        for paper in case.of(one):
            for entry in paper.entries:
                deal = metered.get(entry.identity[0]) if entry.identity else None
                if deal is None or entry.identity[1] != "usage" or not unit_of(entry.identity):
                    continue  # what costs nothing says more
                minutes = running.get(entry.identity, 0) + entry.minutes
                running[entry.identity] = minutes
                row = case.history.rows[entry.identity[2]]
                if _goes_on(case, one, paper, entry):
                    continue
                truth = _had(row, entry, minutes)
                told = f"{paper.key} brings {entry.identity} to {minutes} min, which never stood"
                verdicts.hold("S9", truth, f"{told} there: {row.past}")


def bounds_are_kept(case: Case, verdicts: Verdicts) -> None:
    """S10: nothing beyond a bound is issued without somebody's release."""
    released = sum(case.releases.values())
    for one in case.town.customers:
        scopes = Counter(paper.scope for paper in case.of(one) if paper.key)
        for scope, count in scopes.items():
            told = f"{count} documents for {scope} of {one.client_id}"
            verdicts.hold("S10", count <= one.documents_bound or released, told)
        for paper in case.of(one):
            if paper.kind == "usage" and paper.scope == case.town.months[0]:
                whole = sum(entry.amount for entry in paper.entries)
                told = f"{whole} for the first month of {one.client_id}"
                verdicts.hold("S10", whole <= one.first_bound or released, told)


def months_tile(case: Case, verdicts: Verdicts) -> None:
    """S13: work stands in the month of its zone, and in none before the contract."""
    deals = {deal.contract_id: deal for deal in case.town.deals}
    for paper in case.papers:
        for entry in paper.entries:
            if len(entry.identity) != 6 or entry.identity[1] != "usage" or not paper.invoice:
                continue
            deal, name = deals[entry.identity[0]], entry.identity[3]
            found = {month_at(second * 1000, deal.zone) for second in entry.period}
            told = f"{entry.identity} has work of {sorted(found)}"
            verdicts.hold("S13", found == {name} and name >= case.town.months[0], told)


def one_currency(case: Case, verdicts: Verdicts) -> None:
    """S15: a client is billed in one currency."""
    for one in case.town.customers:
        for paper in case.of(one):
            told = f"{paper.stripe_id} is in {paper.currency}"
            verdicts.hold("S15", paper.currency == one.currency, told)


def one_acts(case: Case, verdicts: Verdicts) -> None:
    """S19: of two workers one issues; mail goes once, or once more where nobody can know."""
    for (what, name), machines in case.wire.issued_by.items():
        if what != "send":
            verdicts.hold("S19", len(machines) == 1, f"{what} of {name} by {machines}")
    for (process, _), keys in case.wire.astray.items():
        told = f"{process} wrote on after another had taken over: {sorted(keys)}"
        verdicts.hold("S19", len(keys) <= 1, told)
    mails = Counter(mail.document for mail in case.sandbox.stripe.mails)
    for paper in (one for one in case.papers if one.key):
        least = 0 if paper.stripe_id in case.history.told else 1
        told = f"{paper.stripe_id} was mailed {mails[paper.stripe_id]} times"
        verdicts.hold("mail", least <= mails[paper.stripe_id] <= 1, told)


def restored_bills_nothing_again(case: Case, verdicts: Verdicts) -> None:
    """S20: after a restored backup nothing is issued for what nobody touched since long before."""
    for at in case.history.restores:
        for one in case.town.customers:
            if case.touched(one):
                continue
            for paper in case.of(one):
                known = {e.identity for p in case.of(one) if p.created < at for e in p.entries}
                for entry in paper.entries:
                    if paper.created > at and entry.identity in known:
                        caused = _caused(case, one, entry, at - 10 * DAY_MS, paper.created)
                        told = f"{paper.key} bills {entry.identity} after a restore"
                        verdicts.hold("S20", caused, told)
            verdicts.judged["S20"] += 1


def keys_keep_their_bytes(case: Case, verdicts: Verdicts) -> None:
    """A key never goes out with other bytes, but from a restored database (reliability 0.2)."""
    truth = not case.wire.other_bytes or case.history.restores
    verdicts.hold("keys", truth, f"sent anew with other bytes: {case.wire.other_bytes}")


def no_older_read_counts(case: Case, verdicts: Verdicts) -> None:
    """A read that began before another one is not applied after it (S9)."""
    verdicts.hold("mirror", not case.watch.put_back, "; ".join(case.watch.put_back))


def nothing_unforeseen(case: Case, verdicts: Verdicts) -> None:
    """No exception of the interpreter or a library ends a piece of work."""
    wrong = sorted(error for error in case.watch.errors if UNFORESEEN.match(error))
    verdicts.hold("unforeseen", not wrong, "; ".join(wrong))


def people_are_asked_rightly(case: Case, verdicts: Verdicts) -> None:
    """Whoever releases sees why; where nothing goes wrong nobody is asked but about a bound."""
    told = f"released without evidence: {dict(case.releases)}"
    verdicts.hold("evidence", not case.releases["without evidence"], told)
    differs = case.releases["an issued document differs from its plan"]
    excused = case.history.by_hand or case.faults.chance("restore")  # plans come back with a backup
    verdicts.hold("planned", excused or not differs, "what was issued was not what was planned")
    low = any(c.documents_bound < 20 or c.first_bound < 1_000_000 for c in case.town.customers)
    if not (case.faults.rates or case.history.restores or low):
        verdicts.hold("parked", not case.releases, f"parked without a fault: {dict(case.releases)}")


CHECKERS: tuple[Checker, ...] = (
    one_document_a_key,
    what_was_worked_is_billed,
    nothing_held_is_billed,
    drafts_are_read_back,
    line_is_its_minutes,
    only_causes_correct,
    issued_stays,
    only_what_the_board_had,
    bounds_are_kept,
    months_tile,
    one_currency,
    one_acts,
    restored_bills_nothing_again,
    keys_keep_their_bytes,
    no_older_read_counts,
    nothing_unforeseen,
    people_are_asked_rightly,
    questioned_waits,
    late_waits,
    unapproved_waits,
)
NAMES = (
    "S5", "S6", "S7", "S8", "S9", "S10", "S13", "S14", "S15", "S19", "S20",
    "held", "read-back", "mail", "quiet", "unforeseen", "evidence", "parked", "convergence",
    "questions", "late", "admission", "keys", "planned", "mirror",
)  # fmt: skip


def _goes_on(case: Case, one: Customer, paper: Paper, entry: Entry) -> bool:
    """Say whether a credit is one of several: a line on two invoices is lowered by two notes."""
    return not paper.invoice and any(
        entry.identity in {other.identity for other in later.entries}
        for later in case.of(one)
        if not later.invoice and later.order > paper.order
        if later.created - paper.created < case.slack_ms
    )


def _had(row: Row, entry: Entry, minutes: int) -> bool:
    key = TYPED if row.deal.typed else (entry.identity[3], unit_of(entry.identity))
    if row.deal.bulk or row.upheld or row.absorbed:  # a part of what stood there
        return 0 <= minutes <= max(row.values(key))
    if row.deal.typed:
        return minutes >= 0 and entry.identity[3] in row.months | {""}
    return minutes in row.values(key)


def _caused(case: Case, one: Customer, entry: Entry, before: int, until: int) -> bool:
    """Say whether somebody changed what a line is about, or worked on its documents by hand."""
    after, until = before - case.slack_ms, until + 999  # Stripe counts seconds
    if any(after <= at <= until for at in case.history.by_hand.get(one.client_id, ())):
        return True
    return any(row.changes(key, after, until) for row, key in _about(case, entry))


def _about(case: Case, entry: Entry) -> Iterator[tuple[Row, tuple[str, int]]]:
    contract_id, kind, subject, period, *_ = entry.identity
    if kind != "usage":
        return
    row = case.history.rows[subject]
    if row.deal.kind in {"package", "plan"} or row.deal.bulk:
        for other in case.history.rows_of(contract_id):
            yield from ((other, key) for key in {key for _, due in other.past for key in due})
    elif row.deal.typed:
        yield row, TYPED
    elif unit := unit_of(entry.identity):
        yield row, (period, unit)
    else:
        yield from ((row, key) for key in {key for _, due in row.past for key in due})


def _quiet(case: Case, one: Customer, verdicts: Verdicts) -> None:
    """Where nothing goes wrong and nobody edits, each month with time has exactly one document."""
    metered = all(deal.kind in {"payg", "none"} and not deal.bulk for deal in one.deals)
    if case.faults.rates or not metered:
        return
    rows = [row for deal in one.deals for row in case.history.rows_of(deal.contract_id)]
    if case.history.edits or any(row.deal.typed for row in rows):
        return
    scopes = Counter(paper.scope for paper in case.of(one))
    due = Counter(name for row in rows for name, _ in row.due())
    late = any(_late(row) for row in rows)
    for name in case.town.months:
        told = f"{scopes[name]} documents for {name} of {one.client_id}"
        verdicts.hold("quiet", late or scopes[name] == (1 if due[name] else 0), told)


def _late(row: Row) -> bool:
    """Say whether time was written down after its month was over."""
    return any(month_at(at, row.deal.zone) > name for at, due in row.past for name, _ in due)
