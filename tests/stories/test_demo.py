"""The demo: its object, its story on any terminal, and checks that reach board, base and Stripe."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import typer
from rich.console import Console

from mondaybridge.cli.demo import conclude
from mondaybridge.demo import kinds, report, story
from mondaybridge.demo import outcome as judged
from mondaybridge.demo.checks import Check, Footprint, Promise
from mondaybridge.demo.outcome import Outcome
from mondaybridge.demo.stage import DATABASE, Stage, stage
from mondaybridge.sandbox import agency


@dataclass(frozen=True, slots=True)
class Evening:
    """A demo that was played and not yet taken down."""

    folder: Path
    stage: Stage
    played: story.Played
    looks: list[Footprint]
    scenes: list[str]

    def look(self) -> Outcome:
        return judged.outcome(self.stage, self.played, self.looks)

    def wrong(self) -> list[str]:
        """Return the names of the checks that do not hold now."""
        return [check.name for check in self.look().checks if not check.ok]

    @contextmanager
    def base(self) -> Iterator[sqlite3.Connection]:
        """Open the database behind the bridge's back."""
        with closing(sqlite3.connect(self.folder / DATABASE)) as base:
            yield base


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp("demo")
    scenes: list[str] = []
    with stage(folder) as playing:
        played = story.play(playing, lambda _, sentence: scenes.append(sentence))
        looks = [judged.footprint(playing)]
        for again in (story.close_again, story.read_again):
            again(playing)
            looks.append(judged.footprint(playing))
        yield Evening(folder, playing, played, looks, scenes)


