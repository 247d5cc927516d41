"""Why something was corrected, as a client reads it: the ledger keeps one wording, in English.

The English texts are that wording, so that a cause is found again by it. What people typed stays
as typed, and so does a cause that stands in no table. What is told otherwise stands in ``TOLD``.
"""

import re
from collections.abc import Mapping

CAUSES: dict[str, dict[str, str]] = {
    "cause.worked": {"en": "worked", "it": "tempo lavorato"},
    "cause.changed": {"en": "changed on the board", "it": "modificato sulla dashboard"},
    "cause.changed_late": {
        "en": "changed on the board after the month was closed",
        "it": "modificato sulla dashboard dopo la chiusura del mese",
    },
    "cause.dropped": {"en": "dropped by decision", "it": "eliminato per decisione"},
    "cause.covered": {
        "en": "covered in order of work",
        "it": "coperto secondo l'ordine del lavoro",
    },
    "cause.margin": {
        "en": "margin rule of {period}: {edits}",
        "it": "ore coperte di {period} ripartite di nuovo: {edits}",
    },
    "cause.documented_bug": {
        "en": "documented bug: {reference}",
        "it": "bug documentato: {reference}",
    },
    "cause.bug_undocumented": {
        "en": "bug without documentation",
        "it": "bug senza documentazione",
    },
    "cause.bug_removed": {"en": "bug flag removed", "it": "non più segnato come bug"},
    "cause.bug_expired": {
        "en": "documented bug, found after the package expired",
        "it": "bug documentato, trovato dopo la scadenza del pacchetto",
    },
    "cause.question": {
        "en": "question upheld: {words}",
        "it": "domanda accolta: {words}",
    },
    "cause.billed_by_decision": {
        "en": "billed by decision after the month was closed",
        "it": "fatturato per decisione dopo la chiusura del mese",
    },
    "cause.next_by_decision": {
        "en": "paid by the next package by decision after the month was closed",
        "it": "coperto dal pacchetto successivo per decisione dopo la chiusura del mese",
    },
    "cause.billed_by_policy": {
        "en": "billed by the policy after the month was closed",
        "it": "fatturato come concordato dopo la chiusura del mese",
    },
    "cause.next_by_policy": {
        "en": "paid by the next package, by the policy, after the month was closed",
        "it": "coperto dal pacchetto successivo, come concordato, dopo la chiusura del mese",
    },
    "cause.given": {
        "en": "paid by hours given after the month was closed",
        "it": "coperto da ore concesse dopo la chiusura del mese",
    },
    "cause.handed_over": {
        "en": "changed after the hand-over",
        "it": "modificato dopo la consegna",
    },
    "cause.sold": {"en": "package sold", "it": "pacchetto venduto"},
    "cause.used_before": {"en": "used before go-live", "it": "usato prima dell'avvio"},
    "cause.expired": {"en": "package expired", "it": "pacchetto scaduto"},
    "cause.put_off": {
        "en": "the end of the package was put off",
        "it": "scadenza del pacchetto rinviata",
    },
    "cause.replaced": {"en": "replaced by another row", "it": "sostituito da un'altra riga"},
    "cause.needed": {"en": "need of the activity", "it": "fabbisogno dell'attività"},
    "cause.at_stripe": {
        "en": "changed in Stripe by hand",
        "it": "modificato a mano in Stripe",
    },
}

_MARGIN, _BUG = "cause.margin", "cause.documented_bug"
# Clients need not know what the ledger calls a margin: this is what they read instead.
TOLD: dict[str, dict[str, str]] = {
    _MARGIN: {
        **CAUSES[_MARGIN],
        "en": "covered hours of {period} shared out again: {edits}",
    }
}
_QUOTED = {"en": "“{title}”", "it": "«{title}»"}
_EDIT = re.compile(r"(^|, )([^\s,]+) (-?\d+:\d\d) -> (-?\d+:\d\d)")


def cause_text(cause: str, locale: str, names: Mapping[str, str] | None = None) -> str:
    """Return one cause of the ledger in a client's language; what was typed stays as typed.

    ``names`` are the titles of activities: a client knows no ids.
    """
    for key, pattern in _PATTERNS.items():
        found = pattern.fullmatch(cause)
        if found:
            tail = found.groupdict()
            if key == _MARGIN:
                tail["edits"] = _edits(tail["edits"], locale, names or {})
            return TOLD.get(key, CAUSES[key])[locale].format(**tail)
    return cause


def _edits(edits: str, locale: str, names: Mapping[str, str]) -> str:
    """Tell the edits that moved a margin: titles for ids, and documented bugs translated (R55)."""
    bug, said = (CAUSES[_BUG][one].format(reference="") for one in ("en", locale))
    told = re.sub(f"(^|, ){re.escape(bug)}", lambda at: f"{at[1]}{said}", edits)

    def edit(one: re.Match[str]) -> str:
        title = names.get(one[2])
        who = _QUOTED[locale].format(title=title) if title else one[2]
        return f"{one[1]}{who} {one[3]} → {one[4]}"

    return _EDIT.sub(edit, told)


def _pattern(wording: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", wording)
    made = (f"(?P<{p}>.*?)" if n % 2 else re.escape(p) for n, p in enumerate(parts))
    return re.compile("".join(made), re.DOTALL)


_PATTERNS = {key: _pattern(texts["en"]) for key, texts in CAUSES.items()}
