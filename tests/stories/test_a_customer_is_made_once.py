"""A client's customer at Stripe: made once where none is mapped, never twice (P17, P18)."""

import pytest

from mondaybridge.errors import Parked, TryLater
from mondaybridge.sandbox.stripe.models import Customer
from mondaybridge.store import peer, registry, work
from stories import town
from stories.house import LONDON, House, house

TEA = {name: value for name, value in town.tea().items() if name != "stripe_customer"}
UNMAPPED = town.mapping(tea={**TEA, "email": "books@tea.example"})


def ready(one: House) -> None:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", 90)
    one.go("2026-11-03 09:00")
    one.settle()


def made(one: House) -> list[Customer]:
    return [c for c in one.sandbox.stripe.customers.values() if c.metadata.get("mb_client")]


def kept(one: House) -> str:
    with one.app.store.read() as tx:
        return registry.billed(tx, one.app.mapping.client("tea")).stripe_customer


def test_a_customer_is_made_with_the_first_document_and_kept() -> None:
    with house(UNMAPPED, zone=LONDON) as one:
        ready(one)
        assert (made(one), kept(one)) == ([], "")
        shown = one.preview("2026-10", "tea").plan
        assert shown.documents[0].customer == ""
        said = ("the customer of tea at Stripe is made with the first document",)
        assert shown.notes == said
        one.close("2026-10", "tea")
        (customer,) = made(one)
        assert (customer.name, customer.email) == ("Nowhere Tea Rooms", "books@tea.example")
        assert customer.metadata == {"mb_client": "tea"}
        assert kept(one) == customer.id
        name = customer.id.removeprefix("cus_")
        assert one.papers() == [("invoice", name, "open", 9000)]
        one.reopen()  # the mapping still names none
        assert kept(one) == customer.id
        assert one.preview("2026-10", "tea").plan.empty
        assert one.findings() == ()


@pytest.mark.parametrize("kind", ["drop_request", "drop_answer", "saved_500", "saved_500_applied"])
def test_whatever_happens_to_the_call_one_customer_is_made(kind: str) -> None:
    with house(UNMAPPED, zone=LONDON) as one:
        ready(one)
        one.fault("stripe", kind, "POST /v1/customers", 7)
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the network's end is called
            one.close("2026-10", "tea")
        one.sandbox.world.faults.clear()
        one.reopen()
        one.close("2026-10", "tea")
        assert len(made(one)) == 1
        assert [status for _, _, status, _ in one.papers()] == ["open"]


def test_a_restored_database_finds_the_customer_that_was_made_before() -> None:
    with house(UNMAPPED, zone=LONDON) as one:
        fields = [("email", "other@tea.example"), ("metadata[mb_client]", "tea")]
        before = one.sandbox.stripe.perform("POST", "/v1/customers", fields)["id"]
        for number in range(120):
            stranger = [("email", f"{number}@other.example"), ("metadata[mb_client]", "no")]
            one.sandbox.stripe.perform("POST", "/v1/customers", stranger)
        ready(one)
        one.close("2026-10", "tea")
        assert kept(one) == before


def test_S20_what_a_customer_found_again_was_billed_before_is_not_billed_twice() -> None:
    with house(UNMAPPED, zone=LONDON) as one:
        ready(one)
        one.app.close()
        backup = (one.folder / "mondaybridge.sqlite3").read_bytes()
        one.open()
        one.close("2026-10", "tea")
        papers = one.papers()
        one.app.close()
        for left in one.folder.glob("mondaybridge.sqlite3*"):
            left.unlink()
        (one.folder / "mondaybridge.sqlite3").write_bytes(backup)
        one.open()
        one.go("2026-11-05 09:00")
        one.sweep()
        with pytest.raises(TryLater, match="has documents already"):
            one.close("2026-10", "tea")
        one.close("2026-10", "tea")
        assert one.papers() == papers
        assert one.preview("2026-10", "tea").plan.empty
        assert one.findings() == ()


def test_two_customers_for_one_client_are_a_matter_for_a_person() -> None:
    with house(UNMAPPED, zone=LONDON) as one:
        for _ in range(2):
            fields = [("email", "b@tea.example"), ("metadata[mb_client]", "tea")]
            one.sandbox.stripe.perform("POST", "/v1/customers", fields)
        ready(one)
        with pytest.raises(Parked, match="tea has 2 customers at Stripe"):
            one.close("2026-10", "tea")
        assert one.papers() == []


def test_P18_a_deleted_customer_is_parked_and_never_made_again() -> None:
    with house(UNMAPPED, zone=LONDON) as one:
        ready(one)
        one.close("2026-10", "tea")
        (customer,) = made(one)
        one.cashier.delete_customer(customer.id)
        one.wait(11)
        one.settle()
        reason = "customer_gone: tea has no customer at Stripe any more"
        assert one.parked() == [("paper", customer.id, reason)]
        item = one.row("Site", board=town.TEA, approved=False)
        one.work(item, "2026-11-05 09:00", 60)
        one.go("2026-12-03 09:00")
        one.settle()
        with pytest.raises(Parked, match="customer_gone"):
            one.close("2026-11", "tea")
        assert len(made(one)) == 1
        assert len(one.papers()) == 1


def test_P17_P18_what_cannot_be_billed_is_parked_before_a_draft_is_made() -> None:
    with house(zone=LONDON) as one:
        ready(one)
        customer = one.sandbox.stripe.customers["cus_tea"]
        address, customer.email = customer.email, ""
        with pytest.raises(Parked, match="the customer of tea has no e-mail address"):
            one.close("2026-10", "tea")
        customer.email, customer.currency = address, "usd"
        with pytest.raises(Parked, match="cus_tea has usd, the file says gbp"):
            one.close("2026-10", "tea")
        assert one.papers() == []
        customer.currency = "gbp"
        with one.app.store.write() as tx:
            now = one.clock.now()
            assert work.release(tx, "close", "tea", actor="avery", why="mended", now=now)
        one.close("2026-10", "tea")
        assert one.papers() == [("invoice", "tea", "open", 9000)]
        with one.app.store.read() as tx:
            assert peer.find(tx, peer.STRIPE) is not None


def test_6_1_another_customer_in_the_file_takes_nothing_back_of_what_is_issued() -> None:
    with house(zone=LONDON) as one:
        item = one.row("Menu", board=town.TEA, approved=False)
        session = one.work(item, "2026-10-05 09:00", 90)
        one.go("2026-11-03 09:00")
        one.settle()
        one.close("2026-10", "tea")
        asked = [("email", "new@tea.example")]
        other = one.sandbox.stripe.perform("POST", "/v1/customers", asked)["id"]
        one.reopen(town.mapping(tea={**town.tea(), "stripe_customer": other}))
        assert one.preview("2026-10", "tea").plan.empty
        one.rework(item, session, 60)
        one.work(one.row("News", board=town.TEA, approved=False), "2026-11-04 09:00", 30)
        one.go("2026-12-03 09:00")
        one.sweep()
        one.close("2026-11", "tea")
        assert sorted(one.papers()) == [
            ("credit note", "tea", "issued", 3000),
            ("invoice", other.removeprefix("cus_"), "open", 3000),
            ("invoice", "tea", "open", 9000),
        ]
        assert one.preview("2026-11", "tea").plan.empty
        assert (one.findings(), one.parked()) == ((), [])
