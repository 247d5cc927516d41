"""The demo's agency: three invented clients, their boards, customers, tax rates, and a mapping.

Bottega Inesistente buys forty hours in advance, Nowhere Tea Rooms pays as it goes, Imaginary
Bicycles has a monthly plan. The world stands on the morning of 1 October 2026, before anybody
worked; nobody and nothing here exists.
"""

from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.monday.humans import Humans

NOW = "2026-10-01T08:00:00+02:00"

BRIDGE, AVERY, ROBIN = "100", "101", "102"
GUEST_IT, GUEST_EN, GUEST_PLAN = "201", "202", "203"
MAIL_IT = "ospite@bottega.example"
BOARD_IT, BOARD_EN, BOARD_PLAN = "4100000001", "4100000002", "4100000003"
CUSTOMER_IT, CUSTOMER_EN = "cus_BottegaInesistente", "cus_NowhereTeaRooms"
CUSTOMER_PLAN = "cus_ImaginaryBicycles"
TAX_IT, TAX_EN = "txr_iva22", "txr_vat20"

WORKING, DONE, WAITING, CANCELLED, NEW = 0, 1, 2, 3, 4
APPROVED, REJECTED, AUTO = 1, 2, 3

PERSON, STATUS, APPROVAL, ESTIMATE = "person", "status", "approval", "estimate"
ACTUAL, DUE, NOTE = "actual", "due", "note"
URGENT, EVIDENCE, REFERENCE, REDO_OF = "urgent", "evidence", "request", "replaces"
CHARGED, BILLING = "charged", "billing"
MESSAGE, ORIGIN, CLOCK = "message", "origin", "clock"
GRANTED, USED, RESERVED, FREE = "granted", "used", "reserved", "free"
PACKAGE_ROW = "Pacchetto ore"

HOME, CATALOGUE, NEWSLETTER, SHIPPING = "4201", "4202", "4203", "4204"
UPDATES, TRANSLATION, GALLERY = "4205", "4206", "4207"
FORM, MENU, SPEED, BANNER, VOUCHERS = "4301", "4302", "4303", "4304", "4305"
FINDER, BELLS, TYRES = "4401", "4402", "4403"

_COLUMNS: list[dict[str, object]] = [
    {"id": PERSON, "title": "Person", "type": "people"},
    {
        "id": STATUS,
        "title": "Status",
        "type": "status",
        "settings": {
            "labels": [
                {"id": WORKING, "name": "Working on it"},
                {"id": DONE, "name": "Done", "is_done": True},
                {"id": WAITING, "name": "Waiting for client"},
                {"id": CANCELLED, "name": "Cancelled"},
                {"id": NEW, "name": "Not started"},
            ]
        },
    },
    {
        "id": APPROVAL,
        "title": "Approval",
        "type": "status",
        "settings": {
            "labels": {
                str(APPROVED): "Approved",
                str(REJECTED): "Rejected",
                str(AUTO): "Automatic",
            }
        },
    },
    {"id": ESTIMATE, "title": "Estimate", "type": "numbers", "settings": {"unit": "h"}},
    {"id": ACTUAL, "title": "Actual", "type": "time_tracking"},
    {"id": DUE, "title": "Due date", "type": "date"},
    {"id": NOTE, "title": "Note", "type": "text"},
    {"id": CHARGED, "title": "Charged", "type": "numbers", "settings": {"unit": "h"}},
    {"id": BILLING, "title": "Billing", "type": "text"},
    {"id": URGENT, "title": "Urgent", "type": "checkbox"},
    {"id": EVIDENCE, "title": "Asked as urgent in", "type": "text"},
    {"id": REFERENCE, "title": "Request", "type": "text"},
    {"id": REDO_OF, "title": "Replaces", "type": "text"},
    {"id": MESSAGE, "title": "What is missing", "type": "text"},
    {"id": ORIGIN, "title": "Origin", "type": "text"},
    {"id": CLOCK, "title": "Taken in charge", "type": "text"},
]
_COLUMNS += [
    {"id": key, "title": key.capitalize(), "type": "numbers", "settings": {"unit": "h"}}
    for key in (GRANTED, USED, RESERVED, FREE)
]

