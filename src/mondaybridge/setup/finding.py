"""What the doctor says: findings with stable ids, so that scripts and people can refer to them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from mondaybridge.errors import BridgeError, ConfigurationError, TryLater


class Level(Enum):
    """How a check ended: as it should, with a remark, or with something that must be mended."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


class Check(Enum):
    """The checks by their ids, which stay for ever; the names are for the code."""

    SETTINGS = "MB001"
    MAPPING = "MB002"
    DATABASE = "MB003"
    DATA_FOLDER = "MB004"
    MAIL = "MB005"
    LINKS = "MB006"
    WEBHOOK_SETTINGS = "MB007"
    TOKEN = "MB010"  # noqa: S105 - the id of a check, not a token
    ACCOUNT = "MB011"
    API_VERSION = "MB012"
    BOARD = "MB013"
    COLUMNS = "MB014"
    LABELS = "MB015"
    PEOPLE = "MB016"
    OWN_COLUMNS = "MB017"
    TEMPLATE = "MB018"
    WEBHOOKS = "MB019"
    STRIPE_KEY = "MB020"
    CUSTOMER = "MB021"
    TAX_RATE = "MB022"
    STRIPE_ACCOUNT = "MB023"
    PERMISSIONS = "MB024"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; ``fix`` says what to do about it, and is empty when all is well."""

    check: Check
    level: Level
    text: str
    fix: str = ""


def fine(check: Check, text: str) -> Finding:
    """Say that a check ended well."""
    return Finding(check, Level.OK, text)


def remark(check: Check, text: str, fix: str) -> Finding:
    """Say what works less well than it could."""
    return Finding(check, Level.WARN, text, fix)


def failure(check: Check, text: str, fix: str) -> Finding:
    """Say what does not work."""
    return Finding(check, Level.FAIL, text, fix)


def guarded(check: Check, look: Callable[[], Iterable[Finding]], fix: str) -> Iterator[Finding]:
    """Yield what a look finds; what cannot be answered is a finding too, and nothing stops."""
    try:
        yield from look()
    except ConfigurationError as error:
        for problem in error.problems:
            yield failure(check, problem, fix)
    except TryLater as error:
        yield failure(check, str(error), f"run again in a while; if it stays: {fix}")
    except BridgeError as error:
        yield failure(check, str(error), fix)
    except Exception as error:  # noqa: BLE001 - whatever one check meets, the others are made
        first, *_ = str(error).splitlines() or [""]
        yield failure(check, f"unexpected {type(error).__name__}: {first}", fix)
