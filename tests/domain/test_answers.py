"""Every answer stays known, with its actor and what it was given to (ledger 2; R15b, R19, R25)."""

from dataclasses import replace

from mondaybridge.domain.admission import Activation, Admission, Assessment, Verdict
from mondaybridge.domain.answers import answers
from mondaybridge.domain.approval import Consent, Standing
from mondaybridge.domain.outcome import Fact

GIVEN = Consent(300, 3_600, 1, Standing.VERIFIED, "anna@client.example", "log-3")
SEEN = Assessment(Verdict.CONFIRM, 3_600, 1, 60, 60, hard=100, free=20, shortfall=40)
APPROVED = Fact(
    "approved",
    "A",
    "anna@client.example",
    (("at", 300), ("estimate_seconds", 3_600), ("factor", 1), ("standing", "verified")),
    "log-3",
)
ONE = Activation("A", Admission.ACTIVE, 3_600, consent=GIVEN)


def test_R19_R25_an_answer_is_kept_once_and_a_later_one_beside_it() -> None:
    assert list(answers({}, [ONE])) == [APPROVED]
    assert list(answers({"A": ONE}, [replace(ONE, started_at=9)])) == []
    later = replace(GIVEN, at=500, log_id="log-5")
    (fact,) = answers({"A": ONE}, [replace(ONE, consent=later)])
    assert (fact.kind, fact.cause, dict(fact.args)["at"]) == ("approved", "log-5", 500)


def test_R15b_a_confirmation_keeps_the_numbers_that_were_shown() -> None:
    given = replace(ONE, overcommit=40, assessment=SEEN)
    numbers = (("charge", 60), ("need", 60), ("free", 20), ("hard", 100), ("shortfall", 40))
    assert list(answers({"A": ONE}, [given])) == [
        Fact("confirmed", "A", "anna@client.example", numbers, "log-3")
    ]
    assert list(answers({"A": given}, [replace(given, blocked=True)])) == []


def test_R19_a_rejection_is_kept_once() -> None:
    refused = Activation("A", Admission.REJECTED)
    assert list(answers({"A": ONE}, [refused])) == [Fact("rejected", "A")]
    assert list(answers({"A": refused}, [refused])) == []
