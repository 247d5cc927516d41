"""Create what a package's life needs: answers, notices, ceremonies, files and addresses."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_package_life"
down_revision = "20261122_create_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_board_face()
    _create_cell_change()
    _create_log_look()
    _create_person()
    _create_notice()
    _create_alert()
    _create_ceremony()
    _create_workbook()
    _create_link()


def downgrade() -> None:
    op.drop_table("link")
    op.drop_table("workbook")
    op.drop_table("ceremony")
    op.drop_table("alert")
    op.drop_table("notice")
    op.drop_table("person")
    op.drop_table("log_look")
    op.drop_table("cell_change")
    op.drop_table("board_face")


def _create_board_face() -> None:
    op.create_table(
        "board_face",
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("package_item_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_board_face")),
    )


def _create_cell_change() -> None:
    op.create_table(
        "cell_change",
        sa.Column("log_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_cell_change")),
    )
    op.create_index(op.f("ix_cell_change_item_id"), "cell_change", ["item_id"])


def _create_log_look() -> None:
    op.create_table(
        "log_look",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("print", sa.Text, nullable=False),
        sa.Column("seen_print", sa.Text, nullable=False),
        sa.Column("looks", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_log_look")),
    )
    op.create_index(op.f("ix_log_look_board_id"), "log_look", ["board_id"])


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_person")),
    )


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("board_id", sa.Text, nullable=False),
        sa.Column("args", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.Column("update_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempt", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("shown_at", sa.BigInteger, nullable=False),
        sa.Column("shown_args", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "rule", name=op.f("pk_notice")),
        sa.CheckConstraint("state in ('wanted', 'sent', 'known')", name=op.f("ck_notice_state")),
    )
    op.create_index(
        op.f("ix_notice_open"),
        "notice",
        ["board_id"],
        sqlite_where=sa.text("state <> 'known'"),
        postgresql_where=sa.text("state <> 'known'"),
    )


def _create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("threshold", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "generation", "threshold", name=op.f("pk_alert")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_alert_contract_id")
        ),
    )


def _create_ceremony() -> None:
    op.create_table(
        "ceremony",
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("done_at", sa.BigInteger, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject", "step", name=op.f("pk_ceremony")),
    )


def _create_workbook() -> None:
    op.create_table(
        "workbook",
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("package_id", "revision", name=op.f("pk_workbook")),
    )


def _create_link() -> None:
    op.create_table(
        "link",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_link")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.client_id"], name=op.f("fk_link_client_id")
        ),
    )
