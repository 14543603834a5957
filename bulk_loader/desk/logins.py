"""Credentials on their way into the keyring: the dialer is asked in a thread of its own."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bulk_loader.desk.works import Works
from bulk_loader.workflows.login import log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.desk.works import Work
    from bulk_loader.errors import LoaderError
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.login import Login


class Logins:
    """The last of them, by names that nobody guesses; no secret outlives its own.

    Args:
        crashed: makes a message of a fault of the program itself.
    """

    def __init__(self, crashed: Callable[..., LoaderError]) -> None:
        self._works: Works[Login] = Works(crashed, "a login")

    def start(self, settings: Settings, secret: str) -> str:
        """Keep a secret in the keyring as `bulk-loader login` does; the name to ask for it by."""
        name, held = secrets.token_urlsafe(12), [secret]

        def verb(_course: object) -> Login:
            try:
                return log_in(settings, lambda _label: held.pop())
            finally:
                held.clear()

        self._works.get(name, verb)
        return name

    def find(self, name: str) -> Work[Login] | None:
        """One of them; None where it is forgotten."""
        return self._works.find(name)