@pytest.fixture(scope="module")
def printed() -> subprocess.CompletedProcess[str]:
    """Run the command in a hostile environment: nothing outside may change what it does."""
    source = str(Path(report.__file__).parents[2])
    hostile = {
        "MONDAYBRIDGE_DATABASE_URL": "postgresql://nowhere.invalid/none",
        "MONDAYBRIDGE_MAPPINGS": "/nonexistent/mappings.yaml",
        "MONDAYBRIDGE_MONDAY__API_URL": "https://monday.invalid/v2",
        "MONDAYBRIDGE_STRIPE__API_URL": "https://stripe.invalid",
        "MONDAYBRIDGE_MONDAY__TOKEN_FILE": "/nonexistent/token",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    return subprocess.run(
        [sys.executable, "-m", "mondaybridge", "demo", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": source, "PYTHONUTF8": "1", **hostile},
    )


def test_json_is_exactly_one_object_of_the_agreed_form(
    printed: subprocess.CompletedProcess[str],
) -> None:
    assert (printed.returncode, printed.stderr) == (0, "")
    shown = json.loads(printed.stdout)
    assert {key: shown[key] for key in ("ok", "packages")} == {
        "ok": True,
        "packages": [
            {
                "id": "BI-2026-1",
                "granted": 2_400,
                "posted": 1_773,
                "reserved": 744,
                "hard": 627,
                "free": -117,
            }
        ],
    }
    assert [{**document, "lines": len(document["lines"])} for document in shown["documents"]] == [
        {
            "kind": kind,
            "client": client,
            "period": period,
            "number": number,
            "currency": currency,
            "subtotal_minor": subtotal,
            "total_minor": total,
            "lines": lines,
        }
        for kind, client, period, number, currency, subtotal, total, lines in [
            ("invoice", "bottega", "2026-10", "SANDBOX-0001", "eur", 240_000, 292_800, 1),
            ("invoice", "tea-rooms", "2026-10", "SANDBOX-0002", "gbp", 52_866, 63_440, 4),
            ("invoice", "bicycles", "2026-10", "SANDBOX-0003", "gbp", 24_500, 29_400, 4),
            ("credit_note", "tea-rooms", "2026-10", "SANDBOX-0002-CN-01", "gbp", 1_625, 1_950, 1),
            ("invoice", "tea-rooms", "2026-11", "SANDBOX-0004", "gbp", 28_816, 34_580, 3),
            ("invoice", "bicycles", "2026-11", "SANDBOX-0005", "gbp", 16_500, 19_800, 1),
        ]
    ]
    assert list(shown) == ["ok", "packages", "documents", "checks"]
    assert all(set(check) == {"name", "ok"} and check["ok"] for check in shown["checks"])


def test_all_places_agree_when_the_story_ends(evening: Evening) -> None:
    assert evening.wrong() == []
    assert len(evening.look().checks) == 19


def test_the_story_tells_what_went_wrong_and_was_found(evening: Evening) -> None:
    told = "\n".join(evening.scenes)
    assert [
        "0:00 known; ten minutes later the sweep found 2:50" in told,
        "delivered 4 times: 0:40 counted, once" in told,
        "the old plan is refused" in told,
        "credit note of 16.25 GBP" in told,
        "with October's 25 minutes on it" in told,
    ] == [True] * 5


def test_the_client_sees_each_kind_of_activity_in_its_own_language(evening: Evening) -> None:
    seen = evening.look().seen
    assert [(one.kind, one.name, one.message) for one in seen] == [
        ("agreed", "Home page: nuova struttura", ""),
        (
            "small extra: starts by itself",
            "Telefono nel piè di pagina (extra)",
            "0:24 h, attivata automaticamente (entro 0:30 h).",
        ),
        (
            "urgent: three times the time",
            "Modulo contatti bloccato (extra)",
            "Urgente: 0:15 h × 3 = 0:45 h addebitate.",  # noqa: RUF001 - as the board shows it
        ),
        (
            "redo of a mistaken request",
            "Newsletter: indirizzo corretto (extra)",
            "1:30 h: serve la conferma; restano 23:08 h, di cui 8:29 h libere.",
        ),
        (
            "larger extra: warned, confirmed",
            "Blog con dieci articoli (extra)",
            "9:30 h: serve la conferma; mancherebbero 2:31 h per le altre attività.",
        ),
        (
            "refused: too few hours",
            "Negozio in tre lingue (extra)",
            "Servono 30:00 h e ne restano 23:08: mancano 6:52 h.",
        ),
        (
            "started without an answer",
            "Galleria: più fotografie",
            "Serve la conferma; poi l'attività può proseguire.",
        ),
    ]
    warning = seen[4].comment
    assert "mancherebbero 2:31 h e il tempo complessivo potrebbe successivamente non" in warning


@pytest.mark.parametrize("promise", kinds.PROMISES, ids=lambda one: one.kind)
def test_an_activity_that_is_not_what_its_kind_must_be_is_seen(
    evening: Evening, promise: Promise
) -> None:
    people, row = evening.stage.people, promise.item_id
    shown = evening.stage.sandbox.monday.state.items[row].cells[agency.ORIGIN].value
    for text, wrong in (("something else", [promise.kind]), (shown, [])):
        people.edit_cell(item=row, column=agency.ORIGIN, value=text)
        assert evening.wrong() == wrong


def test_late_minutes_stand_on_the_next_invoice_with_their_month(evening: Evening) -> None:
    november = evening.look().papers[-2].document
    assert [(line.identity[3], line.minutes) for line in november.lines] == [
        ("2026-10", 25),
        ("2026-11", 51),
        ("2026-11", 190),
    ]


def test_R42_R49_a_plan_has_its_fee_and_what_lies_beyond_it(evening: Evening) -> None:
    """3:00 hours are included; the second activity crosses the limit and stands on two lines."""
    october, november = (
        paper.document for paper in evening.look().papers if paper.document.client_id == "bicycles"
    )
    finder, bells = agency.FINDER, agency.BELLS
    assert [(*line.identity[1:5], line.minutes, line.amount_minor) for line in october.lines] == [
        ("fee", "support-30@2026-10-01", "2026-10", "included", 0, 16_500),
        ("usage", finder, "2026-10", "included", 140, 0),
        ("usage", bells, "2026-10", "included", 40, 0),
        ("usage", bells, "2026-10", "overage", 80, 8_000),
    ]
    assert [(line.identity[1], line.amount_minor) for line in november.lines] == [("fee", 16_500)]


def test_time_on_unapproved_work_is_shown_and_not_drawn(evening: Evening) -> None:
    rows = {row.item_id: row for row in judged.accounts(evening.stage)[0].rows}
    gallery = rows[agency.GALLERY]
    assert (gallery.seconds, gallery.charged, gallery.billing) == (
        {"2026-10": 75 * 60},
        "0",
        "in sospeso",
    )


@pytest.mark.parametrize("width", [40, 80, 160])
def test_every_terminal_can_show_it(evening: Evening, width: int) -> None:
    page = io.StringIO()
    console = Console(file=page, width=width)
    report.scene(console, 0, evening.scenes[0])
    report.show(console, evening.look(), Path("folder"))
    lines = page.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "BI-2026-1" in page.getvalue()


def test_a_check_that_fails_ends_the_command_with_one(
    evening: Evening, capsys: pytest.CaptureFixture[str]
) -> None:
    good = evening.look()
    bad = replace(good, checks=(*good.checks, Check("something else", ok=False)))
    page = Console(file=io.StringIO())
    conclude(good, Path("folder"), page, json=True)
    for as_json in (True, False):
        with pytest.raises(typer.Exit) as ended:
            conclude(bad, Path("folder"), page, json=as_json)
        assert ended.value.exit_code == 1
    answers = [json.loads(line)["ok"] for line in capsys.readouterr().out.splitlines()]
    assert answers == [True, False]


def test_a_minute_in_the_database_is_seen(evening: Evening) -> None:
    with evening.base() as base:
        triggers = base.execute(
            "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'entry'"
        ).fetchall()
        for name, _ in triggers:
            base.execute(f"drop trigger {name}")
        change = "update entry set minutes = minutes + ? where activity_id = ? and seq = ?"
        where = base.execute(
            "select activity_id, seq from entry where activity_id = ? and kind = 'post'",
            (agency.BANNER,),
        ).fetchone()
        base.execute(change, (1, *where))
        base.commit()
        wrong = evening.wrong()
        base.execute(change, (-1, *where))
        for _, sql in triggers:
            base.execute(sql)
        base.commit()
    assert triggers
    assert wrong == [
        "board = ledger, to the minute",
        "the bridge's own cells = ledger",
        "ledger = documents, to the minute",
        "amounts, tax and totals, to the penny",
        "ledger's chain verified",
    ]
    assert evening.wrong() == []


def test_a_minute_in_a_balance_is_seen(evening: Evening) -> None:
    with evening.base() as base:
        base.execute("update package set posted = posted + 1")
        base.commit()
        wrong = evening.wrong()
        base.execute("update package set posted = posted - 1")
        base.commit()
    assert wrong == [
        "the package's row = ledger",
        "hard = granted - posted, free = hard - reserved",
        "ledger's chain verified",
    ]


def test_a_minute_on_the_board_is_seen(evening: Evening) -> None:
    sessions = evening.stage.sandbox.monday.state.items[agency.BANNER].sessions[agency.ACTUAL]
    before = sessions[0].ended_at
    assert before is not None
    for end, wrong in ((before + 60_000, ["board = ledger, to the minute"]), (before, [])):
        evening.stage.people.edit_session(
            item=agency.BANNER, session=sessions[0].id, ended_at=end, as_user=agency.ROBIN
        )
        assert evening.wrong() == wrong


def test_a_minute_in_our_cell_is_seen(evening: Evening) -> None:
    for text, wrong in (("0.68", ["the bridge's own cells = ledger"]), ("0.67", [])):
        evening.stage.people.edit_cell(item=agency.BANNER, column=agency.CHARGED, value=text)
        assert evening.wrong() == wrong


def test_a_minute_or_a_penny_on_a_document_is_seen(evening: Evening) -> None:
    invoice = next(i for i in evening.stage.sandbox.stripe.invoices.values() if len(i.lines) == 4)
    line = invoice.lines[0]
    minutes, amount = line.metadata["mb_minutes"], line.amount
    line.metadata["mb_minutes"] = str(int(minutes) + 1)
    of_minutes = evening.wrong()
    line.metadata["mb_minutes"] = minutes
    line.amount += 1
    of_money = evening.wrong()
    line.amount = amount
    assert (of_minutes, of_money, evening.wrong()) == (
        ["ledger = documents, to the minute"],
        ["amounts, tax and totals, to the penny"],
        [],
    )


@pytest.mark.parametrize(
    ("again", "place", "name"),
    [
        (story.close_again, 1, "second close writes nothing"),
        (story.read_again, 2, "second write-back writes nothing"),
    ],
)
def test_a_minute_worked_in_between_makes_the_second_time_write(
    evening: Evening, again: Callable[[Stage], None], place: int, name: str
) -> None:
    """The last in this file: December's minutes stay where they are."""
    looks = [judged.footprint(evening.stage)] * 3
    assert name not in replace(evening, looks=looks).wrong()
    at = evening.stage.clock.now()
    evening.stage.people.add_session(
        item=agency.VOUCHERS, started_at=at - 60_000, ended_at=at, as_user=agency.ROBIN
    )
    evening.stage.clock.sleep(evening.stage.app.mapping.timing.fresh_minutes * 60 + 1)
    again(evening.stage)
    looks = looks[:place] + [judged.footprint(evening.stage)] * (3 - place)
    assert name in replace(evening, looks=looks).wrong()
