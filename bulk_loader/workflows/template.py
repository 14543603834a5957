"""Template: a spreadsheet to fill in, with the columns that the settings expect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.mapping.template import parse_template
from bulk_loader.model import Field, FileFormat
from bulk_loader.results.template import write_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.settings import Settings

# In the order in which people fill them in, the needed ones first.
_ORDER = (
    Field.DESTINATION,
    Field.CAMPAIGN,
    Field.DATA,
    Field.ALTERNATIVES,
    Field.CALLDATE,
    Field.AGENT,
    Field.SOURCE,
    Field.BULK,
    Field.AUTOMATIC,
)


def template(file: Path | str, settings: Settings, campaigns: Sequence[str] = ()) -> Path:
    """Write an `.xlsx` to fill in, never over another file; its absolute path.

    The columns are those of `map` and of the template for `data`; fields that neither names have
    a column of their own name.

    Args:
        campaigns: to choose from; that of the settings where none are given.

    Raises:
        SettingsError: the name does not end in .xlsx, or the template for `data` can't be read.
        LoaderError: the file exists or can't be written.
    """
    path = Path(file).absolute()
    if path.suffix.lower() != f".{FileFormat.XLSX}":
        raise SettingsError(
            f"A template can't be written to {path.name}.",
            "It is an Excel workbook, so that its columns keep what is typed into them.",
            f"Name it {path.with_suffix('.xlsx').name}.",
        )
    offered = tuple(campaigns) or ((settings.campaign,) if settings.campaign else ())
    write_template(path, columns_of(settings), offered)
    return path


def columns_of(settings: Settings) -> dict[str, Field | None]:
    """Labels in their order, with the field that each feeds; None for the template for `data`."""
    names = parse_template(settings.data).names
    columns: dict[str, Field | None] = {}
    for field in _ORDER:
        if field is Field.DATA and names and field not in settings.map:
            columns |= dict.fromkeys(names)
        else:
            columns |= dict.fromkeys(settings.map.get(field, (field.value,)), field)
    return columns
