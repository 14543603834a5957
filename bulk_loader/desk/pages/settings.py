"""The settings file in forms: a profile, what holds for all, and a first file."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from bulk_loader.desk.page_words import at_desk
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.settings_fields import (
    DIALER,
    SettingField,
    fields,
    fixed_keys,
    typed_into,
    value_of,
)
from bulk_loader.desk.visit import NotThereError
from bulk_loader.errors import LoaderError
from bulk_loader.settings.loading import in_file, working_directory
from bulk_loader.settings.starter import PROFILE, start_of, write_starter
from bulk_loader.settings.statements import HelpSection
from bulk_loader.settings.whole_file import table_faults
from bulk_loader.workflows.change_settings import (
    ChangedMeanwhileError,
    add_profile,
    change_settings,
    open_settings_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.responses import Response

    from bulk_loader.desk.visit import Visit
    from bulk_loader.settings.faults import SettingFault
    from bulk_loader.workflows.change_settings import OpenedFile

FIRST = ("profile", "instance", "url", "campaign")
"""What may be said of a dialer at the beginning, in a first file or a new profile."""


def overview(visit: Visit) -> Response:
    """Which file it is, its profiles, and what else stands in it."""
    return _overview(visit)


def begin(visit: Visit) -> Response:
    """Write a first file, as `bulk-loader init` does."""
    given = {"profile": PROFILE, **_first(visit)}
    directory = working_directory()
    try:
        write_starter(directory, start_of(given, directory))
    except LoaderError as error:
        return _overview(visit, _at_first(error))
    return visit.go_to(f"/settings/profiles/{quote(given['profile'], safe='')}?done=saved")


def add(visit: Visit) -> Response:
    """Write one more profile."""
    opened, given = _opened(visit), _first(visit)
    name = given.pop("profile", "")
    if visit.text("digest") != opened.digest:
        return _overview(visit, Told.of(ChangedMeanwhileError(opened.path)))
    try:
        worse = add_profile(opened, name, given)
    except LoaderError as error:
        return _overview(visit, _at_first(error))
    if worse:
        return _overview(visit, *(_at_first_fault(fault) for fault in worse))
    return visit.go_to(f"/settings/profiles/{quote(name, safe='')}?done=saved")


def show(visit: Visit) -> Response:
    """The fields of a table, with what is wrong in it now."""
    opened, profile = _opened(visit), _profile(visit)
    found = _fields(visit, opened, profile)
    faults = table_faults(opened.file, profile)
    return _show(visit, opened, found, _told(opened, profile, found, faults))


def save(visit: Visit) -> Response:
    """Write what was changed, where nothing gets worse by it."""
    opened, profile = _opened(visit), _profile(visit)
    typed = [
        typed_into(field, visit.text(field.name), visit.text(f"was-{field.name}"))
        if field.name in visit.form
        else field
        for field in _fields(visit, opened, profile)
    ]
    changes = {field.name: value_of(field) for field in typed if field.is_changed}
    if visit.text("digest") != opened.digest:
        return _show(visit, opened, typed, [Told.of(ChangedMeanwhileError(opened.path))], 409)
    if changes:
        try:
            worse = change_settings(opened, profile, changes)
        except LoaderError as error:
            return _show(visit, _opened(visit), typed, [Told.of(error)], 422)
        if worse:
            told = [*_told(opened, profile, typed, worse), _UNWRITTEN]
            return _show(visit, opened, typed, told, 422)
    return visit.go_to(f"{_address(profile)}?done={'saved' if changes else 'same'}")


_UNWRITTEN = Told(
    "Nothing was written.",
    "The file is as it was; what was typed stands in the fields below.",
    "Correct what is named, and save again.",
)


def _opened(visit: Visit) -> OpenedFile:
    opened = open_settings_file(visit.office.options.flags)
    if opened is None:
        raise NotThereError(
            "There is no settings file.",
            "No bulk_loader.toml was found where the desk was started, nor among the user's own.",
            "Write a first one at Settings.",
        )
    return opened


def _profile(visit: Visit) -> str | None:
    """The profile that the address names; None for what holds for all."""
    name = visit.named.get("profile")
    if name is not None and name not in _opened(visit).file.profiles:
        raise NotThereError(
            "There is no profile of that name.",
            "The settings file has none, or not any more.",
            "See Settings for those that are there.",
        )
    return name


def _address(profile: str | None) -> str:
    if profile is None:
        return "/settings/general"
    return f"/settings/profiles/{quote(profile, safe='')}"


def _fields(visit: Visit, opened: OpenedFile, profile: str | None) -> list[SettingField]:
    """All of them for the one person of a machine; where a team goes is changed in the file."""
    file = opened.file
    table, general = (
        (file.general, {}) if profile is None else (file.profiles[profile], file.general)
    )
    found = fields(table, general, os.environ)
    return [field for field in found if not (visit.is_of_team and field.name in DIALER)]


def _told(
    opened: OpenedFile,
    profile: str | None,
    found: Iterable[SettingField],
    faults: Iterable[SettingFault],
) -> list[Told]:
    """Each fault at its field, and those of other tables at none."""
    table = "" if profile is None else f"[profile.{profile}] of "
    labels = {in_file(f"{table}{opened.path}", field.name): field for field in found}
    told = []
    for fault in faults:
        field = next(
            (labels[at] for at in labels if fault.place == at or fault.place.startswith(f"{at},")),
            None,
        )
        if field is None:
            told.append(Told(at_desk(str(fault))))
        else:
            told.append(Told(f"{field.label}: {at_desk(fault.wrong)}", field=field.name))
    return told


def _show(
    visit: Visit,
    opened: OpenedFile,
    found: Sequence[SettingField],
    errors: Sequence[Told],
    status: int = 200,
) -> Response:
    profile = _profile(visit)
    table = opened.file.general if profile is None else opened.file.profiles[profile]
    ordered = sorted(found, key=lambda field: _ORDER[field.section])
    return visit.show(
        "settings_form.html",
        status=status,
        errors=errors,
        path=opened.path,
        digest=opened.digest,
        profile=profile,
        action=_address(profile),
        sections=[
            (section.value, list(group))
            for section, group in groupby(ordered, key=lambda field: field.section)
        ],
        wrong={error.field for error in errors if error.field},
        fixed=list(fixed_keys(table)),
        done=visit.query.get("done", ""),
    )


_ORDER = {section: number for number, section in enumerate(HelpSection)}


def _overview(visit: Visit, *errors: Told) -> Response:
    opened = open_settings_file(visit.office.options.flags)
    profiles = [] if opened is None else list(opened.file.profiles)
    return visit.show(
        "settings.html",
        status=422 if errors else 200,
        errors=errors,
        opened=opened,
        profiles=[(name, quote(name, safe="")) for name in profiles],
        unread=[] if opened is None else opened.file.passed_over,
        jobs=[] if opened is None else sorted(opened.file.jobs),
        directory=working_directory(),
        is_of_team=visit.is_of_team,
        typed={name: visit.text(name) for name in FIRST},
        usual=PROFILE,
    )


def _first(visit: Visit) -> dict[str, str]:
    given = {name: visit.text(name).strip() for name in FIRST}
    kept = DIALER if visit.is_of_team else ()
    return {name: text for name, text in given.items() if text and name not in kept}


def _at_first(error: LoaderError) -> Told:
    """An error, at the field that it names."""
    text = f"{error.what}\n{error.why}"
    field = next((name for name in FIRST if f'"{name}"' in text), "profile")
    return replace(Told.of(error), field=field)


def _at_first_fault(fault: SettingFault) -> Told:
    field = next((name for name in FIRST if f'"{name}"' in fault.place), "")
    return Told(f"{fault.wrong[:1].upper()}{fault.wrong[1:]}", "Nothing was written.", "", field)
