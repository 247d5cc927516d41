"""The Excel copies of packages: exact bytes, by revision; a delivered file is never changed."""

from dataclasses import dataclass

from sqlalchemy import func, select

from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import workbook as t
from mondaybridge.store.upsert import insert


@dataclass(frozen=True, slots=True)
class WorkbookRow:
    """One revision of a package's copy."""

    package_id: str
    revision: int
    sha256: str
    content: bytes
    made_at: int


def put(tx: Tx, row: WorkbookRow) -> None:
    """Keep a copy; the first one of its revision stands."""
    values = {name: getattr(row, name) for name in WorkbookRow.__slots__}
    tx.execute(insert(tx, t).values(values).on_conflict_do_nothing())


def find(tx: Tx, package_id: str, revision: int) -> WorkbookRow | None:
    """Return one revision of a package's copy."""
    mine = (t.c.package_id == package_id, t.c.revision == revision)
    return _first(tx, select(t).where(*mine))


def latest(tx: Tx, package_id: str) -> WorkbookRow | None:
    """Return the newest copy of a package, if there is one."""
    query = select(t).where(t.c.package_id == package_id).order_by(t.c.revision.desc())
    return _first(tx, query.limit(1))


def newest(tx: Tx) -> dict[str, int]:
    """Return each package's newest revision, without its bytes."""
    query = select(t.c.package_id, func.max(t.c.revision)).group_by(t.c.package_id)
    return {str(row[0]): int(row[1]) for row in tx.execute(query)}


def _first(tx: Tx, query: object) -> WorkbookRow | None:
    row = tx.execute(query).first()  # type: ignore[call-overload]  # a select of the table above
    return row and WorkbookRow(*(getattr(row, name) for name in WorkbookRow.__slots__))
