"""One activity of each kind on the Italian client's package, as the client meets it on the board.

Staff write down what was asked for, the client answers, people work; the bridge decides. What the
client sees is read through monday's API at the moment when it matters, in the client's language.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mondaybridge.demo import evidence
from mondaybridge.demo.checks import Promise
from mondaybridge.demo.shifts import Shift, approve, at, hear, track
from mondaybridge.demo.stage import Stage
from mondaybridge.sandbox import agency

Tell = Callable[[int, str], None]

CORRECTED_S = 180  # until a comment whose numbers changed is corrected
SMALL, URGENT, REDO, LARGER, REFUSED = "4211", "4212", "4213", "4214", "4215"
AGREED_TEXT, EXTRA_TEXT, REDO_TEXT = "concordata", "extra", "rifacimento"


@dataclass(frozen=True, slots=True)
class Asked:
    """What staff write into a new row."""

    item_id: str
    title: str
    hours: str
    urgent: str = ""
    redo_of: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the client saw of one kind of activity: the row's name, our cell, our comment."""

    kind: str
    item_id: str
    name: str
    message: str
    comment: str


ASKED = (
    Asked(SMALL, "Telefono nel piè di pagina", "0.4"),
    Asked(URGENT, "Modulo contatti bloccato", "0.25", urgent="URGENTE: nella mail di oggi, 8:52"),
    Asked(REDO, "Newsletter: indirizzo corretto", "1.5", redo_of=agency.NEWSLETTER),
    Asked(LARGER, "Blog con dieci articoli", "9.5"),
    Asked(REFUSED, "Negozio in tre lingue", "30"),
)
PROMISES = (
    Promise("agreed", agency.HOME, AGREED_TEXT, agency.APPROVED, 360),
    Promise("small extra: starts by itself", SMALL, EXTRA_TEXT, agency.AUTO, 24, told="minor"),
    Promise("urgent: three times the time", URGENT, EXTRA_TEXT, agency.AUTO, 45, told="urgent"),
    Promise("redo of a mistaken request", REDO, REDO_TEXT, agency.APPROVED, 90, "confirm"),
    Promise("larger extra: warned, confirmed", LARGER, EXTRA_TEXT, agency.APPROVED, 570, "confirm"),
    Promise("refused: too few hours", REFUSED, EXTRA_TEXT, None, 0, "residual", "residual"),
    Promise("started without an answer", agency.GALLERY, AGREED_TEXT, None, 0, "confirm", "start"),
)
"""What each kind must come to in the end: judged against board, ledger and Stripe."""

OF_URGENT = Shift(URGENT, "2026-10-16 10:30", 15, 0, agency.AVERY, done=True)
OF_SMALL = Shift(SMALL, "2026-10-16 11:00", 19, 0, agency.ROBIN, done=True)
OF_REDO = Shift(REDO, "2026-10-16 15:00", 80, 0, agency.ROBIN, done=True)
OF_LARGER = Shift(LARGER, "2026-10-19 09:00", 200, 0, agency.ROBIN)


def ask(stage: Stage, tell: Tell) -> list[Seen]:
    """Write down the requests of one morning, answer them as the client, and work on them."""
    stage.clock.set(at("2026-10-16 09:00"))
    stage.settle()
    for one in ASKED:
        _write(stage, one)
    hear(stage)
    seen = [see(stage, item, tell) for item in (SMALL, REFUSED, REDO)]
    approve(stage, REDO)
    stage.clock.sleep(CORRECTED_S)  # the warning shows less now
    stage.settle()
    seen.append(see(stage, LARGER, tell))
    approve(stage, LARGER)
    tell(stage.clock.now(), "the client confirms what was warned of, and the redo")
    for shift in (OF_URGENT, OF_SMALL, OF_REDO, OF_LARGER):
        track(stage, shift)
    hear(stage)
    return [*seen, see(stage, URGENT, tell)]


def look_back(stage: Stage, tell: Tell) -> list[Seen]:
    """Look at what was agreed, and at what was started although nobody approved it."""
    return [see(stage, item, tell) for item in (agency.HOME, agency.GALLERY)]


def see(stage: Stage, item: str, tell: Tell) -> Seen:
    """Read one row as the client does, and tell of it."""
    shown = evidence.face(stage.monday, item, agency.MESSAGE)
    kind = next(one.kind for one in PROMISES if one.item_id == item)
    seen = Seen(kind, item, shown.name, _words(shown.message), _words(" ".join(shown.comments)))
    tell(stage.clock.now(), f"{kind}, «{seen.name}»: {seen.message or 'as agreed'}")
    return seen


def in_order(seen: Iterable[Seen]) -> tuple[Seen, ...]:
    """Return what was seen in the order of the kinds."""
    places = {one.item_id: place for place, one in enumerate(PROMISES)}
    return tuple(sorted(seen, key=lambda one: places[one.item_id]))


def _write(stage: Stage, one: Asked) -> None:
    cells: dict[str, object] = {
        agency.STATUS: {"index": agency.NEW},
        agency.ESTIMATE: one.hours,
        agency.REFERENCE: f"<{one.item_id}@bottega.example>",
    }
    if one.urgent:
        cells |= {agency.URGENT: {"checked": "true"}, agency.EVIDENCE: one.urgent}
    if one.redo_of:
        cells[agency.REDO_OF] = one.redo_of
    stage.people.create_item(
        board=agency.BOARD_IT,
        name=one.title,
        cells=cells,
        as_user=agency.AVERY,
        item_id=one.item_id,
    )


def _words(text: str) -> str:
    """Return a text without the small mark at its end."""
    return text.partition(" [MB-")[0]
