"""Which column of a file feeds which field of a task."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulk_loader.errors import ColumnError
from bulk_loader.mapping.headers import Fit, loosened, match_header
from bulk_loader.mapping.hints import is_phone, is_portuguese, quoted
from bulk_loader.mapping.template import parse_template
from bulk_loader.masking import is_data, listed_columns
from bulk_loader.model import RESULT_COLUMNS, ColumnMap, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def match_columns(
    labels: Sequence[str], chosen: Mapping[Field, Sequence[str]], template: str = ""
) -> ColumnMap:
    """Find the columns of each field, from the user's choice first, then from their names.

    A column feeds one field at most, and only `alternatives` takes several. Exact names of
    fields win over the table of names. A vague name, such as "fecha", feeds none before a person
    has said so; but the number to dial, which every list has, is taken from one where no other
    column may hold it. The columns that a result adds are never taken.

    Args:
        labels: the columns of the file, unique, in order.
        chosen: columns by field, in the order in which `alternatives` are to be tried; a field
            with none, or with an empty name, takes no column at all.
        template: the template for `data`, whose columns are looked up too.

    Raises:
        ColumnError: a column doesn't exist, several fit, a vague one may, or none holds the number
            to dial.
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


def _named_columns(
    labels: Sequence[str], without: Collection[Field]
) -> dict[Field, tuple[str, ...]]:
    matches = [(label, match) for label in labels if (match := match_header(label))]
    columns: dict[Field, tuple[str, ...]] = {}
    vague: list[Field] = []
    for name in (name for name in Field if name not in without):
        fits = [(match.fit, label) for label, match in matches if match.field is name]
        best = min((fit for fit, _ in fits), default=None)
        several = name is Field.ALTERNATIVES
        columns[name] = tuple(label for fit, label in fits if several or fit is best)
        if best is Fit.VAGUE:
            vague.append(name)
    if Field.DESTINATION in vague:  # every list has one, so only another phone makes it doubtful
        vague.remove(Field.DESTINATION)
        columns[Field.DESTINATION] += tuple(_like_phones(labels))
    for name, found in columns.items():
        if len(found) > 1 and name not in {Field.ALTERNATIVES, *vague}:
            raise _ambiguous(name, found)
    if vague:
        raise _vague({name: columns[name] for name in vague})
    if _may_be_date(columns, labels, without):
        raise _data_or_date(columns[Field.DATA][0])
    return columns


def _like_phones(labels: Sequence[str]) -> list[str]:
    """Columns that no field knows by their names, which may nevertheless hold phones."""
    return [label for label in labels if not match_header(label) and is_phone(label)]


_IF_WRONG = {
    Field.CALLDATE: "calls would wait for a date that is not meant, or be refused as late",
    Field.AGENT: "the lead's own extension would be taken for that of an agent",
}


def _vague(found: Mapping[Field, Sequence[str]]) -> ColumnError:
    """Names that fit many things, which feed a field only by a person's word."""
    may_be = [f"{listed_columns(labels)} may be {name.value}" for name, labels in found.items()]
    harm = [f"if it is not {name.value}, {_IF_WRONG[name]}" for name in found]
    choices = [
        f"{' or '.join(f'--map {name.value}={quoted(label)}' for label in labels)}"
        f"; if it is something else: --map {name.value}="
        for name, labels in found.items()
    ]
    return ColumnError(
        f"{', and '.join(may_be)}, or something else.",
        f"A name like this fits many things; {', and '.join(harm)}.",
        f"Say which: {'. And: '.join(choices)}",
    )


def _may_be_date(
    columns: Mapping[Field, Sequence[str]], labels: Sequence[str], without: Collection[Field]
) -> bool:
    """Whether `Data` is not the field of the task, but a date, as in Portuguese."""
    found = columns.get(Field.DATA, ())
    is_open = Field.CALLDATE not in without and not columns.get(Field.CALLDATE)
    is_bare = bool(found) and loosened(found[0]) == Field.DATA.value
    return is_open and is_bare and is_portuguese(labels)


def _data_or_date(label: str) -> ColumnError:
    return ColumnError(
        f'The column "{label}" may be data, for the agent\'s form, or the date of the call.',
        "In a Portuguese list the word means date, and to take it for either would be a guess.",
        f"Say which: --map data={quoted(label)} or --map calldate={quoted(label)}; "
        "if it is neither: --map data= --map calldate=",
    )


def _ambiguous(name: Field, found: Sequence[str]) -> ColumnError:
    choices = " or ".join(f"--map {name.value}={quoted(label)}" for label in found)
    remedy = f"Say which: {choices}."
    if name is Field.DESTINATION:
        remedy += f" The other can be tried next: --map alternatives={quoted(found[1])}."
    return ColumnError(
        f"The columns {listed_columns(found)} all fit {name.value}."
        if len(found) > 2  # noqa: PLR2004 - "both" of two, "all" of more
        else f"The columns {listed_columns(found)} both fit {name.value}.",
        "Only one can feed it, and to choose one would be a guess.",
        remedy,
    )


def _no_destination(labels: Sequence[str]) -> ColumnError:
    likely = _like_phones(labels)
    label = quoted(likely[0] if len(likely) == 1 else "COLUMN")
    return ColumnError(
        "No column holds the phone number to dial.",
        f"None of the columns has a known name for it: {listed_columns(labels)}."
        if labels
        else "The file has no columns of its own.",
        f"Name it with --map destination={label}; where these are not the names of columns, "
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
