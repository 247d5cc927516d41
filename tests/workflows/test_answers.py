"""R25: who answered is looked up once, in one call for a board, and again while the log lags."""

import pytest

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.approval import Evidence, print_of
from mondaybridge.errors import TryLater
from mondaybridge.store import answers, ledger, mirror
from mondaybridge.workflows.answers import LOOK_AGAIN_MS, LookReport, look_up
from mondaybridge.workflows.read import read_whole
from stories import town
from stories.house import House, house

CONTRACT = "bottega-hours"
CLIENT = town.GUEST
ADDRESS, STAFF_ADDRESS = "g@shop.example", "a@agency.example"
AGAIN = LOOK_AGAIN_MS // 60_000 + 1

Told = tuple[str, str, str, str]


def rows(one: House) -> dict[str, Activity]:
    with one.app.store.read() as tx:
        return {row.activity_id: row for row in mirror.activities(tx, CONTRACT)}


def ask(one: House, *items: str) -> None:
    """Read the board, then ask for the answers of rows, as a review does; forget the calls."""
    read_whole(one.app, town.HOURS)
    shown = rows(one)
    with one.app.store.write() as tx:
        answers.want_looks(tx, town.HOURS, {item: print_of(shown[item]) for item in items})
    one.calls.clear()


def evidence(one: House) -> dict[str, Evidence]:
    with one.app.store.read() as tx:
        return answers.evidence(tx, CONTRACT)


def told(one: House, item: str) -> list[Told]:
    found = evidence(one)[item]
    return [(c.field.value, c.previous, c.value, c.user) for c in found.changes]


def due(one: House) -> list[str]:
    with one.app.store.read() as tx:
        return answers.due_looks(tx, one.clock.now())


def version(one: House) -> int:
    with one.app.store.read() as tx:
        return ledger.positions(tx)[CONTRACT].wanted_version


def typed(one: House, name: str, hours: str = "2") -> str:
    """Let staff write a row and type an estimate, as at the screen."""
    item = one.row(name, approved=False)
    one.edit(item, town.ESTIMATE, hours)
    return item


def answer(one: House, item: str, label: int = town.APPROVED, user: str = CLIENT) -> None:
    one.wait(1)
    one.people.edit_cell(item=item, column=town.APPROVAL, value={"index": label}, as_user=user)


def test_R25_an_answer_is_looked_up_with_its_actor_in_two_calls() -> None:
    with house() as one:
        items = [typed(one, f"Row {number}") for number in range(3)]
        for item in items:
            answer(one, item)
        ask(one, *items)
        before = version(one)
        assert due(one) == [town.HOURS]
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 3, 3)
        assert one.calls == {"look monday": 2}
        assert told(one, items[0]) == [
            ("estimate", "", "7200", STAFF_ADDRESS),
            ("approval", "", "approved", ADDRESS),
        ]
        assert evidence(one)[items[0]].print == print_of(rows(one)[items[0]])
        assert not any(found.gone for found in evidence(one).values())
        assert version(one) == before + 1


def test_nothing_is_called_when_nothing_is_due() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        look_up(one.app, town.HOURS)
        before = version(one)
        ask(one, item)
        assert due(one) == []
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS)
        assert one.calls == {}
        assert version(one) == before


def test_people_who_are_known_are_not_asked_for_again() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        look_up(one.app, town.HOURS)
        answer(one, item, town.REJECTED)
        answer(one, item)
        ask(one, item)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert one.calls == {"look monday": 1}
        assert [one[2] for one in told(one, item)] == ["7200", "approved", "rejected", "approved"]


def test_an_automation_has_no_address_and_is_asked_for_once() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        one.sandbox.monday.state.users.pop(CLIENT)
        look_up(one.app, town.HOURS)
        assert told(one, item)[-1] == ("approval", "", "approved", CLIENT)
        ask(one, typed(one, "Other"))
        look_up(one.app, town.HOURS)
        assert one.calls == {"look monday": 1}


