"""The texts that a client reads on documents, in the client's language.

One catalogue: a key has a text in every language or a test fails. The domain returns values and
plain arguments; the sentences are made here.
"""

from datetime import date

LANGUAGES = ("en", "it")

TEXTS: dict[str, dict[str, str]] = {
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
    "line.sale": {
        "en": "Hourly package {title}, {hours} h",
        "it": "Pacchetto orario {title}, {hours} h",
    },
    "line.late": {
        "en": "Adjustment for {month}: {line}",
        "it": "Rettifica per {month}: {line}",
    },
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
}


def text(key: str, locale: str, **arguments: str) -> str:
    """Return a text of the catalogue with its arguments in place."""
    return TEXTS[key][locale].format(**arguments)


def month_text(name: str, locale: str) -> str:
    """Return ``2026-10`` as ``October 2026`` or ``ottobre 2026``."""
    year, number = name.split("-")
    return f"{_MONTHS[locale].split()[int(number) - 1]} {year}"


def day_text(day: date, locale: str) -> str:
    """Return a day without its year: ``5 Oct`` or ``5 ott``."""
    return f"{day.day} {_MONTHS[locale].split()[day.month - 1][:3]}"
