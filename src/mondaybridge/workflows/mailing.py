"""Bring one mail to its end: written down, tried, answered; at most one resend in doubt (R24).

Nobody can make a mail arrive exactly once. A crash or a lost answer after the final dot leaves one
try in doubt: the same bytes go out once more, under the same Message-ID, and never a third time
(storage 3). Whoever calls holds the lease; it is renewed before the final dot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from mondaybridge.errors import Parked, TryLater
from mondaybridge.mail.message import Message
from mondaybridge.mail.outcome import (
    Deferred,
    Delivered,
    Mailer,
    Outcome,
    Refused,
    Unknown,
    Written,
)
from mondaybridge.store import lease, outbox
from mondaybridge.store.engine import Store
from mondaybridge.store.lease import Lease
from mondaybridge.store.outbox import UNKNOWN, WRITTEN, OutboxMail

DOUBTS_MAX = 2  # the first try and one resend
REFUSED = 599  # a no that came without a code of a server


class DeliveryState(Enum):
    """How far a mail came."""

    DELIVERED = "delivered"
    WRITTEN = "written"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mail; ``words`` are the server's, or the path of the file."""

    state: DeliveryState
    message_id: str
    recipient: str
    words: str
    at: int
    doubts: int = 0

    @property
    def perhaps_twice(self) -> bool:
        """Whether the same mail may have arrived two times."""
        return self.doubts > 1 or (self.doubts > 0 and self.state is not DeliveryState.UNKNOWN)

    def sentence(self) -> str:
        """Say it to the team."""
        match self.state:
            case DeliveryState.WRITTEN:
                doubt = "; an earlier try may have arrived, ask first" if self.doubts else ""
                return f"the mail to {self.recipient} is to be sent by hand: {self.words}{doubt}"
            case DeliveryState.UNKNOWN:
                return (
                    f"nobody knows whether the mail to {self.recipient} arrived, once or twice: "
                    "ask there; it is not sent again by itself"
                )
            case DeliveryState.DELIVERED:
                twice = ", perhaps twice" if self.perhaps_twice else ""
                return f"the mail to {self.recipient} was sent{twice}: {self.words}"
        assert_never(self.state)


def deliver(
    store: Store, mailer: Mailer, message: Message, *, held: Lease, released_at: int = 0
) -> Delivery:
    """Send a mail whose key was not sent yet; say how it went, or went when it was sent.

    TryLater: it did not go, or may not have gone and goes once more. Parked: it was refused for
    good; it goes again, as it is composed then, once a person released it after that.
    """
    mail = _write_down(store, message, held, released_at)
    if mail.answered_at:
        return _told(mail)
    if mail.doubts >= DOUBTS_MAX:
        return _settle(store, mail, UNKNOWN, mail.tries[-1].answer_id)
    opened: list[str] = []
    store.assert_idle()
    outcome = mailer.send(_message(mail), _committer(store, mail, held, opened))
    return _take(store, mail, outcome, opened)


def _write_down(store: Store, message: Message, held: Lease, released_at: int) -> OutboxMail:
    """Return the mail as first written down; a released failure is written down anew."""
    with store.write() as tx:
        lease.confirm(tx, held)
        known = outbox.find(tx, message.key)
        if known and not (known.failed and released_at > known.answered_at):
            return known
        return outbox.put(
            tx,
            key=message.key,
            message_id=message.message_id,
            generation=known.generation + 1 if known else 1,
            sender=message.sender,
            recipient=message.recipient,
            content=message.content,
            now=store.clock.now(),
        )


def _committer(
    store: Store, mail: OutboxMail, held: Lease, opened: list[str]
) -> Callable[[], None]:
    """Return what a mailer calls before the final dot: still ours, and written down."""

    def commit() -> None:
        renewed = lease.renew(store, held)
        with store.write() as tx:
            lease.confirm(tx, renewed)
            opened.append(outbox.begin_try(tx, mail, now=store.clock.now()))

    return commit


def _take(store: Store, mail: OutboxMail, outcome: Outcome, opened: list[str]) -> Delivery:
    """Write down what came of a try, and say what follows."""
    match outcome:
        case Delivered(code, words):
            return _settle(store, mail, code, words, opened)
        case Written(path):
            return _settle(store, mail, WRITTEN, str(path), opened)
        case Refused(code, words):
            return _settle(store, mail, code or REFUSED, words, opened)
        case Deferred(code, words):
            _answer_try(store, opened, code, words)
            raise TryLater(f"the mail to {mail.recipient} did not go: {_said(code, words)}")
        case Unknown(words):
            _answer_try(store, opened, UNKNOWN, words)
            if mail.doubts + 1 >= DOUBTS_MAX:
                return _settle(store, mail, UNKNOWN, words)
            raise TryLater(
                f"the mail to {mail.recipient} may have gone, without an answer ({words}): it is "
                "sent once more"
            )
    assert_never(outcome)


def _answer_try(store: Store, opened: list[str], status: int, words: str) -> None:
    with store.write() as tx:
        for idem_key in opened:
            outbox.answer(tx, idem_key, status=status, words=words, now=store.clock.now())


def _settle(
    store: Store, mail: OutboxMail, status: int, words: str, opened: list[str] | None = None
) -> Delivery:
    """Write the end down, of the mail and of the try that brought it."""
    with store.write() as tx:
        for idem_key in (mail.idem_key, *(opened or ())):
            outbox.answer(tx, idem_key, status=status, words=words, now=store.clock.now())
        found = outbox.find(tx, mail.key)
    if found is None:
        raise AssertionError(f"the mail {mail.key} is not written down")
    return _told(found)


def _told(mail: OutboxMail) -> Delivery:
    """Return how a mail came to its end; a refused one waits for a person."""
    states = {WRITTEN: DeliveryState.WRITTEN, UNKNOWN: DeliveryState.UNKNOWN}
    if mail.failed and mail.status not in states:
        doubt = "; an earlier try got no answer and may have arrived" if mail.doubts else ""
        raise Parked(
            f"the mail to {mail.recipient} was refused", f"{_said(mail.status, mail.words)}{doubt}"
        )
    state = states.get(mail.status, DeliveryState.DELIVERED)
    at, words = mail.answered_at, mail.words
    return Delivery(state, mail.message_id, mail.recipient, words, at, mail.doubts)


def _said(code: int, words: str) -> str:
    return f"{code} {words}" if code not in {0, REFUSED} else words


def _message(mail: OutboxMail) -> Message:
    return Message(mail.key, mail.message_id, mail.sender, mail.recipient, mail.content)
