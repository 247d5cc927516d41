"""Documents as a table for another tool: what people typed never runs as a formula (I1)."""

import csv
from io import StringIO

from mondaybridge.export.invoices import ExportedDocument, ExportedLine, invoices_csv

LINE = ExportedLine("c1", "2026-10", "+1 day", -30, 6000, -3000, -600, ("txr_1", "txr_2"))
NOTE = ExportedDocument(
    *("=HYPERLINK()", "cn_1", "credit_note", "correction", "2026-11-05", "issued", "A-1"),
    *("acme", "@Acme", "cus_1", "gbp", -3000, -600, -3600),
    lines=(LINE,),
)


def test_texts_are_made_inert_and_amounts_stay_numbers() -> None:
    (row,) = csv.DictReader(StringIO(invoices_csv([NOTE]).decode("utf-8-sig")))
    assert row == {
        "number": "'=HYPERLINK()",
        "type": "credit_note",
        "kind": "correction",
        "date": "2026-11-05",
        "status": "issued",
        "original_number": "A-1",
        "client": "acme",
        "client_name": "'@Acme",
        "customer": "cus_1",
        "contract": "c1",
        "month": "2026-10",
        "text": "'+1 day",
        "minutes": "-30",
        "price": "60.00",
        "net": "-30.00",
        "tax": "-6.00",
        "gross": "-36.00",
        "tax_rates": "txr_1 txr_2",
        "currency": "GBP",
    }
