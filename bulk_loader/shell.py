"""Commands as they can be typed into the shell of this system."""

from __future__ import annotations

import os
import re
import shlex

from bulk_loader.masking import is_concealed

ON_WINDOWS = os.name == "nt"

# What neither cmd nor PowerShell acts on where it stands without quotes.
_PLAIN_ON_WINDOWS = re.compile(r"[\w.:/\\+=-]+")


def typed(*words: str, on_windows: bool = ON_WINDOWS) -> str:
    """A command line of these words."""
    return " ".join(map(_quoted_on_windows if on_windows else _quoted, words))


def _quoted(word: str) -> str:
    """As `shlex.quote`; what a terminal would not show or keep, in the octal numbers of its bytes."""
    if any(map(is_concealed, word)):
        return f"$'{''.join(map(_escaped, word))}'"
    return shlex.quote(word)


def _escaped(letter: str) -> str:
    if letter in "'\\":
        return f"\\{letter}"
    if not is_concealed(letter):
        return letter
    return "".join(f"\\{byte:03o}" for byte in letter.encode("utf-8", "surrogateescape"))


def _quoted_on_windows(word: str) -> str:
    """In double quotes, which cmd and PowerShell both know.

    Only PowerShell, which a terminal of today starts, can quote a dollar or what nobody sees.
    Programs read a backslash before a quote as part of it, so those at the end are doubled.
    """
    if _PLAIN_ON_WINDOWS.fullmatch(word):
        return word
    word = re.sub(r'(\\*)"', r'\1\1\\"', word)
    word = re.sub(r"(\\+)\Z", r"\1\1", word)
    if any(map(is_concealed, word)):
        shown = re.sub(r'[$`"]', r"`\g<0>", word)
        return f'"{"".join(map(_escaped_on_windows, shown))}"'
    if "$" in word or "`" in word:
        return "'{}'".format(word.replace("'", "''"))
    return f'"{word}"'


def _escaped_on_windows(letter: str) -> str:
    code = f"$([char]::ConvertFromUtf32(0x{ord(letter):X}))"
    return code if is_concealed(letter) else letter
