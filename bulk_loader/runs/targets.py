"""The dialer that a run goes to: the user's, or a sandbox that lives as long as the command."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.delivery.tuning import MOST
from bulk_loader.dialer.client import Address, Timeouts
from bulk_loader.dialer.route import find_route
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.settings import dialer_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import SecretStr

    from bulk_loader.sandbox import QueuedTask
    from bulk_loader.settings import GivenCredentials, Settings

SANDBOX_NAME = "sandbox"


@dataclass(frozen=True, slots=True)
class Target:
    """A dialer that can be sent to.

    Attributes:
        name: its address without credentials, as the summary shows it.
        identity: what ledger and locks know it by, however its address is written.
        is_trial: it is gone when the command ends, so earlier runs do not matter.
        queue: what a sandbox holds, in order; None for a real dialer.
    """

    name: str
    identity: str
    address: Address
    is_trial: bool = False
    queue: Callable[[], list[QueuedTask]] | None = None


@contextmanager
def open_target(settings: Settings) -> Iterator[Target]:
    """The dialer that the settings name; a sandbox is started and ended.

    Raises:
        SettingsError: no dialer or no credentials are given, or what the environment says of
            the way there, a proxy or certificates, can't be used.
        MissingExtraError: a sandbox is asked for and its packages are not installed.
    """
    settings.require_target()
    if not settings.sandbox:
        url = settings.base_url
        assert url is not None, "require_target has seen to it"
        address = address_of(settings, url, shown_to_dialer(settings.require_credentials()))
        yield Target(url, dialer_identity(url), address)
        return
    with Sandbox(SandboxOptions()) as sandbox:
        credentials = Credentials(token=sandbox.token)
        address = address_of(settings, sandbox.url, credentials)
        yield Target(SANDBOX_NAME, SANDBOX_NAME, address, is_trial=True, queue=sandbox.queue)


def address_of(settings: Settings, url: str, credentials: Credentials) -> Address:
    """Where a dialer is and how to speak to it.

    Raises:
        SettingsError: a proxy or certificates can't be used.
    """
    timeouts = Timeouts(
        connect_s=settings.connect_timeout.total_seconds(),
        write_s=settings.write_timeout.total_seconds(),
        read_s=settings.read_timeout.total_seconds(),
        pool_s=settings.pool_timeout.total_seconds(),
    )
    return Address(
        base_url=url,
        credentials=credentials,
        timeouts=timeouts,
        connections=concurrency_of(settings),
        retry_503=settings.retry_503,
        route=find_route(url, settings.ca_file),
    )


def concurrency_of(settings: Settings) -> int:
    """Requests under way at once, at the most."""
    return MOST if settings.concurrency == "auto" else settings.concurrency


def shown_to_dialer(given: GivenCredentials) -> Credentials:
    """What was given, as the dialer's client takes it."""
    return Credentials(
        token=_revealed(given.token),
        user=given.user or "",
        password=_revealed(given.password),
        scheme=given.scheme,
        login=given.login,
    )


def _revealed(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
