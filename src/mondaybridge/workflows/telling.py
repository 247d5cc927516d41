"""What people see of a decision: sentences for remarks and comments, texts for the other cells.

Values in, texts out: nothing is decided, stored or sent here. Which arguments a rule has, and how
each is shown, stands in ``RULES`` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from mondaybridge.domain.clocks import MINUTE_MS, Clock, ClockState
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import Billing
from mondaybridge.domain.worktime import hours_text, local_date
from mondaybridge.i18n import TEXTS, day_text, text

LENGTH_MAX = 400
ROWS_NAMED = 2
ROW_LENGTH = 26
TITLE_LENGTH = 80
KEY_LENGTH = 40
WHOLE = 100


class Shape(Enum):
    """How an argument is shown."""

    MINUTES = "minutes"  # h:mm
    COUNT = "count"
    TITLE = "title"  # what people wrote, or a row's id; cut
    ROWS = "rows"  # the same of several rows, one a line
    PROOFS = "proofs"  # names of what is missing, parted by commas
    WHY = "why"  # the value of another rule
    WAITS = "waits"  # what bought hours wait for before they may be used
    DAY = "day"  # an ISO date, or an instant
    MOMENT = "moment"  # an instant, to the minute


@dataclass(frozen=True, slots=True)
class Telling:
    """How one rule is told: its arguments; whether it is a comment; about the package or a row.

    ``defaults`` stand for arguments that may be left out.
    """

    args: Mapping[str, Shape] = field(default_factory=dict)
    defaults: Mapping[str, int | str] = field(default_factory=dict)
    comment: bool = False
    package: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is written: the client's language, the contract's zone; what rows are called.

    An argument that names a row may be its id, as the domain knows it.
    """

    locale: str
    zone: str
    names: Mapping[str, str] = field(default_factory=dict)


_M = Shape.MINUTES
_SHORT = {"need": _M, "hard": _M, "missing": _M}
_LOCKED = {"locked": _M, "waits": Shape.WAITS}
_NONE_LOCKED: dict[str, int | str] = {"locked": 0, "waits": ""}

RULES: dict[Rule, Telling] = {
    Rule.ESTIMATE: Telling(),
    Rule.APPROVAL: Telling({"estimate": _M, "charge": _M}),
    Rule.CONFIRM: Telling(
        {
            **dict.fromkeys(("charge", "need", "free", "hard", "shortfall"), _M),
            "at_risk": Shape.ROWS,
            "given": _M,
        },
        {"at_risk": "", "given": 0},
        comment=True,
    ),
    Rule.RESIDUAL: Telling(
        {**_SHORT, **_LOCKED, "given": _M}, {**_NONE_LOCKED, "given": 0}, comment=True
    ),
    Rule.LIMIT: Telling({"shortfall": _M, "limit": _M}, comment=True),
    Rule.STALE: Telling({"covered": _M, "estimate": _M, "factor": Shape.COUNT}, comment=True),
    Rule.UNVERIFIED: Telling(
        {"actor": Shape.TITLE, "counted": Shape.COUNT}, {"counted": 0}, comment=True
    ),
    Rule.CHECKING: Telling(),
    Rule.REJECTED: Telling(),
    Rule.PROOF: Telling({"missing": Shape.PROOFS}),
    Rule.START: Telling(
        {"why": Shape.WHY, **_SHORT, **_LOCKED},
        {**dict.fromkeys(_SHORT, 0), **_NONE_LOCKED},
        comment=True,
    ),
    Rule.BLOCKED: Telling({**_SHORT, **_LOCKED}, _NONE_LOCKED, comment=True),
    Rule.MINOR: Telling({"estimate": _M, "charge": _M, "limit": _M}),
    Rule.EVIDENCE: Telling(),
    Rule.RAISE: Telling({"now": _M, "then": _M}, comment=True),
    Rule.FROZEN: Telling({"now": _M}),
    Rule.URGENT: Telling({"worked": _M, "factor": Shape.COUNT, "charge": _M}),
    Rule.OVERRUN: Telling(
        {**dict.fromkeys(("worked", "estimate", "over", "unfunded"), _M), **_LOCKED},
        _NONE_LOCKED,
        comment=True,
    ),
    Rule.TWIN: Telling({"other": Shape.TITLE}, comment=True),
    Rule.FLOOD: Telling({"count": Shape.COUNT}),
    Rule.REPLACED: Telling({"other": Shape.TITLE}),
    Rule.DUE: Telling({"day": Shape.DAY}, comment=True),
    Rule.PASSED: Telling({"day": Shape.DAY}),
    Rule.LATE: Telling({"due": Shape.MOMENT}),
    Rule.PARKED: Telling(),
    Rule.QUESTION: Telling(
        {"question": Shape.TITLE, "due": Shape.MOMENT, "reminder": Shape.COUNT}, comment=True
    ),
    Rule.ANSWERED: Telling(
        {"question": Shape.TITLE, "until": Shape.MOMENT, "reminder": Shape.COUNT}, comment=True
    ),
    Rule.UNANSWERED: Telling(comment=True),
    Rule.ADJUSTMENT: Telling(comment=True),
    Rule.UNPAID: Telling(_LOCKED),
    Rule.UNDOCUMENTED: Telling(),
    Rule.USED: Telling(
        {"percent": Shape.COUNT, "used": _M, "granted": _M, "left": _M}, comment=True, package=True
    ),
    Rule.EXPIRY: Telling({"days": Shape.COUNT, "left": _M}, comment=True, package=True),
    Rule.BASELINE: Telling({"total": _M, "granted": _M}, comment=True, package=True),
}


