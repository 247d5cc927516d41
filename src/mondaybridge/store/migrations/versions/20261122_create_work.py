"""Create the work's memory: effects, leases, back-off and quotas."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_work"
down_revision = "20261122_create_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_effect()
    _create_lease()
    _create_work()
    _create_quota()


def downgrade() -> None:
    op.drop_table("quota")
    op.drop_table("work")
    op.drop_table("lease")
    op.drop_table("effect")


def _create_effect() -> None:
    op.create_table(
        "effect",
        sa.Column("idem_key", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("business_key", sa.Text, nullable=False),
        sa.Column("op", sa.Text, nullable=False),
        sa.Column("chunk", sa.BigInteger, nullable=False),
        sa.Column("attempt", sa.BigInteger, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("first_sent_at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sa.Column("http_status", sa.BigInteger, nullable=False),
        sa.Column("answer_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("idem_key", name=op.f("pk_effect")),
        sa.UniqueConstraint(
            "business_key",
            "op",
            "chunk",
            "attempt",
            name=op.f("uq_effect_business_key_op_chunk_attempt"),
        ),
    )
    op.create_index(
        op.f("ix_effect_open"),
        "effect",
        ["service"],
        sqlite_where=sa.text("answered_at = 0"),
        postgresql_where=sa.text("answered_at = 0"),
    )


def _create_lease() -> None:
    op.create_table(
        "lease",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lease")),
        sa.CheckConstraint("token >= 1", name=op.f("ck_lease_token")),
    )


def _create_work() -> None:
    op.create_table(
        "work",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.Column("parked_at", sa.BigInteger, nullable=False),
        sa.Column("parked_reason", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("allowed", sa.Text, nullable=False),
        sa.Column("released_at", sa.BigInteger, nullable=False),
        sa.Column("offer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_work")),
    )


def _create_quota() -> None:
    op.create_table(
        "quota",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("bucket", sa.Text, nullable=False),
        sa.Column("window_start", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account", "bucket", name=op.f("pk_quota")),
    )
