"""Addresses go over the wire in one reading only, or are refused with a sentence."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mondaybridge.errors import ConfigurationError
from mondaybridge.mail.address import Mailbox, mailbox, one_line, sender


@pytest.mark.parametrize(
    ("given_address", "wire"),
    [
        ("anna@example.org", "anna@example.org"),
        (" Anna.B+ore@Example.ORG ", "Anna.B+ore@example.org"),
        ("ore@münchen.example", "ore@xn--mnchen-3ya.example"),
        ("ore@MÜNCHEN.example", "ore@xn--mnchen-3ya.example"),
        ("ore@xn--mnchen-3ya.example", "ore@xn--mnchen-3ya.example"),
        ("o'neill@perché.example", "o'neill@xn--perch-fsa.example"),
    ],
)
def test_an_address_is_written_in_ascii(given_address: str, wire: str) -> None:
    assert mailbox(given_address, "Zoë") == Mailbox(wire, "Zoë")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "anna",
        "@example.org",
        "anna@",
        "anna@localhost",
        "anna@192.0.2.1",
        "anna@[192.0.2.1]",
        "anna@-a.example",
        "anna@a..example",
        "anna@a.example.",
        "a b@example.org",
        "a@b@example.org",
        ".anna@example.org",
        "anna..b@example.org",
        '"anna b"@example.org',
        "anna<x@example.org",
        "anna@example.org\r\nRCPT TO:<eve@example.org>",
        "anna\r\n@example.org",
        "anna,eve@example.org",
        "zoë@example.org",
        "anna@straße.example",  # strasse.example by one standard, another domain by the other
        "anna@a。example",
        "x" * 65 + "@example.org",
        "x@" + ".".join(["y" * 60] * 5),
    ],
)
def test_anything_else_is_refused_with_the_address_in_the_sentence(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^['\"]") as caught:
        mailbox(wrong)
    assert str(caught.value).startswith(repr(wrong))


def test_a_sender_of_the_settings_is_refused_by_its_name() -> None:
    assert sender("Agenzia <ore@example.com>") == Mailbox("ore@example.com", "Agenzia")
    assert sender("ore@example.com") == Mailbox("ore@example.com")
    with pytest.raises(ConfigurationError) as caught:
        sender("Agenzia <ore@localhost>")
    assert str(caught.value).startswith("MONDAYBRIDGE_SMTP__SENDER: 'ore@localhost': 'localhost'")


@given(st.text(), st.integers(min_value=2, max_value=80))
def test_one_line_is_one_line(text: str, longest: int) -> None:
    line = one_line(text, longest)
    assert len(line) <= longest
    assert line == line.strip()
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Zl", "Zp", "Cs"}
    line.encode()