def remark(notice: Notice, reader: Reader) -> str:
    """Return the one sentence for the cell of a row, with its small mark."""
    kind = "notice" if RULES[notice.rule].package else "remark"
    return f"{_sentence(kind, notice, reader)} {mark(key_of(notice))}"


def comment(notice: Notice, reader: Reader) -> str:
    """Return the text below a row, with its small mark."""
    return f"{_sentence('notice', notice, reader)} {mark(key_of(notice))}"


def settled(key: str, reader: Reader) -> str:
    """Return what a comment becomes when it is no longer true: it is corrected, never removed."""
    return f"{text('notice.settled', reader.locale)} {mark(key)}"


def comments(notice: Notice) -> bool:
    """Whether somebody must act, so that it is said below the row and not only in the cell."""
    if not RULES[notice.rule].comment:
        return False
    return "en" in TEXTS.get(f"notice.{_variant(notice)}", {})


def key_of(notice: Notice) -> str:
    """Return what a comment is known by on its row: the rule, and of a threshold which one.

    A threshold is told once per crossing, so each has a comment of its own (semantics 6.28), and
    after a top-up or before another expiry a new one: the earlier stays as it was said. So has each
    reminder of a question.
    """
    args, rule = dict(notice.args), notice.rule
    if rule in {Rule.QUESTION, Rule.ANSWERED}:
        reminder = f"-{args['reminder']}" if args["reminder"] else ""
        return f"{rule.value}-{str(args['question'])[:KEY_LENGTH]}{reminder}"
    name = {Rule.USED: "percent", Rule.EXPIRY: "days"}.get(notice.rule)
    if name is None:
        return notice.rule.value
    key = f"{notice.rule.value}-{args.get('threshold', args[name])}"
    if notice.rule is Rule.EXPIRY:
        return f"{key}-{args['last']}" if "last" in args else key
    generation = int(args.get("generation", 1))
    return key if generation <= 1 else f"{key}-{generation}"


def mark(key: str) -> str:
    """Return the technical tail of a text, by which a comment of ours is found again."""
    return f"[MB-{key}]"


