"""Create the ledger: packages, entries, events; triggers keep entries and events as written."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_create_ledger"
down_revision = "20261122_create_mirror"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_package()
    _create_entry()
    _create_activity()
    _create_event()
    _create_closed_period()
    for table in ("entry", "event"):
        _keep_as_written(table)


def downgrade() -> None:
    op.drop_table("closed_period")
    op.drop_table("event")
    op.drop_table("activity")
    op.drop_table("entry")
    op.drop_table("package")
    if op.get_context().dialect.name == "postgresql":
        op.execute("drop function append_only()")


def _create_package() -> None:
    op.create_table(
        "package",
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("granted", sa.BigInteger, nullable=False),
        sa.Column("posted", sa.BigInteger, nullable=False),
        sa.Column("reserved", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_package")),
        sa.CheckConstraint("granted >= 0", name=op.f("ck_package_granted")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_package_reserved")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_package_contract_id")
        ),
    )
    op.create_index(op.f("ix_package_contract_id"), "package", ["contract_id"])


def _create_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("package_id", sa.Text, nullable=True),
        sa.Column("activity_id", sa.Text, nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("minutes", sa.BigInteger, nullable=False),
        sa.Column("seconds_raw", sa.BigInteger, nullable=False),
        sa.Column("factor", sa.BigInteger, nullable=False),
        sa.Column("work_at", sa.BigInteger, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("rate_key", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("posted_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "seq", name=op.f("pk_entry")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_entry_seq")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_entry_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.package_id"], name=op.f("fk_entry_package_id")
        ),
        sa.UniqueConstraint("contract_id", "hash", name=op.f("uq_entry_contract_id_hash")),
    )
    op.create_index(op.f("ix_entry_activity_id"), "entry", ["activity_id"])
    op.create_index(op.f("ix_entry_contract_id_period"), "entry", ["contract_id", "period"])


def _create_activity() -> None:
    op.create_table(
        "activity",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("activity_id", sa.Text, nullable=False),
        sa.Column("admission", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "activity_id", name=op.f("pk_activity")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_activity_contract_id")
        ),
    )


def _create_event() -> None:
    op.create_table(
        "event",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("activity_id", sa.Text, nullable=True),
        sa.Column("package_id", sa.Text, nullable=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("args", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "seq", name=op.f("pk_event")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_event_contract_id")
        ),
    )
    op.create_index(op.f("ix_event_contract_id_kind"), "event", ["contract_id", "kind"])


def _create_closed_period() -> None:
    op.create_table(
        "closed_period",
        sa.Column("contract_id", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("closed_at", sa.BigInteger, nullable=False),
        sa.Column("config_hash", sa.Text, nullable=False),
        sa.Column("allocation_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("contract_id", "period", name=op.f("pk_closed_period")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.contract_id"], name=op.f("fk_closed_period_contract_id")
        ),
    )


def _keep_as_written(table: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        _refuse_on_postgresql(table)
    else:
        _refuse_on_sqlite(table)


def _refuse_on_postgresql(table: str) -> None:
    op.execute(
        "create or replace function append_only() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$"
    )
    op.execute(
        f"create trigger {table}_as_written before update or delete on {table} "
        "for each row execute function append_only()"
    )
    op.execute(
        f"create trigger {table}_not_emptied before truncate on {table} "
        "for each statement execute function append_only()"
    )


def _refuse_on_sqlite(table: str) -> None:
    refusal = f"begin select raise(abort, '{table} is append-only'); end"
    op.execute(f"create trigger {table}_no_update before update on {table} {refusal}")
    op.execute(f"create trigger {table}_no_delete before delete on {table} {refusal}")
    # "insert or replace" deletes without firing the delete trigger
    same = "t.contract_id = new.contract_id and t.seq = new.seq"
    taken = f"exists (select 1 from {table} as t where {same})"  # noqa: S608 - our two tables
    op.execute(f"create trigger {table}_no_replace before insert on {table} when {taken} {refusal}")
