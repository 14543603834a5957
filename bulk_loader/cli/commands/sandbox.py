"""`bulk-loader sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bulk_loader.choices import LoginShape, SessionEnd
from bulk_loader.cli.options import FILE_TYPE
from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from bulk_loader.cli.context import App
    from bulk_loader.sandbox import SandboxOptions


def _one_of(default: StrEnum) -> dict[str, Any]:
    """What an option says that takes one of some words."""
    words = type(default)
    return {
        "type": click.Choice([word.value for word in words]),
        "default": default.value,
        "show_default": True,
        "callback": lambda _context, _option, word: words(word),
    }


@click.command(
    cls=SectionedCommand,
    short_help="Run a dialer for trials.",
    example="bulk-loader sandbox --port 8080",
)
@click.option("--port", type=int, default=8080, show_default=True, help="0 takes a free one.")
@click.option("--db", type=FILE_TYPE, help="Keep the queue in this file.")
@click.option(
    "--fail", type=float, default=0.0, metavar="PERCENT", help="Answer 0 to so many good tasks."
)
@click.option(
    "--latency", type=float, default=0.0, metavar="MS", help="Answer so many milliseconds later."
)
@click.option(
    "--campaign",
    "campaigns",
    multiple=True,
    metavar="NAME",
    help="A campaign that it knows, for --online; repeatable.",
)
@click.option("--login-shape", **_one_of(LoginShape.BARE), help="How a login is answered.")
@click.option("--session-end", **_one_of(SessionEnd.ANY), help="Where EndSession finds the token.")
@click.pass_obj
def sandbox(app: App, /, fail: float, latency: float, **others: Any) -> None:
    """Run a dialer for trials on 127.0.0.1, with a page to watch its queue, until Ctrl-C.

    With a userlogin- shape it is an older one, which has no getUserToken.
    """
    from bulk_loader.sandbox import SandboxOptions

    options = SandboxOptions(fail_percent=fail, latency_s=latency / 1000, **others)
    app.call(_sandbox, options, app.console.say)


def _sandbox(options: SandboxOptions, announce: Callable[[str], None]) -> None:
    from bulk_loader.sandbox import serve

    serve(options, announce)
