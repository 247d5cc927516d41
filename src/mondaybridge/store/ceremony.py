"""What was done of an opening or an end, step by step: a takeover goes on after the last one.

A step is written down once and stays as it was written first; what it found stands beside it. The
steps' order is their caller's affair.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import ceremony as t
from mondaybridge.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Step:
    """One step that is done; ``evidence`` are plain values."""

    name: str
    done_at: int
    evidence: Mapping[str, Any] = field(default_factory=dict)


def done(
    tx: Tx, subject: str, step: str, *, at: int, evidence: Mapping[str, Any] | None = None
) -> bool:
    """Write a step down; say whether it is new. One that is known stays as it is."""
    text = json.dumps(dict(evidence or {}), sort_keys=True, ensure_ascii=False)
    row = {"subject": subject, "step": step, "done_at": at, "evidence": text}
    put = insert(tx, t).values(row).on_conflict_do_nothing()
    return tx.execute(put.returning(t.c.step)).first() is not None


def look(tx: Tx, subject: str, step: str, *, at: int, evidence: Mapping[str, Any]) -> None:
    """Write down what was seen last, in the place of what was seen before."""
    text = json.dumps(dict(evidence), sort_keys=True, ensure_ascii=False)
    put = insert(tx, t).values(subject=subject, step=step, done_at=at, evidence=text)
    new = {"done_at": at, "evidence": text}
    tx.execute(put.on_conflict_do_update(index_elements=[t.c.subject, t.c.step], set_=new))


def steps(tx: Tx, subject: str) -> dict[str, Step]:
    """Return the steps of a subject by their names, in the order in which they were done."""
    return {row.step: _step(row) for row in tx.execute(_STEPS, {"of_subject": subject})}


def having(tx: Tx, step: str) -> dict[str, Step]:
    """Return every subject that has a step, with it, in one statement for all of them."""
    return {row.subject: _step(row) for row in tx.execute(_HAVING, {"of_step": step})}


_STEPS = select(t).where(t.c.subject == bindparam("of_subject")).order_by(t.c.done_at, t.c.step)
_HAVING = select(t).where(t.c.step == bindparam("of_step")).order_by(t.c.subject)


def _step(row: Any) -> Step:  # noqa: ANN401 - a row of the table above
    return Step(row.step, row.done_at, json.loads(row.evidence))
