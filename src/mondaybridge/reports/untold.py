"""What people should see on a board and do not see yet: comments that wait, links not written."""

from typing import Any

from mondaybridge.app import App
from mondaybridge.errors import CredentialsError
from mondaybridge.settings import Settings, require_link_key
from mondaybridge.store import notices
from mondaybridge.store.notices import NEW_A_DAY


def untold(app: App) -> list[dict[str, Any]]:
    """Return what is not shown, where, and why (S21)."""
    with app.store.read() as tx:
        waiting = notices.waiting(tx, app.clock.now())
        stuck = notices.stuck(tx)
    found = [
        _line(board_id, "", f"{NEW_A_DAY} new comments a day are enough: {count} wait for tomorrow")
        for board_id, count in sorted(waiting.items())
    ]
    found += [
        _line(one.board_id, one.item_id, f"comment {one.rule}: {one.problem or 'never confirmed'}")
        for one in stuck
    ]
    linked = [b for b in app.mapping.board_ids if app.mapping.columns(b).ours.document]
    missing = links_missing(app.settings)
    return found + ([_line(b, "", missing) for b in linked] if missing else [])


def links_missing(settings: Settings) -> str:
    """Say what keeps addresses from being given out, in a sentence; nothing: they are."""
    if not settings.public_url:
        return "MONDAYBRIDGE_PUBLIC_URL is not set: links to documents are not written"
    try:
        require_link_key(settings)
    except CredentialsError as error:
        return f"{error}; until then links to documents are not written"
    return ""


def _line(board_id: str, item_id: str, reason: str) -> dict[str, Any]:
    return {"board": board_id, "item": item_id, "reason": reason}
