"""What may stand in no file: work left to do, machine paths, index hosts, our own code patched."""

import re

import pytest

from project import ROOT, files

# Letters in brackets keep this file from containing what it looks for.
FORBIDDEN = {
    "work left to do": r"\b(TO[D]O|FIX[M]E|XX[X]|Not[I]mplementedError)\b",
    "the path of a machine": r"(?<![\w.~/])/(ro[o]t|ho[m]e/\w+|wo[r]k|Us[e]rs/\w+)/",
    "an address of an index": r"(index-url|registry)\W+http[s]?:[/]/",
    "a host of an index": r"\b(py[p]i|python[h]osted|arti[f]actory|nex[u]s)\.\w+",
    "our own code patched": r"monkeypatch\.set[a]ttr|mock\.pat[c]h|mocker\.pat[c]h",
    "a secret": r"\b(sk|rk)_li[v]e_[A-Za-z0-9]{8,}|BEGIN [A-Z ]*PRIVATE [K]EY",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_exception_to_a_rule_has_its_reason() -> None:
    bare = re.compile(r"# (noqa(?!: [A-Z0-9, ]+ - \w)|type: ig" + r"nore(?!\[[\w, -]+\] +# \w))")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in files()
        if path.suffix == ".py" and path.name != "test_words.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []
