"""All channels of a job; none of them changes what became of a night."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.dialer.trust import trusted_certificates
from bulk_loader.errors import LoaderError
from bulk_loader.jobs.telling.alerts import Alerts
from bulk_loader.jobs.telling.channel import Channel, NotToldError
from bulk_loader.jobs.telling.heartbeat import Heartbeat
from bulk_loader.jobs.telling.message import trial_message
from bulk_loader.jobs.telling.metrics import Metrics
from bulk_loader.settings.alerts import read_alerts
from bulk_loader.settings.faults import SettingFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.records import Earlier
    from bulk_loader.settings import Settings


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells others of the runs of a job; whatever goes wrong with that is only warned of.

    Attributes:
        channels: by the setting that names each.
        warn: is told what could not be told, one sentence each.
    """

    channels: dict[str, Channel]
    warn: Callable[[str], None]

    @property
    def of_machine(self) -> Telling:
        """What is kept on this machine, and told to nobody."""
        channels = self.channels.items()
        return Telling(
            {key: each for key, each in channels if isinstance(each, Metrics)}, self.warn
        )

    def began(self) -> None:
        """A run begins."""
        for channel in self.channels.values():
            self._try(channel.began)

    def ended(self, night: Night, earlier: Earlier) -> None:
        """A run has ended, or could not begin."""
        for channel in self.channels.values():
            self._try(lambda channel=channel: channel.ended(night, earlier))  # type: ignore[misc]

    def _try(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except NotToldError as error:
            self.warn(str(error))


def telling_of(name: str, settings: Settings, warn: Callable[[str], None]) -> Telling:
    """All channels that the settings of a job name; those that can't be used are warned of."""
    channels, faults = _channels(name, settings)
    for fault in faults:
        warn(str(fault))
    return Telling(channels, warn)


def telling_faults(name: str, settings: Settings) -> Iterator[SettingFault]:
    """What keeps others from being told, as far as it can be known without telling them."""
    channels, faults = _channels(name, settings)
    yield from faults
    for key, channel in channels.items():
        yield from (SettingFault(settings.origin(key), fault) for fault in channel.faults())


def send_trial(name: str, settings: Settings) -> None:
    """Tell everybody who gets alerts of a job that this is a test.

    Raises:
        NotToldError: there is nobody, or somebody could not be told.
    """
    urls, _ = read_alerts(settings)
    if not urls:
        raise NotToldError("The job names nobody who gets alerts (alerts, alerts_file).")
    Alerts(urls, settings.alert_on, _machine()).send(trial_message(name, _machine()))


def _channels(name: str, settings: Settings) -> tuple[dict[str, Channel], list[SettingFault]]:
    channels: dict[str, Channel] = {}
    urls, faults = read_alerts(settings)
    if urls:
        key = "alerts" if settings.alerts else "alerts_file"
        channels[key] = Alerts(urls, settings.alert_on, _machine())
    if settings.heartbeat is not None:
        try:
            trusted = trusted_certificates(settings.ca_file)
            channels["heartbeat"] = Heartbeat(settings.heartbeat, trusted, _machine())
        except LoaderError as error:
            faults.append(SettingFault(settings.origin("heartbeat"), error.one_line))
    if settings.metrics_folder is not None:
        channels["metrics_folder"] = Metrics(settings.metrics_folder, name)
    return channels, faults


def _machine() -> str:
    return socket.gethostname()
