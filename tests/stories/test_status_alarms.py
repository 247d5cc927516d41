"""What ``status`` says that somebody has to see: packages at their end, mails in doubt."""

from mondaybridge.store import outbox
from stories import town
from stories.house import House, house

HOUR: town.Terms = {**town.PACKAGE, "granted": "1:00"}
SHORT = town.mapping(bottega=town.bottega(town.quiet(HOUR)))
KEY = "onboarding:bottega-hours:g@shop.example"


def used_up(one: House) -> str:
    """Use the package's one hour; the row is still in work."""
    row = one.row("Home page", "1")
    one.settle()
    one.work(row, "2026-10-05 09:00", 60)
    one.go("2026-10-06 09:00")
    one.sweep()
    return row


def test_R17_a_package_at_its_end_waits_with_the_command_to_run() -> None:
    with house(SHORT) as one:
        assert one.status()["endings"] == []
        row = used_up(one)
        told = {
            "package": "P1",
            "contract": "bottega-hours",
            "why": "used_up",
            "to_settle": ["'Home page' is not finished: set it to done or cancelled"],
            "steps": [],
            "run": "mondaybridge package close P1 --apply",
        }
        assert one.status()["endings"] == [told]
        one.edit(row, town.STATUS, town.DONE)
        one.wait(5)
        one.sweep()
        assert one.status()["endings"] == [{**told, "to_settle": []}]


def test_R24_a_mail_that_may_not_have_arrived_is_told() -> None:
    with house() as one:
        assert one.status()["mails"] == []
        with one.app.store.write() as tx:
            mail = outbox.put(
                tx,
                key=KEY,
                message_id="<m@agency.example>",
                generation=1,
                sender="h@agency.example",
                recipient="g@shop.example",
                content=b"To: g",
                now=one.clock.now(),
            )
            sent = outbox.begin_try(tx, mail, now=one.clock.now())
            for key in (sent, mail.idem_key):
                outbox.answer(
                    tx, key, status=outbox.UNKNOWN, words="no answer", now=one.clock.now()
                )
        assert one.status()["mails"] == [
            {
                "recipient": "g@shop.example",
                "written": "2026-10-01T06:00:00Z",
                "tries": 1,
                "words": "no answer",
                "key": KEY,
            }
        ]
