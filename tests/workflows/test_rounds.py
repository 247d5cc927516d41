"""What one round costs when nothing is due: as much for many packages as for one."""

from pathlib import Path

from sqlalchemy import event

from mondaybridge.workflows.due import due
from racing import prepared


def statements(folder: Path, packages: int) -> list[str]:
    """Return the statements of one look at what is due."""
    folder.mkdir()
    app = prepared(folder, f"sqlite:///{folder / 'round.sqlite3'}", packages, handover="auto")
    said: list[str] = []
    event.listen(
        app.store.engine,
        "before_cursor_execute",
        lambda *given: said.append(str(given[2])),
    )
    due(app)
    app.close()
    return said


def test_a_round_asks_as_much_of_many_packages_as_of_one(tmp_path: Path) -> None:
    one, many = (statements(tmp_path / str(n), n) for n in (1, 7))
    assert len(one) == len(many)
    assert not any("workbook.content" in text for text in many)
