"""The steady address of a document in its cell: made once, not to be guessed, revocable."""

import pytest

from boardhouse import DOCUMENT, LINK_KEY, BoardHouse, boardhouse
from mondaybridge.domain.outcome import Billing, Wanted
from mondaybridge.reports.untold import links_missing
from mondaybridge.settings import Settings
from mondaybridge.store import links
from mondaybridge.workflows.addresses import document_links, leads_to, token


def sold(one: BoardHouse) -> str:
    """Issue the invoice of the package; return its id."""
    one.go("2026-11-03 09:00")
    one.sweep()
    one.close("2026-10", "bottega")
    return next(iter(one.sandbox.stripe.invoices))


def test_a_token_is_made_from_the_key_alone_and_long() -> None:
    made = token(LINK_KEY, "document", "in_1")
    assert made == token(LINK_KEY, "document", "in_1")
    assert (len(made), made.isalnum(), made.lower()) == (52, True, made)
    others = {token(LINK_KEY + "x", "document", "in_1"), token(LINK_KEY, "document", "in_2")}
    assert made not in others | {token(LINK_KEY, "page", "in_1")}


def test_the_cell_leads_to_the_invoice_by_its_number_and_rests() -> None:
    with boardhouse() as one:
        item, invoice = one.row("Home page", "1"), sold(one)
        address = f"https://bridge.example/i/{token(LINK_KEY, 'document', invoice)}"
        number = one.sandbox.stripe.invoices[invoice].number
        written = []
        for _ in range(3):
            one.decide(Wanted(item, 0, Billing.OPEN, document=invoice))
            written.append(one.write().count("WriteCells"))
            one.wait(11)
        assert written == [1, 0, 0]
        shown = str(one.shows(item, DOCUMENT))
        assert number
        assert (address in shown, number in shown) == (True, True)
        assert str(leads_to(one.app, address.rsplit("/", 1)[1])).startswith("https://")


def test_a_revoked_address_leads_nowhere_and_stays_revoked() -> None:
    with boardhouse() as one:
        invoice = sold(one)
        made = token(LINK_KEY, "document", invoice)
        with one.app.store.write() as tx:
            document_links(tx, one.app.settings, "bottega", [invoice])
            assert links.revoke(tx, "document", invoice, one.clock.now()) == 1
            document_links(tx, one.app.settings, "bottega", [invoice, ""])
        assert (leads_to(one.app, made), leads_to(one.app, "x" * 52)) == (None, None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"link_key": LINK_KEY}, "MONDAYBRIDGE_PUBLIC_URL is not set"),
        ({"public_url": "https://x.example"}, "MONDAYBRIDGE_LINK_KEY is not set"),
        ({"public_url": "https://x.example", "link_key": "short"}, "MONDAYBRIDGE_LINK_KEY has 5"),
    ],
)
def test_without_address_or_key_none_is_given_out_and_it_is_said(
    given: dict[str, str], why: str
) -> None:
    settings = Settings.model_validate(given)
    assert links_missing(settings).startswith(why)
    with boardhouse() as one, one.app.store.write() as tx:
        assert document_links(tx, settings, "bottega", ["in_1"]) == {}
        assert links_missing(one.app.settings) == ""
