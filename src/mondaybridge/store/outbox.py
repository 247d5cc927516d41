"""Mails as effects: the bytes first, then each try, then what became of it (storage 3).

A row ``mail`` holds envelope and bytes for all its tries; a row ``data`` is committed right before
the final dot goes out, so that only a try which may have arrived is counted as one. A person who
lets a failed mail go again starts a new generation, with bytes of its own.
"""

from dataclasses import dataclass

from sqlalchemy import select

from mondaybridge.store import effects
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import effect as t

SERVICE = "mail"
MAIL, DATA = "mail", "data"
WRITTEN = 201  # a file was made
UNKNOWN = 354  # "go ahead" was the last that the server said
FAILED = 300  # from here on nothing says that the mail went


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """One mail as written down, with its tries; ``answered_at`` is 0 while it is to be sent."""

    key: str
    idem_key: str
    generation: int
    sender: str
    recipient: str
    content: bytes
    written_at: int
    answered_at: int
    status: int
    words: str
    tries: tuple[EffectRow, ...] = ()

    @property
    def message_id(self) -> str:
        """The Message-ID, the same in every generation."""
        return self.idem_key.rpartition("/")[0]

    @property
    def failed(self) -> bool:
        """Whether it came to an end that a person must look at."""
        return self.answered_at > 0 and self.status >= FAILED

    @property
    def doubts(self) -> int:
        """How many tries may have arrived without an answer."""
        return sum(1 for one in self.tries if not one.answered_at or one.http_status == UNKNOWN)


def put(  # noqa: PLR0913 - the mail, whole
    tx: Tx,
    *,
    key: str,
    message_id: str,
    generation: int,
    sender: str,
    recipient: str,
    content: bytes,
    now: int,
) -> OutboxMail:
    """Write a mail down before it is sent, or return the one that was written down first."""
    row = effects.begin(
        tx,
        service=SERVICE,
        business_key=key,
        op=MAIL,
        chunk=generation,
        attempt=1,
        idem_key=f"{message_id}/{generation}",
        method="MAIL",
        path=f"{sender} {recipient}",
        body=content,
        now=now,
    )
    return _mail(row, [])


def find(tx: Tx, key: str) -> OutboxMail | None:
    """Return the last mail of a business key with its tries."""
    rows = [row for row in effects.find(tx, key) if row.service == SERVICE]
    mails = [row for row in rows if row.op == MAIL]
    if not mails:
        return None
    return _mail(max(mails, key=lambda row: row.chunk), rows)


def begin_try(tx: Tx, mail: OutboxMail, *, now: int) -> str:
    """Write down that the mail may arrive from now on; return the key to answer it by."""
    number = len(mail.tries) + 1
    row = effects.begin(
        tx,
        service=SERVICE,
        business_key=mail.key,
        op=DATA,
        chunk=mail.generation,
        attempt=number,
        idem_key=f"{mail.idem_key}/{number}",
        method="DATA",
        path="",
        body=b"",
        now=now,
    )
    return row.idem_key


def answer(tx: Tx, idem_key: str, *, status: int, words: str, now: int) -> None:
    """Write down what became of a mail or of one try; that it went stands."""
    effects.answer(tx, idem_key, status=status, answer_id=words, now=now)


def doubtful(tx: Tx) -> list[OutboxMail]:
    """Return the mails of which nobody knows whether they arrived, oldest first."""
    mine = (t.c.service == SERVICE, t.c.op == MAIL, t.c.http_status == UNKNOWN)
    keys = tx.execute(select(t.c.business_key).where(*mine).order_by(t.c.first_sent_at)).scalars()
    found = [find(tx, key) for key in dict.fromkeys(keys)]
    return [mail for mail in found if mail and mail.status == UNKNOWN]


def _mail(row: EffectRow, rows: list[EffectRow]) -> OutboxMail:
    sender, _, recipient = row.path.partition(" ")
    tries = [one for one in rows if one.op == DATA and one.chunk == row.chunk]
    return OutboxMail(
        key=row.business_key,
        idem_key=row.idem_key,
        generation=row.chunk,
        sender=sender,
        recipient=recipient,
        content=row.body,
        written_at=row.first_sent_at,
        answered_at=row.answered_at,
        status=row.http_status,
        words=row.answer_id,
        tries=tuple(sorted(tries, key=lambda one: one.attempt)),
    )
