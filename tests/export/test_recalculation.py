"""Another program computes the same totals: LibreOffice, where it is installed (beyond 9)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from export.archives import without_stored_values
from export.handovers import handover
from mondaybridge.export.handover import ledger_values
from mondaybridge.export.verification import verify
from mondaybridge.export.workbook import workbook


def test_beyond9_libreoffice_computes_the_same_totals(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if not program:
        pytest.skip("needs LibreOffice: soffice is not on the path")
    ends = {locale: handover(locale) for locale in ("en", "it")}
    for locale, end in ends.items():
        (tmp_path / f"{locale}.xlsx").write_bytes(without_stored_values(workbook(end)))
    subprocess.run(  # noqa: S603 - the program found on the path, with our own files
        [
            program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"),
            *(str(tmp_path / f"{locale}.xlsx") for locale in ends),
        ],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    saved = {locale: (tmp_path / "saved" / f"{locale}.xlsx").read_bytes() for locale in ends}
    found = {locale: verify(saved[locale], ledger_values(ends[locale])) for locale in ends}
    assert {locale: one.problems for locale, one in found.items()} == {
        "en": (),
        "it": (),
    }
