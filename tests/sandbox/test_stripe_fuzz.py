"""Whatever a client sends, the stand-in answers in Stripe's shape and stays whole."""

import json
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from mondaybridge.sandbox.world import Request
from stripe_desk import CUSTOMER, VAT, Desk

_IDS = ["{draft}", "{open}", "{line}", "{note}", CUSTOMER, VAT, "in_none", "preview", "search"]
_PATHS = st.builds(
    "/v1/{}{}{}".format,
    st.sampled_from(
        [
            "customers",
            "tax_rates",
            "invoices",
            "credit_notes",
            "events",
            "coupons",
            "invoice_payments",
            "webhook_endpoints",
        ]
    ),
    st.sampled_from(["", *(f"/{each}" for each in _IDS)]),
    st.sampled_from(
        ["", "/add_lines", "/update_lines", "/remove_lines", "/lines", "/balance_transactions"]
        + [f"/{verb}" for verb in ("finalize", "send", "pay", "void", "mark_uncollectible")]
    ),
)
_WORDS = [
    "customer",
    "currency",
    "collection_method",
    "days_until_due",
    "due_date",
    "number",
    "lines",
    "metadata",
    "description",
    "email",
    "address",
    "name",
    "balance",
    "limit",
    "created",
    "starting_after",
    "ending_before",
    "status",
    "expand",
    "invoice",
    "amount",
    "tax_rates",
    "default_tax_rates",
    "percentage",
    "inclusive",
    "display_name",
    "custom_fields",
    "quantity",
    "price_data",
    "type",
    "types",
    "invoice_line_item",
    "behavior",
    "id",
    "period",
    "rendering",
    "refund_amount",
    "credit_amount",
    "out_of_band_amount",
    "automatic_tax",
    "query",
    "page",
    "url",
    "enabled_events",
    "delivery_success",
    "paid_out_of_band",
]
_STEPS = st.sampled_from([*_WORDS, "0", "1", "", "gte", "line1", "start", "unit_amount", "x"])
_NAMES = st.builds(
    lambda first, rest: first + "".join(f"[{step}]" for step in rest),
    st.sampled_from(_WORDS),
    st.lists(_STEPS, max_size=3),
)
_VALUES = st.one_of(
    st.sampled_from([*_IDS, "eur", "send_invoice", "true", "0", "-1", "22", "1.5", "delete", ""]),
    st.integers(-(10**20), 10**20).map(str),
    st.text(max_size=20),
)


def _desk() -> tuple[Desk, dict[str, str]]:
    desk = Desk()
    draft, opened = desk.draft(100, 200), desk.open(1000, default_tax_rates=[VAT])["id"]
    line = desk.lines(opened)[0]
    note = desk.credit(opened, line, 10)["id"]
    return desk, {"draft": draft, "open": opened, "line": line, "note": note}


@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    path=_PATHS,
    pairs=st.lists(st.tuples(_NAMES, _VALUES), max_size=6),
)
def test_any_form_is_answered(method: str, path: str, pairs: list[tuple[str, str]]) -> None:
    desk, ids = _desk()
    known = [(name, ids.get(value.strip("{}"), value)) for name, value in pairs]
    form = urlencode(known)
    before = {each.id: each.totals for each in desk.api.invoices.values()}
    response = desk.api.handle(
        Request(
            method,
            path.format(**ids),
            query="" if method == "POST" else form,
            headers={"authorization": "Bearer x"},
            body=form.encode() if method == "POST" else b"",
        )
    )
    content = json.loads(response.body)
    assert response.status in {200, 400, 404}
    assert ("error" in content) == (response.status != 200)
    if response.status != 200 or method == "GET":
        assert {each.id: each.totals for each in desk.api.invoices.values()} == before


@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(body: bytes) -> None:
    desk = Desk()
    headers = {"authorization": "Bearer x"}
    assert desk.api.handle(Request("POST", "/v1/invoices", "", headers, body)).status == 400


def test_deep_brackets_are_answered() -> None:
    desk, deep = Desk(), "[a]" * 20_000
    for name in ("metadata", "lines", "address", "x", "created"):
        for path in ("/v1/invoices", "/v1/customers"):
            answer = desk.ask("POST", path, {name + deep: "1", "customer": CUSTOMER})
            assert answer.status == 400
