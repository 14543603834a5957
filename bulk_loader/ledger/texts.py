"""Paths and sentences as texts that every database takes."""

from __future__ import annotations

import os
from urllib.parse import quote_from_bytes, unquote_to_bytes

_URI = "file://"


def path_to_text(path: str) -> str:
    """A path that the ledger can hold: as it is, or as a URI where it is no text in UTF-8.

    A name may be any bytes, such as those of an old encoding, which Python carries in characters
    that no database takes. One file has one text, whatever the encoding of the system is said to
    be this time. No absolute path begins as a URI does.
    """
    name = os.fsencode(path)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return _URI + quote_from_bytes(name)


def path_from_text(text: str) -> str:
    """The path of which `path_to_text` made this."""
    if text.startswith(_URI):
        return os.fsdecode(unquote_to_bytes(text.removeprefix(_URI)))
    return os.fsdecode(text.encode())


def sentence_to_text(sentence: str) -> str:
    """A sentence for people, in which bytes of a name that are no letters stand as numbers."""
    return sentence.encode("utf-8", "backslashreplace").decode()
