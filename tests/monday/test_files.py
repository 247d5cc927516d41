"""R17b: the closing file is attached once, byte by byte, and looked for after silence."""

import httpx
import pytest

from mondaybook import Account, account, client, item
from mondaybridge.errors import TryLater
from mondaybridge.monday.errors import Refused
from mondaybridge.monday.files import Attachment, attach, attachments, plain_name
from mondaybridge.monday.updates import post
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.sockets import listening, transport
from mondaybridge.sandbox.world import Request, Response

NAME = "Bottega P1 è chiuso; 20%.xlsx"
CONTENT = bytes(range(256)) * 400 + b"\r\n--boundary\r\n"


def said(switches: Switches | None = None) -> tuple[Account, str]:
    here = account(item(1), switches=switches)
    return here, post(here.client, "1", "Closed", "k0")


def kept(here: Account) -> list[tuple[str, str | None, bytes]]:
    return [(one.name, one.update_id, one.content) for one in here.api.state.assets.values()]


def test_R17b_a_file_stands_below_its_comment_byte_by_byte() -> None:
    here, update = said()
    assert attachments(here.client, update) == []
    made = attach(here.client, update, NAME, CONTENT, "k1")
    assert kept(here) == [(NAME, update, CONTENT)]
    assert made is not None
    assert attachments(here.client, update) == [Attachment(made, NAME, len(CONTENT))]
    assert here.asked == ["Say", "Attachments", "Attach", "Attachments"]


def test_a_name_is_the_same_on_both_sides() -> None:
    here, update = said()
    name = 'a/b\\c "P1"\r\n.xlsx'
    attach(here.client, update, name, CONTENT, "k1")
    (found,) = attachments(here.client, update) or []
    assert found.name == plain_name(name) == "a_b_c _P1_ .xlsx"


def test_R17b_a_file_is_never_attached_twice_by_itself() -> None:
    here, update = said()
    here.plan("drop_answer", match="add_file_to_update")
    with pytest.raises(TryLater):
        attach(here.client, update, NAME, CONTENT, "k1")
    (found,) = attachments(here.client, update) or []
    assert attach(here.client, update, NAME, CONTENT, "k1") == found.asset_id
    assert len(kept(here)) == 1


def test_a_comment_that_is_gone_takes_no_file() -> None:
    here, update = said()
    here.api.humans.delete_comment(update=update)
    assert attach(here.client, update, NAME, CONTENT, "k1") is None
    assert attachments(here.client, update) is None
    assert kept(here) == []


def test_a_file_that_monday_refuses_is_told() -> None:
    here, update = said(Switches(largest_file=10))
    with pytest.raises(Refused, match="at most 10 bytes"):
        attach(here.client, update, NAME, CONTENT, "k1")


def test_what_is_sent_is_mondays_own_form() -> None:
    here, update = said()
    sent: list[Request] = []

    def handle(request: Request) -> Response:
        sent.append(request)
        return here.api.handle(request)

    over = client(transport(handle), here.clock)
    attach(over, update, "a.xlsx", b"x", "k1")
    (request,) = sent
    assert request.path == "/v2/file"
    assert request.headers["idempotency-key"] == "k1"
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    for part in ('name="query"', 'name="variables"', 'name="map"', 'name="0"; filename="a.xlsx"'):
        assert part in request.body.decode()
    assert '{"0":"variables.file"}' in request.body.decode()


def test_a_file_travels_over_a_socket() -> None:
    here, update = said()
    with listening(here.api.handle) as address:
        over = client(httpx.HTTPTransport(), here.clock, api_url=f"{address}/v2/")
        made = attach(over, update, NAME, CONTENT, "k1")
        over.close()
    assert list(here.api.state.assets) == [made]
    assert kept(here) == [(NAME, update, CONTENT)]
