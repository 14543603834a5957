"""A page in a private file that leads to the desk, so that the key stands on no command line.

Who starts a browser with an address shows it to every user of the machine, in the list of processes.
"""

from __future__ import annotations

import secrets
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "open-"

# No script is needed to go on, so a browser that runs none of files goes on, too.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>Opening the desk</title>
</head>
<body><p><a href="{url}">Open the desk</a></p></body>
</html>
"""


class KeyPage:
    """The page, from its making to its removal.

    Args:
        folder: that only this user can look into.
        url: with the key.

    Raises:
        OSError: it can't be written.
    """

    def __init__(self, folder: Path, url: str) -> None:
        self.path = folder / f"{PREFIX}{secrets.token_hex(8)}.html"
        self.path.touch(mode=0o600, exist_ok=False)
        self.path.write_text(_PAGE.format(url=escape(url)), "utf-8")

    @property
    def url(self) -> str:
        """What a browser is started with."""
        return self.path.as_uri()

    def remove(self) -> None:
        """Remove it; once more is no fault."""
        self.path.unlink(missing_ok=True)
