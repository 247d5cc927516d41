"""A package at its end, for tests: twelve rows of every sort, three not done, figures by hand."""

from datetime import UTC, date, datetime

from mondaybridge.domain.activity import Approval, Status
from mondaybridge.domain.admission import Origin
from mondaybridge.export.handover import (
    Answer,
    DoneRow,
    Handover,
    Hours,
    Undone,
    UndoneRow,
)

HEAD = "ab12" * 16
AGREED = "Contact page with a form and a map"
SPLIT = "Catalogue: import of 240 sheets"
HOSTILE = '=HYPERLINK("http://example.org";"click")'


def at(month: int, day: int, hour: int = 9) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp()) * 1000


APPROVED = Answer(Approval.APPROVED, by="Anna B.", at=at(9, 3))


def done(number: int, title: str, seconds: int, charged: int, **more: object) -> DoneRow:
    known: dict[str, object] = {
        "activity_id": str(1000 + number),
        "title": title,
        "status": Status.DONE,
        "person": "Luca P.",
        "consent": APPROVED,
        "estimate_minutes": 60,
        "actual_seconds": seconds,
        "charged": charged,
        "entries": (("acme-2026", 3 * number), ("acme-2026", 3 * number + 1)),
    }
    return DoneRow(**(known | more))  # type: ignore[arg-type]  # defaults under what a test says


ROWS = (
    done(
        1, AGREED, 7200, 120, estimate_minutes=150, due=date(2026, 9, 20), rigid=True,
        taken_at=at(9, 4), worked_from=at(9, 5), worked_to=at(9, 8),
    ),
    done(2, "Autumn banner (extra)", 1800, 30, origin=Origin.EXTRA, consent=Answer(Approval.AUTO)),
    done(
        3, "Site down: certificate", 2412, 121, origin=Origin.REQUEST, urgent=True, factor=3,
        evidence="e-mail of 3 Nov", consent=Answer(Approval.APPROVED, reference="e-mail of 3 Nov"),
    ),
    done(4, SPLIT, 43_200, 500, charged_elsewhere=220, entries=(("acme-2026", 40), ("beta", 7))),
    done(5, HOSTILE, 600, 10, person="@SUM(1+1)", note="+cmd|' /C calc'!A0"),
    done(6, "{{7*7}} \U0001f600 novità", 1200, 20),
    done(7, "עדכון דף הבית", 5400, 90),
    done(8, "Logo, second version", 3600, 60, origin=Origin.REDO, redo_of="Logo, first version"),
    done(9, "October newsletter", 2700, 45, question_at=at(11, 12), note="Why 0:45?"),
    done(10, "Texts\r\nof the \x07page\ud800", 4500, 75, note="First round.\nSecond round."),
    done(11, "_x0041_ and _x005F_x0042_", 900, 15, estimate_minutes=None),
    done(12, "Backup", 3660, 61, status=Status.CANCELLED, person=""),
)  # fmt: skip
UNDONE = (
    UndoneRow(
        activity_id="2001", title="Members' area", reason=Undone.REFUSED, status=Status.NEW,
        estimate_minutes=1200, due=date(2026, 12, 10), consent=APPROVED,
    ),
    UndoneRow(
        activity_id="2002", title="Film", reason=Undone.REJECTED, status=Status.NEW, note="No.",
        consent=Answer(Approval.REJECTED, by="Anna B.", at=at(9, 9)), estimate_minutes=480,
    ),
    UndoneRow(
        activity_id="2003", title="German", reason=Undone.NOT_APPROVED, status=Status.WAITING,
        actual_seconds=1500,
    ),
)  # fmt: skip


def handover(
    locale: str = "en",
    *,
    rows: tuple[DoneRow, ...] = ROWS,
    undone: tuple[UndoneRow, ...] = UNDONE,
    hours: Hours | None = None,
    **more: object,
) -> Handover:
    charged = sum(row.charged for row in rows)
    known: dict[str, object] = {
        "client": "ACME S.r.l.",
        "contract_id": "acme-2026",
        "contract": "Web care 2026",
        "package_id": "acme-2026-1",
        "package": "40 hours",
        "locale": locale,
        "zone": "Europe/Rome",
        "currency": "eur",
        "hours": hours or Hours(granted=2400, posted=charged + 130, credited=60, opening=130),
        "starts_at": at(9, 1),
        "ends_at": at(11, 20),
        "made_at": at(11, 22, 17),
        "head_hash": HEAD,
        "board_url": "https://acme.monday.com/boards/1234567890",
        "price_minor": 260_000,
        "rows": rows,
        "undone": undone,
    }
    return Handover(**(known | more))  # type: ignore[arg-type]  # defaults under what a test says
