"""R17a: what ended with its last package is shown as ended, and nothing of it alarms any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mondaybridge.cli.app import run
from mondaybridge.domain.asking import Asked
from mondaybridge.errors import FindingsError
from mondaybridge.reports import opening, status
from mondaybridge.reports.check import check
from mondaybridge.reports.ending import closed_boards
from mondaybridge.reports.package import package
from mondaybridge.sandbox.server import transport
from mondaybridge.setup.doctor import examine
from mondaybridge.workflows.handover import hand_over
from mondaybridge.workflows.opening import open_package
from stories import town
from stories.office import Office, office, terms

CONTACT = '"contact": "referente@agency.example",\n "users": ['
SECOND = {**town.PACKAGE, "id": "P2", "sold_on": "2026-10-20"}
MAIL = "<mail-2@shop.example>"


@contextmanager
def ended(*packages: town.Terms, **policies: str) -> Iterator[Office]:
    """An office whose first package was handed over, with a request that was never approved."""
    mapping = terms(*packages, more=None, **policies).replace('"users": [', CONTACT)
    with office(mapping) as one:
        one.ask("Too large", "40", reference=MAIL)
        one.turn()
        one.turn()
        hand_over(one.app, "P1", early=True)
        one.turn()
        yield one


def listed(one: Office) -> list[tuple[Any, ...]]:
    """Return what ``package list`` shows of each package."""
    names = ("id", "state", "granted", "hard", "free", "given_up")
    return [tuple(row[name] for name in names) for row in status.packages(one.app)]


def found(one: Office) -> list[tuple[str, str]]:
    """Return what the doctor says about boards."""
    seen = examine(
        one.settings(),
        clock=one.clock,
        monday_transport=transport(one.sandbox.handle_monday),
        stripe_transport=transport(one.sandbox.handle_stripe),
    )
    return [(f.level.value, f.text) for f in seen if f.check.value == "MB013"]


@pytest.mark.parametrize("how", ["archive", "lock"])
def test_R17a_a_board_that_was_closed_with_its_last_package_alarms_nobody(how: str) -> None:
    with ended(town.PACKAGE, board_at_end=how) as one:
        assert opening.troubles(one.app) == []
        shown = one.status()
        quiet = {name: shown[name] for name in ("dashboards", "refused", "untold", "endings")}
        assert quiet == {"dashboards": [], "refused": [], "untold": [], "endings": []}
        assert ("OK", f"board {town.HOURS} was closed with its last package") in found(one)
        assert [text for level, text in found(one) if level != "OK"] == []


def test_R17a_what_is_left_on_an_ended_package_is_given_up_as_check_says() -> None:
    with ended(town.PACKAGE) as one:
        assert listed(one) == [("P1", "ended", 600, 0, 0, 600)]
        contract = one.app.mapping.contract("bottega-hours")
        page = package(one.app, contract)["packages"][0]
        names = ("state", "granted", "used", "hard", "free", "given_up")
        assert [page[name] for name in names] == ["ended", 600, 0, 0, 0, 600]
        seen = check(one.app, contract, Asked(5)).answer.seen
        assert (seen.hard, seen.free) == (0, 0)


def test_R17a_opening_it_again_says_that_it_ended() -> None:
    with ended(town.PACKAGE) as one:
        writes = one.writes()
        with pytest.raises(
            FindingsError, match=r"package P1 has ended: it was handed over on 2026"
        ):
            open_package(one.app, "P1")
        assert one.writes() == writes


def test_R17a_a_package_sold_later_goes_on_with_the_board_and_its_alarms() -> None:
    with ended(town.PACKAGE, SECOND) as one:
        assert listed(one) == [
            ("P1", "ended", 600, 0, 0, 600),
            ("P2", "not yet sold", 0, 0, 0, 0),
        ]
        assert len(one.status()["refused"]) <= 1
        one.go("2026-10-21 09:00")
        one.turn()
        assert listed(one)[1] == ("P2", "running", 600, 600, 600, 0)
        one.people.archive_board(board=town.HOURS)
        one.turn()
        assert [found.board_id for found in opening.troubles(one.app)] == [town.HOURS]


def test_R17_the_last_of_two_packages_is_delivered_on_the_board_before_it_is_closed() -> None:
    with ended(town.PACKAGE, SECOND) as one:
        one.go("2026-10-21 09:00")
        one.turn()
        done = hand_over(one.app, "P2", early=True)
        steps = {name.partition(":")[0] for name, _ in done.steps}
        assert steps == {"copy", "board", "mail", "closed", "end"}
        with one.app.store.read() as tx:
            assert closed_boards(tx, one.app.mapping.contracts) == {town.HOURS}


def test_R05_an_expired_package_is_called_so() -> None:
    with office(terms({**town.PACKAGE, "expires_on": "2026-10-10"})) as one:
        one.turn()
        assert listed(one) == [("P1", "running", 600, 600, 600, 0)]
        one.go("2026-10-11 09:00")
        assert listed(one) == [("P1", "expired", 600, 0, 0, 600)]


def test_R17_what_the_close_did_is_said_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ended(town.PACKAGE) as one:
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        assert run(["package", "close", "P1"]) == 0
        out = capsys.readouterr().out
        for words in (
            "Excel copy written",
            "comment and file on the board",
            "the mail to g@shop.example is to be sent by hand: ",
            "board archived",
        ):
            assert words in out
        assert run(["status"]) == 0
        assert "Waiting to start, h:mm: none" in capsys.readouterr().out


def test_R25_whose_answer_is_being_looked_up_waits_to_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with office() as one:
        row = one.ask("Home", "2")
        one.approve(row)
        one.wait(11)
        one.sweep()
        [shown] = one.status()["refused"]
        assert (shown["verdict"], shown["approval"]) == ("checking", "approved")
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", one.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(one.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(one.folder))
        assert run(["status"]) == 0
        out = capsys.readouterr().out
        assert "Waiting to start, h:mm" in out
        [line] = [line for line in out.splitlines() if line.lstrip().startswith(row)]
        assert line.split()[1:4] == ["Home", "approved", "checking"]
        one.wait(1)
        one.settle()
        assert one.status()["refused"] == []
