"""Say what is wanted below rows: once, corrected in place, never twice after a lost answer.

A new comment cannot be repeated: its bytes are an effect, committed before they are sent. Where no
answer came, the next time looks for the comment by its mark before the same bytes go again.
"""

from dataclasses import dataclass, replace

import structlog

from mondaybridge.app import App
from mondaybridge.errors import TryLater
from mondaybridge.monday import updates
from mondaybridge.monday.errors import RateLimited, Refused
from mondaybridge.monday.updates import Edited
from mondaybridge.store import effects, mirror, notices
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.engine import Tx
from mondaybridge.store.notices import POST, Saying
from mondaybridge.workflows import telling
from mondaybridge.workflows.showing import reader_of

SERVICE = "monday"
KEY_MS = 25 * 60_000  # as long as a key may be sent again (storage 3)
NOT_FOUND, REFUSED, DONE = 404, 400, 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    """One comment on its way: what it is, on which item, in which words."""

    one: Saying
    item_id: str
    body: str


def say(app: App, board_id: str) -> TryLater | None:
    """Say what is due on a board; return what should be raised once everything else is done.

    One comment that monday cannot take now keeps no other waiting.
    """
    later = None
    with app.store.read() as tx:
        pending = notices.pending(tx, board_id, app.clock.now())
        names = mirror.names(tx, _named(pending)) if pending else {}
    reader = reader_of(app, app.mapping.contract_of(board_id), names)
    for item_id, one in pending:
        ended = telling.settled(one.rule, reader)
        body = ended if one.ended else telling.comment(one.notice, reader)
        try:
            _say(app, _Said(one, item_id, body))
        except RateLimited:
            raise
        except TryLater as error:
            later = error
        except Refused as refusal:
            log.warning("comment.refused", item_id=item_id, rule=one.rule, reason=str(refusal))
            with app.store.write() as tx:
                notices.refused(tx, one, str(refusal))
    return later


def _named(pending: list[tuple[str, Saying]]) -> set[str]:
    """Return the rows that arguments may name."""
    texts = [str(value) for _, one in pending for _, value in one.notice.args]
    return {line for text in texts for line in text.splitlines() if line.isdecimal()}


def _say(app: App, said: _Said) -> None:
    one = said.one
    with app.store.write() as tx:
        notices.sent(tx, one, said.body, app.clock.now())
        earlier = effects.find(tx, one.business_key)
    unanswered = next((row for row in earlier if not row.answered_at), None)
    try:
        if one.update_id:
            _correct(app, said)
        elif unanswered:
            _look(app, said, unanswered)
        elif one.ended:
            _leave(app, said)
        else:
            _post(app, said, attempt=len(earlier) + 1)
    except RateLimited:
        with app.store.write() as tx:
            notices.unsent(tx, one)
        raise


def _post(app: App, said: _Said, attempt: int) -> None:
    """Say it for the first time, or anew after somebody removed it."""
    key = f"mb:{said.one.business_key}:{attempt}"
    with app.store.write() as tx:
        effect = effects.begin(
            tx,
            service=SERVICE,
            business_key=said.one.business_key,
            op=POST,
            chunk=0,
            attempt=attempt,
            idem_key=key,
            method="POST",
            path=said.one.board_id,
            body=said.body.encode(),
            now=app.clock.now(),
        )
    _send(app, said, effect)


def _send(app: App, said: _Said, effect: EffectRow) -> None:
    """Send exactly the bytes that were written down."""
    words = effect.body.decode()
    try:
        update_id = updates.post(app.monday, said.item_id, words, effect.idem_key)
    except Refused:
        with app.store.write() as tx:
            _answered(tx, app, effect, REFUSED)
        raise
    with app.store.write() as tx:
        _answered(tx, app, effect, DONE, update_id)
        if words == said.body:
            notices.known(tx, said.one, update_id=update_id, shown_at=app.clock.now())
        else:
            notices.found(tx, said.one, update_id)
    if words != said.body:
        _correct(app, replace(said, one=replace(said.one, update_id=update_id)))


def _look(app: App, said: _Said, effect: EffectRow) -> None:
    """Look for what an unanswered call may have said, before it is said again."""
    update_id = updates.find(app.monday, said.item_id, telling.mark(said.one.rule))
    if update_id:
        with app.store.write() as tx:
            _answered(tx, app, effect, DONE, update_id)
            notices.found(tx, said.one, update_id)
        _correct(app, replace(said, one=replace(said.one, update_id=update_id)))
        return
    if not said.one.ended and app.clock.now() - effect.first_sent_at < KEY_MS:
        _send(app, said, effect)
        return
    with app.store.write() as tx:
        _answered(tx, app, effect, NOT_FOUND)
    if said.one.ended:
        _leave(app, said)
    else:
        _post(app, said, attempt=effect.attempt + 1)


def _correct(app: App, said: _Said) -> None:
    """Bring a comment to what is wanted; one that is gone is said anew next time."""
    outcome = updates.edit(app.monday, said.one.update_id, said.body)
    with app.store.write() as tx:
        if outcome is Edited.GONE:
            notices.gone(tx, said.one)
        else:
            now = app.clock.now()
            notices.known(tx, said.one, update_id=said.one.update_id, shown_at=now)


def _leave(app: App, said: _Said) -> None:
    with app.store.write() as tx:
        notices.rest(tx, said.one)


def _answered(tx: Tx, app: App, effect: EffectRow, status: int, answer_id: str = "") -> None:
    now = app.clock.now()
    effects.answer(tx, effect.idem_key, status=status, answer_id=answer_id, now=now)
