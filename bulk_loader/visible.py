"""Text from elsewhere, made fit for a terminal: what would act there unseen is shown by its code.

A cell, a header, the name of a file or of a sheet, a header of the dialer or an old run may hold
characters that move the cursor, turn the direction of reading, or can't be seen at all.
"""

from __future__ import annotations

import re
from typing import Final

from bulk_loader.masking import is_concealed

LINE_ENDS_AND_TABS: Final = "\n\t"
"""What our own texts are laid out with."""


def visible(text: str, keeping: str = LINE_ENDS_AND_TABS) -> str:
    r"""The text with `\x1b` and `\u202e` in place of those characters, but for those to keep."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter if letter in keeping or not is_concealed(letter) else _code(letter)
        for letter in text
    )


def on_one_line(text: str) -> str:
    """A name or a sentence with names in it, whose line ends would pass for lines of ours."""
    return visible(text, keeping="")


def visible_json(line: str) -> str:
    """JSON that means the same, in which these characters are written by JSON's own escapes.

    So a program reads a name exactly as it is, and a terminal that shows the line is safe.
    """
    if line.isascii() and line.isprintable():
        return line
    return "".join(_json_code(letter) if is_concealed(letter) else letter for letter in line)


def _code(letter: str) -> str:
    number = ord(letter)
    # Bytes of a file's name that are no letters in its encoding, as Python carries them.
    if 0xDC80 <= number <= 0xDCFF:  # noqa: PLR2004
        return f"\\x{number - 0xDC00:02x}"
    if number > 0xFFFF:  # noqa: PLR2004
        return f"\\U{number:08x}"
    return f"\\u{number:04x}" if number > 0xFF else f"\\x{number:02x}"  # noqa: PLR2004


def _json_code(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("....", r"\\u\g<0>", units)
