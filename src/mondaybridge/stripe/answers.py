"""What an answer of Stripe means for the request that got it (stripe.md §1.2, §1.3)."""

import json

import httpx

TOO_MANY = 429
IN_USE = 409
UNAUTHENTICATED = 401
SERVER_ERROR = 500
OK = range(200, 300)


def passing(response: httpx.Response) -> bool:
    """Whether the same bytes under the same key are the right next thing to send.

    429, a lock, a key in use and the errors of what stands before Stripe are not saved under a key.
    A 500 on a write is: sending it again only replays it.
    """
    status = response.status_code
    if status == SERVER_ERROR:
        return _reads(response)
    return status in {TOO_MANY, IN_USE} or status > SERVER_ERROR


def lost(response: httpx.Response) -> bool:
    """Whether a good answer is none of Stripe's: something on the way has taken its place."""
    if response.status_code not in OK:
        return False
    return not (response.content.startswith(b"{") if _reads(response) else answer_id(response))


def burns(response: httpx.Response) -> bool:
    """Whether this answer is the last word on its key; from 400 on a later try needs another."""
    return not passing(response) and response.status_code != UNAUTHENTICATED


def answer_id(response: httpx.Response) -> str:
    """Return the id of the object in an answer; empty if there is none."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return ""
    identifier = body.get("id") if isinstance(body, dict) else None
    return identifier if isinstance(identifier, str) else ""


def _reads(response: httpx.Response) -> bool:
    return response.request.method == "GET"