def test_an_answer_that_the_log_does_not_show_yet_is_looked_for_again() -> None:
    with house() as one:
        item = typed(one, "Home page")
        one.wait(1)
        answer(one, item)
        ask(one, item)
        before = version(one)
        one.fault("monday", "log_gap", "activity_logs", 1, every=1)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, again=1)
        assert (due(one), evidence(one), version(one)) == ([], {}, before)
        one.wait(AGAIN)
        assert due(one) == [town.HOURS]
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert told(one, item)[-1] == ("approval", "", "approved", ADDRESS)


def test_an_answer_that_the_log_never_shows_is_unknown_after_three_looks() -> None:
    with house() as one:
        item = one.row("Approved when it was made", "2")
        ask(one, item)
        for _ in range(2):
            assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, again=1)
            one.wait(AGAIN)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, gone=1)
        assert evidence(one)[item].gone
        one.wait(AGAIN)
        assert due(one) == []
        assert sum(one.calls.values()) == 3


def test_an_estimate_that_the_log_never_shows_needs_a_second_look() -> None:
    with house() as one:
        item = one.row("Made with its estimate", "2", approved=False)
        answer(one, item)
        ask(one, item)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, again=1)
        one.wait(AGAIN)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert told(one, item) == [("approval", "", "approved", ADDRESS)]


def test_an_estimate_that_the_log_lost_does_not_hide_the_answer() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        one.sandbox.monday.switches.logs_lose_every = 1
        one.edit(item, town.ESTIMATE, "3")
        ask(one, item)
        for _ in range(2):
            assert look_up(one.app, town.HOURS).again == 1
            one.wait(AGAIN)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert told(one, item)[0] == ("estimate", "", "7200", STAFF_ADDRESS)


def test_a_log_that_may_not_be_seen_ends_the_look_at_once() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        one.sandbox.monday.switches.logs_denied = True
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, gone=1)
        assert evidence(one)[item] == Evidence(print_of(rows(one)[item]), gone=True)
        assert one.calls == {"look monday": 1}


@pytest.mark.parametrize("denied", [True, False])
def test_R25_a_log_that_comes_back_late_still_tells_who_answered(*, denied: bool) -> None:
    with house() as one:
        item = typed(one, "Home page")
        logs = one.sandbox.monday.state.logs[town.HOURS]
        kept = len(logs)
        answer(one, item)
        late = logs[kept:]
        one.sandbox.monday.switches.logs_denied = denied
        if not denied:
            del logs[kept:]
        ask(one, item)
        while not evidence(one):
            look_up(one.app, town.HOURS)
            one.wait(AGAIN)
        assert evidence(one)[item].gone
        one.calls.clear()
        before = version(one)
        for hours, calls in ((1, 1), (2, 2), (4, 3)):
            one.wait(hours * 60 - 2)
            assert due(one) == []
            one.wait(2)
            assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, gone=1)
            assert one.calls == {"look monday": calls}
        assert version(one) == before
        one.sandbox.monday.switches.logs_denied = False
        logs.extend(late if not denied else [])
        one.wait(8 * 60)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert told(one, item)[-1] == ("approval", "", "approved", ADDRESS)
        assert (version(one), evidence(one)[item].gone) == (before + 1, False)
        one.wait(10 * 24 * 60)
        assert due(one) == []


def test_a_row_that_waits_for_no_answer_any_more_costs_no_call() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        one.sandbox.monday.switches.logs_denied = True
        look_up(one.app, town.HOURS)
        one.edit(item, town.APPROVAL, None)
        read_whole(one.app, town.HOURS)
        one.calls.clear()
        one.wait(60)
        assert due(one) == [town.HOURS]
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS)
        assert (due(one), one.calls) == ([], {})


def test_a_row_that_is_not_there_any_more_is_not_looked_for_again() -> None:
    with house() as one:
        item = typed(one, "Home page")
        ask(one, item)
        with one.app.store.write() as tx:
            answers.want_looks(tx, town.HOURS, {"4711": "x"})
        assert look_up(one.app, town.HOURS).gone == 1


def test_only_what_came_since_the_last_look_is_read() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        look_up(one.app, town.HOURS)
        one.wait(24 * 60)
        one.sandbox.monday.state.logs[town.HOURS].clear()
        one.edit(item, town.ESTIMATE, "3")
        ask(one, item)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert told(one, item)[1:] == [
            ("approval", "", "approved", ADDRESS),
            ("estimate", "7200", "10800", STAFF_ADDRESS),
        ]


