"""R17: the hours end, the client is given the Excel copy and the dashboard is closed, once."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no types
from sqlalchemy import event

from mondaybridge.domain.allocation import Choice
from mondaybridge.errors import FindingsError, TryLater
from mondaybridge.export.verification import read_back
from mondaybridge.reports.ending import checklist, closed_boards
from mondaybridge.sandbox.world import Request, Response
from mondaybridge.workflows.handover import hand_over
from mondaybridge.workflows.held import decide
from mondaybridge.workflows.packages import credit
from mondaybridge.workflows.verification import verify_file
from stories import town
from stories.office import Office, office, terms

CONTACT = '"contact": "referente@agency.example",\n "users": ['
DASH = "\u2013"
PACKAGE = {**town.PACKAGE, "granted": "4:00"}


class Killed(BaseException):
    """The process is gone: nothing behind this point is done."""


@contextmanager
def finished(**policies: str) -> Iterator[Office]:
    """An office whose package is used up: one agreed row, one extra, one never approved."""
    mapping = terms(PACKAGE, more=None, **policies).replace('"users": [', CONTACT)
    with office(mapping) as one:
        home = one.ask("Home page", "3")
        one.turn()
        one.approve(home)
        one.turn(24 * 60)
        banner = one.ask("=HYPERLINK(1)", "0.5", reference="<mail-2@shop.example>")
        one.ask("Newsletter", "2", reference="<mail-3@shop.example>")
        one.turn()
        one.work(home, "2026-10-05 09:00", 210)
        one.work(banner, "2026-10-05 14:00", 30)
        one.fill(home, town.STATUS, town.DONE)
        one.fill(banner, town.STATUS, town.DONE)
        one.turn(5 * 24 * 60)
        yield one


def copies(one: Office) -> list[str]:
    return [asset.name for asset in one.sandbox.monday.state.assets.values()]


def mails(one: Office) -> list[str]:
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in one.mailbox()]
    return [str(mail["To"]) for mail in found]


def test_R17_the_hours_end_the_client_gets_the_copy_and_the_board_is_closed() -> None:
    with finished() as one:
        assert one.package()[:3] == (240, 240, 0)
        assert checklist(one.app, "P1").why == "used_up"
        done = hand_over(one.app, "P1")
        assert (done.done, done.last) == (True, True)
        assert copies(one) == ["P1.xlsx"]
        assert mails(one) == ["g@shop.example"]
        assert one.sandbox.monday.state.boards[town.HOURS].state == "archived"
        with one.app.store.read() as tx:
            assert closed_boards(tx, one.app.mapping.contracts) == {town.HOURS}
        one.settle()
        writes = one.writes()
        assert hand_over(one.app, "P1").done
        one.turn()
        assert (one.writes(), len(copies(one)), len(mails(one))) == (writes, 1, 1)


def test_R17c_the_copy_lists_what_was_done_and_what_was_not_with_the_ledgers_totals(
    tmp_path: Path,
) -> None:
    with finished() as one:
        hand_over(one.app, "P1")
        asset = next(iter(one.sandbox.monday.state.assets.values()))
        found = read_back(asset.content)
        assert [(row.title, row.charged) for row in found.rows] == [
            ("Home page", 210),
            ("=HYPERLINK(1) (extra)", 30),
        ]
        assert (found.undone, found.problems, found.locale) == (1, (), "it")
        file = tmp_path / "P1.xlsx"
        file.write_bytes(asset.content)
        assert verify_file(one.app, file).problems == ()

        book = load_workbook(io.BytesIO(asset.content))
        sheet = book.worksheets[1]
        row = next(r for r in sheet.iter_rows() if r[0].value == "Home page")
        cell = next(c for c in row if c.number_format.startswith("[h]") and c.value)
        cell.value = 1
        book.save(file)
        told = [str(problem) for problem in verify_file(one.app, file).problems]
        assert any("Home page" in line for line in told)


def test_R17a_what_is_open_comes_first_each_with_its_way_out() -> None:
    with finished() as one:
        running = one.ask("Late idea", "0.25", reference="<mail-4@shop.example>")
        one.people.start_session(item=running, as_user=town.STAFF)
        one.turn()
        with pytest.raises(FindingsError, match=r"running timer: stop it"):
            hand_over(one.app, "P1")
        assert (copies(one), mails(one)) == ([], [])
        one.people.stop_session(item=running, as_user=town.STAFF)
        one.turn()
        assert hand_over(one.app, "P1").done


def test_R17a_hours_that_are_left_end_only_where_a_person_says_so() -> None:
    with office(terms().replace('"users": [', CONTACT)) as one:
        one.turn()
        with pytest.raises(FindingsError, match=r"P1 is not at its end: with --early"):
            hand_over(one.app, "P1")
        assert copies(one) == []
        assert hand_over(one.app, "P1", early=True).done
        assert copies(one) == ["P1.xlsx"]


def test_R17_a_copy_reaches_somebody_also_where_the_packages_row_was_deleted() -> None:
    with finished() as one:
        one.people.delete_item(item=one.package_row(), as_user=town.STAFF)
        one.wait(1)
        for _ in range(4):
            with suppress(TryLater):
                hand_over(one.app, "P1")
            one.turn()
        assert checklist(one.app, "P1").done
        assert copies(one) == ["P1.xlsx"]


def test_R17_a_copy_for_nobody_is_refused_with_the_way_out() -> None:
    mapping = re.sub(r'"users": \[[^]]*]', '"users": []', terms(PACKAGE, approval_actor="off"))
    with office(re.sub(r',\s*"package": \{.*?\n    \}', "", mapping, flags=re.DOTALL)) as one:
        one.turn()
        with pytest.raises(FindingsError, match=r"nobody would be given the copy: name users"):
            hand_over(one.app, "P1", early=True)
        assert one.sandbox.monday.state.boards[town.HOURS].state == "active"


def test_R17a_what_came_between_the_copy_and_the_closing_keeps_the_board_open() -> None:
    with finished() as one:
        idea = one.ask("Late idea", "0.25", reference="<mail-4@shop.example>")
        one.turn()
        one.fault("monday", "server_error", "create_update", times=50)
        with pytest.raises(TryLater):
            hand_over(one.app, "P1")
        assert checklist(one.app, "P1").begun
        one.sandbox.world.faults.clear()
        one.people.start_session(item=idea, as_user=town.STAFF)
        one.turn(60)
        with pytest.raises(FindingsError, match=r"running timer: stop it"):
            hand_over(one.app, "P1")
        assert one.sandbox.monday.state.boards[town.HOURS].state == "active"
        one.people.stop_session(item=idea, as_user=town.STAFF)
        one.turn()
        assert [(row, why) for row, _, why, _ in one.held()] == [(idea, "unapproved")]
        decide(one.app, idea, Choice.ABSORB, "lead")
        one.turn()
        assert hand_over(one.app, "P1").done
        assert copies(one) == ["P1.xlsx"]


def test_R17c_the_copy_keeps_the_word_on_which_time_was_charged() -> None:
    with finished() as one:
        home = next(k for k, i in one.sandbox.monday.state.items.items() if i.name == "Home page")
        one.fill(home, town.APPROVAL, None)
        one.turn()
        hand_over(one.app, "P1")
        book = load_workbook(
            io.BytesIO(next(iter(one.sandbox.monday.state.assets.values())).content)
        )
        row = next(r for r in book.worksheets[1].iter_rows() if r[0].value == "Home page")
        assert any("g@shop.example" in str(cell.value) for cell in row)


def test_R02_board_mail_and_copy_name_the_same_hours_with_goodwill_among_them() -> None:
    with finished() as one:
        credit(one.app, "P1", minutes=60, reason="late answer", actor="lead")
        one.turn()
        hand_over(one.app, "P1", early=True)
        mail = message_from_bytes(one.mailbox()[0].read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert re.findall(r"ore \w+(?: \w+)? +(\d+:\d\d)", text) == ["5:00", "4:00", "1:00"]
        assert "3 volte quello effettivo" in " ".join(text.split())
        said = [u.body for u in one.sandbox.monday.state.updates.values() if "MB-copy" in u.body]
        assert "4:00 h su 5:00 h" in said[0]
        found = read_back(next(iter(one.sandbox.monday.state.assets.values())).content)
        hours = found.hours
        assert (hours["granted"] + hours["credited"], hours["posted"]) == (300, 240)
        assert one.package()[:2] == (300, 240)


def test_R17a_a_board_may_be_locked_instead() -> None:
    with finished(board_at_end="lock") as one:
        hand_over(one.app, "P1")
        board = one.sandbox.monday.state.boards[town.HOURS]
        assert (board.state, board.name) == ("active", f"Bottega {DASH} chiusa")
        one.turn()
        assert one.findings() == ()


def test_R17_a_package_that_ends_hands_itself_over_where_the_policy_says_so() -> None:
    with finished(handover="auto") as one:
        one.turn()
        one.turn()
        assert copies(one) == ["P1.xlsx"]
        assert one.sandbox.monday.state.boards[town.HOURS].state == "archived"
        assert one.status()["waiting"] == []


@contextmanager
def dying(one: Office, at: int, *, on: str) -> Iterator[list[str]]:
    """Let the process die at its n-th commit, or at its n-th write to monday before or after it.

    What is dead tidies nothing up: neither store nor monday hear from it again.
    """
    deaths: list[str] = []
    count = 0
    handle, engine = one.sandbox.monday.handle, one.app.store.engine

    def step(place: str) -> bool:
        nonlocal count
        if deaths:
            raise Killed
        count += place == on
        if place == on and count == at:
            deaths.append(place)
        return bool(deaths)

    def monday(request: Request) -> Response:
        if b"mutation" not in (request.body or b""):
            return handle(request)
        if step("write lost"):
            raise Killed
        answer = handle(request)
        if step("write done"):
            raise Killed
        return answer

    def commit(_: object) -> None:
        if step("commit"):
            raise Killed

    one.sandbox.monday.handle = monday  # type: ignore[method-assign]  # the process's last wire
    event.listen(engine, "commit", commit)
    try:
        yield deaths
    finally:
        event.remove(engine, "commit", commit)
        one.sandbox.monday.handle = handle  # type: ignore[method-assign]  # the next process


@pytest.mark.parametrize("on", ["write lost", "write done", "commit"])
def test_R17_killed_at_any_step_it_resumes_to_one_file_one_mail_one_closing(on: str) -> None:
    """Each new process comes one step further than the one before, and dies there."""
    with finished() as one:
        died = 0
        for at in range(1, 60):
            with dying(one, at, on=on) as deaths, suppress(Killed):
                hand_over(one.app, "P1")
            died += len(deaths)
            one.wait(2)
            if not deaths:
                break
        assert died >= (8 if on == "commit" else 1)
        assert hand_over(one.app, "P1").done
        assert (copies(one), mails(one)) == (["P1.xlsx"], ["g@shop.example"])
        assert one.sandbox.monday.state.boards[town.HOURS].state == "archived"
        ours = [u for u in one.sandbox.monday.state.updates.values() if "MB-copy" in u.body]
        assert len(ours) == 1
        assert one.findings() == ()
