"""What the machine tells the bridge: addresses, files and secrets, from the environment alone.

Prefix ``MONDAYBRIDGE_``, nesting ``__``; each secret may stand in a file named by ``…_FILE``.
Nothing here says what to bill: that is ``mappings.yaml``.
"""

import os
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from mondaybridge.errors import ConfigurationError, CredentialsError

PREFIX = "MONDAYBRIDGE_"
FILE = "_FILE"
SECRET_LENGTH = 32  # of what is put into addresses, so that nobody guesses it (reliability M38)
LONGEST_SMTP_SECONDS = 45  # an answer of the mail server comes before the lease of 60 s runs out
# Where each secret goes; the database's address may carry a password.
SECRETS = {
    "MONDAY__TOKEN": ("monday", "token"),
    "MONDAY__SIGNING_SECRET": ("monday", "signing_secret"),
    "MONDAY__HOOK_SECRET": ("monday", "hook_secret"),
    "STRIPE__API_KEY": ("stripe", "api_key"),
    "STRIPE__WEBHOOK_SECRET": ("stripe", "webhook_secret"),
    "STRIPE__OLD_WEBHOOK_SECRET": ("stripe", "old_webhook_secret"),
    "SMTP__PASSWORD": ("smtp", "password"),
    "LINK_KEY": ("link_key",),
    "DATABASE_URL": ("database_url",),
}


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is not an address: write it like https://api.example.com")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ValueError(f"{url!r} would send secrets in the open: use https")
    return url.rstrip("/")


def _loopback(host: str) -> bool:
    """Whether what is sent to a host stays on this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


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
    """How to reach Stripe and to know its webhooks; there are two secrets while one is rolled."""

    api_key: Secret = None
    api_url: Address = "https://api.stripe.com"
    webhook_secret: Secret = None
    old_webhook_secret: Secret = None

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that sign webhooks now, the newer one first."""
        given = (self.webhook_secret, self.old_webhook_secret)
        return tuple(one.get_secret_value() for one in given if one)


class Security(Enum):
    """How the way to the mail server is kept from others; certificates are always checked."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


class SmtpSettings(_Part):
    """Where mails are handed in; without a host they are written to files for the team to send."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    user: str = ""
    password: Secret = None
    sender: str = ""
    security: Security = Security.STARTTLS
    timeout: Annotated[int, Field(ge=1, le=LONGEST_SMTP_SECONDS)] = 20

    @property
    def own_port(self) -> int:
        """The port that is set, else the usual one of the security."""
        return self.port or _PORTS[self.security]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """Refuse what could not send, or would send in the open."""
        if self.sender and "@" not in parseaddr(self.sender)[1]:
            raise ValueError(f"SENDER {self.sender!r} is no sender: write Name <name@example.com>")
        if not self.host:
            return self
        if not self.sender:
            raise ValueError("HOST is set and SENDER is not: write Name <name@example.com>")
        if bool(self.user) != bool(self.password):
            raise ValueError("set USER and PASSWORD, or neither")
        if self.security is Security.NONE and not _loopback(self.host):
            raise ValueError(
                f"SECURITY=none would send mails to {self.host} in the open: use starttls or tls"
            )
        return self


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
    smtp: SmtpSettings = SmtpSettings()
    link_key: Secret = None

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
            self.stripe.old_webhook_secret,
            self.smtp.password,
            self.link_key,
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
    """Return the secret in the path of webhooks."""
    return _require_long(settings.monday.hook_secret, f"{PREFIX}MONDAY__HOOK_SECRET")


def require_link_key(settings: Settings) -> str:
    """Return the key that the links of clients are made with (reliability I4)."""
    return _require_long(settings.link_key, f"{PREFIX}LINK_KEY")


def _require_long(given: SecretStr | None, name: str) -> str:
    secret = require(given, name)
    if len(secret) < SECRET_LENGTH:
        raise CredentialsError(
            f"{name} has {len(secret)} characters: take at least {SECRET_LENGTH} random ones"
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
