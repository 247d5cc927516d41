"""The application errors of monday's API: HTTP 200 with ``errors[].extensions`` (monday.md §3)."""

from graphql import GraphQLError


def failure(code: str, message: str, *, status: int = 200, **error_data: object) -> GraphQLError:
    """Build an error in the shape of §3: ``code``, ``status_code`` and ``error_data``."""
    extensions = {"code": code, "status_code": status, "error_data": error_data}
    return GraphQLError(message, extensions=extensions)


def bad_value(message: str, column_id: str, column_type: str, **error_data: str) -> GraphQLError:
    """Refuse the content of a cell (monday.md §3, "bad column write")."""
    error = failure("ColumnValueException", message)
    data = {"column_id": column_id, "column_type": column_type, **error_data}
    (error.extensions or {})["error_data"] = data
    return error


def not_found(kind: str, identifier: str) -> GraphQLError:
    """Refuse an id that names nothing."""
    return failure(
        f"Invalid{kind}IdException",
        f"{kind} not found",
        resource_type=kind.lower(),
        resource_id=identifier,
    )
