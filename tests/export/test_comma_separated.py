"""Cells of files for spreadsheets: typed text stays text, times taken back stay times (I1)."""

import pytest

from mondaybridge.export.comma_separated import comma_separated


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-2:20", "-2:20"),
        ("-120:05", "-120:05"),
        ("-2:20+A1", "'-2:20+A1"),
        ("-2:99", "'-2:99"),
        ("-2", "'-2"),
        ("=1+1", "'=1+1"),
    ],
)
def test_I1_only_time_taken_back_may_begin_like_a_formula(text: str, cell: str) -> None:
    assert comma_separated(["time"], [[text]]).decode("utf-8-sig") == f"time\r\n{cell}\r\n"
