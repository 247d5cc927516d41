"""Create the documents: what is planned, what Stripe shows, and what stands behind a line."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_documents"
down_revision = "20261122_create_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_document()
    _create_document_line()
    _create_line_entry()
    _create_plan()
    _create_statement()


def downgrade() -> None:
    op.drop_table("statement")
    op.drop_table("plan")
    op.drop_table("line_entry")
    op.drop_table("document_line")
    op.drop_table("document")


def _create_document() -> None:
    op.create_table(
        "document",
        sa.Column("stripe_id", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("key_client", sa.Text, nullable=True),
        sa.Column("scope", sa.Text, nullable=True),
        sa.Column("kind", sa.Text, nullable=True),
        sa.Column("revision", sa.BigInteger, nullable=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("subtotal", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("finalized_at", sa.BigInteger, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("invoice_id", sa.Text, nullable=False),
        sa.Column("header_hash", sa.Text, nullable=False),
        sa.Column("lines_state", sa.Text, nullable=False),
        sa.Column("imported_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("stripe_id", name=op.f("pk_document")),
        sa.CheckConstraint(
            "lines_state in ('none', 'draft', 'final')", name=op.f("ck_document_lines_state")
        ),
        sa.CheckConstraint("type in ('invoice', 'credit_note')", name=op.f("ck_document_type")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_document_client_id")
        ),
    )
    op.create_index(op.f("ix_document_client_id_scope"), "document", ["client_id", "scope"])


def _create_document_line() -> None:
    op.create_table(
        "document_line",
        sa.Column("stripe_line_id", sa.Text, nullable=False),
        sa.Column("stripe_id", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("identity", sa.Text, nullable=True),
        sa.Column("contract_id", sa.Text, nullable=True),
        sa.Column("subject", sa.Text, nullable=True),
        sa.Column("period", sa.Text, nullable=True),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("source_line", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("stripe_line_id", name=op.f("pk_document_line")),
        sa.ForeignKeyConstraint(
            ["stripe_id"], ["document.stripe_id"], name=op.f("fk_document_line_stripe_id")
        ),
    )
    op.create_index(
        op.f("ix_document_line_contract_id_subject"), "document_line", ["contract_id", "subject"]
    )
    op.create_index(op.f("ix_document_line_identity"), "document_line", ["identity"])
    op.create_index(op.f("ix_document_line_stripe_id"), "document_line", ["stripe_id"])


def _create_line_entry() -> None:
    op.create_table(
        "line_entry",
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("identity", "contract_id", "seq", name=op.f("pk_line_entry")),
    )
    op.create_index(op.f("ix_line_entry_contract_id_seq"), "line_entry", ["contract_id", "seq"])


def _create_plan() -> None:
    op.create_table(
        "plan",
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("config_hash", sa.Text, nullable=False),
        sa.Column("mirror_versions", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("client_id", "scope", "kind", "revision", name=op.f("pk_plan")),
        sa.CheckConstraint(
            "state in ('planned', 'acting', 'done', 'superseded')", name=op.f("ck_plan_state")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_plan_client_id")
        ),
    )
    op.create_index(
        op.f("uq_plan_acting"),
        "plan",
        ["client_id"],
        unique=True,
        sqlite_where=sa.text("state = 'acting'"),
        postgresql_where=sa.text("state = 'acting'"),
    )


def _create_statement() -> None:
    op.create_table(
        "statement",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "period", "revision", name=op.f("pk_statement")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_statement_contract_id")
        ),
    )
