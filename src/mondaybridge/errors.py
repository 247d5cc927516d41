"""The words in which every part says that something cannot go on, and what to do.

Expected outcomes are values; these are for what the caller cannot answer. Each class carries the
exit code of the command line (``docs/cli.md``).
"""


class BridgeError(Exception):
    """Something unexpected; the message says what, where and the way out."""

    exit_code = 1


class ConfigurationError(BridgeError):
    """The configuration cannot be used; ``problems`` are ready to print, one a line."""

    exit_code = 3

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UpstreamError(BridgeError):
    """monday or Stripe refused for good: credentials, permissions or a request it won't take."""

    exit_code = 4


class CredentialsError(UpstreamError):
    """A token or key is missing, wrong or not allowed; the message names the setting."""


class FindingsError(BridgeError):
    """A check ran and found differences that a person must look at."""

    exit_code = 5


class TryLater(BridgeError):  # noqa: N818 - an instruction to the caller, as in "retry after"
    """Not now: ``until`` is a UTC epoch millisecond, 0 when only the back-off knows."""

    exit_code = 75

    def __init__(self, message: str, until: int = 0) -> None:
        super().__init__(message)
        self.until = until


class LeaseLost(TryLater):
    """Another worker took the lease over; nothing may be written under it any more."""


class Parked(BridgeError):  # noqa: N818 - a state, shown with its reason and its release
    """Stopped for a person: ``reason`` in one sentence, ``evidence`` to judge it by.

    ``offer`` names what a release would let pass, such as a plan's hash.
    """

    exit_code = 5

    def __init__(self, reason: str, evidence: str = "", *, offer: str = "") -> None:
        super().__init__(f"{reason} ({evidence})" if evidence else reason)
        self.reason = reason
        self.evidence = evidence
        self.offer = offer
