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
from mondaybridge.store import mirror, notices
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.notices import POST, Saying
from mondaybridge.workflows import once, telling
from mondaybridge.workflows.once import DONE, NOT_FOUND, REFUSED, Write
from mondaybridge.workflows.showing import reader_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    """One comment on its way: what it is, on which item, in which words."""

    one: Saying
    item_id: str
    body: str

    @property
    def write(self) -> Write:
        """What is asked of monday to say it."""
        return Write(self.one.business_key, POST, self.one.board_id, self.body.encode())


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
        lost = once.unanswered(tx, said.write)
    try:
        if one.update_id:
            _correct(app, said)
        elif lost and (found := updates.find(app.monday, said.item_id, telling.mark(one.rule))):
            _adopt(app, said, lost, found)
        elif one.ended:
            _leave(app, said, lost)
        else:
            _post(app, said)
    except RateLimited:
        with app.store.write() as tx:
            notices.unsent(tx, one)
        raise


def _post(app: App, said: _Said) -> None:
    """Say exactly the bytes that were written down: for the first time, again, or anew."""
    with app.store.write() as tx:
        effect = once.again(tx, said.write, now=app.clock.now())
    words = effect.body.decode()
    try:
        update_id = updates.post(app.monday, said.item_id, words, effect.idem_key)
    except Refused:
        with app.store.write() as tx:
            once.answer(tx, effect, REFUSED, now=app.clock.now())
        raise
    if words != said.body:
        _adopt(app, said, effect, update_id)
        return
    with app.store.write() as tx:
        now = app.clock.now()
        once.answer(tx, effect, DONE, update_id, now=now)
        notices.known(tx, said.one, update_id=update_id, shown_at=now)


def _adopt(app: App, said: _Said, effect: EffectRow, update_id: str) -> None:
    """Take a comment in other words for this one, and correct it."""
    with app.store.write() as tx:
        once.answer(tx, effect, DONE, update_id, now=app.clock.now())
        notices.found(tx, said.one, update_id)
    _correct(app, replace(said, one=replace(said.one, update_id=update_id)))


def _correct(app: App, said: _Said) -> None:
    """Bring a comment to what is wanted; one that is gone is said anew next time."""
    outcome = updates.edit(app.monday, said.one.update_id, said.body)
    with app.store.write() as tx:
        if outcome is Edited.GONE:
            notices.gone(tx, said.one)
        else:
            now = app.clock.now()
            notices.known(tx, said.one, update_id=said.one.update_id, shown_at=now)


def _leave(app: App, said: _Said, lost: EffectRow | None) -> None:
    """Say nothing any more: it is true no longer, and was not seen."""
    with app.store.write() as tx:
        if lost:
            once.answer(tx, lost, NOT_FOUND, now=app.clock.now())
        notices.rest(tx, said.one)
