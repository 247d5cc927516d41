"""Every cause that the code can write stands in one table and in every language (S7)."""

import ast
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaybridge.domain.ledger import Entry
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.reasons import Cause, Reason
from mondaybridge.i18n import LANGUAGES
from mondaybridge.i18n.causes import CAUSES, TOLD, cause_text
from project import ROOT, sources

# Where a text may become a cause: the table itself, what a person typed, and what is read back.
MAKERS = {"src/mondaybridge/domain/reasons.py", "src/mondaybridge/store/entry_rows.py"}
TYPED = {"src/mondaybridge/domain/goodwill.py"}


def calls(name: str) -> Iterator[str]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            func = node.func if isinstance(node, ast.Call) else None
            if isinstance(func, ast.Name) and func.id == name:
                yield str(path.relative_to(ROOT))


def test_S7_only_the_table_makes_causes() -> None:
    """The type checker refuses an entry any other text."""
    assert Entry.__annotations__["cause"] is Cause
    assert Adjustment.__annotations__["cause"] is Cause
    assert {path for path in calls("Cause") if path.startswith("src/")} == MAKERS
    assert {path for path in calls("as_typed") if path.startswith("src/")} == TYPED


def test_S7_every_cause_has_a_text_and_the_english_one_is_the_ledgers() -> None:
    assert {key: texts["en"] for key, texts in CAUSES.items()} == {
        f"cause.{one.name.lower()}": one.value for one in Reason
    }


@pytest.mark.parametrize("one", Reason)
def test_S7_a_cause_is_told_in_the_clients_language(one: Reason) -> None:
    tail = {name: f"<{name}>" for name in re.findall(r"\{(\w+)\}", one.value)}
    said = one.said(**tail)
    key = f"cause.{one.name.lower()}"
    assert {locale: cause_text(said, locale) for locale in LANGUAGES} == {
        locale: TOLD.get(key, CAUSES[key])[locale].format(**tail) for locale in LANGUAGES
    }
    assert cause_text(said, "it") != said


@given(one=st.sampled_from([one for one in Reason if one is not Reason.MARGIN]), tail=st.text())
def test_S7_for_english_clients_every_cause_stays_word_for_word(one: Reason, tail: str) -> None:
    said = one.said(**dict.fromkeys(re.findall(r"\{(\w+)\}", one.value), tail))
    assert cause_text(said, "en") == said


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("question upheld: worked; half: {ours}", "domanda accolta: worked; half: {ours}"),
        ("documented bug: report 7\n8", "bug documentato: report 7\n8"),
        ("ore regalate: package sold", "ore regalate: package sold"),
    ],
)
def test_what_people_typed_stays_as_typed(cause: str, told: str) -> None:
    assert cause_text(cause, "it") == told
    assert cause_text(cause, "en") == cause


@pytest.mark.parametrize(
    ("cause", "en", "it"),
    [
        (
            "margin rule of 2026-10: documented bug: R 7, 12 1:30 -> 0:00, 15 1:00 -> 0:40",
            "documented bug: R 7, “Menu” 1:30 → 0:00, 15 1:00 → 0:40",
            "bug documentato: R 7, «Menu» 1:30 → 0:00, 15 1:00 → 0:40",
        ),
        (
            "margin rule of 2026-10: 15 1:00 -> 0:40, documented bug: R: 7, 12 1:30 -> 0:00",
            "15 1:00 → 0:40, documented bug: R: 7, “Menu” 1:30 → 0:00",
            "15 1:00 → 0:40, bug documentato: R: 7, «Menu» 1:30 → 0:00",
        ),
    ],
)
def test_a_client_reads_titles_and_nothing_of_margins(cause: str, en: str, it: str) -> None:
    names = {"12": "Menu"}
    assert cause_text(cause, "en", names) == f"covered hours of 2026-10 shared out again: {en}"
    assert cause_text(cause, "it", names) == f"ore coperte di 2026-10 ripartite di nuovo: {it}"
