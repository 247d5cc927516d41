"""The tables of the mirror, the ledger and the work around them; constraints stand here too.

Documents and their plans are in ``document_tables``. Statements use the Core tables at the end.
"""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from mondaybridge.store.rows import Row, big, big_key, binary, core, key, text


class Client(Row, table=True):
    """Who is billed; ``planned_for`` says what the last plan was made from."""

    __tablename__ = "client"
    client_id: str = key()
    stripe_customer: str = text()
    currency: str = text()
    last_observed_at: int = big()
    planned_for: str = text()


class Contract(Row, table=True):
    """The row that every posting locks: heads of the chains, versions of the review."""

    __tablename__ = "contract"
    __table_args__ = (CheckConstraint("reviewed_version <= wanted_version", "versions"),)
    contract_id: str = key()
    client_id: str = text("client.client_id")
    kind: str = text()
    config_hash: str = text()
    entry_seq: int = big()
    head_hash: str = text()
    event_seq: int = big()
    wanted_version: int = big()
    reviewed_version: int = big()
    review_at: int = big()


class Board(Row, table=True):
    """A board of a contract with its read tickets; ``complete_read`` is the last whole one."""

    __tablename__ = "board"
    __table_args__ = (
        CheckConstraint("read_applied <= read_issued", "tickets"),
        CheckConstraint("state in ('live', 'quarantined', 'gone')", "state"),
        Index(None, "contract_id"),
    )
    board_id: str = key()
    contract_id: str = text("contract.contract_id")
    state: str = text()
    state_reason: str = text()
    schema_print: str = text()
    read_issued: int = big()
    read_applied: int = big()
    mirror_version: int = big()
    complete_at: int = big()
    complete_read: int = big()


class Item(Row, table=True):
    """A board row as last read; ``cells`` and ``outputs`` are JSON, ``row_hash`` covers all."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("state in ('active', 'archived', 'deleted', 'missing')", "state"),
        Index(None, "board_id", "state"),
        Index(
            "ix_item_parked",
            "board_id",
            sqlite_where=sql("parked_reason <> ''"),
            postgresql_where=sql("parked_reason <> ''"),
        ),
    )
    item_id: str = key()
    board_id: str = text("board.board_id")
    state: str = text()
    name: str = text()
    updated_at: int = big()
    cells: str = text()
    outputs: str = text()
    parked_reason: str = text()
    row_hash: str = text()
    changed_at: int = big()


class Session(Row, table=True):
    """An ended stretch of time, or one signed change of a numbers cell, which is never replaced."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint("origin in ('tracked', 'number')", "origin"),)
    item_id: str = key("item.item_id")
    session_id: str = key()
    origin: str = text()
    position: int = big()
    started_at: int = big()
    ended_at: int = big()
    seconds: int = big()
    person_id: str = text()


class Package(Row, table=True):
    """The balance row of a package, kept by every posting and audited against the sums."""

    __tablename__ = "package"
    __table_args__ = (
        CheckConstraint("granted >= 0", "granted"),
        CheckConstraint("reserved >= 0", "reserved"),
        Index(None, "contract_id"),
    )
    package_id: str = key()
    contract_id: str = text("contract.contract_id")
    granted: int = big()
    posted: int = big()
    reserved: int = big()
    generation: int = big()
    state: str = text()


class Entry(Row, table=True):
    """One immutable row of the ledger; triggers refuse updates and deletes."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("contract_id", "hash"),
        CheckConstraint("seq >= 1", "seq"),
        Index(None, "contract_id", "period"),
        Index(None, "activity_id"),
    )
    contract_id: str = key("contract.contract_id")
    seq: int = big_key()
    package_id: str | None = text("package.package_id", null=True)
    activity_id: str | None = text(null=True)
    kind: str = text()
    minutes: int = big()
    seconds_raw: int = big()
    factor: int = big()
    work_at: int = big()
    period: str = text()
    source: str = text()
    rate_key: str = text()
    cause: str = text()
    prev_hash: str = text()
    hash: str = text()
    posted_at: int = big()


class Activity(Row, table=True):
    """The admission of an activity as recorded; ``admission`` is JSON."""

    __tablename__ = "activity"
    contract_id: str = key("contract.contract_id")
    activity_id: str = key()
    admission: str = text()


class Event(Row, table=True):
    """A fact without minutes; triggers refuse updates and deletes."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "contract_id", "kind"),)
    contract_id: str = key("contract.contract_id")
    seq: int = big_key()
    kind: str = text()
    activity_id: str | None = text(null=True)
    package_id: str | None = text(null=True)
    actor: str = text()
    args: str = text()
    cause: str = text()
    at: int = big()


