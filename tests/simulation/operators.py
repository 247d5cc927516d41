"""The people of the agency at their command line: they release what is parked and decide.

Only what the product says a person must do is done here, by the product's own commands, and each
release is counted with the reason and the evidence that it showed.
"""

from collections import Counter

from mondaybridge.app import App
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.outcome import HeldReason
from mondaybridge.domain.worktime import month_of
from mondaybridge.errors import BridgeError, FindingsError
from mondaybridge.store import work
from mondaybridge.workflows.close import apply
from mondaybridge.workflows.held import decide, held_lines
from mondaybridge.workflows.papers import DOCUMENT
from mondaybridge.workflows.plan import closable, preview
from mondaybridge.workflows.review import review_contract
from simulation.asking import ended
from simulation.city import City
from simulation.machines import Machines
from simulation.model import PENDING, History
from simulation.months import following, instant

CLERK = 2
# Whoever reads one of these has the document's mail in their hands.
THEIRS = (
    "nobody can tell whether the invoice was mailed",
    "is issued and not as it was made",
    "an issued document differs from its plan",
    "two documents carry the same key",
)
DRAFT_DIFFERS = "the draft differs from its plan"


def waiting(machines: Machines, now: int) -> list[str]:
    """Return what is not at rest and waits for no person.

    What backs off and is wanted no more is at rest: nothing looks at it again.
    """
    found = machines.peek(
        "select kind || ' ' || key || ': ' || last_error from work"  # noqa: S608 - our own number
        f" where parked_at = 0 and last_error <> '' and not_before > {now}"
        " union all select 'hint ' || board_id from hint"
        " union all select 'paper ' || object_id from paper_hint"
        " union all select 'acting ' || client_id from plan where state = 'acting'"
        " and client_id not in (select key from work where kind = 'close' and parked_at > 0)"
    )
    return [str(row[0]) for row in found]


def decided(machines: Machines, history: History, now: int, releases: Counter[str]) -> list[str]:
    """Do what waits for a person; return what was done, nothing where nothing waited."""
    app, town = machines.apps[CLERK], history.town
    released = _released(machines, history, now, releases)
    asked = [one for one in history.questions if not one.ended_at]
    answered = [ended(app, history, one, now) for one in asked]
    held = [*_held(app, history, now), *_late(app, history, now), *_refused(app, history, now)]
    return [*released, *answered, *held, *_closed_by_hand(app, town, now)]


def closed(machines: Machines, town: City, client_id: str, period: str) -> bool:
    """Say whether a month is closed for all contracts of a client."""
    mine = [d.contract_id for c in town.customers if c.client_id == client_id for d in c.deals]
    rows = machines.peek(f"select contract_id from closed_period where period = '{period}'")  # noqa: S608 - our own words
    return {row[0] for row in rows} >= set(mine)


def _throw_away_drafts(machines: Machines, client_id: str) -> None:
    """Delete what somebody changed in the dashboard: the plan is drawn up anew."""
    stripe = machines.stage().sandbox.stripe
    drafts = [i for i in stripe.invoices.values() if i.status == "draft" and "mb_key" in i.metadata]
    for one in drafts:
        if one.customer == f"cus_{client_id}":
            stripe.humans.delete_draft(one.id)


def _released(machines: Machines, history: History, now: int, releases: Counter[str]) -> list[str]:
    app = machines.apps[CLERK]
    with app.store.read() as tx:
        rows = work.parked(tx)
    done = []
    for row in rows:
        shown = bool(row.parked_reason and (row.evidence or row.offer))
        releases[row.parked_reason if shown else "without evidence"] += 1
        if row.kind == DOCUMENT and any(one in row.parked_reason for one in THEIRS):
            history.told.add(row.key)
        if row.kind == "close":
            history.passed.setdefault(row.key, []).append(now)
        if row.parked_reason == DRAFT_DIFFERS:
            _throw_away_drafts(machines, row.key)
        with app.store.write() as tx:
            work.release(tx, row.kind, row.key, actor="clerk", why="looked at it", now=now)
        done.append(f"release {row.kind} {row.key}: {row.parked_reason} ({row.evidence})")
    return done


def _held(app: App, history: History, now: int) -> list[str]:
    """Keep the time of deleted rows, or drop it: by the row's number, so that it never changes."""
    done = []
    for line in held_lines(app):
        if line.decided or Choice.KEEP not in line.choices:
            continue
        choice = Choice.KEEP if int(line.held.activity_id) % 2 else Choice.DROP
        try:
            decide(app, line.held.activity_id, choice, "clerk")
        except FindingsError:
            continue  # decided with another month of the same row
        review_contract(app, line.contract_id)
        row = history.rows[line.held.activity_id]
        row.decisions.append((now, choice.value))
        done.append(f"{choice.value} {line.held.activity_id} {line.held.period}")
    return done


def _late(app: App, history: History, now: int) -> list[str]:
    """Let changes after the late window pass, or let them go: by the row's number."""
    late = {line.held.activity_id for line in held_lines(app) if line.late}
    done = []
    for item in sorted(late):
        choice = Choice.ABSORB if int(item) % 2 else Choice.BILL
        decide(app, item, choice, "clerk")
        row, after = history.rows[item], following(following(history.town.months[-1]))
        last = choice is Choice.BILL and now >= instant(after, row.deal.zone)
        row.rulings.append((now, PENDING if last else choice.value))
        done.append(f"{choice.value} {item}")
    return done


def _refused(app: App, history: History, now: int) -> list[str]:
    """Let go what was worked late, in a closed month, on a row that was refused its hours."""
    done = []
    for line in held_lines(app):
        row = history.rows[line.held.activity_id]
        if line.reason is HeldReason.UNAPPROVED and not (line.decided or row.waits):
            try:
                decide(app, row.item, Choice.ABSORB, "clerk")
            except FindingsError:
                continue  # decided with another month of the same row
            row.rulings.append((now, Choice.ABSORB.value))
            done.append(f"{Choice.ABSORB.value} {row.item} {line.held.period}")
    return done


def _closed_by_hand(app: App, town: City, now: int) -> list[str]:
    """Close what is due, and issue what else the preview shows, as a person at the desk would."""
    done = []
    for one in (c for c in town.customers if c.by_hand):
        client = app.mapping.client(one.client_id)
        with app.store.read() as tx:
            period = closable(tx, client, now) or month_of(now, one.zone).name
            parked = {row.key for row in work.parked(tx) if row.kind == "close"}
        if one.client_id in parked:
            continue
        try:
            (shown,) = preview(app, period, [one.client_id])
            if shown.plan.empty:
                continue
            apply(app, shown.hash)
            done.append(f"close {one.client_id} {period}")
        except BridgeError as told:
            done.append(f"close {one.client_id} {period}: {told}")
    return done
