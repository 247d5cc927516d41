"""Who is behind the grouped lines of documents: told by the entries that each line stands for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from mondaybridge.domain.documents import BillingMark, DocumentType
from mondaybridge.domain.grouping import GROUP
from mondaybridge.store.billing import ISSUED
from mondaybridge.store.document_tables import document, document_line, line_entry
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import entry


def members(tx: Tx, identity: str) -> dict[str, int]:
    """Return the minutes behind a line, by activity."""
    minutes = func.sum(entry.c.minutes).label("minutes")
    query = (
        select(entry.c.activity_id, minutes)
        .join(line_entry, _same())
        .where(line_entry.c.identity == identity)
        .group_by(entry.c.activity_id)
    )
    return {row.activity_id: int(row.minutes) for row in tx.execute(query)}


def with_members(
    tx: Tx, contract_id: str, marks: Mapping[str, BillingMark]
) -> dict[str, BillingMark]:
    """Let each activity have the mark of the group in which it was billed.

    A credit on a group is one of its members' and no one's mark: nobody else was credited.
    """
    found = {key: mark for key, mark in marks.items() if not key.startswith(GROUP)}
    if len(found) == len(marks):
        return found
    latest: dict[str, tuple[int, str, str, str]] = {}
    for row in tx.execute(_billed(contract_id)):
        place = int(row.finalized_at), row.period, row.stripe_id, row.subject
        latest[row.activity_id] = max(latest.get(row.activity_id, place), place)
    months: dict[str, Counter[str]] = {}
    free = Counter[str]()
    for behind in tx.execute(_minutes(contract_id)):
        months.setdefault(behind.activity_id, Counter())[behind.period] += int(behind.minutes)
        free[behind.activity_id] += int(behind.free)
    for activity_id, (_, period, stripe_id, subject) in latest.items():
        alone, mine = found.get(activity_id), months[activity_id]
        if alone:
            mine.update(dict(alone.months))
            free[activity_id] += alone.free
        found[activity_id] = replace(
            marks[subject],
            period=period,
            credited=False,
            minutes=mine.total(),
            free=free[activity_id],
            months=tuple(sorted(mine.items())),
            document=stripe_id,
        )
    return found


def _billed(contract_id: str) -> Select[tuple[str, str, str, str, int]]:
    """Return a query of the issued invoices on which activities stand within a group."""
    line, paper = document_line.c, document.c
    return (
        select(entry.c.activity_id, line.period, line.subject, paper.stripe_id, paper.finalized_at)
        .select_from(document_line)
        .join(document, paper.stripe_id == line.stripe_id)
        .join(line_entry, line_entry.c.identity == line.identity)
        .join(entry, _same())
        .where(
            line.contract_id == contract_id,
            line.subject.startswith(GROUP),
            paper.type == DocumentType.INVOICE.value,
            paper.status.in_(ISSUED),
        )
        .distinct()
    )


def _minutes(contract_id: str) -> Select[tuple[str, str, int, int]]:
    """Return a query of the minutes behind grouped lines that stand, by activity and month."""
    grouped = (
        select(document_line.c.identity)
        .join(document, document.c.stripe_id == document_line.c.stripe_id)
        .where(
            document_line.c.contract_id == contract_id,
            document_line.c.subject.startswith(GROUP),
            document.c.status.in_(ISSUED),
        )
    )
    return (
        select(
            entry.c.activity_id,
            entry.c.period,
            func.sum(entry.c.minutes).label("minutes"),
            func.sum(case((entry.c.rate_key.startswith("0/"), entry.c.minutes), else_=0)).label(
                "free"
            ),
        )
        .join(line_entry, _same())
        .where(line_entry.c.contract_id == contract_id, line_entry.c.identity.in_(grouped))
        .group_by(entry.c.activity_id, entry.c.period)
    )


def _same() -> ColumnElement[bool]:
    return and_(entry.c.contract_id == line_entry.c.contract_id, entry.c.seq == line_entry.c.seq)
