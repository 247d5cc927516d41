"""What a supervisor asks: is the process alive, can it take work; why not is told to the log."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

READY_SECONDS = 5

log = structlog.get_logger(__name__)


def routes(obstacles: Callable[[], Sequence[str]]) -> list[Route]:
    """Return ``/healthz`` and ``/readyz``; ``obstacles`` tells what keeps work from being taken."""

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"alive": True})

    async def ready(_: Request) -> JSONResponse:
        found = await _asked(obstacles)
        if found:
            log.warning("readiness.denied", obstacles=list(found))
        return JSONResponse({"ready": not found}, status_code=503 if found else 200)

    return [Route("/healthz", health, methods=["GET"]), Route("/readyz", ready, methods=["GET"])]


async def _asked(obstacles: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Ask in a thread, because the answer may wait for the store; no answer is an obstacle."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(obstacles), READY_SECONDS)
    except TimeoutError:
        return ["no answer in time"]
    except Exception as error:  # noqa: BLE001 - whatever it is, the process is not ready
        return [f"{type(error).__name__}: {error}"]
