"""The texts that a client reads, in the client's language.

One catalogue: a key has a text in every language or a test fails. The domain returns values and
plain arguments; the sentences are made here. Each kind of reading has a module of texts; a key
begins with the name of its kind, so that no two modules can mean the same key.
"""

from datetime import date

from mondaybridge.i18n.causes import CAUSES
from mondaybridge.i18n.cells import CELLS
from mondaybridge.i18n.documents import DOCUMENTS
from mondaybridge.i18n.mails import MAILS
from mondaybridge.i18n.notices import NOTICES
from mondaybridge.i18n.questions import QUESTIONS
from mondaybridge.i18n.sales import SALES
from mondaybridge.i18n.statement import STATEMENT
from mondaybridge.i18n.workbook import WORKBOOK

LANGUAGES = ("en", "it")

TEXTS: dict[str, dict[str, str]] = {
    **DOCUMENTS,
    **WORKBOOK,
    **NOTICES,
    **QUESTIONS,
    **SALES,
    **CAUSES,
    **CELLS,
    **MAILS,
    **STATEMENT,
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
