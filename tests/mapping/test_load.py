"""Every mistake of a person in mappings.yaml: found, placed, explained; all at once."""

import re
from pathlib import Path

import pytest

from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.load import MAX_BYTES, load, parse

EXAMPLE = Path(__file__).with_name("example.yaml")
REFUSALS = Path(__file__).with_name("refusals.txt")
TEXT = EXAMPLE.read_text(encoding="utf-8")


def problems(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    mapping, found = parse(content, name="m.yaml")
    assert (mapping is None) == bool(found)
    return [str(problem) for problem in found]


def edited(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


class TestTheExample:
    def test_is_accepted(self) -> None:
        assert problems(TEXT) == []

    def test_is_accepted_with_a_byte_order_mark_and_with_windows_line_ends(self) -> None:
        assert problems(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()) == []


class TestTheFile:
    def test_that_is_not_there_says_which_setting_names_it(self, tmp_path: Path) -> None:
        file = tmp_path / "absent.yaml"
        with pytest.raises(ConfigurationError) as caught:
            load(file)
        assert caught.value.exit_code == 3
        assert caught.value.problems == (
            f"{file}:1: file: No such file or directory: set MONDAYBRIDGE_MAPPINGS to your mapping",
        )

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"", "m.yaml:1: file: the file is empty"),
            (b"# nothing\n", "m.yaml:1: file: the file is empty"),
            (b"- a\n- b\n", "m.yaml:1: file: needs a mapping of keys and values at its top"),
            (b"a: 1\nb: \xff\n", "m.yaml:2: file: is not UTF-8: save it as UTF-8"),
            ("a: 1".encode("utf-16"), "m.yaml:1: file: is not UTF-8: save it as UTF-8"),
            (b"a:\n\tb: 1\n", "m.yaml:2: file: a tab cannot indent YAML: use spaces"),
            (b"a: 1\nb: \x00\n", "m.yaml:2: file: a control character is not allowed in YAML"),
            (b"[" * 30_000, "m.yaml:1: file: more than 24 levels deep"),
            (b"a: " + b"x" * MAX_BYTES, f"m.yaml:1: file: {MAX_BYTES + 3} bytes are more than"),
        ],
    )
    def test_that_cannot_be_read_is_refused_with_its_line(
        self, content: bytes, problem: str
    ) -> None:
        (found,) = problems(content)
        assert found.startswith(problem)

    def test_with_broken_syntax_names_the_line(self) -> None:
        text = edited(("    approval: {id: approval,", "    approval: {id: approval"))
        (found,) = problems(text)
        assert found.startswith(f"m.yaml:{line_of(text, 'approval: {id')}: file: not valid YAML: ")

    def test_with_a_second_document_is_refused(self) -> None:
        assert problems(f"---\n{TEXT}\n---\na: 1\n")[-1].endswith(
            "file: a second document begins here: keep one"
        )

    def test_with_a_directive_is_refused_because_it_changes_what_scalars_mean(self) -> None:
        assert problems(f"%YAML 1.1\n---\n{TEXT}") == [
            "m.yaml:1: file: a % directive is not supported: remove the line"
        ]


class TestYamlThatHidesThings:
    def test_is_refused_wherever_it_stands(self) -> None:
        own = "{currency: EUR, hourly: [{from: 2026-01-01, amount: '1'}]}"
        text = edited(
            ("  account_slug: example ", "  account_slug: example\n  account_slug: other "),
            ("{id: estimate, unit: h}", "&mine {id: estimate, unit: h}"),
            ("estimate: {id: estimate, unit: h}", "estimate: *mine"),
            ("rates: ", f"rates:\n  <<: {{}}\n  second: !!map {own}\n  #"),
        )
        first = line_of(text, "account_slug: example")
        expected = {
            "account_slug: other": "monday.account_slug: "
            f"the key stands twice, first in line {first}: keep one",
            "&mine": "columns.agency.estimate: the anchor &mine is not supported: remove it",
            "*mine": "columns.typed-hours.estimate: "
            "the alias *mine is not supported: write the value out",
            "<<": "rates: merge keys (<<) are not supported: write the values out",
            "!!map": "rates.second: the tag tag:yaml.org,2002:map is not supported: remove it",
        }
        assert problems(text) == [
            f"m.yaml:{line_of(text, part)}: {problem}" for part, problem in expected.items()
        ]

    def test_a_bomb_of_aliases_costs_nothing(self) -> None:
        text = "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(200))
        assert len(problems(text)) > 400

    def test_words_and_clocks_stay_text(self) -> None:
        text = edited(
            ('working: {0: "Working on it"}', "working: {0: no, 2: 12:30}"),
            ('name: "Example Ltd"', "name: 12:30"),
        )
        mapping, found = parse(text.encode())
        assert found == []
        assert mapping is not None
        assert mapping.columns("1234567891").status.working == {0: "no", 2: "12:30"}
        assert mapping.client("example-ltd").name == "12:30"


