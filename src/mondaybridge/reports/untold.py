"""What people should see on a board and do not see yet: comments that wait, links not written."""

from collections.abc import Collection
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.worktime import hours_text
from mondaybridge.errors import CredentialsError
from mondaybridge.reports.contract import decide
from mondaybridge.reports.ending import contracts_over
from mondaybridge.settings import Settings, require_link_key
from mondaybridge.store import notices
from mondaybridge.store.engine import Tx
from mondaybridge.store.notices import NEW_A_DAY


def untold(app: App) -> list[dict[str, Any]]:
    """Return what is not shown, where, and why (S21); nothing of what has ended."""
    with app.store.read() as tx:
        over = contracts_over(tx, app.mapping.contracts)
        closed = {b for c in app.mapping.contracts if c.contract_id in over for b in c.board_ids}
        waiting = notices.waiting(tx, app.clock.now())
        stuck = [one for one in notices.stuck(tx) if one.board_id not in closed]
        homeless = _homeless(tx, app, over)
    found = [
        _line(board_id, "", f"{NEW_A_DAY} new comments a day are enough: {count} wait for tomorrow")
        for board_id, count in sorted(waiting.items())
        if board_id not in closed
    ]
    found += [
        _line(one.board_id, one.item_id, f"comment {one.rule}: {one.problem or 'never confirmed'}")
        for one in stuck
    ]
    found += homeless
    going = [board_id for board_id in app.mapping.board_ids if board_id not in closed]
    linked = [b for b in going if app.mapping.columns(b).ours.document]
    missing = links_missing(app.settings)
    return found + ([_line(b, "", missing) for b in linked] if missing else [])


def package_boards(app: App, board_ids: Collection[str]) -> list[str]:
    """Return the boards that have a row of the package: where packages are spoken of."""
    mapped = [board_id for board_id in app.mapping.board_ids if board_id in board_ids]
    return [board_id for board_id in mapped if app.mapping.columns(board_id).ours.package]


def _homeless(tx: Tx, app: App, over: Collection[str]) -> list[dict[str, Any]]:
    """Return what is to be told of packages where no board has a row to tell it on."""
    found, now = [], app.clock.now()
    for contract in app.mapping.contracts:
        if not contract.prepaid or contract.contract_id in over:
            continue
        if package_boards(app, contract.board_ids):
            continue
        for one in decide(tx, contract, now)[0].alerts:
            reason = f"{contract.contract_id}: {_alert(one)}; no row of the package is mapped"
            found.append(_line(next(iter(contract.board_ids), ""), "", reason))
    return found


def _alert(one: Notice) -> str:
    """Say in short, for the team, what a package deserves to be told."""
    args = dict(one.args)
    match one.rule:
        case Rule.USED:
            return f"{args['percent']} % of the hours are used"
        case Rule.EXPIRY:
            return f"{hours_text(int(args['left']))} h expire within {args['days']} days"
        case _:
            agreed, granted = (hours_text(int(args[name])) for name in ("total", "granted"))
            return f"{agreed} h are agreed and {granted} h granted"


def links_missing(settings: Settings) -> str:
    """Say what keeps addresses from being given out, in a sentence; nothing: they are."""
    if not settings.public_url:
        return "MONDAYBRIDGE_PUBLIC_URL is not set: links to documents are not written"
    try:
        require_link_key(settings)
    except CredentialsError as error:
        return f"{error}; until then links to documents are not written"
    return ""


def _line(board_id: str, item_id: str, reason: str) -> dict[str, Any]:
    return {"board": board_id, "item": item_id, "reason": reason}
