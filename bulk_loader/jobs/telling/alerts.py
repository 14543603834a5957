"""Alerts to people, by whatever `apprise` knows: mail, chats, webhooks; it is known only here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bulk_loader.choices import AlertOn
from bulk_loader.errors import ExitCode
from bulk_loader.jobs.telling.channel import NotToldError
from bulk_loader.jobs.telling.message import message_of
from bulk_loader.patience import answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr

    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.records import Earlier
    from bulk_loader.jobs.telling.message import Message

# A server of mail that takes its time; each address has so long, and the job has ended by then.
PATIENCE_S = 60.0

NO_LIBRARY = (
    'alerts need the package apprise, which is not installed: pip install "bulk-loader[alerts]"'
)


@dataclass(frozen=True, slots=True)
class Alerts:
    """Tells people.

    Attributes:
        urls: addresses as apprise writes them, each of them a secret.
        machine: what this one is called in messages.
    """

    urls: tuple[SecretStr, ...]
    on: AlertOn
    machine: str
    patience_s: float = PATIENCE_S

    def faults(self) -> Iterator[str]:
        """Addresses that are of no kind that apprise knows."""
        try:
            unknown = [number for number, url in enumerate(self.urls, 1) if not _service(url)]
        except ModuleNotFoundError:
            yield NO_LIBRARY
            return
        for number in unknown:
            yield f"apprise can't make anything of {self._named(number)}."

    def began(self) -> None:
        """Nobody wants to be told."""

    def ended(self, night: Night, earlier: Earlier) -> None:
        """Tell all of them, if it is a night to be told of."""
        if is_wanted(self.on, night, earlier):
            self.send(message_of(night, self.machine))

    def send(self, message: Message) -> None:
        """Tell all of them something.

        Raises:
            NotToldError: one or more of them could not be told.
        """
        silent = [
            self._named(number)
            for number, url in enumerate(self.urls, 1)
            if not self._is_told(url, message)
        ]
        if silent:
            raise NotToldError(f"No alert went to {' and '.join(silent)}.")

    def _is_told(self, url: SecretStr, message: Message) -> bool:
        try:
            return answered(lambda: _notify(url, message), self.patience_s)
        except ModuleNotFoundError as error:
            raise NotToldError(f"No alert was sent: {NO_LIBRARY}") from error
        except Exception:  # noqa: BLE001 - each service is a plugin, and its text may hold a secret
            return False

    def _named(self, number: int) -> str:
        """An address by its place and its kind, which are no secrets."""
        kind = urlsplit(self.urls[number - 1].get_secret_value()).scheme
        return f"alert {number} of {len(self.urls)} ({kind}://…)"


def is_wanted(on: AlertOn, night: Night, earlier: Earlier) -> bool:
    """Whether a night is one of those that people are told of."""
    match on:
        case AlertOn.ALWAYS:
            return True
        case AlertOn.FAILURE:
            return night.exit_code is not ExitCode.OK
        case AlertOn.CHANGE:
            return (night.outcome, night.exit_code) != (earlier.outcome, earlier.exit_code)


def _service(url: SecretStr) -> Any:
    """What apprise makes of an address; None for nothing."""
    import apprise  # noqa: PLC0415 - an extra

    logging.getLogger("apprise").disabled = True  # it says a part of the address
    # No pictures from elsewhere in messages, and nothing kept on the disk.
    asset = apprise.AppriseAsset(
        app_id="bulk-loader",
        app_desc="bulk-loader",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    return apprise.Apprise.instantiate(url.get_secret_value(), asset=asset)


def _notify(url: SecretStr, message: Message) -> bool:
    import apprise  # noqa: PLC0415

    service = _service(url)
    if service is None:
        return False
    kind = apprise.NotifyType.FAILURE if message.is_failure else apprise.NotifyType.SUCCESS
    told = apprise.Apprise()
    told.add(service)
    return bool(
        told.notify(
            title=message.title,
            body=message.body,
            notify_type=kind,
            body_format=apprise.NotifyFormat.TEXT,
        )
    )
