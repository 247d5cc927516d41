"""Single cells as monday sends them, and what each is worth; one that cannot be read says so.

Each reader takes a decoded cell and returns a value, or raises ``Unreadable`` with a sentence that
shows content and remedy. Garbage never becomes zero or nothing (architecture 5.3).
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import msgspec

from mondaybridge.domain.activity import Capture, Session
from mondaybridge.monday import durations
from mondaybridge.monday.texts import TEXT_LENGTH, brief, clean, line

EMPTY_LABEL = 5  # the id that monday reserves for "no label" (monday.md §5)
ID_LENGTH = 64
SLACK_SECONDS = 60  # by which a history may fall short of its cell's total
FIRST_INSTANT = 946_684_800_000  # 2000-01-01
LAST_INSTANT = 4_102_444_800_000  # 2100-01-01
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)

T = TypeVar("T")


class Unreadable(ValueError):  # noqa: N818 - a fact about a cell, said to people
    """A cell holds what has no meaning for us; the message names content and remedy."""


class SessionRow(msgspec.Struct, frozen=True):
    """One entry of a time tracking history; ``status`` means nothing (monday.md §5)."""

    id: str | int
    started_at: str | None = None
    ended_at: str | None = None
    started_user_id: str | int | None = None


class Option(msgspec.Struct, frozen=True):
    """One chosen value of a dropdown."""

    id: str | int
    label: str = ""


class FileName(msgspec.Struct, frozen=True):
    """One file of a file column; a link or a document of monday's own has no name here."""

    name: str = ""


class Titled(msgspec.Struct, frozen=True):
    """The column of a cell that may hold time, by what people call it."""

    title: str = ""


class Cell(msgspec.Struct, frozen=True):
    """One cell; a field that its type does not have stays unset."""

    id: str
    type: str = ""
    text: str | None = None
    index: int | msgspec.UnsetType | None = msgspec.UNSET
    updated_at: str | None = None
    value: msgspec.Raw = msgspec.Raw()
    date: str | msgspec.UnsetType | None = msgspec.UNSET
    time: str | None = None
    checked: bool | msgspec.UnsetType | None = msgspec.UNSET
    values: list[Option] | msgspec.UnsetType | None = msgspec.UNSET
    email: str | None = None
    label: str | None = None
    url: str | None = None
    url_text: str | None = None
    linked_item_ids: list[str | int] | msgspec.UnsetType | None = msgspec.UNSET
    files: list[FileName] | None = None
    running: bool | None = None
    duration: int | None = None
    history: list[SessionRow] | msgspec.UnsetType | None = msgspec.UNSET
    column: Titled | None = None


class _Named(msgspec.Struct, frozen=True):
    id: str


_CELL = msgspec.json.Decoder(Cell)
_NAMED = msgspec.json.Decoder(_Named)
_STORED = msgspec.json.Decoder(str | None)


def cell(raw: msgspec.Raw) -> Cell:
    """Decode one cell.

    Raises:
        Unreadable: with the content, when it does not have the form of a cell.
    """
    try:
        return _CELL.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        content = bytes(raw).decode("utf-8", "replace")
        raise Unreadable(
            f"is not what its type allows ({brief(content, 80)}): enter it again"
        ) from error


def column_of(raw: msgspec.Raw) -> str:
    """Return the column of a cell that does not decode, or nothing."""
    try:
        return _NAMED.decode(raw).id
    except (msgspec.DecodeError, RecursionError):
        return ""


def label(one: Cell, labels: Mapping[int, T], empty: T) -> T:
    """Return what a label's id stands for; an empty cell and the reserved id are ``empty``."""
    chosen = label_id(one)
    if chosen is None:
        return empty
    found = labels.get(chosen)
    if found is None:
        raise Unreadable(
            f"holds label {chosen} {brief(one.text or '')!r}, which the mapping does not name:"
            " choose a mapped label or add this id to mappings.yaml"
        )
    return found


def label_id(one: Cell) -> int | None:
    """Return the id of a status cell's label; None when it is empty."""
    typed(one, "status")
    if one.index is msgspec.UNSET or (one.index is None and (one.text or "").strip()):
        raise Unreadable(f"{held(one.text)} without a label id: choose the label again")
    return None if one.index == EMPTY_LABEL else one.index


def changed_at(one: Cell) -> int:
    """Return when a cell was last changed, or 0 where monday does not say."""
    try:
        return instant(one.updated_at or "")
    except Unreadable:
        return 0


def duration(one: Cell, unit: durations.Unit) -> int | None:
    """Return seconds typed into a numbers or text column; None when it is empty."""
    typed(one, "numbers", "text")
    text = _number_text(one) if one.type == "numbers" else (one.text or "")
    if not text.strip():
        return None
    found = durations.seconds(text, unit, machine=one.type == "numbers")
    if found is None:
        raise Unreadable(f"{held(text)}: {durations.REMEDY[unit]}")
    return found


def price(one: Cell) -> str:
    """Return an hourly price as plain decimal text; empty is no price of the row's own."""
    typed(one, "numbers")
    text = _plain_number(one)
    if text and not _PRICE.fullmatch(text):
        raise Unreadable(f"{held(text)}, not an hourly price: type one like 70 or 70.50")
    return text


def sessions(one: Cell) -> tuple[Session, ...]:
    """Return a timer's ended sessions; the running one counts once it ends (semantics 6.11)."""
    typed(one, "time_tracking")
    if not isinstance(one.history, list):
        raise Unreadable("came without its sessions: this is looked at again at the next read")
    ended = tuple(_session(row) for row in one.history if row.ended_at)
    _whole(one, ended)
    return tuple(sorted(ended, key=lambda session: (session.started_at, session.session_id)))


