"""The row that shows the package itself: made once where a board has none of its name.

Making an item cannot be repeated. It is an effect, committed before it is sent; where no answer
came, only a whole read of the board that does not show the row lets it be made again.
"""

import structlog

from mondaybridge.app import App
from mondaybridge.domain.activity import Hint
from mondaybridge.errors import TryLater
from mondaybridge.monday.board_life import create_item
from mondaybridge.monday.errors import RateLimited, Refused
from mondaybridge.store import board_face, effects, inbox, mirror
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.engine import Tx
from mondaybridge.store.mirror import BoardFacts
from mondaybridge.workflows import once
from mondaybridge.workflows.once import DONE, LAG_MS, REFUSED, Write

OP = "create_item"
REFUSED_MS = 3_600_000  # until a refused row is tried again

log = structlog.get_logger(__name__)


def missing(tx: Tx, app: App, now: int) -> list[str]:
    """Return the boards whose package's row is to be made now."""
    mapped = set(app.mapping.board_ids)
    facts = mirror.board_facts(tx, mapped)
    there = board_face.pinned_boards(tx)
    open_ = [fact for fact in facts if fact.board_id not in there and _mapped(app, fact)]
    sent = effects.find_all(tx, [_key(fact.board_id) for fact in open_])
    return [
        fact.board_id
        for fact in open_
        if all(_over(one, fact, now) for one in sent.get(_key(fact.board_id), ()))
    ]


def make(app: App, board_id: str) -> TryLater | None:
    """Make the row where it is missing; return what should be raised in the end."""
    now = app.clock.now()
    with app.store.read() as tx:
        if board_id not in missing(tx, app, now):
            return None
        attempt = len(effects.find(tx, _key(board_id))) + 1
    row = app.mapping.columns(board_id).ours.package
    name = row.item if row else ""
    write = Write(_key(board_id), OP, board_id, name.encode())
    with app.store.write() as tx:
        effect = once.begin(tx, write, attempt=attempt, now=now)
    try:
        item_id = create_item(app.monday, board_id, effect.body.decode(), effect.idem_key)
    except RateLimited:
        raise
    except TryLater as later:
        return later
    except Refused as refusal:
        log.warning("package_row.refused", board_id=board_id, reason=str(refusal))
        item_id = ""
    _made(app, board_id, effect, item_id)
    return None


def _made(app: App, board_id: str, effect: EffectRow, item_id: str) -> None:
    """Remember the row and have it read, so that the next review writes its cells."""
    now = app.clock.now()
    status = DONE if item_id else REFUSED
    with app.store.write() as tx:
        once.answer(tx, effect, status, item_id, now=now)
        if item_id:
            board_face.set_package_item(tx, board_id, item_id)
            hint = Hint(board_id, item_id, now)
            inbox.remember(tx, [hint], now=now, debounce_ms=0, max_wait_ms=0)


def _mapped(app: App, fact: BoardFacts) -> bool:
    """Whether the board is to have such a row, and was seen whole."""
    prepaid = app.mapping.contract_of(fact.board_id).prepaid
    mapped = prepaid and app.mapping.columns(fact.board_id).ours.package
    return bool(mapped and fact.state == "live" and fact.complete_at)


def _over(one: EffectRow, fact: BoardFacts, now: int) -> bool:
    """Whether the board was seen whole without the row, after this was sent for it."""
    if one.answered_at and one.http_status >= REFUSED:
        return one.answered_at + REFUSED_MS <= now
    return fact.complete_at > max(one.first_sent_at, one.answered_at) + LAG_MS


def _key(board_id: str) -> str:
    return f"package_row:{board_id}"
