"""The keyring of the system, which keeps secrets for one user of it; the library is known only here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar

from bulk_loader.patience import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

SERVICE = "bulk-loader"
"""What all entries of this program are called in the keyring."""

# Time to type a passphrase. Where nobody is there to do it, a run must end and not wait for ever.
PATIENCE_S = 60.0

T = TypeVar("T")


class Trouble(Enum):
    """Why a keyring can't be used, as the end of a sentence."""

    NO_LIBRARY = "the package keyring is not installed"
    NO_BACKEND = "this system offers none to this user, as is usual on servers and in containers"
    LOCKED = "it is locked"
    SLOW = "it does not answer, as when it waits for somebody to unlock it"
    FORGETFUL = "it did not keep what it was given"
    BROKEN = "it failed"

    @property
    def is_absence(self) -> bool:
        """There is no keyring, so that nothing can have been kept in it."""
        return self in {Trouble.NO_LIBRARY, Trouble.NO_BACKEND}


class KeyringTroubleError(Exception):
    """A keyring can't be used.

    Args:
        detail: the kind of a failure that is not foreseen; never its text, which may hold a secret.
    """

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value} ({detail})" if detail else trouble.value)
        self.trouble = trouble


class SecretStore(Protocol):
    """Keeps a text by the name of its entry; each method raises `KeyringTroubleError`."""

    @property
    def name(self) -> str:
        """What the user knows it by."""

    def read(self, entry: str) -> str | None:
        """What was kept; None where nothing was."""

    def write(self, entry: str, secret: str) -> None:
        """Keep it in place of what was kept before."""

    def remove(self, entry: str) -> bool:
        """Whether something was there to be removed."""


@dataclass(frozen=True, slots=True)
class SystemKeyring:
    """What the library `keyring` finds on this machine."""

    patience_s: float = PATIENCE_S

    @property
    def name(self) -> str:
        """The backend's own name."""
        return self._answered(lambda: str(_backend().name))

    def read(self, entry: str) -> str | None:
        """What was kept, by this user of the system."""
        return self._answered(lambda: _backend().get_password(SERVICE, entry))

    def write(self, entry: str, secret: str) -> None:
        """Keep it, and read it again: a backend may take everything, and keep a part or nothing."""
        self._answered(lambda: _backend().set_password(SERVICE, entry, secret))
        if self.read(entry) != secret:
            raise KeyringTroubleError(Trouble.FORGETFUL)

    def remove(self, entry: str) -> bool:
        """Whether something was there."""
        if self.read(entry) is None:
            return False
        self._answered(lambda: _backend().delete_password(SERVICE, entry))
        return True

    def _answered(self, ask: Callable[[], T]) -> T:
        """What a backend answers; all its ways of failing are one.

        None can be told how long to wait for whoever is to unlock it.
        """
        try:
            return answered(ask, self.patience_s)
        except TimeoutError as failure:
            raise KeyringTroubleError(Trouble.SLOW) from failure
        except Exception as failure:
            raise _trouble(failure) from failure


def _backend() -> KeyringBackend:
    import keyring  # noqa: PLC0415 - an extra
    from keyring.backends import fail, null  # noqa: PLC0415

    found = keyring.get_keyring()
    # What the library has where it found nothing, and where somebody has turned it off.
    if isinstance(found, fail.Keyring | null.Keyring):
        raise KeyringTroubleError(Trouble.NO_BACKEND)
    return found


def _trouble(failure: Exception) -> KeyringTroubleError:
    if isinstance(failure, KeyringTroubleError):
        return failure
    match type(failure).__name__:
        case "ModuleNotFoundError" if getattr(failure, "name", "") == "keyring":
            return KeyringTroubleError(Trouble.NO_LIBRARY)
        case "NoKeyringError":
            return KeyringTroubleError(Trouble.NO_BACKEND)
        case "KeyringLocked":
            return KeyringTroubleError(Trouble.LOCKED)
        case kind:
            return KeyringTroubleError(Trouble.BROKEN, kind)
