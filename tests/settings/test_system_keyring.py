"""What the library's backends do, told in one way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from bulk_loader.settings.system_keyring import (
    SERVICE,
    KeyringTroubleError,
    SystemKeyring,
    Trouble,
)
from tests.support.keyrings import PLACE, FileKeyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Failing(KeyringBackend):
    """Raises the same at whatever it is asked."""

    priority = 1

    def __init__(self, failure: Exception) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.failure = failure

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise self.failure

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password
        raise self.failure

    def delete_password(self, service: str, username: str) -> None:
        del service, username
        raise self.failure


class Short(FileKeyring):
    """Cuts off what is too long for it, as some do."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:5])


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring of the test's own; the developer's is left alone."""
    monkeypatch.setenv(PLACE, str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield tmp_path / "keyring.json"
    keyring.set_keyring(before)


def trouble(backend: KeyringBackend) -> KeyringTroubleError:
    """What is told of a backend where something is to be kept."""
    keyring.set_keyring(backend)
    with pytest.raises(KeyringTroubleError) as caught:
        SystemKeyring().write("dialer", "long secret")
    return caught.value


def test_what_was_kept_is_read_and_removed() -> None:
    """Under the program's name, so that a person finds it in the system's own window."""
    system = SystemKeyring()
    system.write("dialer", "secret")
    assert system.read("dialer") == keyring.get_password(SERVICE, "dialer") == "secret"
    assert system.read("another") is None
    assert [system.remove("dialer"), system.remove("dialer")] == [True, False]
    assert system.read("dialer") is None


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_a_backend_that_is_none_is_an_absence(backend: Callable[[], KeyringBackend]) -> None:
    """As on servers, and where somebody has turned the keyring off."""
    found = trouble(backend()).trouble
    assert found is Trouble.NO_BACKEND
    assert found.is_absence


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (errors.KeyringLocked(), Trouble.LOCKED),
        (errors.NoKeyringError(), Trouble.NO_BACKEND),
        (errors.PasswordSetError("long secret"), Trouble.BROKEN),
        (OSError("long secret"), Trouble.BROKEN),
        (ModuleNotFoundError(name="dbus"), Trouble.BROKEN),
        (ModuleNotFoundError(name="keyring"), Trouble.NO_LIBRARY),
    ],
)
def test_every_failure_is_told_without_its_text(failure: Exception, expected: Trouble) -> None:
    """Which may hold what was to be kept."""
    told = trouble(Failing(failure))
    assert told.trouble is expected
    assert "secret" not in str(told)


class Waiting(FileKeyring):
    """Waits for somebody to unlock it."""

    def __init__(self) -> None:
        super().__init__()
        self.unlocked = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.unlocked.wait()
        return super().get_password(service, username)


def test_nobody_is_waited_for_all_night() -> None:
    """A window that asks for a passphrase has nobody before it."""
    backend = Waiting()
    keyring.set_keyring(backend)
    with pytest.raises(KeyringTroubleError) as caught:
        SystemKeyring(patience_s=0.01).read("dialer")
    assert caught.value.trouble is Trouble.SLOW
    backend.unlocked.set()
    assert SystemKeyring().read("dialer") is None


def test_what_was_not_kept_whole_is_told() -> None:
    """Else the next night would find half a token."""
    assert trouble(Short()).trouble is Trouble.FORGETFUL
