"""The texts of a month's statement: the five fields of the report (R45) and what they came to."""

STATEMENT: dict[str, dict[str, str]] = {
    "statement.time": {"en": "Time", "it": "Orario"},
    "statement.dates": {"en": "Dates", "it": "Date"},
    "statement.title": {"en": "Ticket title", "it": "Titolo della richiesta"},
    "statement.spent": {"en": "Time spent", "it": "Tempo impiegato"},
    "statement.note": {"en": "Note on what was done", "it": "Nota su cosa è stato fatto"},
    "statement.worked": {"en": "Measured", "it": "Misurato"},
    "statement.source": {"en": "Charged to", "it": "Addebitato a"},
    "statement.rate": {"en": "Price per hour", "it": "Prezzo orario"},
    "statement.amount": {"en": "Amount before tax", "it": "Importo senza imposte"},
    "statement.currency": {"en": "Currency", "it": "Valuta"},
    "statement.cause": {"en": "Corrected because", "it": "Corretto perché"},
    "statement.untimed": {"en": "n/a", "it": "n/d"},
    "statement.nil": {
        "en": "No time was spent in {month}.",
        "it": "Nessun tempo impiegato in {month}.",
    },
    "statement.from.package": {"en": "package {id}", "it": "pacchetto {id}"},
    "statement.from.bulk": {"en": "hours bought in bulk, {id}", "it": "ore acquistate, {id}"},
    "statement.from.included": {"en": "included in the plan", "it": "incluso nel piano"},
    "statement.from.overage": {"en": "beyond what is included", "it": "oltre quanto incluso"},
    "statement.from.payg": {"en": "pay as you go", "it": "a consumo"},
    "statement.from.standard": {"en": "standard rate", "it": "tariffa standard"},
    "statement.from.no_charge": {"en": "no charge", "it": "nessun addebito"},
}
