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

    retry_keeps_trigger: bool = True
    """Send the same ``triggerUuid`` when a delivery is retried."""
