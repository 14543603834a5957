"""A first `bulk_loader.toml`: what is known is in force, the rest stands there to be filled in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.settings.faults import faults_error
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.settings.home import FILE_NAME
from bulk_loader.settings.job_groups import JOB_SETTINGS
from bulk_loader.settings.jobs import read_job
from bulk_loader.settings.loading import load_settings
from bulk_loader.settings.sources import flags_layer
from bulk_loader.settings.toml_text import toml_key, toml_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PROFILE, JOB = "production", "night"
"""What profile and job are called where nobody says it."""

_GENERAL = """\
# Settings of bulk-loader. Take the # away from a line to put it in force.
# Each can also be given as an option (--campaign) or a variable (BULK_LOADER_CAMPAIGN);
# options win over variables, and variables over this file. Paths begin at this file.
# It must be yours, and nobody else may write it or its folder: it says where leads and token go.

# For every dialer.
# source = "source"
# concurrency = 8
# retry_for = "5m"
# max_errors = "5%"
# phone_region = "UY"
# date_format = "%d/%m/%Y %H:%M"
# timezone = "America/Montevideo"
# suppress = ["do-not-call.txt"]
# schema_file = "leads.yaml"  # or "module:object", whose code is run

# Hours in which calls may be made; a day without a line is a day without calls. In place of the
# table, the text "country:CO" stands for the hours of a country.
# [calling_hours]
# zone = "America/Montevideo"
# monday = "09:00-18:00"
# saturday = ["09:00-12:00", "14:00-16:00"]
"""

_PROFILE = """\
# One dialer: bulk-loader upload leads.xlsx --profile {profile}
[profile.{profile}]
# instance = "NAME"
# campaign = "NAME<-"
# campaigns = ["NAME<-"]  # leads of any other are refused
# data = "idcustomer={{ID}}:name={{Name}}"

# The token stands in a file of its own, which only you can read, in BULK_LOADER_TOKEN, or in the
# keyring: bulk-loader login --profile {profile}
# token_file = "{profile}.token"
"""

_MAP = """\
# Columns whose header does not say which field they are for.
[profile.{profile}.map]
# destination = "Phone"
# alternatives = ["Phone at home", "Phone at work"]
"""

_JOB = """\
# Lists that come into a folder, loaded with nobody watching: bulk-loader job check {job}
[job.{job}]
# profile = "{profile}"
# file = "inbox/leads-*.xlsx"
# min_rows = 10
# max_age = "20h"
# max_invalid = "20%"
# columns = ["Phone"]

# Whom to tell, as apprise writes it, and of which nights: failure, change or always.
# alerts_file = "alerts.txt"
# alert_on = "failure"
"""


@dataclass(frozen=True, slots=True)
class Start:
    """What is known at the beginning.

    Attributes:
        settings: of the profile, by key, as they stand in TOML.
        columns: of the profile's map: labels by name of the field.
        job: name of the job; None for none, which leaves an example.
        rules: of the job, by key.
    """

    profile: str = PROFILE
    settings: Mapping[str, object] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    job: str | None = None
    rules: Mapping[str, object] = field(default_factory=dict)


def start_of(given: Mapping[str, object], directory: Path) -> Start:
    """What somebody says at the beginning: keys of a profile and a job, and what both are called.

    Raises:
        SettingsError: columns are given in a form that can't be read.
    """
    rules = {key: given[key] for key in given if key in JOB_SETTINGS}
    settings = {
        key: given[key] for key in given if key in SETTINGS and key not in {"map", "profile"}
    }
    layer = flags_layer({"map": given["map"]} if "map" in given else {}, directory)
    if layer.faults:
        raise faults_error(layer.faults)
    columns = {field.value: labels for field, labels in layer.values.get("map", {}).items()}
    job = given.get("job") or (JOB if rules else None)
    profile = str(given.get("profile", PROFILE))
    return Start(profile, settings, columns, None if job is None else str(job), rules)


def starter_text(start: Start) -> str:
    """The file."""
    names = {"profile": toml_key(start.profile), "job": toml_key(start.job or JOB)}
    profile = _filled(_PROFILE.format(**names), start.settings)
    columns = _filled(_MAP.format(**names), start.columns)
    rules = {"profile": start.profile, **start.rules}
    job = _JOB.format(**names)
    # An empty table would be a job without a list.
    job = _filled(job, rules) if start.job is not None else job.replace("[job.", "# [job.")
    return f"{_GENERAL}\n{profile}\n{columns}\n{job}"


def _filled(block: str, values: Mapping[str, object]) -> str:
    """A block with these lines in force, each in place of its example where there is one."""
    for key, value in values.items():
        line = f"{key} = {toml_value(value)}"
        example = re.compile(rf"^# {re.escape(key)} = .*$", re.MULTILINE)
        if example.search(block):
            block = example.sub(lambda _, line=line: line, block, count=1)  # type: ignore[misc]
        else:
            block += f"{line}\n"
    return block


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o644)  # whatever the umask: no other may write it


def write_starter(directory: Path, start: Start | None = None) -> Path:
    """Write the file, never over another; its path.

    Raises:
        SettingsError: there is one already, it can't be written, or something that was given is
            wrong; then there is no file.
    """
    start, path = start or Start(), directory / FILE_NAME
    try:
        with open(path, "x", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(starter_text(start))
    except FileExistsError as error:
        raise SettingsError(
            f"{path} is there already.",
            "It was left as it is.",
            "Edit it, or move it away and run this command again.",
        ) from error
    except (OSError, UnicodeEncodeError) as error:
        raise SettingsError(
            f"{path} can't be written.",
            f"The system says: {getattr(error, 'strerror', None) or error}.",
            "Run the command in a directory that you may write to.",
        ) from error
    try:
        _require_right(path, start)
    except SettingsError:
        path.unlink()
        raise
    return path


def _require_right(path: Path, start: Start) -> None:
    given = {"config": str(path), "profile": start.profile}
    if start.job is None:
        load_settings(given, environ={}, directory=path.parent)
    else:
        read_job(start.job, given, environ={}, directory=path.parent).require_job()
