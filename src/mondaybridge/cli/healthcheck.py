"""``mondaybridge healthcheck``: ask the running bridge whether it is alive, for containers."""

TIMEOUT_S = 3
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where `run` may listen


def healthcheck() -> None:
    """Ask the bridge that runs on this machine for /healthz; exit 1 if it does not answer."""
    from http.client import HTTPConnection, HTTPException

    from mondaybridge.cli.start import start
    from mondaybridge.errors import BridgeError

    settings = start()
    host = ANY_ADDRESS.get(settings.host, settings.host)
    try:
        connection = HTTPConnection(host, settings.port, timeout=TIMEOUT_S)
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
        connection.close()
    except (OSError, HTTPException) as error:
        raise BridgeError(f"no answer from {host}:{settings.port}: {error}") from error
    if status != 200:  # noqa: PLR2004 - HTTP's OK
        raise BridgeError(f"{host}:{settings.port}/healthz answered {status}")
