"""Create the mirror: clients, contracts, boards, items, sessions and what waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_mirror"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_client()
    _create_contract()
    _create_board()
    _create_item()
    _create_session()
    _create_hint()
    _create_cell_write()
    _create_webhook()


def downgrade() -> None:
    op.drop_table("webhook")
    op.drop_table("cell_write")
    op.drop_table("hint")
    op.drop_table("session")
    op.drop_table("item")
    op.drop_table("board")
    op.drop_table("contract")
    op.drop_table("client")


def _create_client() -> None:
    op.create_table(
        "client",
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("stripe_customer", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("last_observed_at", sa.BigInteger, nullable=False),
        sa.Column("planned_for", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client")),
    )


def _create_contract() -> None:
    op.create_table(
        "contract",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("config_hash", sa.Text, nullable=False),
        sa.Column("entry_seq", sa.BigInteger, nullable=False),
        sa.Column("head_hash", sa.Text, nullable=False),
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("wanted_version", sa.BigInteger, nullable=False),
        sa.Column("reviewed_version", sa.BigInteger, nullable=False),
        sa.Column("review_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_contract")),
        sa.CheckConstraint("reviewed_version <= wanted_version", name=op.f("ck_contract_versions")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_contract_client_id")
        ),
    )


def _create_board() -> None:
    op.create_table(
        "board",
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("state_reason", sa.Text, nullable=False),
        sa.Column("schema_print", sa.Text, nullable=False),
        sa.Column("read_issued", sa.BigInteger, nullable=False),
        sa.Column("read_applied", sa.BigInteger, nullable=False),
        sa.Column("mirror_version", sa.BigInteger, nullable=False),
        sa.Column("complete_at", sa.BigInteger, nullable=False),
        sa.Column("complete_read", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_board")),
        sa.CheckConstraint("state in ('live', 'quarantined', 'gone')", name=op.f("ck_board_state")),
        sa.CheckConstraint("read_applied <= read_issued", name=op.f("ck_board_tickets")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_board_contract_id")
        ),
    )
    op.create_index(op.f("ix_board_contract_id"), "board", ["contract_id"])


def _create_item() -> None:
    op.create_table(
        "item",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("outputs", sa.Text, nullable=False),
        sa.Column("parked_reason", sa.Text, nullable=False),
        sa.Column("row_hash", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item")),
        sa.CheckConstraint(
            "state in ('active', 'archived', 'deleted', 'missing')", name=op.f("ck_item_state")
        ),
        sa.ForeignKeyConstraint(["board_id"], ["board.board_id"], name=op.f("fk_item_board_id")),
    )
    op.create_index(op.f("ix_item_board_id_state"), "item", ["board_id", "state"])
    op.create_index(
        op.f("ix_item_parked"),
        "item",
        ["board_id"],
        sqlite_where=sa.text("parked_reason <> ''"),
        postgresql_where=sa.text("parked_reason <> ''"),
    )


def _create_session() -> None:
    op.create_table(
        "session",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "session_id", name=op.f("pk_session")),
        sa.CheckConstraint("origin in ('tracked', 'number')", name=op.f("ck_session_origin")),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_session_item_id")),
    )


def _create_hint() -> None:
    op.create_table(
        "hint",
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("looks", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("board_id", "item_id", name=op.f("pk_hint")),
    )
    op.create_index(op.f("ix_hint_not_before"), "hint", ["not_before"])


def _create_cell_write() -> None:
    op.create_table(
        "cell_write",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("column_id", sa.Text, nullable=False),
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempt", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "column_id", name=op.f("pk_cell_write")),
        sa.CheckConstraint("state in ('wanted', 'sent', 'seen')", name=op.f("ck_cell_write_state")),
    )
    op.create_index(
        op.f("ix_cell_write_open"),
        "cell_write",
        ["board_id"],
        sqlite_where=sa.text("state <> 'seen'"),
        postgresql_where=sa.text("state <> 'seen'"),
    )


def _create_webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.Text, nullable=False),
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("url_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook")),
    )
