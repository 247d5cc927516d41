"""``requirements.lock`` pins what ``pyproject.toml`` asks for, with hashes and without hosts."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from project import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", LOCK, re.MULTILINE))


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_a_dependency_is_pinned_within_its_range(line: str) -> None:
    wanted = Requirement(line)
    pinned = PINS.get(canonicalize_name(wanted.name))
    assert pinned is not None, "run: make lock"
    assert wanted.specifier.contains(pinned), "run: make lock"


def test_every_pin_has_hashes() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK.strip())
    assert len(blocks) == len(PINS)
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_no_host_and_no_comment_stands_in_it() -> None:
    assert [line for line in LOCK.splitlines() if "://" in line or "#" in line] == []


def test_the_clients_that_would_change_under_us_are_not_there() -> None:
    assert "httpx2" not in PINS
