"""What Stripe shows of a client: headers each time, issued lines once, and what follows of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    update,
)

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    Mailed,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.papers import VOID, recognised
from mondaybridge.store.document_rows import (
    document_of,
    header_row,
    line_of,
    line_row,
    payment_row,
    prints,
)
from mondaybridge.store.document_tables import (
    document,
    document_line,
    invoice_mail,
    payment,
    statement,
)
from mondaybridge.store.engine import Tx
from mondaybridge.store.sales import want_reviews
from mondaybridge.store.tables import client
from mondaybridge.store.upsert import insert, many, parts

ISSUED = ("open", "paid", "uncollectible", "issued")

Change = tuple[ObservedDocument | None, ObservedDocument]
"""A document as it was stored, if it was, and as it was read now."""

_News: TypeAlias = tuple[str, str]
_Query: TypeAlias = tuple[Select[Any], Select[Any]]


def import_documents(
    tx: Tx,
    client_id: str,
    documents: Sequence[ObservedDocument],
    now: int,
    *,
    complete: bool = True,
) -> list[Change]:
    """Take over what was read: headers always, a draft's lines anew, issued lines once.

    ``complete`` says that the list is all of the customer's: drafts it does not show are gone. What
    was issued as ours stays ours (``papers``). Returns what changed.
    """
    known = _prints(tx, client_id, None if complete else [one.stripe_id for one in documents])
    read = [(one, _news(one, known.get(one.stripe_id))) for one in documents]
    changed = [one for one, news in read if news]
    stored = _headers(tx, client_id, [d.stripe_id for d in changed if d.stripe_id in known])
    for one, news in read:
        if news:
            _import(tx, client_id, one, news, stored.get(one.stripe_id), now)
    if complete:
        _forget_drafts(tx, known.values(), {one.stripe_id for one in documents})
        tx.execute(
            update(client).where(client.c.client_id == client_id).values(last_observed_at=now)
        )
    want_reviews(tx, client_id, changed)
    lines = _final_lines(tx, list(stored))
    return [(_before(stored.get(one.stripe_id), lines), one) for one in changed]


def owner(tx: Tx, stripe_id: str) -> str:
    """Return the client of a stored document; empty: none is stored."""
    query = select(document.c.client_id).where(document.c.stripe_id == stripe_id)
    return tx.execute(query).scalar() or ""


def customers(tx: Tx, client_id: str) -> set[str]:
    """Return the customers whose documents are stored for a client."""
    query = select(document.c.customer).where(document.c.client_id == client_id).distinct()
    return set(tx.execute(query).scalars())


def look_at_all(tx: Tx) -> None:
    """Let every client's documents be listed again: what happened meanwhile cannot be asked."""
    tx.execute(update(client).values(last_observed_at=0, planned_for=""))


def forget_draft(tx: Tx, stripe_id: str) -> None:
    """Forget a draft that is not there any more; what was finalised stays."""
    query = select(document.c.status).where(document.c.stripe_id == stripe_id)
    if tx.execute(query).scalar() == "draft":
        _forget(tx, stripe_id)


def imported_lines(tx: Tx, client_id: str) -> set[str]:
    """Return the issued documents whose lines are stored: they are not read again."""
    query = select(document.c.stripe_id).where(
        document.c.client_id == client_id, document.c.lines_state == "final"
    )
    return set(tx.execute(query).scalars())


def documents(tx: Tx, client_id: str) -> list[ObservedDocument]:
    """Return a client's documents as last read, oldest first, with their lines."""
    return _documents(tx, _ALL, {"of_client": client_id})


def of_key(tx: Tx, client_id: str, key: DocumentKey) -> list[ObservedDocument]:
    """Return the client's documents that carry a key: one as a rule."""
    told = {f"key_{name}": value for name, value in asdict(key).items()}
    return _documents(tx, _OF_KEY, {"of_client": client_id, **told})


def unmailed(tx: Tx, client_id: str) -> list[ObservedDocument]:
    """Return the client's issued invoices of ours of which nobody knows that they were mailed."""
    return _documents(tx, _UNMAILED, {"of_client": client_id})


def mailed(tx: Tx, stripe_id: str, how: Mailed, now: int) -> None:
    """Remember why nobody needs to mail an invoice any more (S21); what was known first stays."""
    row = {"stripe_id": stripe_id, "how": how.value, "at": now}
    tx.execute(insert(tx, invoice_mail).values(row).on_conflict_do_nothing())


def last_observed(tx: Tx, client_id: str) -> int:
    """Return when all of a client's documents were last read, 0 for never."""
    return tx.execute(_LAST_OBSERVED, {"of_client": client_id}).scalar() or 0


