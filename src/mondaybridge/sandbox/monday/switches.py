"""What monday does not document, as switches: code must work in both positions (monday.md §12)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Switches:
    """Positions of the open questions; the defaults are the likelier or the more demanding ones."""

    enforce_limits: bool = False
    """Refuse calls beyond the minute's, the complexity's and the day's budget."""

    batch_is_one_call: bool = True
    """Count an aliased batch as one daily call, otherwise one per root field."""

    last_updated_by_day: bool = True
    """Read ``between`` on ``__last_updated__`` in whole days."""

    last_updated_takes_greater: bool = True
    """Accept ``greater_than*`` on ``__last_updated__`` when it names ``UPDATED_AT``."""

    time_tracking_fires: bool = False
    """Send ``change_column_value`` when a timer starts, stops or is edited."""

    computed_fires: bool = False
    """Send ``change_column_value`` when a formula or mirror gets another value."""

    computed_moves_updated_at: bool = False
    """Let a recomputed formula or mirror move the item's ``updated_at``."""

    sessions_move_updated_at: bool = True
    """Let a change of tracked time move the item's ``updated_at``."""

    manual_sessions_show_start: bool = False
    """Show ``started_at`` of sessions that were typed in."""

    duplicates_keep_sessions: bool = False
    """Copy tracked sessions, under new ids, when an item is duplicated."""

    updates_move_updated_at: bool = True
    """Let an update that is written or edited move the ``updated_at`` of its item."""

    only_authors_edit_updates: bool = True
    """Refuse ``edit_update`` and ``delete_update`` to anybody but the update's creator."""

    logs_denied: bool = False
    """Answer ``activity_logs`` with null and ``USER_UNAUTHORIZED``, as limited boards do."""

    logs_lose_every: int = 0
    """Never write each so manieth row of the activity logs; 0 loses none."""

    logs_kept: int = 10_000
    """Rows of the activity log kept for a board."""

    logs_from_inclusive: bool = True
    """Let ``from`` of ``activity_logs`` include rows of that very instant."""

    time_tracking_logs: bool = True
    """Write a row in the activity log when a timer starts, stops or is edited."""

    old_from_is_refused: bool = True
    """Refuse a ``from`` beyond 90 days in the 2027-01 shape; otherwise cut it to 90 days."""

    reinvite_is_error: bool = True
    """Name an address that is known already in the errors of ``invite_users``."""

    notification_id_is_minus_one: bool = True
    """Answer ``create_notification`` with the id -1: it is delivered later (monday.md §7)."""

    largest_file: int = 500_000_000
    """Bytes that an upload may have."""

    item_assets_include_updates: bool = True
    """Show files below updates among ``assets`` of an item, as from 2026-04 on."""

    duplicate_takes_ms: int = 5_000
    """Time until columns, groups and items of a duplicated board are there; 0 is at once."""

    only_owners_set_permissions: bool = True
    """Refuse ``set_board_permission`` to who does not own the board."""

    retry_keeps_trigger: bool = True
    """Send the same ``triggerUuid`` when a delivery is retried."""
