"""The tables behind a package's life: who answered, what was said, how it began and ended."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql

from mondaybridge.store.rows import Row, big, big_key, binary, core, key, text


class BoardFace(Row, table=True):
    """What people see of a board: its address, and the row that shows the package itself."""

    __tablename__ = "board_face"
    board_id: str = key()
    address: str = text()
    package_item_id: str = text()


class CellChange(Row, table=True):
    """One change of an approval, estimate or urgency cell, as monday's activity log tells it."""

    __tablename__ = "cell_change"
    __table_args__ = (Index(None, "item_id"),)
    log_id: str = key()
    item_id: str = text()
    field: str = text()
    at: int = big()
    user_id: str = text()
    value: str = text()
    previous: str = text()


class LogLook(Row, table=True):
    """A row whose answer must be looked up: ``print`` is what it shows, ``seen_print`` what was."""

    __tablename__ = "log_look"
    __table_args__ = (Index(None, "board_id"),)
    item_id: str = key()
    board_id: str = text()
    print: str = text()
    seen_print: str = text()
    looks: int = big()
    not_before: int = big()


class Person(Row, table=True):
    """Somebody at monday: whose click it was."""

    __tablename__ = "person"
    user_id: str = key()
    email: str = text()
    name: str = text()
    kind: str = text()
    seen_at: int = big()


class Notice(Row, table=True):
    """A comment of ours on an item, one per rule; ``args`` is JSON, the text is made of it."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("state in ('wanted', 'sent', 'known')", "state"),
        Index(
            "ix_notice_open",
            "board_id",
            sqlite_where=sql("state <> 'known'"),
            postgresql_where=sql("state <> 'known'"),
        ),
    )
    item_id: str = key()
    rule: str = key()
    board_id: str = text()
    args: str = text()
    body: str = text()
    ended: int = big()
    update_id: str = text()
    state: str = text()
    attempt: int = big()
    sent_at: int = big()
    shown_at: int = big()
    shown_args: str = text()
    problem: str = text()


class Alert(Row, table=True):
    """A threshold that was told: once per crossing and generation (semantics 6.28)."""

    __tablename__ = "alert"
    contract_id: str = key("contract.contract_id")
    generation: int = big_key()
    threshold: int = big_key()
    at: int = big()


class Ceremony(Row, table=True):
    """A step of an opening or an end that is done; ``subject`` is whose, ``evidence`` JSON."""

    __tablename__ = "ceremony"
    subject: str = key()
    step: str = key()
    done_at: int = big()
    evidence: str = text()


class Workbook(Row, table=True):
    """The Excel copy of a package: its exact bytes, by revision (R17b)."""

    __tablename__ = "workbook"
    package_id: str = key()
    revision: int = big_key()
    sha256: str = text()
    content: bytes = binary()
    made_at: int = big()


class Link(Row, table=True):
    """An address of ours that outlives the one it leads to; ``subject`` is what it shows."""

    __tablename__ = "link"
    token: str = key()
    kind: str = text()
    subject: str = text()
    client_id: str = text("client.client_id")
    revoked_at: int = big()


alert = core(Alert)
board_face = core(BoardFace)
cell_change = core(CellChange)
ceremony = core(Ceremony)
link = core(Link)
log_look = core(LogLook)
notice = core(Notice)
person = core(Person)
workbook = core(Workbook)