def issued_net(tx: Tx, contract_id: str) -> dict[str, tuple[int, int]]:
    """Return minutes and amount of each line's identity over issued documents, net of credits."""
    rows = tx.execute(_ISSUED_NET, {"of_contract": contract_id})
    return {row.identity: (int(row.minutes), int(row.amount)) for row in rows}


def issued_minutes(tx: Tx, identities: Sequence[str]) -> dict[str, int]:
    """Return the minutes of some lines over issued documents, net of credits, by identity."""
    return {
        row.identity: int(row.minutes)
        for some in parts(identities)
        for row in tx.execute(_ISSUED_MINUTES, {"of_identities": some})
    }


def identity_of(tx: Tx, stripe_line_id: str) -> str | None:
    """Return the identity of a line by its id at Stripe, if it is one of ours."""
    query = select(document_line.c.identity).where(document_line.c.stripe_line_id == stripe_line_id)
    return tx.execute(query).scalar()


def save_statement(tx: Tx, contract_id: str, period: str, body: str, *, now: int) -> int:
    """Freeze a month's statement; the same body again is no new revision."""
    place = and_(statement.c.contract_id == contract_id, statement.c.period == period)
    digest = hashlib.sha256(body.encode()).hexdigest()
    query = select(statement).where(place).order_by(statement.c.revision.desc()).limit(1)
    last = tx.execute(query).first()
    if last is not None and last.hash == digest:
        return int(last.revision)
    revision = last.revision + 1 if last is not None else 1
    row = {
        "contract_id": contract_id,
        "period": period,
        "revision": revision,
        "body": body,
        "hash": digest,
        "at": now,
    }
    tx.execute(statement.insert().values(row))
    return int(revision)


def statement_of(tx: Tx, contract_id: str, period: str) -> str | None:
    """Return the latest statement of a month, if it was closed."""
    query = (
        select(statement.c.body)
        .where(statement.c.contract_id == contract_id, statement.c.period == period)
        .order_by(statement.c.revision.desc())
        .limit(1)
    )
    return tx.execute(query).scalar()


def stands() -> ColumnElement[bool]:
    """Leave out credit notes on invoices that were voided since: they give nothing back."""
    invoice = document.alias()
    gone = exists().where(invoice.c.stripe_id == document.c.invoice_id, invoice.c.status == VOID)
    return ~gone.correlate(document)


def _news(one: ObservedDocument, known: Row[Any] | None) -> _News | None:
    """Return the prints of a document that says something new (S9: what was not read does not).

    They are those of what was read, so that what a person did is told once.
    """
    seen = prints(one, known.header_hash if known else "")
    news = seen, _lines_state(one, known.lines_state if known else "none")
    return None if known and news == (known.header_hash, known.lines_state) else news


def _import(
    tx: Tx, client_id: str, one: ObservedDocument, news: _News, stored: Row[Any] | None, now: int
) -> None:
    row = header_row(client_id, recognised(stored and document_of(stored), one))
    seen, lines_state = news
    _upsert(
        tx, document, {**row, "header_hash": seen, "lines_state": lines_state, "imported_at": now}
    )
    _upsert(tx, payment, payment_row(one))
    if one.lines is not None and not (stored and stored.lines_state == "final"):
        _replace_lines(tx, one.stripe_id, one.lines)


def _before(
    known: Row[Any] | None, lines: Mapping[str, tuple[ObservedLine, ...]]
) -> ObservedDocument | None:
    return known and replace(document_of(known), lines=lines.get(known.stripe_id))


def _final_lines(tx: Tx, stripe_ids: Sequence[str]) -> dict[str, tuple[ObservedLine, ...]]:
    """Return the stored lines of issued documents, to tell what a person did to one."""
    found: dict[str, list[ObservedLine]] = {}
    for some in parts(sorted(stripe_ids)):
        for row in tx.execute(_FINAL_LINES, {"of_ids": some}):
            found.setdefault(row.stripe_id, []).append(line_of(row))
    return {stripe_id: tuple(lines) for stripe_id, lines in found.items()}


def _prints(tx: Tx, client_id: str, stripe_ids: Sequence[str] | None) -> dict[str, Row[Any]]:
    query = _PRINTS if stripe_ids is None else _PRINTS.where(_AMONG)
    rows = tx.execute(query, {"of_client": client_id, "of_ids": stripe_ids})
    return {row.stripe_id: row for row in rows}


def _headers(tx: Tx, client_id: str, stripe_ids: Sequence[str]) -> dict[str, Row[Any]]:
    if not stripe_ids:
        return {}
    rows = tx.execute(_OF_IDS[0], {"of_client": client_id, "of_ids": stripe_ids})
    return {row.stripe_id: row for row in rows}


