"""Credentials are kept once the dialer has been asked about them, as far as it can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.settings import Settings, load_settings
from bulk_loader.settings.system_keyring import Trouble
from bulk_loader.workflows.login import log_in, log_out, login_status
from tests.support.faulty_dialer import FaultyDialer
from tests.support.keyrings import FakeStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A dialer that knows its users."""
    with Sandbox(SandboxOptions(user="ana", password="pass word", accepts_bearer=True)) as dialer:
        yield dialer


@pytest.fixture
def told(
    tmp_path: Path, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Settings]:
    """Settings with a keyring of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def make(url: str | None, environ: dict[str, str] | None = None, **flags: object) -> Settings:
        given = flags if url is None else {"url": url, **flags}
        return load_settings(given, environ=environ or {}, directory=tmp_path).asking(store)

    return make


@pytest.fixture
def store() -> FakeStore:
    """A keyring that works."""
    return FakeStore()


def typing(secret: str) -> Callable[[str], str]:
    """Somebody who types a secret when asked."""
    return lambda _label: secret


def unasked(_label: str) -> str:
    """Nobody is asked for a secret that can't be kept."""
    raise AssertionError


def test_a_token_is_kept_once_the_dialer_takes_it(
    sandbox: Sandbox, told: Callable[..., Settings]
) -> None:
    """A run takes it then, nothing was queued, and no summary of it shows it."""
    login = log_in(told(sandbox.url), typing(f" {sandbox.token}\n"))
    assert (login.doubt, login.what, sandbox.queued) == ("", "the token", 0)
    given = told(sandbox.url).require_credentials()
    assert given.token is not None
    assert given.token.get_secret_value() == sandbox.token
    status = login_status(told(sandbox.url))
    assert (status.origin, status.is_verified, status.user) == ("the keyring", True, "")
    assert status.kept_at is not None


def test_a_password_is_kept_once_the_dialer_logs_the_user_in(
    sandbox: Sandbox, told: Callable[..., Settings]
) -> None:
    """The session that this opens is ended."""
    login = log_in(told(sandbox.url, user="ana"), typing("pass word"))
    assert (login.doubt, login.what) == ("", "the password of the user ana")
    assert sandbox.open_sessions == 0
    given = told(sandbox.url).require_credentials()
    assert (given.user, given.token) == ("ana", None)
    assert login_status(told(sandbox.url)).user == "ana"


@pytest.mark.parametrize("flags", [{}, {"user": "ana"}, {"auth_scheme": "bearer"}])
def test_what_the_dialer_refuses_is_not_kept(
    sandbox: Sandbox, told: Callable[..., Settings], store: FakeStore, flags: dict[str, str]
) -> None:
    """A slip is told now, and not in the night."""
    with pytest.raises(SettingsError, match=r"refuses the token|did not log in") as caught:
        log_in(told(sandbox.url, **flags), typing("wrong"))
    assert "wrong" not in str(caught.value)
    assert store.entries == {}


def test_where_the_dialer_can_not_be_asked_it_is_kept_and_said(
    told: Callable[..., Settings],
) -> None:
    """Nobody promises that it answers such a question, nor that it is reached today."""
    with FaultyDialer() as dialer:
        url = dialer.url
        login = log_in(told(url), typing("abc="))
        assert login.doubt == "the dialer's answer is not understood"
        assert dialer.recorded == []
    login = log_in(told(url), typing("abc=="))
    assert login.doubt.startswith("the dialer can't be reached: ")
    assert login_status(told(url)).is_verified is False
    token = told(url).require_credentials().token
    assert token is not None
    assert token.get_secret_value() == "abc=="


def test_without_a_keyring_nobody_is_asked_for_a_secret(
    sandbox: Sandbox, told: Callable[..., Settings], store: FakeStore
) -> None:
    """The message says what works instead."""
    store.trouble = Trouble.NO_LIBRARY
    with pytest.raises(SettingsError) as caught:
        log_in(told(sandbox.url), unasked)
    assert 'pip install "bulk-loader[keyring]"' in caught.value.remedy
    for way in ("BULK_LOADER_TOKEN_FILE", "BULK_LOADER_PASSWORD_FILE", "LoadCredential", "Docker"):
        assert way in caught.value.remedy
    assert log_out(told(sandbox.url)) is False


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("", "No secret was typed"),
        (" \n", "No secret"),
        ("a\nb", "line break"),
        ("Basic x", "space"),
    ],
)
def test_what_is_no_token_is_not_kept(
    sandbox: Sandbox, told: Callable[..., Settings], store: FakeStore, secret: str, why: str
) -> None:
    """A line break would let it add headers of its own."""
    with pytest.raises(SettingsError, match=why):
        log_in(told(sandbox.url), typing(secret))
    assert store.entries == {}


def test_two_dialers_have_an_entry_each(
    sandbox: Sandbox, told: Callable[..., Settings], store: FakeStore
) -> None:
    """To log out of one leaves the other."""
    with Sandbox() as other:
        log_in(told(sandbox.url), typing(sandbox.token))
        log_in(told(other.url), typing(other.token))
        assert len(store.entries) == 2
        assert [log_out(told(other.url)), log_out(told(other.url))] == [True, False]
        assert login_status(told(sandbox.url)).origin == "the keyring"
        with pytest.raises(SettingsError, match="No credentials given"):
            login_status(told(other.url))


def test_a_secret_that_hides_the_keyring_is_named(
    sandbox: Sandbox, told: Callable[..., Settings]
) -> None:
    """Else a forgotten variable would be used at night."""
    environ = {"BULK_LOADER_TOKEN": "old"}
    login = log_in(told(sandbox.url, environ), typing(sandbox.token))
    assert login.hidden_by == "BULK_LOADER_TOKEN"
    assert login_status(told(sandbox.url, environ)).origin == "BULK_LOADER_TOKEN"


def test_a_dialer_must_be_named(told: Callable[..., Settings]) -> None:
    """What is kept is for one dialer; the sandbox needs nothing."""
    for flags in ({}, {"sandbox": True}):
        with pytest.raises(SettingsError, match="No dialer given"):
            log_in(told(None, **flags), unasked)


def test_a_locked_keyring_keeps_what_it_has(
    sandbox: Sandbox, told: Callable[..., Settings], store: FakeStore
) -> None:
    """To log out then is told as a failure."""
    store.trouble = Trouble.LOCKED
    with pytest.raises(SettingsError, match="could not be taken out"):
        log_out(told(sandbox.url))
