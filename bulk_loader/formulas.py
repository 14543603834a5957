"""A guard against cells that a spreadsheet program would run as formulas, and its reverse.

`unguard(guard(text)) == text` holds for every text, so that a results file can be read back.
"""

from __future__ import annotations

import re

# What Excel, LibreOffice and Google Sheets start a formula with; the full-width forms count in
# East Asian editions. White space and invisible characters in front are skipped by some.
# Source: OWASP's page "CSV Injection".
_FORMULA = re.compile(
    r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
)

# A phone number or amount, such as +593 (99) 123-4567 or -12.5: what it runs to is itself.
# So is a bare dash, which many write for "nothing".
_PLAIN = re.compile(r" *[+-]? ?\(?\d[\d\u00a0 ().,/-]*(?:[eE][+-]?\d+)?|[ +-]+", re.ASCII)


def guard(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet program might run it.

    A text that has such apostrophes of its own gets one more, so that `unguard` can tell.
    """
    return f"'{text}" if is_dangerous(text) or _looks_guarded(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given; texts that it never returns are left alone.

    A person may have corrected what stands behind the apostrophe into a plain number, with a sign
    or without, which alone would have got none: it is still not what they want to send.
    """
    return text[1:] if _looks_guarded(text) else text


def is_dangerous(text: str) -> bool:
    """Whether the text, apostrophes in front aside, begins like a formula and is no plain number."""
    if text[:1].isalnum():  # nearly every cell, so decided first
        return False
    bare = text.lstrip("'")
    return bool(_FORMULA.match(bare)) and not _PLAIN.fullmatch(bare)


def _looks_guarded(text: str) -> bool:
    if text[:1] != "'":
        return False
    bare = text.lstrip("'")
    return bool(_FORMULA.match(bare) or _PLAIN.fullmatch(bare))