_ITALIAN = [
    (HOME, "Home page: nuova struttura", "6", "2026-10-09", AVERY, True),
    (CATALOGUE, "Catalogo: schede prodotto", "8", "2026-10-23", ROBIN, True),
    (NEWSLETTER, "Newsletter di ottobre", "3", "2026-10-16", ROBIN, True),
    (SHIPPING, "Spedizioni: calcolo dei costi", "5", "2026-10-30", AVERY, True),
    (UPDATES, "Backup e aggiornamenti", "2", "2026-10-30", AVERY, True),
    (TRANSLATION, "Traduzione in inglese", "6.5", "2026-10-30", ROBIN, False),
    (GALLERY, "Galleria: più fotografie", "4", "2026-10-30", ROBIN, False),
]
_BRITISH = [
    (FORM, "Booking form: new fields", "4", "2026-10-14", AVERY, False),
    (MENU, "Autumn menu pages", "3", "2026-10-16", ROBIN, False),
    (SPEED, "Site speed: the slow evening pages", "2.5", "2026-10-30", AVERY, False),
    (BANNER, 'Banner "Closed for imaginary repairs"', "1", "2026-10-20", ROBIN, False),
    (VOUCHERS, "Gift vouchers", "6", "2026-11-20", ROBIN, False),
]
_PLANNED = [
    (FINDER, "Bicycle finder: more filters", "3", "2026-10-16", AVERY, False),
    (BELLS, "Bells: pages of the new range", "2", "2026-10-28", ROBIN, False),
    (TYRES, "Tyres: table of sizes", "2", "2026-12-11", ROBIN, False),
]


def agency(*, answered: bool = True) -> WorldData:
    """Return the world on the first morning; the demo's clients answer on its stage instead."""
    italian = [(*row[:-1], row[-1] and answered) for row in _ITALIAN]
    boards = [
        _board(BOARD_IT, "Bottega Inesistente", italian, GUEST_IT),
        _board(BOARD_EN, "Nowhere Tea Rooms", _BRITISH, GUEST_EN),
        _board(BOARD_PLAN, "Imaginary Bicycles", _PLANNED, GUEST_PLAN),
    ]
    return WorldData.model_validate(
        {"now": NOW, "monday": {"users": _users(), "boards": boards}, "stripe": _stripe()}
    )


def answer(people: Humans) -> None:
    """Let the team type the agreed estimates and the Italian client approve them, in the log."""
    hours = {item_id: row_hours for item_id, _, row_hours, *_ in _ITALIAN}
    for item_id in agreed_rows():
        for value in (None, hours[item_id]):
            people.edit_cell(item=item_id, column=ESTIMATE, value=value, as_user=AVERY)
        chosen = {"index": APPROVED}
        people.edit_cell(item=item_id, column=APPROVAL, value=chosen, as_user=GUEST_IT)


def agreed_rows() -> list[str]:
    """Return the rows that the Italian client approves at once."""
    return [item_id for item_id, *_, approved in _ITALIAN if approved]


def mappings_text() -> str:
    """Return the ``mappings.yaml`` that goes with this world."""
    return _MAPPINGS


def _users() -> list[dict[str, str]]:
    return [
        {"id": BRIDGE, "name": "Bridge", "email": "bridge@agency.example", "kind": "service"},
        {"id": AVERY, "name": "Avery Placeholder", "email": "avery@agency.example"},
        {"id": ROBIN, "name": "Robin Sample", "email": "robin@agency.example"},
        {
            "id": GUEST_IT,
            "name": "Ospite Bottega",
            "email": MAIL_IT,
            "kind": "guest",
        },
        {"id": GUEST_EN, "name": "Guest Tea Rooms", "email": "guest@tea.example", "kind": "guest"},
        {
            "id": GUEST_PLAN,
            "name": "Guest Cycles",
            "email": "guest@cycles.example",
            "kind": "guest",
        },
    ]


def _board(
    board_id: str, name: str, rows: list[tuple[str, str, str, str, str, bool]], guest: str
) -> dict[str, object]:
    return {
        "id": board_id,
        "name": name,
        "kind": "share",
        "owners": [AVERY, BRIDGE],
        "subscribers": [ROBIN, guest],
        "columns": _COLUMNS,
        "items": [_item(*row) for row in rows],
    }


def _item(
    item_id: str,
    name: str,
    hours: str,
    due: str,
    person: str,
    approved: bool,  # noqa: FBT001 - a cell of the tables above
) -> dict[str, object]:
    cells: dict[str, object] = {
        PERSON: {"personsAndTeams": [{"id": int(person), "kind": "person"}]},
        STATUS: {"index": NEW},
        ESTIMATE: hours,
        DUE: {"date": due},
    }
    if approved:
        cells[APPROVAL] = {"index": APPROVED}
    return {"id": item_id, "name": name, "cells": cells}


