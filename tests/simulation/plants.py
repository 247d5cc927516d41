"""The list of planted bugs: what is changed, who must find it, and where it was first found."""

from dataclasses import dataclass

from simulation.grounds import FOUND, PLAIN, WORLDS
from simulation.wishes import Wish

WITHIN = 60


@dataclass(frozen=True, slots=True)
class Planted:
    """One bug: changes as (file, text, other text), the checkers one of which must find it.

    ``seed`` is one that finds it, tried first, -1 where none is known yet; ``within`` says in how
    many seeds it must be found.
    """

    name: str
    checkers: frozenset[str]
    changes: tuple[tuple[str, str, str], ...]
    seed: int = -1
    within: int = WITHIN
    world: Wish = PLAIN


def _bug(name: str, checkers: str, *changes: tuple[str, str, str]) -> Planted:
    seed, ground = FOUND.get(name, -1), WORLDS.get(name, PLAIN)
    return Planted(name, frozenset(checkers.split()), changes, seed, world=ground)


MONEY, BILLING, ISSUED = "domain/money.py", "domain/billing.py", "domain/issued.py"
ISSUE, CLOSE, BOOKS = "workflows/issue.py", "workflows/close.py", "workflows/books.py"
ISSUING, WORK, METERED = "domain/issuing.py", "domain/work.py", "domain/metered.py"
CLIENT, OBSERVE, MIRROR = "stripe/client.py", "stripe/observation.py", "store/mirror.py"
LEASE, EFFECTS, READ = "store/lease.py", "store/effects.py", "workflows/read.py"
CORRECTIONS, DOCUMENTS = "domain/corrections.py", "domain/documents.py"
COVER, PLAN_MONTHS = "domain/cover.py", "domain/plan_months.py"

