"""Comments: said once, corrected in place, found after silence, and never markup."""

import httpx
import pytest

from mondaybook import NOW, Account, Ticking, account, answering, client, item
from mondaybridge.errors import TryLater
from mondaybridge.monday.errors import Refused
from mondaybridge.monday.updates import PAGES, Edited, edit, find, markup, post
from mondaybridge.sandbox.world import Clock

MARKER = "[MB-confirm]"
TEXT = f"2:00 h needed.\n\nPlease confirm. {MARKER}"


def said(here: Account) -> list[tuple[str, str]]:
    return [(one.id, one.body) for one in here.api.state.updates.values()]


def test_a_comment_is_said_and_corrected_in_place() -> None:
    here = account(item(1))
    made = post(here.client, "1", TEXT, "k1")
    assert said(here) == [(made, f"<p>2:00 h needed.</p><p>Please confirm. {MARKER}</p>")]
    assert edit(here.client, made, "Thanks") is Edited.DONE
    assert edit(here.client, made, "Thanks") is Edited.DONE
    assert said(here) == [(made, "<p>Thanks</p>")]


def test_nothing_in_a_text_is_markup_or_a_mention() -> None:
    text = "<b>@Gia & co</b>\nsay \"no\"\n\n\n'yes'"
    assert markup(text) == (
        "<p>&lt;b&gt;&#64;Gia &amp; co&lt;/b&gt;<br>say &quot;no&quot;</p><p>&#x27;yes&#x27;</p>"
    )


def test_a_comment_is_never_sent_twice_by_itself() -> None:
    here = account(item(1))
    here.plan("drop_answer")
    with pytest.raises(TryLater):
        post(here.client, "1", TEXT, "k1")
    ((made, _),) = said(here)
    assert here.asked == ["Say"]
    assert find(here.client, "1", MARKER) == made
    assert post(here.client, "1", TEXT, "k1") == made
    assert len(said(here)) == 1


def test_only_our_own_comment_with_the_marker_is_found() -> None:
    here = account(item(1), item(2))
    here.api.humans.comment(item="1", body=f"<p>What is {MARKER}?</p>")
    post(here.client, "1", "[MB-raise]", "k1")
    post(here.client, "2", TEXT, "k2")
    assert find(here.client, "1", MARKER) is None
    first, second = (post(here.client, "1", TEXT, key) for key in ("k3", "k4"))
    assert find(here.client, "1", MARKER) == second != first


def test_a_marker_is_found_below_many_comments_of_others() -> None:
    here = account(item(1))
    made = post(here.client, "1", "tail [MB-a&b]", "k1")
    for number in range(150):
        here.api.humans.comment(item="1", body=f"<p>{number}</p>")
    here.calls.clear()
    assert find(here.client, "1", "[MB-a&b]") == made
    assert here.asked == ["Said", "Said"]


def test_a_look_has_an_end() -> None:
    here = account(item(1))
    for number in range(100 * PAGES):
        here.api.humans.comment(item="1", body=f"<p>{number}</p>")
    assert find(here.client, "1", MARKER) is None
    assert len(here.asked) == PAGES


def test_a_comment_that_somebody_deleted_is_told() -> None:
    here = account(item(1))
    made = post(here.client, "1", TEXT, "k1")
    here.api.humans.delete_comment(update=made)
    assert edit(here.client, made, "Thanks") is Edited.GONE


def test_a_comment_of_somebody_else_is_not_ours_to_correct() -> None:
    here = account(item(1))
    theirs = here.api.humans.comment(item="1", body="<p>Mine</p>")
    assert edit(here.client, theirs, "Ours") is Edited.GONE
    assert said(here) == [(theirs, "<p>Mine</p>")]


def test_other_refusals_are_told() -> None:
    here = account(item(1))
    made = post(here.client, "1", TEXT, "k1")
    with pytest.raises(Refused, match="needs a body"):
        edit(here.client, made, " ")
    with pytest.raises(Refused, match="Item not found"):
        post(here.client, "9", TEXT, "k2")


def test_updates_that_are_not_shown_cannot_be_searched() -> None:
    data = {"me": {"id": "100"}, "items": [{"updates": None}]}
    over = client(answering(httpx.Response(200, json={"data": data})), Ticking(Clock(NOW)))
    with pytest.raises(TryLater, match="does not show the updates of item 1"):
        find(over, "1", MARKER)


def test_an_item_that_is_not_shown_cannot_be_searched() -> None:
    here = account(item(1))
    with pytest.raises(TryLater, match="does not show item 9"):
        find(here.client, "9", MARKER)
