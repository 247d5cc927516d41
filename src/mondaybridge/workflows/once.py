"""What monday must be asked for once: written down, sent, looked for, and only then sent again.

A write that cannot be repeated is an effect: its key and bytes are committed before they are sent,
and where no answer came the next time looks at the board before they go again (storage 3). What to
look for is each write's own affair; what is sent then, and under which key, is decided here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.errors import TryLater
from mondaybridge.monday import files, updates
from mondaybridge.store import effects, lease
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.engine import Tx
from mondaybridge.store.lease import Lease

LAG_MS = 60_000  # reads lag behind what was made (storage 3)
KEY_MS = 25 * 60_000  # monday knows a key for half an hour (monday.md §3)
DONE, REFUSED, NOT_FOUND, LIMITED = 200, 400, 404, 429
SAY = "create_update"

_Look = Callable[[], str | None]
_Send = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Write:
    """One write: to whom it belongs, what it does, where, and with which content."""

    business_key: str
    op: str
    path: str
    body: bytes


def unanswered(tx: Tx, write: Write) -> EffectRow | None:
    """Return the attempt that may have been a success: look for it before anything is sent."""
    return _unanswered(_known(tx, write.business_key, write.op))


def again(tx: Tx, write: Write, *, now: int) -> EffectRow:
    """Return what to send where nothing was found: the same, while monday knows its key."""
    known = _known(tx, write.business_key, write.op)
    lost = _unanswered(known)
    if lost and now - lost.first_sent_at < KEY_MS:
        return lost
    if lost:
        answer(tx, lost, NOT_FOUND, now=now)
    return begin(tx, write, attempt=len(known) + 1, now=now)


def begin(tx: Tx, write: Write, *, attempt: int, now: int) -> EffectRow:
    """Write an attempt down, or return the one that another worker wrote down first."""
    return effects.begin(
        tx,
        service="monday",
        business_key=write.business_key,
        op=write.op,
        chunk=0,
        attempt=attempt,
        idem_key=f"mb:{write.business_key}:{write.op}:{attempt}",
        method="POST",
        path=write.path,
        body=write.body,
        now=now,
    )


def answer(tx: Tx, effect: EffectRow, status: int, answer_id: str = "", *, now: int) -> None:
    """Write down what became of an attempt."""
    effects.answer(tx, effect.idem_key, status=status, answer_id=answer_id, now=now)


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody who tells monday, under a lease, what belongs to one business key."""

    app: App
    held: Lease
    business_key: str

    def post(self, item_id: str, body: str, marker: str) -> str:
        """Say something below an item and return the update's id; ``marker`` is part of it."""

        def look() -> str | None:
            return updates.find(self.app.monday, item_id, marker)

        def send(key: str) -> str | None:
            return updates.post(self.app.monday, item_id, body, key)

        return self._once(Write(self.business_key, SAY, item_id, body.encode()), look, send)

    def attach(self, update_id: str, name: str, content: bytes) -> str:
        """Put a file below an update and return its id.

        Raises:
            TryLater: when the update is gone: it is said anew first.
        """

        def look() -> str | None:
            found = files.attachments(self.app.monday, update_id) or ()
            plain = files.plain_name(name)
            return next((one.asset_id for one in found if one.name == plain), None)

        def send(key: str) -> str | None:
            return files.attach(self.app.monday, update_id, name, content, key)

        write = Write(self.business_key, f"add_file:{update_id}", update_id, name.encode())
        return self._once(write, look, send)

    def forget_if_gone(self, update_id: str) -> None:
        """Write down that it is to be said anew, if somebody removed what was said."""
        if files.attachments(self.app.monday, update_id) is not None:
            return
        with self.app.store.write() as tx:
            lease.confirm(tx, self.held)
            known = _known(tx, self.business_key, SAY)
            last = _standing(known)
            if last and last.answer_id == update_id:
                anew = Write(self.business_key, SAY, last.path, last.body)
                begin(tx, anew, attempt=len(known) + 1, now=self.app.clock.now())

    def _once(self, write: Write, look: _Look, send: _Send) -> str:
        with self.app.store.read() as tx:
            last = _standing(_known(tx, write.business_key, write.op))
        if last and last.answered_at:
            return last.answer_id
        found = look() if last else None
        if last and found:
            self._answer(last, DONE, found)
            return found
        with self.app.store.write() as tx:
            lease.confirm(tx, self.held)
            effect = again(tx, write, now=self.app.clock.now())
        return self._send(effect, send)

    def _send(self, effect: EffectRow, send: _Send) -> str:
        lease.renew(self.app.store, self.held)
        found = send(effect.idem_key)
        if found is None:
            self._answer(effect, NOT_FOUND)
            raise TryLater("the comment that a file belongs to was removed: it is said anew")
        self._answer(effect, DONE, found)
        return found

    def _answer(self, effect: EffectRow, status: int, answer_id: str = "") -> None:
        with self.app.store.write() as tx:
            answer(tx, effect, status, answer_id, now=self.app.clock.now())


def _known(tx: Tx, business_key: str, op: str) -> list[EffectRow]:
    return [row for row in effects.find(tx, business_key) if row.op == op]


def _unanswered(known: Sequence[EffectRow]) -> EffectRow | None:
    return next((row for row in known if not row.answered_at), None)


def _standing(known: Sequence[EffectRow]) -> EffectRow | None:
    """Return the last write that has its answer, or may still have one."""
    return next((row for row in reversed(known) if row.http_status in (0, DONE)), None)
