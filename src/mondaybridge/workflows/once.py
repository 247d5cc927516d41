"""What monday must be told once: a comment with a file below it, never twice after a lost answer.

Each write is an effect: its key is committed before it is sent, and where no answer came the next
time looks at the board before the same key goes again (storage 3).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.errors import TryLater
from mondaybridge.monday import files, updates
from mondaybridge.store import effects, lease
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.lease import Lease

SERVICE = "monday"
KEY_MS = 25 * 60_000  # as long as a key may be sent again (storage 3)
NOT_FOUND, DONE = 404, 200
SAY = "create_update"

_Look = Callable[[], str | None]
_Send = Callable[[str], str | None]


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

        return self._once(SAY, item_id, body.encode(), look, send)

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

        return self._once(f"add_file:{update_id}", update_id, name.encode(), look, send)

    def forget_if_gone(self, update_id: str) -> None:
        """Write down that it is to be said anew, if somebody removed what was said."""
        if files.attachments(self.app.monday, update_id) is not None:
            return
        known = self._known(SAY)
        last = _standing(known)
        if last and last.answer_id == update_id:
            self._begin(SAY, last.path, last.body, attempt=len(known) + 1)

    def _once(self, op: str, path: str, body: bytes, look: _Look, send: _Send) -> str:
        known = self._known(op)
        last = _standing(known)
        if last and last.answered_at:
            return last.answer_id
        if last:
            found = look()
            if found:
                self._answer(last, DONE, found)
                return found
            fresh = self.app.clock.now() - last.first_sent_at < KEY_MS
            if fresh:
                return self._send(last, send)
            self._answer(last, NOT_FOUND)
        return self._send(self._begin(op, path, body, attempt=len(known) + 1), send)

    def _send(self, effect: EffectRow, send: _Send) -> str:
        lease.renew(self.app.store, self.held)
        found = send(effect.idem_key)
        if found is None:
            self._answer(effect, NOT_FOUND)
            raise TryLater("the comment that a file belongs to was removed: it is said anew")
        self._answer(effect, DONE, found)
        return found

    def _known(self, op: str) -> list[EffectRow]:
        with self.app.store.read() as tx:
            return [row for row in effects.find(tx, self.business_key) if row.op == op]

    def _begin(self, op: str, path: str, body: bytes, *, attempt: int) -> EffectRow:
        with self.app.store.write() as tx:
            lease.confirm(tx, self.held)
            return effects.begin(
                tx,
                service=SERVICE,
                business_key=self.business_key,
                op=op,
                chunk=0,
                attempt=attempt,
                idem_key=f"mb:{self.business_key}:{op}:{attempt}",
                method="POST",
                path=path,
                body=body,
                now=self.app.clock.now(),
            )

    def _answer(self, effect: EffectRow, status: int, answer_id: str = "") -> None:
        with self.app.store.write() as tx:
            now = self.app.clock.now()
            effects.answer(tx, effect.idem_key, status=status, answer_id=answer_id, now=now)


def _standing(known: Sequence[EffectRow]) -> EffectRow | None:
    """Return the last write that has its answer, or may still have one."""
    return next((row for row in reversed(known) if row.http_status in (0, DONE)), None)
