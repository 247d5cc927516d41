"""What every working command does first: settings are read, logs go to stderr without secrets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mondaybridge.settings import Settings


@dataclass(slots=True)
class Invocation:
    """What this command line asked of every command, and the secrets it came to know."""

    debug: bool = False
    secrets: tuple[str, ...] = ()


invocation = Invocation()


def start() -> "Settings":
    """Read the settings and send logs to stderr; ConfigurationError carries every problem."""
    from mondaybridge.log import configure
    from mondaybridge.settings import load_settings

    settings = load_settings()
    invocation.secrets = settings.secrets()
    configure(secrets=invocation.secrets, debug=invocation.debug)
    return settings
