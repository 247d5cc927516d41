"""What is due, as a query over state, and how one piece of it is run; harmless when repeated."""

from collections.abc import Callable
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.errors import BridgeError, ConfigurationError, Parked, TryLater
from mondaybridge.reports.ending import HANDOVER, closed_boards, due_packages
from mondaybridge.store import answers, inbox, ledger, mirror, paper_hints, work
from mondaybridge.store.engine import Tx
from mondaybridge.workflows.answers import look_up, look_up_people
from mondaybridge.workflows.close import close_due, run_close
from mondaybridge.workflows.handover import hand_over
from mondaybridge.workflows.payments import follow, poll, poll_due
from mondaybridge.workflows.read import read_hinted, read_whole
from mondaybridge.workflows.review import review_contract
from mondaybridge.workflows.write_back import due_boards, write_back

EVERYBODY = "all"


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """One piece of work: what kind, for whom."""

    kind: str
    key: str


def due(app: App) -> list[Work]:
    """Return the work that state says is due now, without what backs off or is parked."""
    now = app.clock.now()
    contracts = {c.contract_id for c in app.mapping.contracts}
    with app.store.read() as tx:
        boards = set(app.mapping.board_ids) - closed_boards(tx, app.mapping.contracts)
        found = [Work("review", key) for key in ledger.due_reviews(tx, now) if key in contracts]
        found += [Work("write", key) for key in sorted(due_boards(tx, app, now)) if key in boards]
        stale = now - app.mapping.timing.sweep_minutes * 60_000
        facts = mirror.board_facts(tx, boards)
        sweep = {fact.board_id for fact in facts if fact.complete_at <= stale}
        found += [Work("sweep", key) for key in sorted(sweep)]
        hinted = set(inbox.due_boards(tx, now)) & boards - sweep
        found += [Work("read", key) for key in sorted(hinted)]
        found += [Work("answers", key) for key in answers.due_looks(tx, now) if key in boards]
        found += [Work("people", EVERYBODY)] if answers.wanted_people(tx) else []
        found += [Work(HANDOVER, key) for key in _ends(tx, app)]
        found += [Work("events", EVERYBODY)] if poll_due(tx, now) else []
        found += [Work("paper", key) for key in paper_hints.due(tx, now)]
        blocked = work.blocked(tx, now)
    found += [Work("close", client.client_id) for client in close_due(app, now)]
    return [one for one in found if (one.kind, one.key) not in blocked]


def run(app: App, one: Work) -> bool:
    """Do one piece of work and remember how it went; the reasons of a refusal stay visible."""
    steps: dict[str, Callable[[App, str], object]] = {
        "read": read_hinted,
        "sweep": _sweep,
        "review": review_contract,
        "write": write_back,
        "answers": look_up,
        "people": lambda app, _: look_up_people(app),
        "close": run_close,
        "events": lambda app, _: poll(app),
        "paper": follow,
        HANDOVER: _end,
    }
    now = app.clock.now
    try:
        steps[one.kind](app, one.key)
    except Parked as parked:
        with app.store.write() as tx:
            reason, evidence, offer = parked.reason, parked.evidence, parked.offer
            work.park(tx, one.kind, one.key, reason, evidence, now(), offer=offer)
        return False
    except TryLater as later:
        with app.store.write() as tx:
            if later.until > now():
                work.later(tx, one.kind, one.key, later.until, str(later))
            else:
                work.failed(tx, one.kind, one.key, str(later), now=now(), parks=False)
        return False
    except ConfigurationError as wrong:  # a board or the file is mended, then seen by a sweep
        with app.store.write() as tx:
            work.later(tx, one.kind, one.key, _next_sweep(app), str(wrong))
        return False
    except Exception as error:  # noqa: BLE001 - one client's trouble stops nobody else's work
        told = str(error) if isinstance(error, BridgeError) else f"{type(error).__name__}: {error}"
        with app.store.write() as tx:
            work.failed(tx, one.kind, one.key, told, now=now())
        return False
    with app.store.write() as tx:
        work.succeeded(tx, one.kind, one.key)
        if one.kind == "sweep":  # it saw what a read that failed was to see
            work.succeeded(tx, "read", one.key)
    return True


def _ends(tx: Tx, app: App) -> list[str]:
    """Return the packages to hand over where that is nobody's decision."""
    itself = [c for c in app.mapping.contracts if c.policies.hands_over_itself]
    return due_packages(tx, itself) if itself else []


def _end(app: App, package_id: str) -> None:
    """Hand a package over that is at its end."""
    hand_over(app, package_id)


def _sweep(app: App, board_id: str) -> None:
    """Read a board in full; one that is not there is looked for again at the next sweep."""
    if not read_whole(app, board_id).there:
        raise TryLater(f"board {board_id} cannot be seen", _next_sweep(app))


def _next_sweep(app: App) -> int:
    return app.clock.now() + app.mapping.timing.sweep_minutes * 60_000


def settle(app: App, rounds: int = 50) -> int:
    """Run what is due until nothing is, at most ``rounds`` times; return the pieces done."""
    done = 0
    for _ in range(rounds):
        pending = due(app)
        if not pending:
            break
        done += sum(run(app, one) for one in pending)
    return done