def _stripe() -> dict[str, object]:
    return {
        "account_name": "Invented Agency",
        "customers": [
            {
                "id": CUSTOMER_IT,
                "name": "Bottega Inesistente S.r.l.",
                "email": "contabilita@bottega.example",
                "address": {"city": "Altrove", "country": "IT"},
            },
            {
                "id": CUSTOMER_EN,
                "name": "Nowhere Tea Rooms Ltd",
                "email": "accounts@tea.example",
                "address": {"city": "Nowhere", "country": "GB"},
            },
            {
                "id": CUSTOMER_PLAN,
                "name": "Imaginary Bicycles Ltd",
                "email": "accounts@cycles.example",
                "address": {"city": "Elsewhere", "country": "GB"},
            },
        ],
        "tax_rates": [
            {"id": TAX_IT, "display_name": "IVA", "percentage": "22", "country": "IT"},
            {"id": TAX_EN, "display_name": "VAT", "percentage": "20", "country": "GB"},
        ],
    }


_MAPPINGS = f"""\
# The demo's mapping: three boards of one template, three clients.
version: 1
monday:
  account_slug: invented-agency
calendars:
  rome:
    zone: Europe/Rome
    country: IT
    hours: {{mon-fri: ["09:00-13:00", "14:00-18:00"]}}
columns:
  agency:
    status:
      id: {STATUS}
      new: {{{NEW}: Not started}}
      working: {{{WORKING}: Working on it}}
      waiting: {{{WAITING}: Waiting for client}}
      done: {{{DONE}: Done}}
      cancelled: {{{CANCELLED}: Cancelled}}
    approval:
      id: {APPROVAL}
      approved: {{{APPROVED}: Approved}}
      rejected: {{{REJECTED}: Rejected}}
      auto: {{{AUTO}: Automatic}}
    estimate: {{id: {ESTIMATE}, unit: h}}
    actual: {{id: {ACTUAL}, kind: time_tracking}}
    person: {{id: {PERSON}}}
    due: {{id: {DUE}}}
    note: {{id: {NOTE}}}
    urgent: {{id: {URGENT}, evidence: {{id: {EVIDENCE}}}}}
    reference: {{id: {REFERENCE}}}
    redo_of: {{id: {REDO_OF}}}
    ours:
      charged: {{id: {CHARGED}, unit: h}}
      billing: {{id: {BILLING}}}
      message: {{id: {MESSAGE}}}
      origin: {{id: {ORIGIN}}}
      clock: {{id: {CLOCK}}}
      package:
        item: {PACKAGE_ROW}
        granted: {{id: {GRANTED}}}
        used: {{id: {USED}}}
        reserved: {{id: {RESERVED}}}
        free: {{id: {FREE}}}
rates:
  tea-rooms:
    currency: GBP
    tax_rate: {TAX_EN}
    hourly:
      - from: 2026-01-01
        amount: "65.00"
  beyond-plans:
    currency: GBP
    tax_rate: {TAX_EN}
    hourly:
      - from: 2026-01-01
        amount: "60.00"
    cheaper:
      - from_rank: 60
        from: 2026-06-01
        by: "5.00"
plans:
  support-30:
    rank: 30
    included: "3:00"
    fee: "165.00 GBP"
    tax_rate: {TAX_EN}
    overage: beyond-plans
  support-60:
    rank: 60
    included: "6:00"
    fee: "300.00 GBP"
    tax_rate: {TAX_EN}
    overage: beyond-plans
standard:
  GBP: tea-rooms
clients:
  bottega:
    name: Bottega Inesistente S.r.l.
    locale: it
    zone: Europe/Rome
    stripe_customer: {CUSTOMER_IT}
    users: [{MAIL_IT}]
    contact: richieste@agency.example
    contracts:
      - id: bottega-hours
        kind: prepaid_package
        bill_from: 2026-10-01
        boards:
          - {{id: "{BOARD_IT}", columns: agency}}
        calendar: rome
        policies:
          approval_actor: require
          baseline: agreed
        packages:
          - id: BI-2026-1
            granted: "40:00"
            sold_on: 2026-10-01
            price: "2400.00 EUR"
            tax_rate: {TAX_IT}
  tea-rooms:
    name: Nowhere Tea Rooms Ltd
    locale: en
    zone: Europe/London
    stripe_customer: {CUSTOMER_EN}
    contracts:
      - id: tea-rooms-hourly
        kind: pay_as_you_go
        bill_from: 2026-10-01
        boards:
          - {{id: "{BOARD_EN}", columns: agency}}
        rate: tea-rooms
  bicycles:
    name: Imaginary Bicycles Ltd
    locale: en
    zone: Europe/London
    stripe_customer: {CUSTOMER_PLAN}
    contracts:
      - id: bicycles-support
        kind: postpaid_plan
        bill_from: 2026-10-01
        plan: support-30
        boards:
          - {{id: "{BOARD_PLAN}", columns: agency}}
"""