def cases() -> list[tuple[str, str, str]]:
    """Read what is changed, into what, and the refusal; a bar closes, ``\\n`` breaks a line."""
    blocks = re.findall(r"- (.*)\|\n\+ (.*)\|\n= (.*)\n", REFUSALS.read_text(encoding="utf-8"))
    return [(old.replace("\\n", "\n"), new.replace("\\n", "\n"), why) for old, new, why in blocks]


class TestAnEdit:
    @pytest.mark.parametrize(("old", "new", "why"), cases())
    def test_that_cannot_be_meant_is_refused_in_its_line(
        self, old: str, new: str, why: str
    ) -> None:
        text = edited((old, new))
        path = why.partition(": ")[0]
        (found,) = [problem for problem in problems(text) if problem.split(": ")[1] == path]
        where, _, said = found.partition(": ")
        assert said == why
        last_key = re.sub(r"\[\d+\]$", "", path).rsplit(".", 1)[-1].removesuffix(".1")
        assert last_key in text.splitlines()[int(where.split(":")[1]) - 1] or "is missing" in why

    def test_that_leaves_out_a_key_is_placed_at_what_surrounds_it(self) -> None:
        text = edited(("        bill_from: 2026-10-01\n", ""))
        (found,) = problems(text)
        assert found == (
            f"m.yaml:{line_of(text, 'id: example-ltd-payg')}: "
            "clients.example-ltd.contracts[0].bill_from: "
            "is missing: Work before this day is shown and never billed."
        )


class TestMoney:
    def test_is_in_one_currency_per_client(self) -> None:
        second = '- {id: two, granted: "1:00", sold_on: 2026-12-01, price: "60.00 GBP"}'
        text = edited(("        packages:\n", f"        packages:\n          {second}\n"))
        (found,) = problems(text)
        assert found.split(": ", 1)[1] == (
            "clients.esempio-srl.contracts[0].packages[1].price: is in EUR, "
            "clients.esempio-srl.contracts[0].packages[0].price in GBP: one currency per client"
        )

    def test_in_yen_has_no_decimals(self) -> None:
        (found,) = problems(edited(("currency: GBP", "currency: JPY"), ('"65.00"', '"65.50"')))
        assert found.endswith("'65.50' has more decimals than JPY has (0)")


def test_every_mistake_is_reported_at_once_in_the_order_of_its_lines() -> None:
    text = edited(
        ("  sweep_minutes", "  sweep_minuts"),
        ("    approval: null", "    aproval: null"),
        ('amount: "65.00"', "amount: 65.00"),
        ("  esempio-srl:\n", "  esempio-srl:\n    zone: Europe/Rom\n"),
        ('granted: "40:00"', "granted: 40:00"),
        ("rate: standard-gbp", "rate: standrd-gbp"),
        ('"1234567891"', '"1234567890"'),
    )
    found = problems(text)
    places = [problem.split(": ")[1] for problem in found]
    assert places == [
        "timing.sweep_minuts",
        "columns.typed-hours.aproval",
        "rates.standard-gbp.hourly[0].amount",
        "clients.esempio-srl.zone",
        "clients.esempio-srl.zone",
        "clients.esempio-srl.contracts[0].packages[0].granted",
        "clients.example-ltd.contracts[0].rate",
        "clients.example-ltd.contracts[0].boards[0].id",
    ]
    lines = [int(problem.split(":")[1]) for problem in found]
    assert lines == sorted(lines)
