"""Every text that a client reads stands in every language, with the same arguments."""

import re
from dataclasses import replace

import pytest

from mondaybridge.domain.clocks import Clock, ClockState
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import Billing
from mondaybridge.i18n import LANGUAGES, TEXTS, day_text, month_text
from mondaybridge.workflows import telling
from mondaybridge.workflows.telling import RULES, Reader, Shape

# The widest of each kind of argument: what is told must be short whatever people wrote.
WIDE: dict[Shape, int | str] = {
    Shape.MINUTES: -5_999_999,
    Shape.COUNT: 1_000,
    Shape.TITLE: "x" * 255,
    Shape.ROWS: "\n".join(["y" * 255] * 99),
    Shape.PROOFS: "reference, requester, service, agreement",
    Shape.WHY: "residual",
    Shape.WAITS: "waits_for_payment",
    Shape.DAY: "2026-09-30",
    Shape.MOMENT: 1_797_000_000_000,
}
CASES: list[dict[str, int | str]] = [
    {},
    {"given": 60, "counted": 1, "reminder": 0, "until": 0, "unfunded": 30},
    {"reminder": 1, "given": 0, "unfunded": 30, "waits": "frozen"},
    {"waits": ""},
    {"waits": "", "given": 60, "unfunded": 30},
    {"shortfall": 0, "given": 0, "counted": 1, "actor": ""},
    {"given": 0, "counted": 0},
    {
        "shortfall": 90,
        "unfunded": 30,
        "factor": 1,
        "percent": 100,
        "days": 1,
        "actor": "",
        "given": 0,
    },
    {"shortfall": 0, "at_risk": "", "why": "approval", "estimate": 0, "charge": 0, "days": 60},
]


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


def told(rule: Rule, case: int) -> Notice:
    args = {name: WIDE[shape] for name, shape in RULES[rule].args.items()}
    given = {name: value for name, value in CASES[case].items() if name in args}
    return Notice("1", rule, tuple({**args, **given}.items()))


@pytest.mark.parametrize("case", range(len(CASES)))
@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_told_in_every_language_and_in_short(
    rule: Rule, locale: str, case: int
) -> None:
    notice, reader = told(rule, case), Reader(locale, "Europe/Rome")
    said = [telling.remark(notice, reader)]
    if telling.comments(notice):
        said.append(telling.comment(notice, reader))
    for sentence in said:
        assert len(sentence) <= telling.LENGTH_MAX
        assert sentence.endswith(f" [MB-{telling.key_of(notice)}]")
        assert not re.search(r"\b(None|null|True|False)\b|[{}]|\bMB-\w+\b.*\bMB-", sentence)


@pytest.mark.parametrize("rule", Rule)
def test_a_rule_uses_only_the_arguments_it_declares(rule: Rule) -> None:
    made = {"reserved", "reason", "way"}  # from declared ones
    declared = set(RULES[rule].args) | made
    for key, texts in TEXTS.items():
        kind, _, name = key.partition(".")
        if kind in {"remark", "notice"} and name.split(".")[0] == rule.value:
            assert set(re.findall(r"\{(\w+)\}", texts["en"])) <= declared


def test_no_text_about_a_rule_stands_unused() -> None:
    rules = {rule.value for rule in Rule} | {"at_risk", "row", "settled", "copy"}
    names = {key.split(".")[1] for key in TEXTS if key.startswith(("remark.", "notice."))}
    assert names == rules


def test_R15b_who_is_asked_to_confirm_reads_residual_reserved_and_shortfall() -> None:
    args = (
        ("charge", 165),
        ("need", 165),
        ("free", 45),
        ("hard", 600),
        ("shortfall", 120),
        ("at_risk", "Catalogo\nNewsletter\nSpedizioni"),
    )
    said = telling.comment(Notice("1", Rule.CONFIRM, args), Reader("it", "Europe/Rome"))
    assert said == (
        "2:45 h: serve la conferma. Restano 10:00 h, di cui 9:15 h riservate: mancherebbero 2:00 h"
        " e il tempo complessivo potrebbe successivamente non bastare per le attività concordate"
        " (a rischio: «Catalogo», «Newsletter»; altre: 1). Per confermare si imposta l'approvazione"
        " su questa riga; in alternativa si riduce la stima o si amplia il pacchetto. [MB-confirm]"
    )


