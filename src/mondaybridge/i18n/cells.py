"""The texts of the other cells on the board: how a row came in, how its promise and time stand."""

CELLS: dict[str, dict[str, str]] = {
    "billing.open": {"en": "open", "it": "aperto"},
    "billing.held": {"en": "held", "it": "in sospeso"},
    "billing.parked": {"en": "parked", "it": "da correggere"},
    "billing.questioned": {"en": "in question", "it": "in verifica"},
    "billing.questioned.billed": {
        "en": "billed {period}, in question",
        "it": "fatturato {period}, in verifica",
    },
    "billing.credited": {"en": "credited", "it": "accreditato"},
    "billing.billed": {"en": "billed {period}", "it": "fatturato {period}"},
    "billing.paid": {"en": "paid {period}", "it": "pagato {period}"},
    "billing.overdue": {"en": "overdue {period}", "it": "non pagato entro la scadenza {period}"},
    "billing.failed": {"en": "payment failed {period}", "it": "pagamento non riuscito {period}"},
    "billing.uncollectible": {"en": "uncollectible {period}", "it": "inesigibile {period}"},
    "billing.voided": {"en": "voided {period}", "it": "annullato {period}"},
    "origin.agreed": {"en": "agreed", "it": "concordata"},
    "origin.extra": {"en": "extra", "it": "extra"},
    "origin.redo": {"en": "redo", "it": "rifacimento"},
    "origin.request": {"en": "request", "it": "richiesta"},
    "clock.running": {
        "en": "by {due}",
        "it": "entro {due}",
    },
    "clock.warned": {
        "en": "due soon: by {due}",
        "it": "in scadenza: entro {due}",
    },
    "clock.breached": {
        "en": "overdue since {due}",
        "it": "scaduto: era entro {due}",
    },
    "clock.met": {
        "en": "taken in charge {stopped}",
        "it": "preso in carico {stopped}",
    },
    "clock.late": {
        "en": "taken in charge {stopped}, due by {due}",
        "it": "preso in carico {stopped}, era entro {due}",
    },
    "clock.measured": {
        "en": "taken in charge after {took} h",
        "it": "preso in carico dopo {took} h",
    },
    "clock.open": {
        "en": "not taken in charge yet",
        "it": "non ancora preso in carico",
    },
}
