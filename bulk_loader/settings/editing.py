"""Changes keys of a settings file and nothing else: comments, order and layout stay as they are.

What tomlkit makes is held against what the standard library reads, so that a layout which it does
not master is refused, and never written wrong.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import MissingExtraError, SettingsError
from bulk_loader.settings.toml_text import toml_key, toml_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tomlkit import TOMLDocument
    from tomlkit.container import Container
    from tomlkit.items import Array, Key
    from tomlkit.items import Item as AnyItem
    from tomlkit.items import Table as AnyTable


def edited(text: str, profile: str | None, changes: Mapping[str, object]) -> str:
    """The text of a settings file with some keys of one table changed.

    Args:
        profile: whose table; None for what the file says for all.
        changes: values by key; None where the key is to go.

    Raises:
        SettingsError: it is laid out in a way in which this can't be done.
        MissingExtraError: tomlkit is not installed.
    """
    errors = (tomllib.TOMLDecodeError, _library_error())
    end = "\r\n" if "\r\n" in text else "\n"
    try:
        made = _changed(text, profile, changes, end)
        is_right = tomllib.loads(made) == _wanted(tomllib.loads(text), profile, changes)
    except errors as error:
        raise _too_odd() from error
    if not is_right:
        raise _too_odd()
    return made


def with_profile(text: str, name: str, values: Mapping[str, object]) -> str:
    """The text of a settings file with one more profile at its end.

    Raises:
        SettingsError: it is laid out in a way in which this can't be done.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [f"[profile.{toml_key(name)}]", *(_line(key, values[key]) for key in values)]
    gap = "" if not text.strip() else end if text.endswith("\n") else end * 2
    made = text + gap + "".join(line + end for line in lines)
    before = tomllib.loads(text)
    wanted = {**before, "profile": {**before.get("profile", {}), name: dict(values)}}
    try:
        if tomllib.loads(made) == wanted:
            return made
    except tomllib.TOMLDecodeError as error:
        raise _too_odd() from error
    raise _too_odd()


def _library_error() -> type[Exception]:
    """What says that the library does not understand a text."""
    try:
        from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "The settings file can't be changed here.",
            "The package tomlkit, which keeps its comments, is not installed.",
            'Install it with: pip install "bulk-loader[desk]"',
        ) from error
    return TOMLKitError


def _too_odd() -> SettingsError:
    return SettingsError(
        "The settings file can't be changed here.",
        "It is laid out in a way in which its comments might get lost.",
        "Change it in an editor. It was left as it is.",
    )


def _wanted(
    before: dict[str, Any], profile: str | None, changes: Mapping[str, object]
) -> dict[str, Any]:
    """What the file must say then."""
    table = before if profile is None else before.setdefault("profile", {}).setdefault(profile, {})
    for key, value in changes.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    return before


def _changed(text: str, profile: str | None, changes: Mapping[str, object], end: str) -> str:
    document, table = _opened(text, profile)
    new = {key: value for key, value in changes.items() if value is not None}
    for key, value in changes.items():
        if key not in table:
            continue
        if value is None:
            table.remove(key)
        else:
            _replace(table, key, value)
            del new[key]
    made = document.as_string()
    for key, value in new.items():
        made = _with_line(made, profile, key, _line(key, value), end)
    return made


def _opened(text: str, profile: str | None) -> tuple[TOMLDocument, TOMLDocument | AnyTable]:
    """The file, and the table that is meant.

    Raises:
        SettingsError: the table has no header of its own.
    """
    import tomlkit  # noqa: PLC0415 - an extra
    from tomlkit.items import Table  # noqa: PLC0415

    document = tomlkit.parse(text)
    if profile is None:
        return document, document
    # Not by its keys: of tables in no order the library gives copies, which lose what is changed.
    found = [
        table
        for kind, tables in document.body
        if kind is not None and kind.key == "profile" and isinstance(tables, Table)
        for name, table in tables.value.body
        if name is not None and name.key == profile
        if isinstance(table, Table) and not table.is_super_table()
    ]
    if len(found) != 1:
        raise _too_odd()
    return document, found[0]


def _line(key: str, value: object) -> str:
    return f"{toml_key(key)} = {toml_value(value)}"


def _replace(table: Any, key: str, value: object) -> None:
    from tomlkit.items import Array  # noqa: PLC0415 - an extra

    found = table[key]
    if isinstance(found, Array) and isinstance(value, list) and _fill(found, value):
        return
    table[key] = value


def _fill(array: Array, wanted: list[object]) -> bool:
    """Change only what differs in a list, whose lines may have comments; False where that can't be."""
    kept = [each for each in array.unwrap() if each in wanted]
    if kept != wanted[: len(kept)]:
        return False
    for each in [each for each in array.unwrap() if each not in wanted]:
        array.remove(each)
    for each in wanted[len(kept) :]:
        array.append(each)
    return True


def _with_line(text: str, profile: str | None, key: str, line: str, end: str) -> str:
    """Put a line where a reader looks for it.

    That is below the commented example of the key, else below the last key of the table, else below
    its header; of the file as a whole, below what is said of it at its beginning.
    """
    from tomlkit.items import Item, Table  # noqa: PLC0415 - an extra

    document, table = _opened(text, profile)
    container = table.value if isinstance(table, Table) else table
    body = _own(container)
    example = re.compile(rf"#\s*{re.escape(key)}\s*=")
    examples = [item for _, item in body if example.match(item.trivia.comment)]
    keys = [item for name, item in body if name is not None]
    header = [table] if isinstance(table, Item) else []
    if anchors := examples or keys or header:
        trail = anchors[-1].trivia.trail
        anchors[-1].trivia.trail = f"{trail or end}{line}{end}"
        return document.as_string()
    head = _HEAD.match(text)
    at = head.end() if head else 0
    gap = end if text[at:].strip() else ""
    return f"{text[:at]}{line}{end}{gap}{text[at:]}"


# Comments at the beginning with an empty line below, of which none is a table that may be put in
# force, and would then have the line for its own.
_HEAD = re.compile(r"(?:#(?!\s*\[).*\r?\n)+\r?\n")


def _own(container: Container) -> list[tuple[Key | None, AnyItem]]:
    """What stands in a table before the tables in it, and before those that are commented out."""
    from tomlkit.items import AoT, Comment, Null, Table, Whitespace  # noqa: PLC0415 - an extra

    found = []
    has_commented = False
    for name, item in container.body:
        if isinstance(item, Table | AoT):
            break
        if isinstance(item, Comment) and re.match(r"#\s*\[", item.trivia.comment):
            has_commented = True
        if not isinstance(item, Null | Whitespace) and (name is not None or not has_commented):
            found.append((name, item))
    return found
