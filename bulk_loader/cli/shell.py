"""Commands as they can be typed into a shell."""

from __future__ import annotations

import shlex

from bulk_loader.cli.visible import is_concealed


def typed(*words: str) -> str:
    """A command line of these words."""
    return " ".join(map(_quoted, words))


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