class ClosedPeriod(Row, table=True):
    """A month that is closed, with what it was closed under."""

    __tablename__ = "closed_period"
    contract_id: str = key("contract.contract_id")
    period: str = key()
    closed_at: int = big()
    config_hash: str = text()
    allocation_hash: str = text()


class Hint(Row, table=True):
    """Something changed: one row per key, coalesced; no item means the whole board."""

    __tablename__ = "hint"
    __table_args__ = (Index(None, "not_before"),)
    board_id: str = key()
    item_id: str = key()
    seq: int = big()
    first_seen: int = big()
    last_seen: int = big()
    not_before: int = big()
    looks: int = big()


class CellWrite(Row, table=True):
    """What one of our cells should say, and how far it got."""

    __tablename__ = "cell_write"
    __table_args__ = (
        CheckConstraint("state in ('wanted', 'sent', 'seen')", "state"),
        Index(
            "ix_cell_write_open",
            "board_id",
            sqlite_where=sql("state <> 'seen'"),
            postgresql_where=sql("state <> 'seen'"),
        ),
    )
    item_id: str = key()
    column_id: str = key()
    board_id: str = text()
    value: str = text()
    state: str = text()
    attempt: int = big()
    sent_at: int = big()
    problem: str = text()


class Effect(Row, table=True):
    """A write that cannot be repeated: its key and exact bytes, committed before it is sent."""

    __tablename__ = "effect"
    __table_args__ = (
        UniqueConstraint("business_key", "op", "chunk", "attempt"),
        Index(
            "ix_effect_open",
            "service",
            sqlite_where=sql("answered_at = 0"),
            postgresql_where=sql("answered_at = 0"),
        ),
    )
    idem_key: str = key()
    service: str = text()
    business_key: str = text()
    op: str = text()
    chunk: int = big()
    attempt: int = big()
    method: str = text()
    path: str = text()
    body: bytes = binary()
    first_sent_at: int = big()
    answered_at: int = big()
    http_status: int = big()
    answer_id: str = text()


class Webhook(Row, table=True):
    """A subscription at monday, which does not tell the address of one."""

    __tablename__ = "webhook"
    webhook_id: str = key()
    board_id: str = text()
    event: str = text()
    url_hash: str = text()


class Lease(Row, table=True):
    """Who may act on a key until when; the token only grows and the row is never deleted."""

    __tablename__ = "lease"
    __table_args__ = (CheckConstraint("token >= 1", "token"),)
    key: str = key()
    holder: str = text()
    token: int = big()
    until: int = big()


class Work(Row, table=True):
    """The back-off memory of what is due; ``allowed`` is what a person let pass."""

    __tablename__ = "work"
    kind: str = key()
    key: str = key()
    not_before: int = big()
    attempts: int = big()
    last_error: str = text()
    parked_at: int = big()
    parked_reason: str = text()
    evidence: str = text()
    allowed: str = text()
    released_at: int = big()
    offer: str = text()


class ParkLog(Row, table=True):
    """What was parked and released, by whom and why; triggers refuse updates and deletes."""

    __tablename__ = "park_log"
    kind: str = key()
    key: str = key()
    seq: int = big_key()
    act: str = text()
    actor: str = text()
    reason: str = text()
    evidence: str = text()
    at: int = big()


class Quota(Row, table=True):
    """Calls of an account in a window, and until when it is blocked."""

    __tablename__ = "quota"
    account: str = key()
    bucket: str = key()
    window_start: int = big()
    used: int = big()
    until: int = big()


activity = core(Activity)
board = core(Board)
cell_write = core(CellWrite)
client = core(Client)
closed_period = core(ClosedPeriod)
contract = core(Contract)
effect = core(Effect)
entry = core(Entry)
event = core(Event)
hint = core(Hint)
item = core(Item)
lease = core(Lease)
package = core(Package)
park_log = core(ParkLog)
quota = core(Quota)
session = core(Session)
webhook = core(Webhook)
work = core(Work)
