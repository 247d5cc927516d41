"""The texts of the documents at Stripe: their subjects and their lines."""

DOCUMENTS: dict[str, dict[str, str]] = {
    "document.usage": {
        "en": "Support time, {month}",
        "it": "Ore di assistenza, {month}",
    },
    "document.sale": {
        "en": "Hourly package {scope}",
        "it": "Pacchetto orario {scope}",
    },
    "document.correction": {
        "en": "Time credited back, {month}",
        "it": "Ore riaccreditate, {month}",
    },
    "line.usage": {
        "en": "{dates} · {title} · {hours} h at {rate}",
        "it": "{dates} · {title} · {hours} h a {rate}",
    },
    "line.overage": {
        "en": "{dates} · {title} · {hours} h beyond the package at {rate}",
        "it": "{dates} · {title} · {hours} h oltre il pacchetto a {rate}",
    },
    "line.sale": {
        "en": "Hourly package {title}, {hours} h",
        "it": "Pacchetto orario {title}, {hours} h",
    },
    "line.late": {
        "en": "Adjustment for {month}: {line}",
        "it": "Rettifica per {month}: {line}",
    },
}