def test_R15b_the_warning_stands_even_where_everything_fits() -> None:
    fits = (("charge", 60), ("need", 60), ("free", 90), ("hard", 600), ("shortfall", 0))
    said = telling.comment(Notice("1", Rule.CONFIRM, fits), Reader("en", "Europe/London"))
    assert said.startswith("1:00 h: please confirm. 10:00 h are left, 8:30 h of them reserved and")
    assert "may later not be enough for the agreed work." in said


@pytest.mark.parametrize("state", ClockState)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_R18_a_promise_is_shown_however_it_stands(state: ClockState, locale: str) -> None:
    due, stopped = 1_797_000_000_000, 1_796_900_000_000
    reader = Reader(locale, "Europe/Rome")
    one = Clock(state, 0, due_at=due, stopped_at=stopped, took_ms=3_600_000)
    assert re.search(r"\d", telling.clock_text(one, reader))
    running = replace(one, due_at=None, stopped_at=None, took_ms=None, state=ClockState.RUNNING)
    assert telling.clock_text(running, reader) == TEXTS["clock.open"][locale]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "en",
            [
                "open",
                "held",
                "parked",
                "billed 2026-10, in question",
                "credited",
                "billed 2026-10",
                "paid 2026-10",
                "overdue 2026-10",
                "payment failed 2026-10",
                "uncollectible 2026-10",
                "voided 2026-10",
            ],
        ),
        (
            "it",
            [
                "aperto",
                "in sospeso",
                "da correggere",
                "fatturato 2026-10, in verifica",
                "accreditato",
                "fatturato 2026-10",
                "pagato 2026-10",
                "non pagato entro la scadenza 2026-10",
                "pagamento non riuscito 2026-10",
                "inesigibile 2026-10",
                "annullato 2026-10",
            ],
        ),
    ],
)
def test_where_time_stands_is_said_in_the_clients_language(locale: str, words: list[str]) -> None:
    reader = Reader(locale, "Europe/Rome")
    assert [telling.billing_text(one, "2026-10", reader) for one in Billing] == words
    asked = telling.billing_text(Billing.QUESTIONED, "", reader)
    assert asked == {"en": "in question", "it": "in verifica"}[locale]


def test_a_threshold_has_a_comment_of_its_own() -> None:
    """semantics 6.28: once per crossing."""
    args = {"percent": 83, "used": 500, "granted": 600, "left": 100}
    bare = Notice("", Rule.USED, tuple(args.items()))
    assert telling.key_of(bare) == "used-83"
    assert telling.key_of(replace(bare, args=(*bare.args, ("threshold", 75)))) == "used-75"
    again = replace(bare, args=(*bare.args, ("threshold", 75), ("generation", 2)))
    assert telling.key_of(again) == "used-75-2"


def test_a_nearing_expiry_has_a_comment_of_its_own_for_each_last_day() -> None:
    bare = Notice("", Rule.EXPIRY, (("threshold", 30), ("days", 29), ("left", 60)))
    assert telling.key_of(bare) == "expiry-30"
    dated = replace(bare, args=(*bare.args, ("last", "2027-06-30")))
    assert telling.key_of(dated) == "expiry-30-2027-06-30"


def test_only_what_somebody_must_act_on_is_a_comment() -> None:
    inside = (("worked", 70), ("estimate", 60), ("over", 10), ("unfunded", 0))
    outside = (*inside[:3], ("unfunded", 10))
    assert not telling.comments(Notice("1", Rule.OVERRUN, inside))
    assert telling.comments(Notice("1", Rule.OVERRUN, outside))
    assert {rule for rule in Rule if RULES[rule].comment} == {
        Rule.TWIN,
        Rule.CONFIRM,
        Rule.RESIDUAL,
        Rule.LIMIT,
        Rule.STALE,
        Rule.UNVERIFIED,
        Rule.START,
        Rule.BLOCKED,
        Rule.RAISE,
        Rule.OVERRUN,
        Rule.DUE,
        Rule.USED,
        Rule.EXPIRY,
        Rule.BASELINE,
        Rule.QUESTION,
        Rule.ANSWERED,
        Rule.UNANSWERED,
        Rule.ADJUSTMENT,
    }
