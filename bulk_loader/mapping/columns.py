"""Which column of a file feeds which field of a task."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulk_loader.errors import ColumnError
from bulk_loader.mapping.headers import loosened, match_header
from bulk_loader.mapping.template import parse_template
from bulk_loader.masking import is_data, listed_columns
from bulk_loader.model import RESULT_COLUMNS, ColumnMap, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def match_columns(
    labels: Sequence[str], chosen: Mapping[Field, Sequence[str]], template: str = ""
) -> ColumnMap:
    """Find the columns of each field, from the user's choice first, then from their names.

    A column feeds one field at most, and only `alternatives` takes several. Exact names of
    fields win over the table of names, and that over vague names such as "fecha". The columns
    that a result adds are never taken.

    Args:
        labels: the columns of the file, unique, in order.
        chosen: columns by field, in the order in which `alternatives` are to be tried; a field
            with none, or with an empty name, takes no column at all.
        template: the template for `data`, whose columns are looked up too.

    Raises:
        ColumnError: a column doesn't exist, several fit, or none holds the number to dial.
        SettingsError: the template's braces don't match.
    """
    usable = [label for label in labels if label not in RESULT_COLUMNS]
    columns = _chosen_columns(usable, chosen)
    taken = {label for several in columns.values() for label in several}
    free = [label for label in usable if label not in taken]
    columns |= _named_columns(free, without=columns)
    found = {name: columns[name] for name in Field if columns.get(name)}
    if Field.DESTINATION not in found:
        raise _no_destination(usable)
    names = parse_template(template).names
    return ColumnMap(found, tuple(find_column(name, usable, "--data") for name in names))


def find_column(name: str, labels: Sequence[str], asked_by: str) -> str:
    """The label that a name means: exactly this one, or else the only one loosely like it.

    Args:
        name: as the user wrote it.
        labels: the columns of the file.
        asked_by: the setting that holds the name, for the message.

    Raises:
        ColumnError: no column has this name, or several have it loosely.
    """
    if name in labels:
        return name
    alike = [label for label in labels if loosened(label) == loosened(name)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        what = f'{asked_by} names the column "{name}", and the columns {listed_columns(alike)} fit.'
        raise ColumnError(what, "", "Write the name exactly as the header has it.")
    raise ColumnError(
        f'{asked_by} names the column "{name}", which the file does not have.',
        f"Its columns are {listed_columns(labels)}.",
        _nearest(name, labels),
    )


def _chosen_columns(
    labels: Sequence[str], chosen: Mapping[Field, Sequence[str]]
) -> dict[Field, tuple[str, ...]]:
    columns: dict[Field, tuple[str, ...]] = {}
    owner: dict[str, Field] = {}
    for name, wanted in chosen.items():
        found = tuple(find_column(w, labels, f"--map {name.value}=…") for w in wanted if w.strip())
        if len(found) > 1 and name is not Field.ALTERNATIVES:
            raise ColumnError(
                f"--map gives {name.value} the columns {listed_columns(found)}.",
                "Only alternatives can have several columns.",
                f"Keep one --map {name.value}=….",
            )
        for label in found:
            if label in owner:
                raise ColumnError(
                    f'--map gives the column "{label}" to {owner[label].value} and {name.value}.',
                    "A column can feed one field only.",
                    "Leave one of them out.",
                )
            owner[label] = name
        columns[name] = found
    return columns


def _named_columns(labels: Sequence[str], without: Iterable[Field]) -> dict[Field, tuple[str, ...]]:
    matches = [(label, match) for label in labels if (match := match_header(label))]
    columns: dict[Field, tuple[str, ...]] = {}
    for name in (name for name in Field if name not in without):
        fits = [(match.fit, label) for label, match in matches if match.field is name]
        best = min((fit for fit, _ in fits), default=None)
        several = name is Field.ALTERNATIVES
        columns[name] = tuple(label for fit, label in fits if several or fit is best)
    for name, found in columns.items():
        if len(found) > 1 and name is not Field.ALTERNATIVES:
            raise _ambiguous(name, found)
    return columns


def _ambiguous(name: Field, found: Sequence[str]) -> ColumnError:
    choices = " or ".join(f'--map {name.value}="{label}"' for label in found)
    remedy = f"Say which: {choices}."
    if name is Field.DESTINATION:
        remedy += f' The other can be tried next: --map alternatives="{found[1]}".'
    return ColumnError(
        f"The columns {listed_columns(found)} all fit {name.value}."
        if len(found) > 2  # noqa: PLR2004 - "both" of two, "all" of more
        else f"The columns {listed_columns(found)} both fit {name.value}.",
        "Only one can feed it, and to choose one would be a guess.",
        remedy,
    )


def _no_destination(labels: Sequence[str]) -> ColumnError:
    return ColumnError(
        "No column holds the phone number to dial.",
        f"None of the columns has a known name for it: {listed_columns(labels)}."
        if labels
        else "The file has no columns of its own.",
        'Name it with --map destination="COLUMN"; where these are not the names of columns, '
        "say which row has them with --header-row.",
    )


def _nearest(name: str, labels: Sequence[str]) -> str:
    by_loose = {loosened(label): label for label in reversed(labels)}
    if any(map(is_data, labels)):
        return "If the list has no header, add --header-row 0; then columns are named by letters."
    close = get_close_matches(loosened(name), by_loose, n=1)
    if not close:
        return "Use one of these names."
    return f'Did you mean "{by_loose[close[0]]}"?'
