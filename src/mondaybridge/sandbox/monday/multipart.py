"""The text fields of a multipart request, as ``/v2/file`` gets them (monday.md §7)."""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser

from mondaybridge.sandbox.world import Request


def form_fields(request: Request) -> Iterator[tuple[str, str]]:
    """Yield name and text of every part that is not a file."""
    head = f"content-type: {request.headers.get('content-type', '')}\r\n\r\n"
    message: Message = BytesParser().parsebytes(head.encode() + request.body)
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            content = part.get_payload(decode=True)
            yield name, content.decode() if isinstance(content, bytes) else ""