def _documents(tx: Tx, query: _Query, told: Mapping[str, object]) -> list[ObservedDocument]:
    headers, lines = query
    rows = tx.execute(headers, told).all()
    found: dict[str, list[ObservedLine]] = {}
    # Sorted here: the database would carry whole rows through its sort.
    stored = tx.execute(lines, told).all() if rows else []
    for row in sorted(stored, key=itemgetter(0, 1)):  # by document and position
        found.setdefault(row.stripe_id, []).append(line_of(row))
    return [
        replace(document_of(row), lines=tuple(found.get(row.stripe_id, ())))
        if row.lines_state != "none"
        else document_of(row)
        for row in rows
    ]


def _query(*where: ColumnElement[bool]) -> _Query:
    """Return what reads the headers of documents, oldest first, and their lines in any order."""
    paid = (payment.c[name] for name in ("paid", "remaining", "due_at", "failed"))
    headers = (
        select(document, *paid)
        .join(payment, payment.c.stripe_id == document.c.stripe_id, isouter=True)
        .where(*where)
        .order_by(document.c.created_at, document.c.stripe_id)
    )
    return headers, _LINES.where(*where)


def _issued(*sums: ColumnElement[int]) -> Select[Any]:
    """Return what sums the lines of documents that stand, by identity."""
    return (
        select(document_line.c.identity, *sums)
        .join(document, document.c.stripe_id == document_line.c.stripe_id)
        .where(document.c.status.in_(ISSUED), stands())
        .group_by(document_line.c.identity)
    )


def _lines_state(one: ObservedDocument, known: str) -> str:
    """Lines are final once they were read of what is no draft any more."""
    if known == "final" or one.lines is None:
        return known
    return "draft" if one.status == "draft" else "final"


def _upsert(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    row_insert = insert(tx, table).values(row)
    changed = {name: row_insert.excluded[name] for name in row if name != "stripe_id"}
    tx.execute(row_insert.on_conflict_do_update(index_elements=["stripe_id"], set_=changed))


def _replace_lines(tx: Tx, stripe_id: str, lines: Sequence[ObservedLine]) -> None:
    tx.execute(delete(document_line).where(document_line.c.stripe_id == stripe_id))
    rows = [line_row(stripe_id, position, line) for position, line in enumerate(lines)]
    many(tx, document_line.insert(), rows)


def _forget_drafts(tx: Tx, stored: Iterable[Row[Any]], shown: set[str]) -> None:
    """Drafts may be deleted at Stripe; a finalised document never goes."""
    for known in stored:
        if known.status == "draft" and known.stripe_id not in shown:
            _forget(tx, known.stripe_id)


def _forget(tx: Tx, stripe_id: str) -> None:
    for table in (document_line, payment, document):
        tx.execute(delete(table).where(table.c.stripe_id == stripe_id))


_OF_CLIENT: BindParameter[str] = bindparam("of_client")
_OF_CONTRACT: BindParameter[str] = bindparam("of_contract")
_LAST_OBSERVED = select(client.c.last_observed_at).where(client.c.client_id == _OF_CLIENT)
_LINES = select(
    *(document_line.c[name] for name in ("stripe_id", "position", "stripe_line_id", "identity")),
    *(document_line.c[name] for name in ("minutes", "amount", "source_line")),
).join(document, document.c.stripe_id == document_line.c.stripe_id)
_ALL = _query(document.c.client_id == _OF_CLIENT)
_AMONG = document.c.stripe_id.in_(bindparam("of_ids", expanding=True))
_OF_IDS = _query(document.c.client_id == _OF_CLIENT, _AMONG)
_FINAL_LINES = _LINES.where(_AMONG, document.c.lines_state == "final").order_by(
    document_line.c.stripe_id, document_line.c.position
)
_PRINTS = select(
    *(document.c[name] for name in ("stripe_id", "status", "header_hash", "lines_state"))
).where(document.c.client_id == _OF_CLIENT)
_OF_KEY = _query(
    document.c.client_id == _OF_CLIENT,
    document.c.key_client == bindparam("key_client_id"),
    *(document.c[name] == bindparam(f"key_{name}") for name in ("scope", "kind", "revision")),
)
_UNMAILED = _query(
    document.c.client_id == _OF_CLIENT,
    document.c.scope.is_not(None),
    document.c.type == DocumentType.INVOICE.value,
    document.c.status.in_(ISSUED),
    ~exists().where(invoice_mail.c.stripe_id == document.c.stripe_id),
)
_SIGN = case((document.c.type == DocumentType.CREDIT_NOTE.value, -1), else_=1)
_NET_MINUTES = func.sum(_SIGN * document_line.c.minutes).label("minutes")
_NET_AMOUNT = func.sum(_SIGN * document_line.c.amount).label("amount")
_ISSUED_NET = _issued(_NET_MINUTES, _NET_AMOUNT).where(document_line.c.contract_id == _OF_CONTRACT)
_ISSUED_MINUTES = _issued(_NET_MINUTES).where(
    document_line.c.identity.in_(bindparam("of_identities", expanding=True))
)
