"""Every text that a client reads stands in every language, with the same arguments."""

import re

import pytest

from mondaybridge.i18n import LANGUAGES, TEXTS, day_text, month_text


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_stands_in_every_language_with_the_same_arguments(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == set(LANGUAGES)
    assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in texts.values()}) == 1


@pytest.mark.parametrize(("locale", "october"), [("en", "October 2026"), ("it", "ottobre 2026")])
def test_months_have_names(locale: str, october: str) -> None:
    from datetime import date

    assert month_text("2026-10", locale) == october
    names = {month_text(f"2026-{number:02d}", locale) for number in range(1, 13)}
    assert len(names) == 12
    assert day_text(date(2026, 10, 5), locale).endswith(october[:3])
