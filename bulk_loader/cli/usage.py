"""Wrong usage, told like every other error: what happened, why, what to do."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from bulk_loader.errors import ErrorCode, LoaderError

if TYPE_CHECKING:
    from collections.abc import Sequence


class NamingGroup(click.Group):
    """A group that answers an unknown command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, but for a name that is no command."""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise _UnknownCommandError(name, sorted(self.commands), ctx)
        return super().resolve_command(ctx, args)


class _UnknownCommandError(click.UsageError):
    def __init__(self, name: str, known: Sequence[str], ctx: click.Context) -> None:
        super().__init__(f"There is no command {name}.", ctx)
        self.near = get_close_matches(name, known, n=1)
        self.known = known


def usage_error(error: click.UsageError, typed: str) -> LoaderError:
    """Click's error in our three parts; `typed` is the command, where click does not tell it."""
    path = error.ctx.command_path if error.ctx else typed
    see_help = f"See what it takes with: {path} --help"
    return LoaderError(*_told(error, path), see_help, code=ErrorCode.USAGE)


def _told(error: click.UsageError, path: str) -> tuple[str, str]:
    """What happened, and why."""
    match error:
        case _UnknownCommandError():
            near = f"Is {error.near[0]} meant? " if error.near else ""
            return error.message, f"{near}It has: {', '.join(error.known)}."
        case click.NoSuchOption():
            near = f"Is {error.possibilities[0]} meant?" if error.possibilities else ""
            return f"{path} has no option {error.option_name}.", near
        case click.BadOptionUsage():
            return f"{error.option_name} needs a value.", error.format_message()
    return f"{path} can't be run so.", error.format_message()
