"""Every rule of a package has a test with its number, and the page of the rules tells the truth."""

import re

from project import ROOT
from rules import RULES, STORIES, functions, page, proofs

PAGE = ROOT / "docs/rules.md"
LISTED = re.compile(r"^- `(tests/[\w/]+\.py)::(test_\w+)`$", re.MULTILINE)
SEEN_AT_LEAST = 100  # tests with a number: fewer would mean that nothing was looked at


def test_the_page_of_the_rules_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make generated"


def test_the_rules_are_complete_and_in_order() -> None:
    assert [rule.number for rule in RULES] == [f"R{number:02}" for number in range(28)]
    headings = re.findall(r"^## (R\d\d) ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [rule.number for rule in RULES]


def test_every_rule_is_shown_by_a_story_with_its_number() -> None:
    without = [
        key for key, tests in proofs().items() if not any(t.startswith(STORIES) for t in tests)
    ]
    assert without == []


def test_every_listed_test_exists_and_enough_were_looked_at() -> None:
    listed = LISTED.findall(PAGE.read_text(encoding="utf-8"))
    gone = [f"{file}::{name}" for file, name in listed if name not in functions(ROOT / file)]
    assert gone == []
    assert len(set(listed)) >= SEEN_AT_LEAST


def test_every_rule_says_what_it_means_and_where_it_shows() -> None:
    for rule in RULES:
        assert rule.name
        assert rule.says.endswith(".")
        assert "\n" not in rule.says
        assert rule.shows
