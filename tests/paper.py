"""A package kept on paper: plain integers that follow the rules of ledger 4, for the machine.

It knows whole minutes only, one package that may expire, and no order of events: work is told when
it is done. Where something finds no cover the paper says ``short`` and follows no longer.
"""

from dataclasses import dataclass, field

MINOR = 30


@dataclass
class Word:
    """What the client agreed to: when, how much, with which factor, written where."""

    at: int
    estimate: int
    factor: int
    written: str = ""


@dataclass
class Line:
    """One row on paper: its cells, and what was admitted and posted of it."""

    created: int
    estimate: int = 0
    factor: int = 1
    label: str = ""
    written: str = ""
    status: str = "new"
    gone: bool = False
    redone: bool = False
    minor: bool = True
    worked: dict[str, int] = field(default_factory=dict)
    word: Word | None = None
    shown: tuple[int, int, int] | None = None
    active: bool = False
    auto: bool = False
    placed: bool = False
    old: bool = False
    granted: int = 0
    times: int = 1
    target: int = 0
    posted: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.posted.values())

    @property
    def raw(self) -> int:
        return sum(self.worked.values())

    @property
    def reserve(self) -> int:
        return max(0, self.target - self.total)

    @property
    def covered(self) -> bool:
        return self.word is not None and self.word.estimate >= self.estimate

    @property
    def holds(self) -> bool:
        open_ = self.status not in {"done", "cancelled"} and self.label != "rejected"
        return open_ and not self.gone and not self.redone


@dataclass
class Paper:
    """All rows of one package, its minutes and the months that are closed."""

    granted: int
    lines: dict[str, Line] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    short: bool = False

    @property
    def posted(self) -> int:
        return sum(line.total for line in self.lines.values())

    @property
    def reserved(self) -> int:
        return sum(line.reserve for line in self.lines.values())

    @property
    def hard(self) -> int:
        return self.granted - self.posted

    @property
    def free(self) -> int:
        return self.hard - self.reserved

    def room(self, line: Line) -> int:
        """Return what a row may still post: its own reserve and what is free, within hard."""
        return max(0, min(line.reserve + max(0, self.free), self.hard))

    def packages_change(self) -> None:
        """Work of before a sale or an expiry is paid by the packages of its own day."""
        for line in self.lines.values():
            line.old |= line.raw > 0

    def review(self, now: int) -> None:
        """Follow what a review does: settle, post, then answer until nobody is given more."""
        for line in self.lines.values():
            self._hear(line, now)
            self._settle(line)
        for line in self.lines.values():
            self._post(line)
        answers = [True]
        while any(answers):
            answers = [self._answer(line) for line in self._queue()]

    def _queue(self) -> list[Line]:
        keys = sorted(self.lines, key=lambda key: (self._asked_at(self.lines[key]), key))
        return [self.lines[key] for key in keys]

    def _asked_at(self, line: Line) -> int:
        return line.word.at if line.word else line.created

    def _hear(self, line: Line, now: int) -> None:
        """Hear the client's word: a new reference, else the label as it was first seen."""
        if line.label != "approved":
            line.word = None
        elif line.written and not (line.word and line.word.written == line.written):
            line.word = Word(now, line.estimate, line.factor, line.written)
        elif line.word is None:
            line.word = Word(now, line.estimate, line.factor)
        if line.word:
            line.word.factor = min(line.word.factor, line.factor)

    def _settle(self, line: Line) -> None:
        if line.placed:
            line.times = min(line.times, line.factor)
        small = line.auto and line.minor and line.estimate <= MINOR
        if line.label == "rejected" or not (line.active and (line.covered or small)):
            line.active, line.auto, line.target = False, False, 0
            return
        line.granted = min(line.granted, line.estimate)
        if not line.holds:
            line.target = 0
        elif line.target:
            line.target = line.times * line.granted

    def _post(self, line: Line) -> None:
        """Post what is worked; what lapsed posts no more, and less where less was worked."""
        if line.gone:
            return
        for month in {*line.worked, *line.posted}:
            charged, posted = line.times * line.worked.get(month, 0), line.posted.get(month, 0)
            if line.active and charged > posted:
                self.short |= charged - posted > self.room(line)
                line.posted[month] = charged
            else:
                line.posted[month] = min(charged, posted)

    def _answer(self, line: Line) -> bool:
        """Answer one row; true if it was given or lost something."""
        if not self._asks(line):
            return False
        times = self._factor(line)
        charge = times * line.estimate
        need = max(0, charge - line.total)
        usable = self.free + line.reserve
        lacks = max(0, need - usable)
        small = line.minor and line.estimate <= MINOR and need <= usable
        told = not lacks or self._told(line, charge, lacks)
        if need <= self.hard and ((line.covered and told) or small):
            line.active, line.auto, line.placed = True, not line.covered, True
            line.granted, line.times = line.estimate, times
            line.target = charge if line.holds else 0
            before = line.total
            self._post(line)
            self.short |= line.old and line.total > before
            return True
        if line.active and not line.covered:
            line.active, line.auto, line.target = False, False, 0
            return True
        return False

    def _told(self, line: Line, charge: int, lacks: int) -> bool:
        if line.shown is None or line.word is None:
            return False
        at, shown_charge, shown_lack = line.shown
        return line.word.at > at and shown_charge >= charge and shown_lack >= lacks

    def _asks(self, line: Line) -> bool:
        if line.gone or line.label == "rejected":
            return False
        if not line.active:
            return line.status != "cancelled" or line.word is not None
        reopened = line.holds and not line.target and line.times * line.granted > 0
        return line.estimate > line.granted or reopened or self._raises(line)

    def _raises(self, line: Line) -> bool:
        word = line.word
        wants = line.factor > line.times
        return bool(wants and word and word.factor >= line.factor and not self._frozen(line))

    def _factor(self, line: Line) -> int:
        if line.placed and line.factor > line.times and (self._frozen(line) or not line.word):
            return line.times
        if line.word:
            return min(line.factor, max(line.word.factor, line.times))
        return line.factor

    def _frozen(self, line: Line) -> bool:
        return any(line.posted.get(month) for month in self.closed)
