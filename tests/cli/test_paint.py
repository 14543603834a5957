from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.console import Console
from bulk_loader.cli.paint import Painted, has_colours, painted, plain

if TYPE_CHECKING:
    from bulk_loader.cli.paint import Line

LINES: list[Line] = [
    ["Run: ", Painted("3 accepted", "green"), Painted(" ▇▇", "green", only_there=True)],
    [Painted("Next: \x1b[2J\u202ex", is_bold=True)],
]


class Terminal(io.StringIO):
    """A stream that says that it is one, and knows all letters."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_elsewhere_lines_are_plain() -> None:
    """A file gets the words, and neither colours nor bars."""
    assert plain(LINES) == "Run: 3 accepted\nNext: \\x1b[2J\\u202ex"


def test_a_terminal_gets_colours_and_nothing_else_that_acts() -> None:
    """What is in a name can't move its cursor; the words are the same."""
    shown = painted(LINES)
    assert "\x1b[32m3 accepted\x1b[0m" in shown
    assert re.sub(r"\x1b\[\d+m", "", shown) == "Run: 3 accepted ▇▇\nNext: \\x1b[2J\\u202ex"


@pytest.mark.parametrize(
    ("is_terminal", "encoding", "environ", "shown"),
    [
        (True, "utf-8", {"WT_SESSION": "1"}, True),
        (True, "utf-8", {"WT_SESSION": "1", "NO_COLOR": ""}, True),
        (True, "utf-8", {"WT_SESSION": "1", "NO_COLOR": "1"}, False),
        (True, "utf-8", {"WT_SESSION": "1", "TERM": "dumb"}, False),
        (True, "ascii", {"WT_SESSION": "1"}, False),
        (True, "no-such", {"WT_SESSION": "1"}, False),
        (False, "utf-8", {"WT_SESSION": "1"}, False),
    ],
)
def test_colours_are_shown_where_they_can_be_and_are_wanted(
    *, is_terminal: bool, encoding: str, environ: dict[str, str], shown: bool
) -> None:
    """A pipe, a dumb terminal, one without the letters, and NO_COLOR get plain text."""
    told = has_colours(is_terminal=is_terminal, encoding=encoding, environ=environ)
    assert told is shown


def test_the_console_asks_its_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same lines go to a terminal in colours, and plain where they are not wanted."""
    monkeypatch.setenv("WT_SESSION", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    Console().lines(LINES)
    assert terminal.getvalue() == painted(LINES) + "\n"
    monkeypatch.setenv("NO_COLOR", "1")
    Console().lines(LINES)
    assert terminal.getvalue() == f"{painted(LINES)}\n{plain(LINES)}\n"
