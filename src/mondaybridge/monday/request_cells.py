"""The cells of a request: who asked, for what, how urgently, and what it replaces (R05-R07, R20).

Each reader takes a decoded cell like those of ``cells`` and refuses in the same way.
"""

import re
from collections.abc import Container, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from mondaybridge.domain.worktime import midnight
from mondaybridge.monday import cells
from mondaybridge.monday.cells import EMPTY_LABEL, Cell, Unreadable, held, typed
from mondaybridge.monday.texts import TEXT_LENGTH, line

PROOF = ("text", "long_text", "link", "email")
DOCUMENT = ("text", "long_text", "link", "file")
WIDEST_ZONE = timedelta(hours=14)

_ID = "([1-9][0-9]{0,18})"
_ITEM = re.compile(rf"{_ID}|\S+/pulses/{_ID}/?(?:[?#]\S*)?")


def checked(one: Cell) -> bool:
    """Return whether a checkbox is ticked; one that nobody touched is not."""
    typed(one, "checkbox")
    if one.checked is msgspec.UNSET:
        raise Unreadable("came without its tick: this is looked at again at the next read")
    return bool(one.checked)


def marked(one: Cell, labels: Container[int]) -> bool:
    """Return whether a status cell holds one of the labels; every other label means no."""
    return cells.label_id(one) in labels


def service(one: Cell, types: Mapping[int, str], other: Mapping[int, str]) -> dict[str, object]:
    """Return what a type of service fills; an unknown one is kept as it stands (R05)."""
    typed(one, "status", "dropdown")
    label_id, text = _choice(one), cells.names(one)
    if label_id is None:
        return {"service": text, "service_known": False} if text else {}
    if label_id in types:
        return {"service": types[label_id]}
    if label_id in other:
        return {"service": other[label_id], "agreement_needed": True}
    return {"service": text or f"label {label_id}", "service_known": False}


def proof(one: Cell) -> str:
    """Return the client's word on one line, an address with its text."""
    typed(one, *PROOF)
    return line(cells.shown(one), TEXT_LENGTH)


def document(one: Cell) -> str:
    """Return what tells a fault's documentation: words, an address, or files' names (R55)."""
    typed(one, *DOCUMENT)
    if one.type == "file":
        names = ", ".join(file.name for file in one.files or () if file.name)
        return line(names, TEXT_LENGTH) or ("file" if one.files else "")
    return line(cells.shown(one), TEXT_LENGTH)


def reference(one: Cell) -> str:
    """Return what tells one e-mail from every other: of a link the address alone (R07b)."""
    typed(one, *PROOF)
    address = (one.url or "").strip() if one.type == "link" else ""
    return line(address or cells.shown(one), TEXT_LENGTH)


def requester(one: Cell) -> str:
    """Return who asked: of an e-mail the address alone, as the client's people are listed (R06)."""
    typed(one, "text", "email", "people")
    address = (one.email or "").strip() if one.type == "email" else ""
    return line(address) or cells.names(one)


def person(one: Cell) -> str:
    """Return names, typed or chosen."""
    typed(one, "text", "people")
    return cells.names(one)


def item_id(one: Cell) -> str:
    """Return the id of the one row that a relation, an id or an address leads to, or nothing."""
    typed(one, "board_relation", "text", "link")
    if one.type == "board_relation":
        return _related(one)
    address = (one.url or "").strip() if one.type == "link" else ""
    text = address or cells.names(one)
    found = _ITEM.fullmatch(text)
    if text and not found:
        raise Unreadable(
            f"{held(text)}: enter a row's id, or its address, which ends in /pulses/ and the id"
        )
    return (found[1] or found[2]) if found else ""


def moment(one: Cell, zone: str) -> int | None:
    """Return the instant of a date cell, at midnight of a zone where no time is set.

    The time that monday shows is in the account's zone, which a row does not tell; the stored one
    is in UTC (monday.md §5). They may differ by no more than zones do.
    """
    day = cells.day(one)
    if day is None:
        return None
    if not one.time:
        return midnight(day, zone)
    try:
        stored = _STORED.decode(_TEXT.decode(one.value))
        at = datetime.fromisoformat(f"{stored.date} {stored.time}").replace(tzinfo=UTC)
        local = datetime.fromisoformat(f"{day} {one.time}").replace(tzinfo=UTC)
    except (ValueError, RecursionError):
        raise Unreadable(f"{held(one.text)} over a broken value: choose the date again") from None
    if abs(local - at) > WIDEST_ZONE:
        raise Unreadable(f"{held(one.text)} over another instant: choose the date again")
    return cells.instant(at.isoformat())


class _StoredDate(msgspec.Struct, frozen=True):
    date: str
    time: str


_STORED = msgspec.json.Decoder(_StoredDate)
_TEXT = msgspec.json.Decoder(str)


def _choice(one: Cell) -> int | None:
    """Return the id of the one chosen label; several are not one known type."""
    if one.type == "status":
        return one.index if isinstance(one.index, int) and one.index != EMPTY_LABEL else None
    values = one.values or ()
    ids = [str(option.id) for option in values]
    return int(ids[0]) if len(ids) == 1 and re.fullmatch("[0-9]{1,9}", ids[0]) else None


def _related(one: Cell) -> str:
    if one.linked_item_ids is msgspec.UNSET:
        raise Unreadable("came without its links: this is looked at again at the next read")
    found = list(dict.fromkeys(str(linked) for linked in one.linked_item_ids or ()))
    if len(found) > 1:
        raise Unreadable(f"links {len(found)} rows: link the one that this row replaces")
    return line(found[0], cells.ID_LENGTH) if found else ""
