"""Writes the man page, bulk-loader.1 beside this file, from the help texts.

It stands in the project, so that a build of the package needs nothing of it; a test holds it against
the help. Names of requests: groff_man(7).
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulk_loader.cli.app import bulk_loader
from bulk_loader.cli.sections import SectionedCommand, options_by_section
from bulk_loader.exit_codes import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = Path(__file__).with_name("bulk-loader.1")


def man_page() -> str:
    """The page as it stands in the package."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    ctx = click.Context(bulk_loader, info_name="bulk-loader", **bulk_loader.context_settings)
    first, *_ = _paragraphs(bulk_loader)
    yield '.\\" Made from the help texts by: make man'
    yield '.TH BULK-LOADER 1 "" "bulk-loader" "User Commands"'
    yield from (".nh", ".ad l")  # a command broken in two can't be copied
    yield ".SH NAME"
    yield f"bulk-loader \\- {_escaped(first.rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield _usage(bulk_loader, ctx)
    yield ".SH DESCRIPTION"
    yield from _described(bulk_loader)
    yield ".SH OPTIONS"
    for records in options_by_section(bulk_loader, ctx).values():
        yield from _listed(records)
    yield ".SH COMMANDS"
    for command, below in _commands(bulk_loader, ctx):
        yield from _command(command, below)
    yield ".SH EXIT STATUS"
    yield from _listed((str(int(code)), meaning) for code, meaning in MEANINGS.items())


def _commands(
    group: click.Group, ctx: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """All commands below a group, each group before its own."""
    for name in group.list_commands(ctx):
        command = group.commands[name]
        below = click.Context(command, info_name=name, parent=ctx)
        yield command, below
        if isinstance(command, click.Group):
            yield from _commands(command, below)


def _command(command: click.Command, ctx: click.Context) -> Iterator[str]:
    yield f".SS {_escaped(ctx.command_path)}"
    yield _usage(command, ctx)
    yield from _described(command)
    for title, records in options_by_section(command, ctx).items():
        yield ".PP"
        yield f"{_escaped(title)}:"
        yield from _listed(records)
    if isinstance(command, SectionedCommand):
        yield from (".PP", "Example:", ".PP", ".RS", ".nf", _escaped(command.example), ".fi", ".RE")


def _usage(command: click.Command, ctx: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    return f"\\fB{_escaped(ctx.command_path)}\\fR {_escaped(pieces)}"


def _described(command: click.Command) -> Iterator[str]:
    for paragraph in [*_paragraphs(command), *([command.epilog] if command.epilog else [])]:
        yield ".PP"
        yield _escaped(paragraph)


def _paragraphs(command: click.Command) -> list[str]:
    text = inspect.cleandoc(command.help or "")
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _listed(records: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in records:
        yield ".TP"
        yield f"\\fB{_escaped(term)}\\fR"
        yield _escaped(meaning)


def _escaped(text: str) -> str:
    """The text so that every character of it is shown, and none makes a line a request."""
    shown = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    shown = shown.replace('"', "\\(dq")
    plain = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in shown)
    return f"\\&{plain}" if plain.startswith(".") else plain


if __name__ == "__main__":
    PAGE.write_text(man_page(), "ascii")