def clock_text(clock: Clock | None, reader: Reader) -> str:
    """Return how a promise of time stands (R18); nothing where there is none."""
    if clock is None:
        return ""
    state = clock.state.value
    if clock.state is ClockState.RUNNING and clock.due_at is None:
        state = "open"
    given = {
        "due": clock.due_at and moment_text(clock.due_at, reader),
        "stopped": clock.stopped_at and moment_text(clock.stopped_at, reader),
        "took": None if clock.took_ms is None else hours_text(clock.took_ms // MINUTE_MS),
    }
    return text(f"clock.{state}", reader.locale, **{k: v for k, v in given.items() if v})


def billing_text(billing: Billing, period: str, reader: Reader) -> str:
    """Return where the time of a row stands; ``period`` is the month that was billed.

    What is in question may be billed: both are said.
    """
    ending = ".billed" if billing is Billing.QUESTIONED and period else ""
    return text(f"billing.{billing.value}{ending}", reader.locale, period=period)


def origin_text(origin: str, reader: Reader) -> str:
    """Return how a row came in; nothing where it has no origin (R08, R13)."""
    return text(f"origin.{origin}", reader.locale) if origin else ""


def moment_text(instant: int, reader: Reader) -> str:
    """Return an instant as the contract's clocks show it: ``14 dic 18:00``."""
    local = datetime.fromtimestamp(instant // 1000, UTC).astimezone(ZoneInfo(reader.zone))
    return f"{day_text(local.date(), reader.locale)} {local:%H:%M}"


def _sentence(kind: str, notice: Notice, reader: Reader) -> str:
    """Say it in words; every declared argument must be there, others are left out."""
    given = {**RULES[notice.rule].defaults, **dict(notice.args)}
    said = {
        name: _shown(shape, given[name], given, reader)
        for name, shape in RULES[notice.rule].args.items()
    }
    if notice.rule is Rule.CONFIRM:
        reserved = max(0, int(given["hard"]) - int(given["free"]))
        said["reserved"] = hours_text(reserved)
    if notice.rule is Rule.START:
        said["reason"] = said["why"]
    if given.get("waits"):
        said["way"] = _way(given, reader)
    return text(f"{kind}.{_variant(notice)}", reader.locale, **said)


def _variant(notice: Notice) -> str:
    """Choose the text: the rule's own, or the one for a case that needs other words."""
    given, rule = {**RULES[notice.rule].defaults, **dict(notice.args)}, notice.rule
    ending = ""
    match rule:
        case Rule.APPROVAL if given["estimate"] != given["charge"]:
            ending = ".other"
        case Rule.CONFIRM | Rule.RESIDUAL if int(given["given"]) > 0:
            ending = ".more"
        case Rule.CONFIRM if int(given["shortfall"]) > 0:
            ending = ".short"
        case Rule.STALE if int(given["factor"]) > 1:
            ending = ".urgent"
        case Rule.UNVERIFIED:
            ending = ".counted" if given["counted"] else ""
            ending += ".unknown" if _nobody(str(given["actor"])) else ""
        case Rule.OVERRUN if int(given["unfunded"]) > 0:
            ending = ".unfunded"
        case Rule.USED if int(given["percent"]) >= WHOLE:
            ending = ".whole"
        case Rule.EXPIRY if int(given["days"]) <= 1:
            ending = ".last"
        case Rule.QUESTION | Rule.ANSWERED:
            ending = _turn(rule, given)
        case _:
            pass
    return _sold(rule.value + ending, given)


def _sold(name: str, given: Mapping[str, int | str]) -> str:
    """Choose the words for hours that are bought and wait, where there are such."""
    sale = f"{name}.sale"
    return sale if given.get("waits") and f"remark.{sale}" in TEXTS else name


def _turn(rule: Rule, given: Mapping[str, int | str]) -> str:
    """Choose how an open question is told: afresh, or as one of its reminders."""
    number = min(2, int(given["reminder"]))
    if rule is Rule.QUESTION:
        return ["", ".remind", ".late"][number]
    return ["", ".last" if number > 1 else ".until"][bool(given["until"])]


def _nobody(actor: str) -> bool:
    """Whether there is no name to say: nobody is known, or an id alone."""
    return not actor or actor.isdecimal()


def _shown(  # noqa: PLR0911 - one answer for each shape
    shape: Shape, value: int | str, given: Mapping[str, int | str], reader: Reader
) -> str:
    match shape:
        case Shape.MINUTES:
            return hours_text(int(value))
        case Shape.COUNT:
            return str(int(value))
        case Shape.TITLE:
            return _cut(reader.names.get(str(value), str(value)), TITLE_LENGTH)
        case Shape.ROWS:
            rows = str(value).splitlines()
            return _rows([reader.names.get(row, row) for row in rows], reader)
        case Shape.PROOFS:
            names = [name.strip() for name in str(value).split(",")]
            return ", ".join(text(f"proof.{name}", reader.locale) for name in names if name)
        case Shape.WHY:
            return _reason(str(value), given, reader)
        case Shape.WAITS:
            return text(f"sale.{value}", reader.locale) if value else ""
        case Shape.DAY:
            return _day(value, reader)
        case Shape.MOMENT:
            return moment_text(int(value), reader)


def _reason(why: str, given: Mapping[str, int | str], reader: Reader) -> str:
    """Say in short what a start waits for; whatever lacks hours is told with the numbers."""
    rule = Rule.RESIDUAL.value if why == Rule.BLOCKED.value else why
    said = {name: hours_text(int(given[name])) for name in _SHORT}
    key = f"why.{rule}" if f"why.{rule}" in TEXTS else "why.other"
    if rule == Rule.RESIDUAL.value and given["waits"]:
        key = f"{key}.sale"
        said |= {name: _shown(shape, given[name], given, reader) for name, shape in _LOCKED.items()}
    return text(key, reader.locale, **said)


def _way(given: Mapping[str, int | str], reader: Reader) -> str:
    """Say what makes bought hours usable, and what else is needed where they are not enough."""
    way = text(f"sale.{given['waits']}.way", reader.locale)
    short = int(given.get("missing", 0)) > int(given["locked"])
    own = given["waits"] == "frozen"  # it names another package already
    return text("sale.short.way", reader.locale, way=way) if short and not own else way


def _rows(titles: list[str], reader: Reader) -> str:
    """Name a few rows in brackets and count the others."""
    if not titles:
        return ""
    cut = [_cut(title, ROW_LENGTH) for title in titles[:ROWS_NAMED]]
    named = ", ".join(text("notice.row", reader.locale, title=title) for title in cut)
    more = len(titles) - ROWS_NAMED
    if more > 0:
        return text("notice.at_risk.more", reader.locale, rows=named, count=str(more))
    return text("notice.at_risk", reader.locale, rows=named)


def _day(value: int | str, reader: Reader) -> str:
    if isinstance(value, int):
        return day_text(local_date(value, reader.zone), reader.locale)
    try:
        return day_text(date.fromisoformat(value[:10]), reader.locale)
    except ValueError:
        return _cut(value, TITLE_LENGTH)


def _cut(words: str, limit: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
