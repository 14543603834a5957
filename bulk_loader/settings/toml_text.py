"""Names and values as they stand in TOML."""

from __future__ import annotations

import json
import re


def toml_key(name: str) -> str:
    """A name as a key or a part of a table's header, which needs quotes for some letters."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name, re.ASCII) else toml_value(name)


def toml_value(value: object) -> str:
    """A text, a number, a truth value, or a list of them.

    What JSON escapes, TOML escapes so too, and one letter more.
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
