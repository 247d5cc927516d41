"""From finished values to the book: what every cell that is not a formula holds, as a value.

The reader makes the same book out of a file's cells; both then go through one layout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mondaybridge.domain.activity import Approval
from mondaybridge.domain.admission import Origin
from mondaybridge.domain.worktime import local_date
from mondaybridge.export.cells import Kind, Row, Value
from mondaybridge.export.handover import Answer, DoneRow, Handover, UndoneRow
from mondaybridge.export.plain import many_lines, one_line
from mondaybridge.i18n import day_text, text

FACTS = {
    "client": Kind.TEXT,
    "contract": Kind.TEXT,
    "package": Kind.TEXT,
    "starts": Kind.DATE,
    "ends": Kind.DATE,
    "board": Kind.TEXT,
    "made": Kind.MOMENT,
    "zone": Kind.TEXT,
    "revision": Kind.TEXT,
    "head": Kind.TEXT,
}
# The hours that come from the ledger and not from the rows; zero ones but the first are left out.
BASES = ("granted", "credited", "refunded", "expired", "opening", "reserved")
# The lines of the table of origins that are none.
ALL = "all"
URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Book:
    """The values of a workbook; a key that is absent has no line on the summary.

    ``origins`` are the lines of the table of origins, in their order.
    """

    locale: str
    currency: str
    facts: Mapping[str, Value]
    hours: Mapping[str, int]
    price_minor: int | None
    origins: tuple[str, ...]
    done: tuple[Row, ...]
    undone: tuple[Row, ...]


def book_of(handover: Handover) -> Book:
    """Return the book that says a hand-over in its client's language."""
    words = _Words(handover.locale, handover.zone)
    hours = {key: int(getattr(handover.hours, key)) for key in BASES}
    used = {row.origin for row in handover.rows}
    origins = [origin.value for origin in Origin if origin in used]
    urgent = [URGENT] if any(row.factor > 1 for row in handover.rows) else []
    return Book(
        locale=handover.locale,
        currency=handover.currency,
        facts={key: value for key, value in words.facts(handover).items() if value is not None},
        hours={key: minutes for key, minutes in hours.items() if minutes or key == BASES[0]},
        price_minor=handover.price_minor,
        origins=(*origins, ALL, *urgent),
        done=tuple(words.done(row) for row in handover.rows),
        undone=tuple(words.undone(row) for row in handover.undone),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """One language and one zone: how values become what a cell says."""

    locale: str
    zone: str

    def say(self, key: str, **arguments: str) -> str:
        return text(f"workbook.{key}", self.locale, **arguments)

    def line(self, typed: str) -> str:
        return one_line(typed, self.say("cut"))

    def day(self, instant: int | None) -> date | None:
        return None if instant is None else local_date(instant, self.zone)

    def day_said(self, instant: int) -> str:
        day = local_date(instant, self.zone)
        return f"{day_text(day, self.locale)} {day.year}"

    def facts(self, handover: Handover) -> dict[str, Value]:
        made = datetime.fromtimestamp(handover.made_at // 60_000 * 60, UTC)
        local = made.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return {
            "client": self.line(handover.client),
            "contract": self.line(handover.contract),
            "package": self.line(handover.package),
            "starts": self.day(handover.starts_at),
            "ends": self.day(handover.ends_at),
            "board": self.line(handover.board_url) or None,
            "made": local,
            "zone": self.zone,
            "revision": self._revision(handover),
            "head": handover.head_hash,
        }

    def _revision(self, handover: Handover) -> str:
        number = str(handover.revision)
        if handover.replaces_made_at is None:
            return number
        day = self.day_said(handover.replaces_made_at)
        return self.say("revision.replaces", revision=number, day=day)

    def done(self, row: DoneRow) -> Row:
        return (
            *self._board(row),
            self.say(f"origin.{row.origin.value}"),
            self._urgent(row),
            row.actual_seconds,
            row.factor,
            row.charged,
            row.charged_elsewhere or None,
            self.day(row.taken_at),
            self.day(row.worked_from),
            self.day(row.worked_to),
            self._note(row),
        )

    def undone(self, row: UndoneRow) -> Row:
        return (
            *self._board(row),
            self.say(f"origin.{row.origin.value}"),
            self.say(f"reason.{row.reason.value}"),
            many_lines(row.note, self.say("cut")),
        )

    def _board(self, row: DoneRow | UndoneRow) -> Row:
        """Return the seven fields of the board; the date's kind stands beside it (R23, R26)."""
        kind = self.say("due.rigid" if row.rigid else "due.flexible") if row.due else ""
        return (
            self.line(row.title) or self.say("untitled"),
            self.line(row.person),
            self.say(f"status.{row.status.value}"),
            self._consent(row.consent),
            row.estimate_minutes,
            row.actual_seconds,
            row.due,
            kind,
        )

    def _consent(self, consent: Answer) -> str:
        said = [self.say(f"approval.{consent.answer.value}")]
        if consent.answer in {Approval.APPROVED, Approval.REJECTED}:
            if consent.reference:
                said.append(self.say("approval.mail", reference=consent.reference))
            if consent.by:
                said.append(self.say("approval.by", name=consent.by))
            if consent.at is not None:
                said.append(self.say("approval.on", day=self.day_said(consent.at)))
        if consent.answer is Approval.APPROVED and not consent.verified:
            said.append(self.say("approval.unverified"))
        return self.line(" ".join(said))

    def _urgent(self, row: DoneRow) -> str:
        if not row.urgent:
            return ""
        if not row.evidence.strip():
            return self.say("urgent.yes")
        return self.line(self.say("urgent.evidence", evidence=row.evidence))

    def _note(self, row: DoneRow) -> str:
        said = [row.note] if row.note.strip() else []
        if row.redo_of.strip():
            said.insert(0, self.say("note.redo", title=self.line(row.redo_of)))
        if row.question_at is not None:
            said.insert(0, self.say("note.question", day=self.day_said(row.question_at)))
        return many_lines("\n".join(said), self.say("cut"))
