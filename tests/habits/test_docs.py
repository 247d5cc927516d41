"""What is written about the commands and the decisions is what they are."""

import re

from mondaybridge.cli.app import COMMANDS
from mondaybridge.cli.reference import reference
from project import ROOT

PAGE_LINES = 60


def test_the_command_reference_is_fresh() -> None:
    stored = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert stored == reference(), "run: make generated"


def test_every_command_stands_in_the_reference() -> None:
    named = set(re.findall(r"^## `mondaybridge (\w+)", reference(), re.MULTILINE))
    assert named == set(COMMANDS)


def test_decisions_are_numbered_without_gaps_and_fit_a_page() -> None:
    pages = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= PAGE_LINES
        assert lines[0].startswith(f"# {int(page.name[:4])}. ")
        for part in ("Context", "Decision", "Consequence", "What would change our mind"):
            assert any(line.startswith(f"**{part}.**") for line in lines), (page.name, part)


def test_links_in_the_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_words_of_the_glossary_stand_once_and_in_order() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)[2:]
    assert words == sorted(set(words))
