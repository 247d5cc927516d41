"""Settings come from the environment alone; secrets also from files; every problem at once."""

from pathlib import Path

import pytest

from mondaybridge.errors import ConfigurationError, CredentialsError
from mondaybridge.settings import MondaySettings, Settings, load_settings, require


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