PLANTED = (
    _bug(
        "off by one in a large amount",
        "S6 S14",
        (
            MONEY,
            "round_half_up(minutes * hourly_minor, 60)",
            "round_half_up(minutes * hourly_minor, 60) + (minutes > 200)",
        ),
    ),
    _bug(
        "amounts are cut instead of rounded",
        "S6 S14",
        (
            MONEY,
            "return sign * ((2 * top + bottom) // (2 * bottom))",
            "return sign * (top // bottom)",
        ),
    ),
    _bug(
        "each session is rounded up",
        "S6",
        (
            COVER,
            "before = charge(seconds.get(scope, 0), factor=factor, increment=step)",
            "before = 0",
        ),
        (COVER, "seconds[scope] = seconds.get(scope, 0) + piece", "seconds[scope] = piece"),
    ),
    _bug(
        "months begin at midnight in UTC",
        "S13 S6",
        (WORK, "month_of(start, contract.zone).name,", 'month_of(start, "UTC").name,'),
    ),
    _bug(
        "today's price for all work",
        "S6",
        ("domain/tariff.py", "if rate.starts_at <= instant and", "if rate.starts_at and"),
    ),
    _bug(
        "a void invoice counts as issued",
        "S6 convergence",
        (
            DOCUMENTS,
            '{"open", "paid", "uncollectible", "issued"}',
            '{"open", "paid", "uncollectible", "issued", "void"}',
        ),
    ),
    _bug(
        "a draft counts as issued",
        "S6 convergence mail",
        (
            DOCUMENTS,
            '{"open", "paid", "uncollectible", "issued"}',
            '{"open", "paid", "uncollectible", "issued", "draft"}',
        ),
    ),
    _bug(
        "credits are not imported",
        "S6 S7 convergence",
        (OBSERVE, 'notes = list(rows(client, "/v1/credit_notes", mine))', "notes: list[Json] = []"),
    ),
    _bug(
        "only the first page is listed",
        "S5 S6 S7 convergence",
        (CLIENT, 'if not page["has_more"] or not page["data"]:', "if page:"),
    ),
    _bug(
        "only the last page is listed",
        "S5 S6 S7 convergence",
        (
            CLIENT,
            '        for row in page["data"]:\n',
            '        for row in page["data"] if not page["has_more"] else ():\n',
        ),
    ),
    _bug(
        "an edit to zero is ignored",
        "S6",
        (
            BILLING,
            "        if change and _due(",
            "        if change and wanted.amount_minor and _due(",
        ),
    ),
    _bug("decreases are never credited", "S6", (BILLING, "or min(0, less)", "or 0")),
    _bug(
        "what was credited by hand is asked for again",
        "S6",
        (BILLING, "change = max(0, less - foreign[line_id]) or min(0, less)", "change = less"),
    ),
    _bug(
        "credits count twice",
        "S6 S7 convergence",
        (
            ISSUED,
            "        credited[line.source_line] += line.amount_minor\n",
            "        credited[line.source_line] += 2 * line.amount_minor\n",
        ),
    ),
    _bug(
        "documents are read twice",
        "S6 S7 convergence",
        (
            ISSUED,
            "    issued = [d for d in observed if d.issued]\n",
            "    issued = [d for d in [*observed] * 2 if d.issued]\n",
        ),
    ),
    _bug(
        "a credit knows no cap",
        "S6 convergence evidence",
        (CORRECTIONS, "part = min(amount, issued.left, room[invoice])", "part = amount"),
    ),
    _bug(
        "revisions never rise",
        "S5 S6 S7 convergence",
        ("domain/books.py", "return max(seen, default=0) + 1", "return 1"),
    ),
    _bug(
        "any draft is adopted",
        "planned",
        (ISSUING, "if draft.plan_digest != document.digest:", "if not draft.plan_digest:"),
        (
            ISSUING,
            "if len(seen) != len(present) or not seen.items() <= planned.items():",
            "if False:",
        ),
        (
            ISSUING,
            "    if draft.subtotal_minor != document.subtotal_minor:\n",
            "    if not draft.stripe_id:\n",
        ),
        (ISSUE, "            if differences:\n", "            if not draft:\n"),
    ),
    _bug(
        "drafts are not read back",
        "read-back",
        (
            ISSUING,
            "if len(seen) != len(present) or not seen.items() <= planned.items():",
            "if False:",
        ),
        (
            ISSUING,
            "    if draft.subtotal_minor != document.subtotal_minor:\n",
            "    if not draft.stripe_id:\n",
        ),
        (ISSUE, "            if differences:\n", "            if not draft:\n"),
    ),
    _bug(
        "no look before a write",
        "S5 S6 S7 S20 convergence",
        (
            CLOSE,
            "        mail_missing(app, client, held)\n        shown",
            "        shown",
        ),
        (
            CLOSE,
            "        finish(app, client, held)\n        bring_in(app, client, held)\n        shown",
            "        finish(app, client, held)\n        shown",
        ),
        (
            CLOSE,
            "    if begun is not None:\n        bring_in(app, client, held)\n",
            "    if begun is not None:\n",
        ),
        (
            ISSUE,
            "if touched is not None or (number == 0 and record.effects):",
            "if touched is not None:",
        ),
    ),
    _bug(
        "one key for every attempt",
        "unforeseen convergence S6",
        (
            CLIENT,
            'key = f"mb:{self.business_key}:{self.op}:{self.chunk}:{self.attempt}"',
            'key = f"mb:{self.business_key}:{self.op}:{self.chunk}:1"',
        ),
    ),
    _bug(
        "the attempt never rises",
        "convergence S6",
        (ISSUING, "        return step(last.attempt + 1)\n", "        return step(last.attempt)\n"),
    ),
    _bug(
        "the stored bytes are not sent",
        "keys",
        (
            ISSUE,
            "        return row.body\n",
            "        return body + b'&metadata[at]=%d' % self._app.clock.now()\n",
        ),
    ),
    _bug(
        "attempts are forgotten",
        "convergence S6 S5 mail unforeseen",
        (
            ISSUE,
            "            rows = effects.find(tx, self._business_key)\n",
            "            rows = []\n",
        ),
    ),
    _bug(
        "mail is not looked up",
        "mail",
        (ISSUING, "        look = not safe or attempt > 1\n", "        look = False\n"),
        (
            "workflows/mail_missing.py",
            "    return observation.was_sent(app.stripe, one.stripe_id, one.finalized_at)\n",
            "    return False\n",
        ),
    ),
    _bug(
        "the lease is no fence",
        "S5 S6 S7 S9 S19 mail convergence unforeseen",
        (
            LEASE,
            '    if tx.execute(_TOKEN, {"of_key": lease.key}).scalar() != lease.token:\n',
            '    if tx.execute(_TOKEN, {"of_key": lease.key}).scalar() is None:\n',
        ),
        (LEASE, "t.c.key == lease.key, t.c.token == lease.token)", "t.c.key == lease.key)"),
    ),
    _bug(
        "there is no lease",
        "S5 S6 S7 S9 S19 mail convergence unforeseen",
        (LEASE, 't.c.until <= bindparam("now")', 't.c.until <= bindparam("now") + (1 << 50)'),
        (
            LEASE,
            '    if tx.execute(_TOKEN, {"of_key": lease.key}).scalar() != lease.token:\n',
            '    if tx.execute(_TOKEN, {"of_key": lease.key}).scalar() is None:\n',
        ),
        (LEASE, "t.c.key == lease.key, t.c.token == lease.token)", "t.c.key == lease.key)"),
    ),
    _bug(
        "what is not on the page is gone",
        "S6 convergence",
        (
            READ,
            "    found = _fetch(app, board_id, sorted(missing))\n",
            "    found: list[Reading] = []\n",
        ),
        ("monday/boards.py", "            if page.cursor is None:\n", "            if page:\n"),
    ),
    _bug(
        "an older read is applied",
        "mirror",
        (
            MIRROR,
            "    return bool(tx.execute(newest.values(read_applied=ticket)).rowcount)\n",
            "    tx.execute(newest.values(read_applied=ticket))\n    return True\n",
        ),
    ),
    _bug(
        "a deleted row costs nothing",
        "S7",
        (
            METERED,
            "            less = dropped(row, known, history, decided.get(key, ()))\n",
            "            less = dict(known)\n",
        ),
    ),
    _bug(
        "held time is billed",
        "held",
        (
            BOOKS,
            "        frozenset((key, h",
            "        frozenset() and frozenset((key, h",
        ),
    ),
    _bug(
        "an emptied cell is zero",
        "S7 S6",
        (
            "domain/activity.py",
            "    reason = read.parked or _emptied(previous, reading)\n",
            '    reason = read.parked.replace("x", "x")\n',
        ),
        (
            "domain/activity.py",
            "        return ()\n    change = reading.number_seconds - sum",
            "        pass\n    change = (reading.number_seconds or 0) - sum",
        ),
    ),
    _bug(
        "a late increase is forgotten",
        "S6",
        (
            BILLING,
            "return line_id.period in closed or line_id.period == closes",
            "return line_id.period == closes or (line_id.period in closed and change < 0)",
        ),
    ),
    _bug(
        "bought hours are used by nobody",
        "S6",
        (
            "domain/bulk.py",
            "    covers = [_cover(p, found.rooms[p.package_id]) for p in packages]\n    _add",
            "    covers: list[Cover] = []\n    _add",
        ),
    ),
    _bug(
        "every purchase is cheaper",
        "S6",
        ("mapping/pricing.py", " if terms.hours >= bulk.minimum else 0\n", "\n"),
    ),
    _bug(
        "carried hours know no limit",
        "S6",
        (PLAN_MONTHS, "lots, room = [], rollover.max_minutes", "lots, room = [], 1 << 30"),
    ),
    _bug(
        "a plan begun late costs the whole month",
        "S6",
        (PLAN_MONTHS, "if contract.proration is Proration.NONE:", "if contract.proration:"),
    ),
    _bug(
        "the late window never ends",
        "late",
        ("domain/late.py", " - closed_at > window", " - closed_at > window * 1000"),
    ),
    _bug(
        "time in question is billed",
        "questions",
        (
            "workflows/books.py",
            "    hold = client.billing.questioned is Questioned.HOLD\n",
            "    hold = client.billing.questioned is Questioned.BILL\n",
        ),
    ),
    _bug(
        "an extra of any length starts by itself",
        "admission",
        ("domain/admission.py", "limit, raw = request.minor_minutes,", "limit, raw = 1 << 30,"),
        ("domain/desk.py", "return -(-seconds // 60) <= limit\n", "return seconds >= 0\n"),
    ),
)
