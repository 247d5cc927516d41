"""Create what Stripe's side needs: payments, hints, the account; and who parked and released."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_payments"
down_revision = "20261122_create_package_life"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_payment()
    _create_paper_hint()
    _create_peer()
    _create_park_log()
    _keep_as_written("park_log")


def downgrade() -> None:
    op.drop_table("park_log")
    op.drop_table("peer")
    op.drop_table("paper_hint")
    op.drop_table("payment")


def _create_payment() -> None:
    op.create_table(
        "payment",
        sa.Column("stripe_id", sa.Text, nullable=False),
        sa.Column("paid", sa.BigInteger, nullable=False),
        sa.Column("remaining", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("failed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("stripe_id", name=op.f("pk_payment")),
        sa.ForeignKeyConstraint(
            ["stripe_id"], ["document.stripe_id"], name=op.f("fk_payment_stripe_id")
        ),
    )


def _create_paper_hint() -> None:
    op.create_table(
        "paper_hint",
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_paper_hint")),
    )
    op.create_index(op.f("ix_paper_hint_not_before"), "paper_hint", ["not_before"])


def _create_peer() -> None:
    op.create_table(
        "peer",
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("live", sa.BigInteger, nullable=False),
        sa.Column("bound_at", sa.BigInteger, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("polled_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_peer")),
    )


def _create_park_log() -> None:
    op.create_table(
        "park_log",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "seq", name=op.f("pk_park_log")),
    )


def _keep_as_written(table: str) -> None:
    """Refuse updates and deletes; ``append_only`` stands since the ledger was created."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"create trigger {table}_as_written before update or delete on {table} "
            "for each row execute function append_only()"
        )
        op.execute(
            f"create trigger {table}_not_emptied before truncate on {table} "
            "for each statement execute function append_only()"
        )
        return
    refusal = f"begin select raise(abort, '{table} is append-only'); end"
    op.execute(f"create trigger {table}_no_update before update on {table} {refusal}")
    op.execute(f"create trigger {table}_no_delete before delete on {table} {refusal}")
