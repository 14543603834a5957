"""Commands as they can be typed into a shell."""

from __future__ import annotations

import shlex


def typed(*words: str) -> str:
    """A command line of these words."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """As `shlex.quote`; bytes of a name that are no letters in octal, which a terminal keeps."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return f"$'{''.join(map(_escaped, word))}'"
    return shlex.quote(word)


def _escaped(letter: str) -> str:
    if letter in "'\\":
        return f"\\{letter}"
    try:
        letter.encode()
    except UnicodeEncodeError:
        return "".join(f"\\{byte:03o}" for byte in letter.encode("utf-8", "surrogateescape"))
    return letter
