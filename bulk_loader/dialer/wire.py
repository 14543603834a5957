"""What goes over the wire: a task's JSON as the form field `call`.

Source: the vendor's page "Add Record to Dialer", for the path, the form and the nine keys.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote_plus

from bulk_loader.model import Field

if TYPE_CHECKING:
    from bulk_loader.model import DialerTask

TASK_PATH = "/Integra/resources/Dialers/DialerTask"

FORM_TYPE = "application/x-www-form-urlencoded"

# ASCII, because the charset of the dialer's form is documented nowhere: \u00f1 reads the same
# under every one.
_encode = json.JSONEncoder(ensure_ascii=True).encode

# Everything but the values stands in every body, so it is escaped only once.
_FRAME = (
    "call="
    + quote_plus("{").replace("%", "%%")
    + quote_plus(", ")
    .replace("%", "%%")
    .join(quote_plus(f'"{name.value}": ').replace("%", "%%") + "%s" for name in Field)
    + quote_plus("}").replace("%", "%%")
)

_EMPTY = quote_plus('""')
_TRUTH = {True: "true", False: "false"}

# One look-up a character in C; quote_plus takes twice as long for a short text.
_ESCAPES = {code: quote_plus(chr(code)) for code in range(128)}

# Campaigns, agents and sources are few; numbers and data differ in every row.
_KEPT_TEXTS = 1024


def to_body(task: DialerTask) -> bytes:
    """The form body for one task: ASCII JSON of all nine keys, in the vendor's order."""
    destination = task.destination
    calldate = task.calldate
    return (
        _FRAME
        % (
            "null" if calldate is None else _escaped_again(calldate),
            _escaped_again(task.campaign),
            # Digits need no escape, and nearly every destination is nothing else.
            f"%22{destination}%22" if _is_plain(destination) else _escaped(destination),
            _escaped(task.alternatives) if task.alternatives else _EMPTY,
            _escaped_again(task.agent),
            _escaped(task.data) if task.data else _EMPTY,
            _escaped_again(task.source),
            _TRUTH[task.bulk],
            _TRUTH[task.automatic],
        )
    ).encode("ascii")


def call_of(body: bytes) -> str:
    """The JSON in a form body, as the dialer reads it."""
    (call,) = parse_qs(body.decode("ascii"), strict_parsing=True)["call"]
    return call


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _escaped(text: str) -> str:
    return _encode(text).translate(_ESCAPES)


_escaped_again = lru_cache(_KEPT_TEXTS)(_escaped)
