"""A first `bulk_loader.toml`, to be filled in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.settings.home import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

# No line but the table's own is in force: an instance made up here would be somebody's.
STARTER = """\
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

# Hours in which calls may be made; a day without a line is a day without calls.
# [calling_hours]
# zone = "America/Montevideo"
# monday = "09:00-18:00"
# saturday = ["09:00-12:00", "14:00-16:00"]

# One dialer: bulk-loader upload leads.xlsx --profile production
[profile.production]
# instance = "NAME"
# campaign = "NAME<-"
# campaigns = ["NAME<-"]  # leads of any other are refused
# data = "idcustomer={ID}:name={Name}"

# The token stands in a file of its own, which only you can read, or in BULK_LOADER_TOKEN.
# token_file = "production.token"

# Columns whose header does not say which field they are for.
[profile.production.map]
# destination = "Phone"
# alternatives = ["Phone at home", "Phone at work"]
"""


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o644)  # whatever the umask: no other may write it


def write_starter(directory: Path) -> Path:
    """Write the file, never over another; its path.

    Raises:
        SettingsError: there is one already, or it can't be written.
    """
    path = directory / FILE_NAME
    try:
        with open(path, "x", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(STARTER)
    except FileExistsError as error:
        raise SettingsError(
            f"{path} is there already.",
            "It was left as it is.",
            "Edit it, or move it away and run this command again.",
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path} can't be written.",
            f"The system says: {error.strerror}.",
            "Run the command in a directory that you may write to.",
        ) from error
    return path
