"""A file from outside: damaged, locked, foreign or built to hurt, it gets a sentence (I15)."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]  # it has no hints

from export.archives import SUMMARY, changed
from export.handovers import handover
from mondaybridge.export.reading import FILE_BYTES, UNPACKED_BYTES, UnreadableWorkbook
from mondaybridge.export.verification import Verified, read_back
from mondaybridge.export.workbook import workbook

GOOD = workbook(handover(rows=handover().rows[:3], hours=None))


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as caught:
        read_back(content)
    return str(caught.value)


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", GOOD[:4000], archive({})])
def test_a_damaged_file_is_said_to_be_damaged(content: bytes) -> None:
    assert "the file is damaged" in refusal(content)


def test_a_password_is_named() -> None:
    assert "protected by a password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)


def test_an_encrypted_archive_is_named() -> None:
    flagged = bytearray(GOOD)
    at = flagged.rindex(b"PK\x01\x02")
    flagged[at + 8] |= 1
    assert "encrypted" in refusal(bytes(flagged))


def test_a_foreign_workbook_is_named() -> None:
    out = io.BytesIO()
    Workbook().save(out)
    assert "no close-out workbook of this program" in refusal(out.getvalue())


def test_a_file_that_is_too_large_is_not_opened() -> None:
    assert "10,000,001 bytes" in refusal(b"PK" + b"\x00" * (FILE_BYTES - 1))


def test_a_file_that_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = archive({"xl/workbook.xml": b" " * (UNPACKED_BYTES + 1)})
    assert len(bomb) < 100_000
    assert "60,000,001" in refusal(bomb)
    many = archive({f"{number}.xml": b"" for number in range(101)})
    assert "101 parts" in refusal(many)


def test_entities_are_refused_before_a_parser_sees_them() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    cheat = changed(GOOD, SUMMARY, lambda xml: xml.replace("?>", f"?>{laughs}", 1))
    assert refusal(cheat) == (
        "the file declares XML entities in 'xl/worksheets/sheet1.xml': it is none of ours"
    )


def test_a_sheet_that_was_removed_or_renamed_is_named() -> None:
    cheat = changed(
        GOOD, "xl/workbook.xml", lambda xml: xml.replace('name="Not done"', 'name="Other"')
    )
    assert refusal(cheat) == "the sheet 'Not done' was removed or renamed"


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_no_byte_that_changes_makes_a_traceback(at: int, byte: int) -> None:
    try:
        found = read_back(GOOD[:at] + bytes([byte]) + GOOD[at + 1 :])
    except UnreadableWorkbook:
        return
    assert isinstance(found, Verified)


PARTS = st.sampled_from(
    [SUMMARY, "xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml",
     "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    part=PARTS,
    at=st.floats(0, 1),
    length=st.integers(0, 40),
    put=st.text('<>/v0.19&"=A', max_size=6),
)
def test_no_text_that_changes_inside_makes_a_traceback(
    part: str, at: float, length: int, put: str
) -> None:
    def cut(xml: str) -> str:
        start = int(at * len(xml))
        return xml[:start] + put + xml[start + length :]

    try:
        found = read_back(changed(GOOD, part, cut))
    except UnreadableWorkbook:
        return
    assert isinstance(found, Verified)
