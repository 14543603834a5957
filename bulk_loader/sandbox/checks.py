"""Whether a request is a task as the vendor's page "Add Record to Dialer" describes one.

The page names the header, the form field, the nine keys and their types. It says nothing
about keys beyond the nine or about keys that stand twice; the sandbox refuses both, because
a trial is there to find a slip before the real dialer swallows it.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from bulk_loader.model import DialerTask, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = "application/x-www-form-urlencoded"

_KEYS: tuple[Field, ...] = tuple(Field)
_KEY_SET = frozenset(_KEYS)
_FLAGS: tuple[Field, ...] = (Field.BULK, Field.AUTOMATIC)
_TEXTS: tuple[Field, ...] = tuple(key for key in _KEYS if key not in (Field.CALLDATE, *_FLAGS))
_REQUIRED = (Field.CAMPAIGN, Field.DESTINATION, Field.SOURCE)
_CALLDATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_CHARSET = re.compile(r'(?:^|;)\s*charset\s*=\s*"?([^";]*)', re.IGNORECASE)
# Every printable character, and what some codecs take for an escape of another one.
_ASCII = rb"\n.xn--mnchen-3ya." + bytes(range(0x20, 0x7F)).replace(b"\\", b"")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class NotATaskError(Exception):
    """The request is no task; the text says why, in terms of the vendor's page."""


def read_task(content_type: str, body: bytes) -> DialerTask:
    """The task that a request carries.

    Raises:
        NotATaskError: with every fault of the task, not only the first.
    """
    calls = [value for name, value in read_form(content_type, body) if name == "call"]
    if len(calls) != 1:
        raise NotATaskError(f'the form has {len(calls)} fields "call", one is needed')
    values = _read_object(calls[0])
    faults = "; ".join(_faults_of_keys(values) or _faults_of_values(values))
    if faults:
        raise NotATaskError(faults)
    return DialerTask(**values)  # type: ignore[arg-type]  # checked just above


def read_form(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Names and values of a form, empty values included.

    The charset is the one declared, else UTF-8, else Latin-1, which fits any bytes.

    Raises:
        NotATaskError: the content is not declared as a form, or not in the declared charset.
    """
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != FORM:
        raise NotATaskError(f'Content-Type is "{content_type}", {FORM} is needed')
    declared = _CHARSET.search(parameters)
    charset = declared[1].strip() if declared else ""
    if charset and not _is_usable(charset):
        raise NotATaskError(f'the form can\'t be read in its charset "{charset}"')
    # Latin-1 maps every byte to one character and back, so bytes that were percent-encoded
    # and bytes that were not come out alike, and the real charset is told afterwards.
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return [(_decode(name, charset), _decode(value, charset)) for name, value in pairs]


@lru_cache(maxsize=16)
def _is_usable(charset: str) -> bool:
    """Python knows it, and it writes ASCII as ASCII, without which there is no form.

    Among Python's codecs are some that are none for texts, or that fail on any: `hex`, `idna`,
    `undefined`.
    """
    try:
        return _ASCII.decode(charset) == _ASCII.decode("ascii")
    except (LookupError, ValueError):  # ValueError: a UnicodeError, or a name with a zero byte
        return False


def _decode(text: str, charset: str) -> str:
    if text.isascii():
        return text
    data = text.encode("latin-1")
    try:
        return data.decode(charset or "utf-8")
    except UnicodeError as error:
        if charset:
            raise NotATaskError(f'the form can\'t be read in its charset "{charset}"') from error
        return text


def _read_object(call: str) -> dict[str, object]:
    try:
        values = json.loads(call, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise NotATaskError(f'the field "call" is not JSON: {error}') from error
    if not isinstance(values, dict):
        raise NotATaskError(f'the field "call" holds {_kind(values)}, an object is needed')
    return values


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise NotATaskError("a key of the object stands twice")
    return values


def _faults_of_keys(values: dict[str, object]) -> list[str]:
    missing = [f'the key "{key}" is missing' for key in _KEYS if key not in values]
    unknown = [f"the key {json.dumps(key)} is unknown" for key in values if key not in _KEY_SET]
    return missing + unknown


def _faults_of_values(values: dict[str, object]) -> Iterator[str]:
    for key in _TEXTS:
        if fault := _fault_of_text(key, values[key]):
            yield f'"{key}" {fault}'
    for key in _FLAGS:
        if not isinstance(values[key], bool):
            yield f'"{key}" is {_kind(values[key])}, true or false is needed'
    if not _is_calldate(values[Field.CALLDATE]):
        yield '"calldate" is neither null nor a real date written YYYY-MM-DD HH:MM:SS'


def _fault_of_text(key: Field, value: object) -> str:
    if not isinstance(value, str):
        return f"is {_kind(value)}, a string is needed"
    if key in _REQUIRED and not value.strip():
        return "is empty"
    if key is Field.DESTINATION and value.startswith(" "):
        return "begins with a space, as a + does that was not percent-encoded"
    if not value.isascii() and _LONE_SURROGATE.search(value):
        return "holds half of a surrogate pair, which is no character"
    return ""


def _is_calldate(value: object) -> bool:
    # "A key that is not mandatory may be sent empty", so an empty text stands beside null.
    if value is None or value == "":
        return True
    if not isinstance(value, str) or _CALLDATE.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _kind(value: object) -> str:
    """A JSON value's type in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"