@pytest.mark.parametrize(
    ("mapped", "column", "on", "off"),
    [
        ('{"id": "urgent"}', {"type": "checkbox"}, {"checked": "true"}, None),
        (
            '{"id": "urgent", "labels": {3: "Now"}}',
            {"type": "status", "settings": {"labels": {"3": "Now", "4": "Some day"}}},
            {"index": 3},
            {"index": 4},
        ),
    ],
)
def test_R25_urgency_is_told_as_it_was_when_the_answer_came(
    mapped: str, column: dict[str, object], on: object, off: object
) -> None:
    mapping = town.mapping().replace('"note": {', f'"urgent": {mapped}, "note": {{')
    with house(mapping) as one:
        added = {"id": "urgent", "title": "Urgent", **column}
        one.people.add_column(board=town.HOURS, column=added)
        item = typed(one, "Home page")
        one.edit(item, "urgent", on)
        one.edit(item, "urgent", off)
        answer(one, item)
        one.edit(item, "urgent", on)
        ask(one, item)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert [(field, value) for field, _, value, _ in told(one, item)] == [
            ("estimate", "7200"),
            ("urgent", "1"),
            ("urgent", "0"),
            ("approval", "approved"),
            ("urgent", "1"),
        ]


@pytest.mark.parametrize("column", [None, "mail"])
def test_R10_evidence_is_told_as_it_was_when_the_answer_came(column: str | None) -> None:
    own = f', "evidence": {{"id": "{column}"}}' if column else ""
    mapped = f'"urgent": {{"id": "urgent"{own}}}, "reference": {{"id": "request"}}, "note": {{'
    with house(town.mapping().replace('"note": {', mapped)) as one:
        for key, kind in (("urgent", "checkbox"), ("request", "text"), ("mail", "link")):
            one.people.add_column(board=town.HOURS, column={"id": key, "title": key, "type": kind})
        item = typed(one, "Home page")
        one.edit(item, "urgent", {"checked": "true"})
        answer(one, item)
        proof = {"url": "https://mail.example/7", "text": ""} if column else "<7@shop.example>"
        one.edit(item, column or "request", proof)
        ask(one, item)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert [(field, value) for field, _, value, _ in told(one, item)] == [
            ("estimate", "7200"),
            ("urgent", "1"),
            ("approval", "approved"),
            ("evidence", "1"),
        ]


def test_a_request_that_is_not_urgent_needs_no_second_look_for_its_evidence() -> None:
    more = '"urgent": {"id": "urgent"}, "reference": {"id": "request"}, "note": {'
    with house(town.mapping().replace('"note": {', more)) as one:
        for key, kind in (("urgent", "checkbox"), ("request", "text")):
            one.people.add_column(board=town.HOURS, column={"id": key, "title": key, "type": kind})
        item = typed(one, "Home page")
        one.edit(item, "request", "<7@shop.example>")
        logs = one.sandbox.monday.state.logs[town.HOURS]
        logs[:] = [row for row in logs if row.column_id != "request"]
        answer(one, item)
        ask(one, item)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)


def test_a_hundred_rows_are_asked_for_in_one_call() -> None:
    with house() as one:
        items = [typed(one, f"Row {number}") for number in range(101)]
        for item in items:
            one.people.edit_cell(
                item=item, column=town.APPROVAL, value={"index": 1}, as_user=CLIENT
            )
        ask(one, *items)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 100, 100)
        assert look_up(one.app, town.HOURS) == LookReport(town.HOURS, 1, 1)
        assert one.calls == {"look monday": 3}


def test_a_call_that_fails_leaves_the_question_open() -> None:
    with house() as one:
        item = typed(one, "Home page")
        answer(one, item)
        ask(one, item)
        one.fault("monday", "minute_limit", "activity_logs", 1)
        with pytest.raises(TryLater):
            look_up(one.app, town.HOURS)
        assert due(one) == [town.HOURS]
        one.wait(2)
        assert look_up(one.app, town.HOURS).told == 1
