"""Settings come from the environment alone; secrets also from files; every problem at once."""

from pathlib import Path

import pytest

from mondaybridge.errors import ConfigurationError, CredentialsError
from mondaybridge.settings import (
    MondaySettings,
    Security,
    Settings,
    load_settings,
    require,
    require_link_key,
)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in os.environ:
        if name.startswith("MONDAYBRIDGE_"):
            monkeypatch.delenv(name)


def test_without_any_the_defaults_serve_one_machine() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert settings.store_url == "sqlite:///data/mondaybridge.sqlite3"
    assert settings.monday.api_url == "https://api.monday.com/v2"
    assert settings.stripe.api_url == "https://api.stripe.com"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.mappings == Path("mappings.yaml")
    assert settings.secrets() == ()


def test_secrets_stand_in_variables_or_in_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("sk_test_1\n")
    url = tmp_path / "url"
    url.write_text("postgresql://bridge:hunter2@db/bridge\n")
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__TOKEN", " tok-1 ")
    monkeypatch.setenv("MONDAYBRIDGE_STRIPE__API_KEY_FILE", str(key))
    monkeypatch.setenv("MONDAYBRIDGE_STRIPE__API_URL", "http://127.0.0.1:8091/")
    monkeypatch.setenv("MONDAYBRIDGE_DATABASE_URL_FILE", str(url))
    settings = load_settings()
    assert require(settings.monday.token, "X") == "tok-1"
    assert require(settings.stripe.api_key, "X") == "sk_test_1"
    assert settings.stripe.api_url == "http://127.0.0.1:8091"
    assert settings.store_url == "postgresql://bridge:hunter2@db/bridge"
    assert settings.secrets() == ("tok-1", "sk_test_1", "hunter2")
    assert "hunter2" not in repr(settings)
    assert "tok-1" not in repr(settings)


def test_every_problem_is_said_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    absent, open_address = tmp_path / "absent", "http://monday.example/v2"
    like = "write it like https://api.example.com"
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__TOKEN", "a")
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__TOKEN_FILE", str(absent))
    monkeypatch.setenv("MONDAYBRIDGE_STRIPE__API_KEY_FILE", str(absent))
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__API_URL", open_address)
    monkeypatch.setenv("MONDAYBRIDGE_STRIPE__API_URL", "stripe")
    monkeypatch.setenv("MONDAYBRIDGE_PORT", "70000")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert caught.value.exit_code == 3
    assert caught.value.problems == (
        "MONDAYBRIDGE_MONDAY__TOKEN and MONDAYBRIDGE_MONDAY__TOKEN_FILE are both set: keep one",
        f"MONDAYBRIDGE_STRIPE__API_KEY_FILE: {absent}: No such file or directory",
        "MONDAYBRIDGE_PORT: Input should be less than or equal to 65535",
        f"MONDAYBRIDGE_MONDAY__API_URL: {open_address!r} would send secrets in the open: use https",
        f"MONDAYBRIDGE_STRIPE__API_URL: 'stripe' is not an address: {like}",
    )


def test_a_group_set_as_one_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY", "tok-1")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    (problem,) = caught.value.problems
    assert "tok-1" not in problem
    assert "monday" in problem


@pytest.mark.parametrize("token", ["", "   "])
def test_an_empty_secret_is_none(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONDAYBRIDGE_MONDAY__TOKEN", token)
    with pytest.raises(CredentialsError) as caught:
        require(load_settings().monday.token, "MONDAYBRIDGE_MONDAY__TOKEN")
    assert caught.value.exit_code == 4
    assert str(caught.value) == (
        "MONDAYBRIDGE_MONDAY__TOKEN is not set: "
        "set it, or MONDAYBRIDGE_MONDAY__TOKEN_FILE to a file that holds it"
    )


@pytest.mark.parametrize("token", ["tök", "two words", "line\nbreak"])
def test_a_secret_that_no_header_can_carry_is_refused_before_it_is_sent(token: str) -> None:
    with pytest.raises(CredentialsError, match="holds characters that no token has"):
        require(MondaySettings.model_validate({"token": token}).token, "NAME")


def test_the_mail_server_has_the_usual_port_of_its_security(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text("four of these words\n")
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__HOST", "mail.example.com")
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__USER", "bridge")
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__PASSWORD_FILE", str(password))
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__SENDER", "Agenzia <ore@example.com>")
    settings = load_settings()
    assert (settings.smtp.security, settings.smtp.own_port) == (Security.STARTTLS, 587)
    assert (settings.smtp.sender, settings.smtp.timeout) == ("Agenzia <ore@example.com>", 20)
    assert settings.secrets() == ("four of these words",)
    assert "four of" not in repr(settings)
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__SECURITY", "tls")
    assert load_settings().smtp.own_port == 465
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__PORT", "2525")
    assert load_settings().smtp.own_port == 2525


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_mail_goes_in_the_open_on_this_machine_alone(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__SECURITY", "none")
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__SENDER", "ore@example.com")
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__HOST", host)
    assert load_settings().smtp.own_port == 25
    monkeypatch.setenv("MONDAYBRIDGE_SMTP__HOST", "mail.example.com")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    problem = "SECURITY=none would send mails to mail.example.com in the open: use starttls or tls"
    assert caught.value.problems == (f"MONDAYBRIDGE_SMTP: {problem}",)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, ": HOST is set and SENDER is not: write Name <name@example.com>"),
        ({"SENDER": "Agenzia"}, ": SENDER 'Agenzia' is no sender: write Name <name@example.com>"),
        ({"SENDER": "a@example.com", "USER": "u"}, ": set USER and PASSWORD, or neither"),
        ({"SENDER": "a@example.com", "PASSWORD": "p"}, ": set USER and PASSWORD, or neither"),
        (
            {"SENDER": "a@example.com", "SECURITY": "ssl"},
            "__SECURITY: Input should be 'starttls', 'tls' or 'none'",
        ),
        (
            {"SENDER": "a@example.com", "TIMEOUT": "60"},
            "__TIMEOUT: Input should be less than or equal to 45",
        ),
    ],
)
def test_a_mail_server_that_could_not_be_used_is_refused(
    given: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"HOST": "mail.example.com", **given}.items():
        monkeypatch.setenv(f"MONDAYBRIDGE_SMTP__{name}", value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert caught.value.problems == (f"MONDAYBRIDGE_SMTP{problem}",)


def test_the_key_of_links_is_long_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short one could be guessed, and with it every client's page (reliability I4)."""
    with pytest.raises(CredentialsError, match="MONDAYBRIDGE_LINK_KEY is not set"):
        require_link_key(load_settings())
    monkeypatch.setenv("MONDAYBRIDGE_LINK_KEY", "short")
    with pytest.raises(CredentialsError, match="has 5 characters: take at least 32 random ones"):
        require_link_key(load_settings())
    monkeypatch.setenv("MONDAYBRIDGE_LINK_KEY", "k" * 32)
    settings = load_settings()
    assert require_link_key(settings) == "k" * 32
    assert settings.secrets() == ("k" * 32,)
