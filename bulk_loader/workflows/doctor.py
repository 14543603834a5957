"""Doctor: whether this machine can run tonight, looked at from all sides without sending anything."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bulk_loader.dialer.answers import NotSentError, UnreachableError
from bulk_loader.dialer.reaching import reach
from bulk_loader.dialer.sessions import Credentials
from bulk_loader.errors import LoaderError
from bulk_loader.ledger import Ledger
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.model import FileFormat
from bulk_loader.runs.targets import address_of, shown_to_dialer
from bulk_loader.runs.verifying import doubt_about
from bulk_loader.workflows.versions import program_version, python_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.settings import Settings

# A list of 100,000 leads takes about 30 MB of ledger, and its results as much as the list.
FULL_BYTES, NEARLY_FULL_BYTES = 100 * 2**20, 2**30

EXTRAS = {
    "alerts": ("apprise",),
    "desk": ("starlette", "uvicorn", "jinja2", "python_multipart", "tomlkit"),
    "holidays": ("holidays",),
    "keyring": ("keyring",),
    "metrics": ("prometheus_client",),
    "postgres": ("psycopg",),
    "report": ("vl_convert",),
    "sandbox": ("starlette", "uvicorn"),
    "schedule": ("cronsim", "crontab"),
    "schema": ("yaml",),
}
"""What each extra brings, by the names that are imported."""


class State(StrEnum):
    """How something is."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        about: one word.
        told: how it is, one sentence.
        remedy: what to do; "" for nothing.
    """

    about: str
    state: State
    told: str
    remedy: str = ""


def examine(settings: Settings | LoaderError, home: Path) -> list[Finding]:
    """All that a run needs, in the order in which a person would look for it.

    Args:
        settings: or what is wrong with them; then what they lead to is not looked at.
        home: of the ledger.
    """
    program = f"bulk-loader {program_version()}, {python_version()}"
    findings = [Finding("program", State.OK, program)]
    if isinstance(settings, LoaderError):
        findings.append(_fault("settings", settings))
        place = LedgerPlace(home)
    else:
        findings += _settings(settings)
        place = replace(settings.ledger_place, home=home)
    findings += [_ledger(place), _disk(home)]
    if not isinstance(settings, LoaderError):
        findings += [_time_zone(settings), *_dialer(settings)]
    return [*findings, _formats(), _extras()]


def _settings(settings: Settings) -> Iterator[Finding]:
    notes = settings.notes or ("No bulk_loader.toml was found, which is not needed.",)
    profile = f" Profile {settings.profile}." if settings.profile else ""
    yield Finding("settings", State.OK, f"{notes[0]}{profile}")
    yield from (Finding("settings", State.NOTE, note) for note in notes[1:])


def _ledger(place: LedgerPlace) -> Finding:
    home = place.home
    if place.url is None and not any(home.glob("ledger.*")):
        folder = _nearest(home)
        if os.access(folder, os.W_OK | os.X_OK):
            return Finding(
                "ledger", State.OK, f"There is none yet; the first run makes it in {home}."
            )
        remedy = "Set BULK_LOADER_HOME to a directory of this user."
        return Finding(
            "ledger", State.FAULT, f"It can't be made: {folder} is not writable.", remedy
        )
    try:
        with Ledger.open(place) as ledger:
            cut_off = sum(run.ended_at is None for run in ledger.runs.all())
    except LoaderError as error:
        return _fault("ledger", error)
    if not cut_off:
        return Finding("ledger", State.OK, f"It is usable, {place.where}.")
    runs = "1 run is" if cut_off == 1 else f"{cut_off:,} runs are"
    told = f"It is usable, {place.where}; {runs} under way, or cut off."
    return Finding("ledger", State.NOTE, told, "See: bulk-loader runs")


def _disk(home: Path) -> Finding:
    place = _nearest(home)
    free = shutil.disk_usage(place).free
    told = f"{free / 2**30:,.1f} GB are free at {place}."
    if free >= NEARLY_FULL_BYTES:
        return Finding("disk", State.OK, told)
    state = State.FAULT if free < FULL_BYTES else State.NOTE
    return Finding("disk", state, told, "Make room: a run stops where its ledger can't be written.")


def _time_zone(settings: Settings) -> Finding:
    now = datetime.now().astimezone()
    told = f"It is {now:%Y-%m-%d %H:%M} here ({now:%Z}, UTC{now:%z})."
    if settings.timezone is None:
        return Finding(
            "time", State.OK, f"{told} Dates of lists are not converted: no timezone is set."
        )
    dialer = settings.dialer_timezone or settings.timezone
    return Finding(
        "time", State.OK, f"{told} Lists are in {settings.timezone}, the dialer in {dialer}."
    )


def _dialer(settings: Settings) -> Iterator[Finding]:
    if settings.sandbox:
        yield Finding(
            "dialer", State.OK, "The sandbox inside of the command; it needs no credentials."
        )
        return
    if settings.base_url is None:
        remedy = "Name one with --url, --instance or --profile to have it looked at."
        yield Finding("dialer", State.NOTE, "No dialer is named.", remedy)
        return
    yield _reached(settings, settings.base_url)
    yield _credentials(settings, settings.base_url)


def _reached(settings: Settings, url: str) -> Finding:
    try:
        who = asyncio.run(reach(address_of(settings, url, Credentials())))
    except UnreachableError as error:
        return Finding("dialer", State.FAULT, f"{url} can't be reached: {error}.", error.advice)
    except NotSentError as error:
        remedy = "Check the address, the network and the firewall; it may also pass."
        return Finding("dialer", State.FAULT, f"{url} can't be reached: {error}.", remedy)
    except LoaderError as error:
        return _fault("dialer", error)
    by = "" if who == "the dialer" else f", as far as {who}"
    tls = "name, connection and TLS" if url.startswith("https:") else "name and connection, no TLS"
    return Finding("dialer", State.OK, f"{url} is reached{by} ({tls}); nothing was sent to it.")


def _credentials(settings: Settings, url: str) -> Finding:
    try:
        given = settings.require_credentials()
        doubt = "it was not asked; --online does"
        if settings.online:
            doubt = doubt_about(address_of(settings, url, shown_to_dialer(given)))
    except LoaderError as error:
        return _fault("credentials", error)
    what = f"The password of the user {given.user}" if given.user else "A token"
    verdict = (
        f"whether the dialer takes it is not known: {doubt}" if doubt else "the dialer takes it"
    )
    state = State.NOTE if doubt and settings.online else State.OK
    return Finding(
        "credentials", state, f"{what} from {settings.origin_of_credentials}; {verdict}."
    )


def _formats() -> Finding:
    return Finding("formats", State.OK, f"Lists are read as {', '.join(FileFormat)}.")


def _extras() -> Finding:
    there = [name for name, modules in EXTRAS.items() if all(map(find_spec, modules))]
    absent = [name for name in EXTRAS if name not in there]
    told = f"Installed: {', '.join(there) or 'none'}."
    if not absent:
        return Finding("extras", State.OK, told)
    more = f' Not installed: {", ".join(absent)}. Each comes with: pip install "bulk-loader[NAME]"'
    return Finding("extras", State.OK, told + more)


def _nearest(place: Path) -> Path:
    """The place itself, or the directory in which it would be made."""
    return next(each for each in (place, *place.parents) if each.exists())


def _fault(about: str, error: LoaderError) -> Finding:
    told = " ".join(f"{error.what} {error.why}".split())
    return Finding(about, State.FAULT, told, error.remedy)
