"""How a time tracking cell is read: read-only, with a history that people edit (monday.md §5)."""

from mondaybridge.sandbox.monday.boards import Session, iso
from mondaybridge.sandbox.monday.place import Fields, Place, compact


def time_tracking(place: Place) -> Fields:
    """Return the fields of the cell; ``history`` only when it is asked for."""
    sessions = place.item.sessions.get(place.column.id, [])
    running = next((one for one in sessions if one.ended_at is None), None)
    touched = max((one.updated_at for one in sessions), default=None)
    seconds = seconds_tracked(sessions)
    last = running or (sessions[-1] if sessions else None)
    return {
        "text": f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}",
        "value": _tracking_value(running is not None, seconds, last, touched),
        "duration": seconds,
        "running": running is not None,
        "started_at": iso(running.started_at) if running else None,
        "updated_at": iso(touched) if touched is not None else None,
        "history": lambda: [_session(one, place) for one in sessions],
    }


def _tracking_value(
    running: bool,  # noqa: FBT001 - a field of the value, not a mode
    seconds: int,
    last: Session | None,
    touched: int | None,
) -> str | None:
    if last is None or touched is None:
        return None
    start = last.started_at // 1000  # also present when nothing runs (monday.md §5)
    return compact(
        {
            "running": running,
            "startDate": start,
            "duration": seconds,
            "changed_at": iso(touched),
        }
    )


def _session(session: Session, place: Place) -> Fields:
    ended, typed = session.ended_at, session.manual
    shown = not typed or place.show_manual_start
    return {
        "id": session.id,
        "status": "active",  # also on ended sessions (monday.md §5)
        "started_at": iso(session.started_at) if shown else None,
        "ended_at": iso(ended) if ended is not None else None,
        "started_user_id": session.started_user,
        "ended_user_id": session.ended_user,
        "created_at": iso(session.created_at),
        "updated_at": iso(session.updated_at),
        "manually_entered_start_date": typed,
        "manually_entered_start_time": typed,
        "manually_entered_end_date": typed,
        "manually_entered_end_time": typed,
    }


def seconds_tracked(sessions: list[Session]) -> int:
    """Return the duration of all ended sessions; a running one counts once it ends."""
    return sum(
        (session.ended_at - session.started_at) // 1000
        for session in sessions
        if session.ended_at is not None
    )
