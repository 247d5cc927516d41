from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect, text

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
)
from mondaybridge.errors import ConfigurationError
from mondaybridge.store import billing, document_tables, package_tables, plans, schema, tables
from mondaybridge.store.engine import Store, Tx
from mondaybridge.store.rows import Row
from storebook import NOW, StillClock, with_contracts

VERSIONS = Path(schema.MIGRATIONS) / "versions"


@pytest.fixture
def fresh(empty_url: str, clock: StillClock) -> Iterator[Store]:
    made = Store(empty_url, clock=clock)
    yield made
    made.close()


class TestUpgrade:
    def test_makes_exactly_the_tables_of_the_models(self, fresh: Store) -> None:
        with fresh.write() as tx:
            Row.metadata.create_all(tx)
            models = _picture(tx)
            Row.metadata.drop_all(tx)
        fresh.upgrade()
        with fresh.read() as tx:
            migrated = _picture(tx)
        migrated.pop("alembic_version")
        known = {tables.entry.name, document_tables.plan.name, package_tables.notice.name}
        assert known < set(models)
        assert migrated == models

    def test_goes_down_and_up_again(self, fresh: Store) -> None:
        fresh.upgrade()
        with fresh.write() as tx:
            first = _picture(tx)
            schema.downgrade(tx, "base")
            emptied = set(_picture(tx))
            schema.upgrade(tx)
            second = _picture(tx)
        assert emptied == {"alembic_version"}
        assert second == first

    def test_stops_at_each_version_on_the_way(self, fresh: Store) -> None:
        if fresh.sqlite:
            fresh.upgrade()
        with fresh.write() as tx:
            schema.upgrade(tx)
            for stem in reversed(_stems()[1:]):
                schema.downgrade(tx, "-1")
                schema.upgrade(tx, "+1")
                assert schema.current(tx) == stem
                schema.downgrade(tx, "-1")

    def test_a_failure_leaves_nothing_behind(self, fresh: Store) -> None:
        with fresh.write() as tx:
            tx.execute(text("create table plan (x integer)"))
        with pytest.raises(Exception, match="plan"):
            fresh.upgrade()
        with fresh.read() as tx:
            assert inspect(tx).get_table_names() == ["plan"]


def test_invoices_that_were_done_before_were_mailed(fresh: Store) -> None:
    """Only those: of others nobody knows, and the next close asks Stripe."""
    fresh.upgrade()
    with_contracts(fresh)
    keys = [DocumentKey("client", month, "usage", 1) for month in ("2026-09", "2026-10")]
    plan = [PlannedDocument(key, DocumentType.INVOICE, "cus_1", "eur", ()) for key in keys]
    seen = [
        ObservedDocument(
            key.scope, DocumentType.INVOICE, "open", "cus_1", "eur", 0, 0, NOW, key=key, lines=()
        )
        for key in keys
    ]
    with fresh.write() as tx:
        schema.downgrade(tx, "20261122_create_payments")
        plans.save_plan(tx, "client", plan, config_hash="", mirror_versions={}, now=NOW)
        plans.set_plan_state(tx, keys[0], "done")
        billing.import_documents(tx, "client", seen, NOW)
        schema.upgrade(tx)
        assert [one.key for one in billing.unmailed(tx, "client")] == [keys[1]]


class TestCheckSchema:
    def test_takes_its_own_version(self, store: Store) -> None:
        store.upgrade()
        store.check_schema()

    def test_an_older_database_is_told_to_upgrade(self, fresh: Store) -> None:
        fresh.upgrade()
        with fresh.write() as tx:
            schema.downgrade(tx, "-1")
        with pytest.raises(ConfigurationError, match="run `mondaybridge db upgrade`"):
            fresh.check_schema()

    def test_an_empty_database_is_told_to_upgrade(self, fresh: Store) -> None:
        with pytest.raises(ConfigurationError, match="run `mondaybridge db upgrade`"):
            fresh.check_schema()

    def test_a_newer_database_is_refused_by_both(self, fresh: Store) -> None:
        fresh.upgrade()
        with fresh.write() as tx:
            tx.execute(text("update alembic_version set version_num = '20991231_add_future'"))
        for refused in (fresh.check_schema, fresh.upgrade):
            with pytest.raises(ConfigurationError, match="written by a newer version"):
                refused()


class TestMigrations:
    def test_have_one_head_and_say_what_they_do(self) -> None:
        assert schema.head() == _stems()[-1]
        assert len(ScriptDirectory.from_config(schema.config()).get_heads()) == 1

    def test_are_named_by_day_verb_and_noun(self) -> None:
        for stem in _stems():
            day, verb, noun = stem.split("_", 2)
            assert (len(day), day.isdigit(), verb.isalpha(), bool(noun)) == (8, True, True, True)


def _stems() -> list[str]:
    """Return the versions from the first to the last."""
    scripts = ScriptDirectory.from_config(schema.config()).walk_revisions()
    stems = [Path(script.path).stem for script in scripts][::-1]
    assert sorted(stems) == sorted(path.stem for path in VERSIONS.glob("*.py"))
    return stems


def _picture(tx: Tx) -> dict[str, Any]:
    """Return all that the database says of its tables, in a form to compare."""
    found = inspect(tx)
    return {name: _table(found, name) for name in found.get_table_names()}


def _table(found: Inspector, name: str) -> dict[str, Any]:
    return {
        "columns": [
            (c["name"], str(c["type"]), c["nullable"], c["default"])
            for c in found.get_columns(name)
        ],
        "key": found.get_pk_constraint(name),
        "foreign": _sorted(found.get_foreign_keys(name)),
        "unique": _sorted(found.get_unique_constraints(name)),
        "checks": _sorted(found.get_check_constraints(name)),
        "indexes": _sorted(found.get_indexes(name)),
    }


def _sorted(parts: Sequence[object]) -> list[str]:
    return sorted(_plain(part) for part in parts)


def _plain(part: object) -> str:
    if isinstance(part, dict):
        return str({name: _plain(value) for name, value in sorted(part.items())})
    return str(part)
