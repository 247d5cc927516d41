"""What the machine tells the bridge: addresses, files and secrets, from the environment alone.

Prefix ``MONDAYBRIDGE_``, nesting ``__``; each secret may stand in a file named by ``…_FILE``.
Nothing here says what to bill: that is ``mappings.yaml``.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from mondaybridge.errors import ConfigurationError, CredentialsError

PREFIX = "MONDAYBRIDGE_"
FILE = "_FILE"
HOOK_SECRET_LENGTH = 32
# Where each secret goes; the database's address may carry a password.
SECRETS = {
    "MONDAY__TOKEN": ("monday", "token"),
    "MONDAY__SIGNING_SECRET": ("monday", "signing_secret"),
    "MONDAY__HOOK_SECRET": ("monday", "hook_secret"),
    "STRIPE__API_KEY": ("stripe", "api_key"),
    "STRIPE__WEBHOOK_SECRET": ("stripe", "webhook_secret"),
    "DATABASE_URL": ("database_url",),
}


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is not an address: write it like https://api.example.com")
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme == "http" and not local:
        raise ValueError(f"{url!r} would send secrets in the open: use https")
    return url.rstrip("/")


def _secret(value: object) -> object:
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    return (text.strip() or None) if isinstance(text, str) else text


Address = Annotated[str, AfterValidator(_address)]
Secret = Annotated[SecretStr | None, BeforeValidator(_secret)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, validate_default=True)


class MondaySettings(_Part):
    """How to reach monday and to know its webhooks."""

    token: Secret = None
    api_url: Address = "https://api.monday.com/v2"
    signing_secret: Secret = None
    hook_secret: Secret = None


class StripeSettings(_Part):
    """How to reach Stripe and to know its webhooks."""

    api_key: Secret = None
    api_url: Address = "https://api.stripe.com"
    webhook_secret: Secret = None


class Settings(BaseSettings):
    """Everything that can be set from outside, with its defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database_url: str = Field(default="", repr=False)
    data_dir: Path = Path("data")
    mappings: Path = Path("mappings.yaml")
    public_url: Annotated[str, AfterValidator(lambda url: url and _address(url))] = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    monday: MondaySettings = MondaySettings()
    stripe: StripeSettings = StripeSettings()

    @property
    def store_url(self) -> str:
        """The database's address: the one set, else a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'mondaybridge.sqlite3'}"

    def secrets(self) -> tuple[str, ...]:
        """Return every secret that is set, for whoever must not print one."""
        parts = (
            self.monday.token,
            self.monday.signing_secret,
            self.monday.hook_secret,
            self.stripe.api_key,
            self.stripe.webhook_secret,
        )
        password = urlsplit(self.database_url).password
        return (*(part.get_secret_value() for part in parts if part), *filter(None, [password]))


def load_settings() -> Settings:
    """Read the environment; ConfigurationError carries every problem."""
    problems: list[str] = []
    given = _from_files(os.environ, problems)
    settings = None
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        problems += _sentences(error)
    except SettingsError as error:
        problems.append(f"{PREFIX}…: {error}")
    if problems or settings is None:
        raise ConfigurationError(*problems)
    return settings


def require(secret: SecretStr | None, name: str) -> str:
    """Return a secret that work needs; CredentialsError says what to set."""
    if secret is None:
        raise CredentialsError(
            f"{name} is not set: set it, or {name}{FILE} to a file that holds it"
        )
    value = secret.get_secret_value()
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise CredentialsError(f"{name} holds characters that no token has: copy it again")
    return value


def require_hook_secret(settings: Settings) -> str:
    """Return the secret in the path of webhooks; a short one could be guessed (reliability M38)."""
    name = f"{PREFIX}MONDAY__HOOK_SECRET"
    secret = require(settings.monday.hook_secret, name)
    if len(secret) < HOOK_SECRET_LENGTH:
        raise CredentialsError(
            f"{name} has {len(secret)} characters: take at least {HOOK_SECRET_LENGTH} random ones"
        )
    return secret


def _from_files(environ: Mapping[str, str], problems: list[str]) -> dict[str, object]:
    """Return the secrets that stand in files, nested as the settings are."""
    given: dict[str, object] = {}
    parts: dict[str, dict[str, str]] = {}
    for name, (section, *key) in SECRETS.items():
        variable = f"{PREFIX}{name}"
        file = environ.get(variable + FILE)
        if not file:
            continue
        if environ.get(variable):
            problems.append(f"{variable} and {variable}{FILE} are both set: keep one")
            continue
        try:
            value = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is not UTF-8 text"
            problems.append(f"{variable}{FILE}: {file}: {reason}")
            continue
        if key:
            parts.setdefault(section, {})[key[0]] = value
        else:
            given[section] = value
    return {**given, **parts}


def _sentences(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_input=False):
        name = PREFIX + "__".join(str(step) for step in detail["loc"]).upper()
        yield f"{name}: {detail['msg'].removeprefix('Value error, ')}"
