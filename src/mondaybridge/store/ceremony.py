"""How far an opening or an end has come: steps that are done, each with its evidence.

A step that is recorded is not done again; what its evidence says stays as it was first seen.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import ceremony as t
from mondaybridge.store.upsert import insert


def done(tx: Tx, subject: str) -> dict[str, dict[str, Any]]:
    """Return the steps of a subject that are done, with their evidence."""
    query = select(t.c.step, t.c.evidence).where(t.c.subject == subject)
    return {row.step: json.loads(row.evidence) for row in tx.execute(query)}


def record(tx: Tx, subject: str, step: str, evidence: Mapping[str, Any], now: int) -> None:
    """Record that a step is done; the first record of it stands."""
    row = {
        "subject": subject,
        "step": step,
        "done_at": now,
        "evidence": json.dumps(dict(evidence), sort_keys=True),
    }
    tx.execute(insert(tx, t).values(row).on_conflict_do_nothing())


def subjects(tx: Tx, prefix: str, step: str) -> dict[str, dict[str, Any]]:
    """Return the subjects of a kind that came to a step, with its evidence."""
    query = select(t.c.subject, t.c.evidence).where(t.c.step == step)
    rows = tx.execute(query.order_by(t.c.subject))
    return {r.subject: json.loads(r.evidence) for r in rows if r.subject.startswith(prefix)}
