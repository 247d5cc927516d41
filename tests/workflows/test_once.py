"""A comment with a file below it is told once, whatever happens to it meanwhile (storage 3)."""

import pytest

from mondaybridge.errors import TryLater
from mondaybridge.sandbox.monday.updates import plain_text
from mondaybridge.workflows import leases, once
from mondaybridge.workflows.once import Teller, Write
from stories.house import House, house

MARK = "[MB-copy-1]"
SAID = f"Here it is. {MARK}"


def tell(one: House, item: str) -> tuple[str, str]:
    """Say it and attach the file, as somebody who was called again does."""
    contract = one.app.mapping.contract("bottega-hours")
    with leases.of_contract(one.app, contract) as held:
        teller = Teller(one.app, held, "copy:1")
        update_id = teller.post(item, SAID, MARK)
        try:
            return update_id, teller.attach(update_id, "copy.xlsx", b"content")
        except TryLater:
            teller.forget_if_gone(update_id)
            raise


def comments(one: House) -> dict[str, tuple[str, int]]:
    """Return what stands on the boards, with how many files."""
    state = one.sandbox.monday.state
    below = [asset.update_id for asset in state.assets.values()]
    return {
        update.id: (plain_text(update.body), below.count(update.id))
        for update in state.updates.values()
    }


def test_it_is_told_once_however_often_it_is_asked_for() -> None:
    with house() as one:
        item = one.row("Home page")
        first = tell(one, item)
        assert [tell(one, item) for _ in range(2)] == [first, first]
        assert comments(one) == {first[0]: (SAID, 1)}


@pytest.mark.parametrize("minutes", [1, 30])
@pytest.mark.parametrize("match", ["create_update", "add_file"])
@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_an_answer_that_never_came_is_looked_for(fault: str, match: str, minutes: int) -> None:
    with house() as one:
        item = one.row("Home page")
        one.fault("monday", fault, match)
        with pytest.raises(TryLater):
            tell(one, item)
        one.wait(minutes)
        update_id, _ = tell(one, item)
        assert comments(one) == {update_id: (SAID, 1)}


def test_a_comment_removed_before_it_had_its_file_is_said_anew() -> None:
    with house() as one:
        item = one.row("Home page")
        one.fault("monday", "drop_request", "add_file")
        with pytest.raises(TryLater):
            tell(one, item)
        (lost,) = comments(one)
        one.people.delete_comment(update=lost)
        with pytest.raises(TryLater, match="said anew"):
            tell(one, item)
        update_id, _ = tell(one, item)
        assert update_id != lost
        assert comments(one) == {update_id: (SAID, 1)}


def test_what_may_be_done_goes_again_under_its_key_while_monday_knows_it() -> None:
    with house() as one:
        write = Write("copy:1", "create_update", "1", b"Hello")

        def key(after_minutes: int) -> str:
            one.clock.sleep(after_minutes * 60)
            with one.app.store.write() as tx:
                return once.again(tx, write, now=one.clock.now()).idem_key

        first, second = "mb:copy:1:create_update:1", "mb:copy:1:create_update:2"
        assert [key(0), key(24), key(1), key(24)] == [first, first, second, second]
