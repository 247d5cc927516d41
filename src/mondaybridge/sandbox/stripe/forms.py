"""Stripe's bracketed form encoding, and the types that parameters have (stripe.md §2).

Decoding keeps every value a string; the models of each operation give them their types, and what
does not fit is refused in Stripe's words before anything is executed.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as PydanticError
from pydantic_core import ErrorDetails, PydanticCustomError

from mondaybridge.sandbox.stripe.errors import StripeError

Json: TypeAlias = dict[str, Any]
Pairs: TypeAlias = list[tuple[str, str]]

_FOREVER = 1 << 62
MAX_DECIMALS = 12  # of quantity_decimal and unit_amount_decimal


def _integer(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    raise PydanticCustomError("parameter_invalid_integer", f"Invalid integer: {_shown(value)}")


def _boolean(value: object) -> object:
    if value in {"true", "false"}:
        return value == "true"
    raise PydanticCustomError("parameter_invalid", f"Invalid boolean: {_shown(value)}")


def _decimal(value: object) -> object:
    pattern = rf"-?\d{{1,18}}(\.\d{{1,{MAX_DECIMALS}}})?"
    if isinstance(value, str) and re.fullmatch(pattern, value):
        return Decimal(value)
    raise PydanticCustomError("parameter_invalid", f"Invalid decimal: {_shown(value)}")


def _array(value: object) -> object:
    if value == "":
        return []
    if isinstance(value, dict) and all(key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    raise PydanticCustomError("parameter_invalid", "Invalid array")


def _cleared(value: object) -> object:
    return None if value == "" else value


def _metadata(value: object) -> object:
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise PydanticCustomError("parameter_invalid", "Invalid hash: metadata")
    return value


def _currency(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{3}", value):
        return value.lower()
    raise PydanticCustomError("parameter_invalid", f"Invalid currency: {_shown(value)}")


def _range(value: object) -> object:
    return value if isinstance(value, dict) else {"gte": value, "lte": value}


def _shown(value: object) -> str:
    return str(value).replace("{", "(").replace("}", ")")[:100]


Item = TypeVar("Item")
Int = Annotated[int, BeforeValidator(_integer)]
Bool = Annotated[bool, BeforeValidator(_boolean)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Many = Annotated[list[Item], BeforeValidator(_array)]
Currency = Annotated[str, BeforeValidator(_currency)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Clearable = Annotated[Item | None, BeforeValidator(_cleared)]
Text = Clearable[Annotated[str, StringConstraints(max_length=5000)]]
Metadata = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=40)],
        Annotated[str, StringConstraints(max_length=500)],
    ],
    BeforeValidator(_metadata),
]


class Form(BaseModel):
    """Parameters of one operation; a name that is not listed is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def gives(self, *names: str) -> bool:
        """Tell whether the caller sent any of these parameters."""
        return any(name in self.model_fields_set for name in names)


class Expandable(Form):
    """Parameters of an operation whose answer can be expanded."""

    expand: Many[Name] = Field(default_factory=list)


class Span(Form):
    """Bounds of a time filter, all in seconds."""

    gt: Int | None = None
    gte: Int | None = None
    lt: Int | None = None
    lte: Int | None = None

    def holds(self, instant: int) -> bool:
        """Tell whether an instant lies inside."""
        return self.first() <= instant < self.end()

    def first(self) -> int:
        """Return the earliest second inside."""
        return max(0, self.gte or 0, -1 if self.gt is None else self.gt + 1)

    def end(self) -> int:
        """Return the first second after it."""
        return min(
            _FOREVER if self.lt is None else self.lt,
            _FOREVER if self.lte is None else self.lte + 1,
        )


Created = Annotated[Span, BeforeValidator(_range)]


class ListForm(Expandable):
    """Parameters that every list understands: 1 to 100 rows, 10 unless told (§1.2)."""

    limit: Annotated[Int, Field(ge=1, le=100)] = 10
    starting_after: Name | None = None
    ending_before: Name | None = None


FormT = TypeVar("FormT", bound=Form)


def pairs_of(text: str) -> Pairs:
    """Split a form body or a query string."""
    return parse_qsl(text, keep_blank_values=True)


def decode(pairs: Pairs) -> Json:
    """Nest ``lines[0][amount]=1`` as ``{"lines": {"0": {"amount": "1"}}}``."""
    root: Json = {}
    for name, value in pairs:
        *path, last = name.replace("]", "").split("[")
        node = root
        for step in path:
            node = node.setdefault(step or str(len(node)), {})
            if not isinstance(node, dict):
                raise StripeError(f"Invalid hash: {name[:100]}", param=name[:100])
        node[last or str(len(node))] = value
    return root


def read(model: type[FormT], pairs: Pairs) -> FormT:
    """Read the parameters of an operation, or refuse the first that does not fit."""
    try:
        return model.model_validate(decode(pairs))
    except PydanticError as wrong:
        first = min(wrong.errors(include_url=False), key=lambda each: each["type"] != _UNKNOWN)
        raise _refusal(first, model) from None


def merged(metadata: Mapping[str, str], change: Mapping[str, str]) -> dict[str, str]:
    """Apply a change of metadata: an empty value removes its key, nothing at all removes all."""
    joined = {**metadata, **change} if change else {}
    left = {key: value for key, value in joined.items() if value}
    if len(left) > MAX_METADATA:
        raise StripeError(
            f"You can only have up to {MAX_METADATA} metadata keys; {len(left)} were given.",
            param="metadata",
        )
    return left


MAX_METADATA = 50
_UNKNOWN = "extra_forbidden"

_Words: TypeAlias = Callable[[str, ErrorDetails], tuple[str | None, str]]


def _refusal(detail: ErrorDetails, model: type[Form]) -> StripeError:
    first, *rest = [str(step) for step in detail["loc"] if step != "[key]"]
    param = first + "".join(f"[{step}]" for step in rest)
    code, message = _WORDS.get(detail["type"], _other)(param, detail)
    if code == "parameter_unknown":
        near = get_close_matches(first, list(model.model_fields), n=1)
        message += f". Did you mean {near[0]}?" if near and not rest else ""
    return StripeError(message, code=code, param=param)


def _missing(param: str, _: ErrorDetails) -> tuple[str | None, str]:
    return "parameter_missing", f"Missing required param: {param}."


def _unknown(param: str, _: ErrorDetails) -> tuple[str | None, str]:
    return "parameter_unknown", f"Received unknown parameter: {param}"


def _blank(param: str, _: ErrorDetails) -> tuple[str | None, str]:
    message = f"You passed an empty string for '{param}'; it cannot be unset."
    return "parameter_invalid_empty", message


def _choice(param: str, detail: ErrorDetails) -> tuple[str | None, str]:
    return None, f"Invalid {param}: must be one of {detail['ctx']['expected']}"


def _other(param: str, detail: ErrorDetails) -> tuple[str | None, str]:
    code = detail["type"] if detail["type"].startswith("parameter_") else None
    return code, f"{detail['msg']} ({param})"


_WORDS: dict[str, _Words] = {
    "missing": _missing,
    _UNKNOWN: _unknown,
    "string_too_short": _blank,
    "literal_error": _choice,
}
