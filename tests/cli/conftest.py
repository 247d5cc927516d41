"""A house whose database and mapping the commands find, as in a shell where they are set."""

from collections.abc import Iterator

import pytest

from stories.house import LONDON, House, house


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(zone=LONDON) as opened:
        monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL", opened.url)
        monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(opened.folder / "mappings.yaml"))
        monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(opened.folder))
        yield opened
