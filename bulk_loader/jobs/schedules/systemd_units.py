"""The text of a systemd service and of its timer (systemd.exec, systemd.timer)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.jobs.schedules.programs import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.errors import SettingsError
    from bulk_loader.jobs.marks import JobId
    from bulk_loader.jobs.schedules.entry import Entry

# Everything here is a filter of system calls or a flag of the process, which a manager without
# rights of its own can set, too.
_FOR_ALL = """\
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
"""

# Root keeps what it needs to take the files of others from a folder of theirs, to see by /proc
# which of them are still open for writing, and what SQLite does as root: give its files an owner.
_FOR_ROOT = """\
ProtectSystem=strict
ProtectHome=read-only
PrivateDevices=yes
PrivateMounts=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
KeyringMode=private
CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_SYS_PTRACE
"""

# The names by which `settings.handed` knows a secret that a service manager loads.
_CREDENTIALS = {"token_file": "bulk_loader_token", "password_file": "bulk_loader_password"}
_SHARED = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - PrivateTmp hides these two


def first_line(job: JobId) -> str:
    """By which a unit is known as ours."""
    return f"# bulk-loader job {job.name} {job.mark}"


def timer_unit(entry: Entry) -> str:
    """When: also once the machine is up again, where it was off at the time."""
    calendars = "".join(f"OnCalendar={each}\n" for each in entry.timetable.calendars)
    leapt = "".join(f"OnCalendar={each:%Y-%m-%d %H:%M:%S}\n" for each in entry.leapt)
    # systemd leaves out a time that the clock leaps over, and with it the night.
    about = "# Nights in which the clock leaps over a time above:\n" if leapt else ""
    return (
        f"{first_line(entry.job)}\n"
        "[Unit]\n"
        f"Description=Time of the bulk-loader job {entry.job.name}\n\n"
        "[Timer]\n"
        f"{calendars}{about}{leapt}"
        "Persistent=true\n"
        "AccuracySec=1s\n\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def service_unit(entry: Entry, *, is_user: bool) -> str:
    """What: one run, which may write to the folders of the job and to no other.

    Args:
        is_user: for the service manager of a user, who can't be kept from his own files without a
            name space in which root is nobody, and settings that root owns would be refused.

    Raises:
        SettingsError: a path can't be said in a unit.
    """
    python, *rest = entry.argv
    online = "" if is_user else "Wants=network-online.target\nAfter=network-online.target\n"
    environment = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in entry.environment.items()
    )
    for_root = "" if is_user else f"{_credentials(entry)}{_places(entry)}{_FOR_ROOT}"
    return (
        f"{first_line(entry.job)}\n"
        "[Unit]\n"
        f"Description=bulk-loader job {entry.job.name}\n"
        f"{online}\n"
        "[Service]\n"
        "Type=oneshot\n"
        # Without a colon, a dollar in a path would begin a variable.
        f"ExecStart=:{_program(python)} {' '.join(map(_quoted, rest))}\n"
        f"{environment}{for_root}{_FOR_ALL}"
    )


def _program(path: str) -> str:
    if any(sign in path for sign in "\"'\\"):
        raise _unsayable(path)
    return _quoted(path)


def _quoted(word: str) -> str:
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text}"'


def _credentials(entry: Entry) -> str:
    """Secrets as the service manager hands them over, each under the variable of its setting.

    Where it is too old to know `%d`, before version 250, it leaves the variable out, and the
    settings name the file itself.
    """
    told = ""
    for key, path in entry.secrets.items():
        name = _CREDENTIALS[key]
        told += f"LoadCredential={name}:{str(path).replace('%', '%%')}\n"
        told += f"Environment=BULK_LOADER_{key.upper()}=%d/{name}\n"
    return told


def _places(entry: Entry) -> str:
    """Where it may write; a folder that is missing tonight is for the job to tell of."""
    needed = (entry.job.config, *entry.written, *_paths(entry))
    shared = [each for each in _SHARED if any(path.is_relative_to(each) for path in needed)]
    folders = "".join(f"ReadWritePaths={_listed(each)}\n" for each in (*entry.written, *shared))
    # What the job needs may stand there, so that it has to be seen.
    return f"{folders}PrivateTmp={'no' if shared else 'yes'}\n"


def _paths(entry: Entry) -> Iterator[Path]:
    values = (part for each in entry.environment.values() for part in each.split(os.pathsep))
    yield from (path for path in map(Path, (*entry.argv, *values)) if path.is_absolute())


def _unsayable(path: object) -> SettingsError:
    return refusal(
        "The job can't be told to systemd.",
        f"{path} has quotes or a backslash, which systemd does not take there",
        "Rename that folder, or use --with cron.",
    )


def _listed(path: Path) -> str:
    """As systemd reads a list of paths: in quotes, with no way to write a quote of their kind."""
    quote = "'" if '"' in str(path) else '"'
    if quote in str(path) or "\\" in str(path):
        raise _unsayable(path)
    return f"{quote}-{str(path).replace('%', '%%')}{quote}"
