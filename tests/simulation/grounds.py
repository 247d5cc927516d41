"""In which world each planted bug is hunted, and the seed that found it there first.

A bug does harm only where what it breaks is needed: a world with just these faults and terms shows
it in a few seeds. Where nothing is said of faults, they are the seed's own.
"""

from simulation.wishes import Wish

LOST = ("lost_answer_stripe", "crash")
RACES = ("freeze", "clock_jump", "crash", "lost_answer_stripe")
PAYG, PLAN, PACKAGE = ("payg",), ("plan",), ("package",)
EDITS, TRACKS = ("act",) * 6, ("act track",) * 9
VOIDS = ("void", *EDITS)
UP_AND_DOWN = ("act lengthen",) * 5 + ("act strike",) * 3


def _world(
    *faults: str,
    kinds: tuple[str, ...] = PAYG,
    terms: tuple[str, ...] = (),
    later: tuple[str, ...] = EDITS,
    pages: bool = False,
    months: int = 2,
) -> Wish:
    return Wish(True, kinds, terms, faults, pages, later, months)


def _story(
    *days: tuple[int, str, int],
    kinds: tuple[str, ...] = PAYG,
    terms: tuple[str, ...] = (),
    faults: tuple[str, ...] = (),
    months: int = 2,
) -> Wish:
    """Return a world in which just this happens: on which day, what, how often."""
    story = tuple((day, what) for day, what, times in days for _ in range(times))
    return Wish(True, kinds, terms, faults, months=months, story=story)


PLAIN = Wish(small=True, terms=())
WORLDS = {
    "a void invoice counts as issued": _world("hand_void", later=VOIDS),
    "only the first page is listed": _world("restore", "hand_void", later=VOIDS, pages=True),
    "only the last page is listed": _world(*LOST, pages=True),
    "what was credited by hand is asked for again": _world("hand_credit", later=("credit", *EDITS)),
    "credits count twice": _world(),
    "a credit knows no cap": _world(later=UP_AND_DOWN, months=3),
    "revisions never rise": _world(),
    "any draft is adopted": _story(
        (10, "act track", 6), (28, "backup", 1), (28, "restore draft", 1)
    ),
    "drafts are not read back": _world("hand_draft"),
    "no look before a write": _story((10, "act track", 6), (28, "backup", 1), (45, "restore", 1)),
    "one key for every attempt": _world("saved_500"),
    "the attempt never rises": _world("saved_500"),
    "the stored bytes are not sent": _world("saved_500", *LOST),
    "attempts are forgotten": _world("saved_500"),
    "mail is not looked up": _story((10, "act track", 6), (28, "backup", 1), (45, "restore", 1)),
    "the lease is no fence": _world(*RACES),
    "there is no lease": _world(*RACES),
    "what is not on the page is gone": _world("cursor_expired", pages=True),
    "an older read is applied": _story(
        (10, "act track", 40), (12, "act lengthen", 40), faults=("freeze", "hint_double")
    ),
    "a deleted row costs nothing": _world(),
    "held time is billed": _world(),
    "an emptied cell is zero": _world(),
    "a late increase is forgotten": _world(),
    "bought hours are used by nobody": _world(terms=("bulk",)),
    "every purchase is cheaper": _world(terms=("bulk",)),
    "carried hours know no limit": _story(
        (40, "act track", 16), (41, "act track", 16), kinds=PLAN, terms=("rollover",)
    ),
    "a plan begun late costs the whole month": _world(kinds=PLAN, terms=("proration",)),
    "the late window never ends": _story(
        (20, "act track", 6), (50, "act lengthen", 6), terms=("late",)
    ),
    "time in question is billed": _story(
        (10, "act track", 6), (12, "act ask", 4), terms=("questions",)
    ),
    "an extra of any length starts by itself": _story(
        (10, "act track", 12), kinds=("payg", "package"), terms=("admission",)
    ),
}

# The seed that finds each; one that stands not here is hunted in all seeds.
FOUND = {
    "off by one in a large amount": 0,
    "amounts are cut instead of rounded": 1,
    "each session is rounded up": 2,
    "months begin at midnight in UTC": 11,
    "today's price for all work": 15,
    "a void invoice counts as issued": 0,
    "a draft counts as issued": 0,
    "credits are not imported": 6,
    "only the first page is listed": 1,
    "only the last page is listed": 8,
    "an edit to zero is ignored": 5,
    "decreases are never credited": 5,
    "what was credited by hand is asked for again": 0,
    "credits count twice": 2,
    "documents are read twice": 0,
    "a credit knows no cap": 5,
    "revisions never rise": 2,
    "drafts are not read back": 0,
    "one key for every attempt": 1,
    "the attempt never rises": 5,
    "there is no lease": 12,
    "what is not on the page is gone": 1,
    "a deleted row costs nothing": 0,
    "held time is billed": 7,
    "an emptied cell is zero": 23,
    "a late increase is forgotten": 1,
    "attempts are forgotten": 5,
    "bought hours are used by nobody": 0,
    "every purchase is cheaper": 9,
    "a plan begun late costs the whole month": 0,
    "the stored bytes are not sent": 7,
    "carried hours know no limit": 0,
    "an extra of any length starts by itself": 1,
    "the late window never ends": 2,
    "mail is not looked up": 0,
    "no look before a write": 0,
    "any draft is adopted": 0,
    "the lease is no fence": 7,
    "an older read is applied": 5,
    "time in question is billed": 0,
}