def running(one: Cell) -> bool:
    """Return whether a timer runs; its time counts once it is stopped (semantics 6.11)."""
    return bool(one.running)


def day(one: Cell) -> date | None:
    """Return the day of a date column; None when it is empty."""
    typed(one, "date")
    if one.date is msgspec.UNSET:
        raise Unreadable(f"{held(one.text)} without a day: choose the date again")
    if not one.date:
        return None
    try:
        found = date.fromisoformat(one.date[:10])
    except ValueError:
        raise Unreadable(f"{held(one.date)}, not a day: choose the date again") from None
    if not FIRST_DAY <= found < LAST_DAY:
        raise Unreadable(f"{held(one.date)}: correct the date")
    return found


def words(one: Cell) -> str:
    """Return what a cell shows, as text that every store takes."""
    return clean((one.text or "").strip())


def names(one: Cell) -> str:
    """Return what a cell shows, on one line."""
    return line((one.text or "").strip())


def shown(one: Cell) -> str:
    """Return a cell in the one form in which cells are written and compared; empty is ``""``.

    numbers: no zeros that mean nothing; date: ``2026-11-02``, with a time ``2026-11-02 09:00``;
    link and email: the address, then a space and its text where that says something else; status:
    the label's id; everything else: its text.
    """
    match one.type:
        case "numbers":
            return _plain_number(one)
        case "status" if isinstance(one.index, int):
            return "" if one.index == EMPTY_LABEL else str(one.index)
        case "date" if isinstance(one.date, str):
            return line(f"{one.date} {one.time or ''}".strip())
        case "link":
            return _address(one.url, one.url_text) or words(one)
        case "email":
            return _address(one.email, one.label) or words(one)
        case _:
            return words(one)


def instant(text: str) -> int:
    """Return epoch milliseconds of an instant with a zone.

    Raises:
        Unreadable: when it is none, has no zone, or lies outside 2000 to 2099.
    """
    try:
        moment = datetime.fromisoformat(text.replace(" UTC", "Z"))
        at = (moment - _EPOCH) // _MILLISECOND
    except (ValueError, TypeError, OverflowError):
        raise Unreadable(f"{held(text)}, not an instant") from None
    if not FIRST_INSTANT <= at < LAST_INSTANT:
        raise Unreadable(f"{held(text)}: correct the date")
    return at


def typed(one: Cell, *types: str) -> None:
    """Refuse a cell of a column that was mapped for what it is not.

    Raises:
        Unreadable: when the cell's type is none of these.
    """
    if one.type not in types:
        raise Unreadable(
            f"is of type {brief(one.type) or 'unknown'} instead of {' or '.join(types)}:"
            " map a column of that type"
        )


def held(text: str | None) -> str:
    """Begin a sentence about a cell's content."""
    return f"holds {brief(text or '')!r}"


_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def _plain_number(one: Cell) -> str:
    """Return a number as monday keeps it; its text may be formatted, its value never is."""
    try:
        text = clean(_number_text(one).strip())
    except Unreadable:
        text = words(one)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not (digits.isascii() and digits.replace(".", "", 1).isdigit()):
        return text
    whole, point, decimals = digits.partition(".")
    bare = (whole.lstrip("0") or "0") + (point + decimals).rstrip("0").rstrip(".")
    return bare if bare == "0" else sign + bare


def _address(address: str | None, text: str | None) -> str:
    address, text = (address or "").strip(), (text or "").strip()
    return line(address if text == address else f"{address} {text}".strip(), TEXT_LENGTH)


def _number_text(one: Cell) -> str:
    """Return the stored number: a JSON string inside a JSON value (monday.md §5)."""
    try:
        stored = _STORED.decode(one.value) if bytes(one.value) else None
        content = json.loads(stored, parse_float=str, parse_int=str) if stored else None
    except (ValueError, RecursionError):
        raise Unreadable(f"{held(one.text)} over a broken value: type the number again") from None
    if content is None and not (one.text or "").strip():
        return ""
    if not isinstance(content, str):
        raise Unreadable(f"{held(one.text)}, not a number: type the number again")
    return content


def _session(row: SessionRow) -> Session:
    session_id = line(str(row.id), ID_LENGTH)
    try:
        started, ended = _ends(row)
    except Unreadable as error:
        raise Unreadable(f"has session {brief(session_id)} {error}") from None
    person = "" if row.started_user_id is None else line(str(row.started_user_id), ID_LENGTH)
    seconds = (ended - started) // 1000
    return Session(session_id, Capture.TRACKED, started, ended, seconds, person)


def _ends(row: SessionRow) -> tuple[int, int]:
    if not row.started_at or not row.ended_at:
        raise Unreadable(
            "typed by hand, whose start monday does not tell: record time with the timer, or map"
            " a numbers column"
        )
    try:
        started, ended = instant(row.started_at), instant(row.ended_at)
    except Unreadable as error:
        raise Unreadable(f"that {error}") from None
    if ended < started:
        raise Unreadable("that ends before it starts: correct its times")
    return started, ended


def _whole(one: Cell, ended: tuple[Session, ...]) -> None:
    """Refuse a history that cannot be all: twice the same id, or less than the cell's total."""
    if len({session.session_id for session in ended}) < len(ended):
        raise Unreadable("shows one session twice: this is looked at again at the next read")
    unended = len(ended) < len(one.history or ())
    if one.running or (unended and one.running is None):
        return
    if unended:
        raise Unreadable("has a session without an end on a stopped timer: give it an end")
    missing = (one.duration or 0) - sum(session.seconds for session in ended)
    if missing > SLACK_SECONDS:
        raise Unreadable(
            f"adds up to {missing} seconds less in its sessions than it shows in all: compare the"
            " sessions with the total"
        )
