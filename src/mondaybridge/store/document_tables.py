"""The tables of documents: what Stripe shows, what is planned, and which entries stand behind."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql

from mondaybridge.store.rows import Row, big, big_key, core, key, text


class Document(Row, table=True):
    """An invoice or credit note as read back; ``lines_state`` says whether its lines are ours."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("type in ('invoice', 'credit_note')", "type"),
        CheckConstraint("lines_state in ('none', 'draft', 'final')", "lines_state"),
        Index(None, "client_id", "scope"),
    )
    stripe_id: str = key()
    client_id: str = text("client.client_id")
    type: str = text()
    key_client: str | None = text(null=True)
    scope: str | None = text(null=True)
    kind: str | None = text(null=True)
    revision: int | None = big(null=True)
    status: str = text()
    customer: str = text()
    currency: str = text()
    number: str = text()
    subtotal: int = big()
    total: int = big()
    created_at: int = big()
    finalized_at: int = big()
    plan_digest: str = text()
    invoice_id: str = text()
    header_hash: str = text()
    lines_state: str = text()
    imported_at: int = big()


class DocumentLine(Row, table=True):
    """A line with its identity taken apart; immutable after issue, imported once."""

    __tablename__ = "document_line"
    __table_args__ = (
        Index(None, "stripe_id"),
        Index(None, "identity"),
        Index(None, "contract_id", "subject"),
    )
    stripe_line_id: str = key()
    stripe_id: str = text("document.stripe_id")
    position: int = big()
    identity: str | None = text(null=True)
    contract_id: str | None = text(null=True)
    subject: str | None = text(null=True)
    period: str | None = text(null=True)
    minutes: int = big()
    amount: int = big()
    source_line: str = text()


class LineEntry(Row, table=True):
    """Which ledger entries a line was billed from."""

    __tablename__ = "line_entry"
    __table_args__ = (Index(None, "contract_id", "seq"),)
    identity: str = key()
    contract_id: str = key()
    seq: int = big_key()


class Plan(Row, table=True):
    """A document to be issued, whole; at most one of a client is being acted on."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("state in ('planned', 'acting', 'done', 'superseded')", "state"),
        Index(
            "uq_plan_acting",
            "client_id",
            unique=True,
            sqlite_where=sql("state = 'acting'"),
            postgresql_where=sql("state = 'acting'"),
        ),
    )
    client_id: str = key("client.client_id")
    scope: str = key()
    kind: str = key()
    revision: int = big_key()
    position: int = big()
    hash: str = text()
    body: str = text()
    config_hash: str = text()
    mirror_versions: str = text()
    state: str = text()
    created_at: int = big()


class Statement(Row, table=True):
    """A contract's month as frozen at its close; a later one is a new revision."""

    __tablename__ = "statement"
    contract_id: str = key("contract.contract_id")
    period: str = key()
    revision: int = big_key()
    body: str = text()
    hash: str = text()
    at: int = big()


class Payment(Row, table=True):
    """What was paid of an invoice and what is still asked for; Stripe alone knows."""

    __tablename__ = "payment"
    stripe_id: str = key("document.stripe_id")
    paid: int = big()
    remaining: int = big()
    due_at: int = big()
    failed: int = big()


class InvoiceMail(Row, table=True):
    """That nobody needs to mail an invoice any more, and why: sent, paid, a person's affair."""

    __tablename__ = "invoice_mail"
    __table_args__ = (CheckConstraint("how in ('sent', 'paid', 'person')", "how"),)
    stripe_id: str = key("document.stripe_id")
    how: str = text()
    at: int = big()


class PaperHint(Row, table=True):
    """Something happened to an object at Stripe: its id, never its content; coalesced."""

    __tablename__ = "paper_hint"
    __table_args__ = (Index(None, "not_before"),)
    object_id: str = key()
    seq: int = big()
    first_seen: int = big()
    last_seen: int = big()
    not_before: int = big()


class Peer(Row, table=True):
    """The vendor's account that this database belongs to, and how far its events were read."""

    __tablename__ = "peer"
    service: str = key()
    account_id: str = text()
    live: int = big()
    bound_at: int = big()
    cursor: str = text()
    polled_at: int = big()


document = core(Document)
document_line = core(DocumentLine)
invoice_mail = core(InvoiceMail)
line_entry = core(LineEntry)
paper_hint = core(PaperHint)
payment = core(Payment)
peer = core(Peer)
plan = core(Plan)
statement = core(Statement)
