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


def _percent(flag: str, name: str, help_text: str) -> Callable[[Any], Any]:
    """An option that takes a share."""
    return click.option(flag, name, type=float, default=0.0, metavar="PERCENT", help=help_text)


@click.command(
    cls=SectionedCommand,
    short_help="Run a dialer for trials.",
    example="bulk-loader sandbox --agents 5 --speed 60",
)
@click.option("--port", type=int, default=8080, show_default=True, help="0 takes a free one.")
@click.option("--db", type=FILE_TYPE, help="Keep the queue and its calls in this file.")
@click.option(
    "--agents",
    default="",
    metavar="AGENTS",
    help="Let so many agents call, such as 5, or these: 1001,1002. By default nobody does.",
)
@click.option(
    "--speed",
    type=float,
    default=1.0,
    metavar="TIMES",
    help="Let the dialer's day pass so many times faster.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Of answers, talks and faults: the same seed gives the same day.",
)
@click.option(
    "--campaign",
    "campaigns",
    multiple=True,
    metavar="NAME",
    help="A campaign that it knows, for --online; repeatable.",
)
@click.option(
    "--campaigns",
    "only_campaigns",
    default="",
    metavar="NAMES",
    help="The only campaigns that it takes, with commas; it answers 0 to any other.",
)
@_percent("--fail", "fail_percent", "Answer 0 to so many good tasks.")
@_percent("--error", "error_percent", "Answer 500 to so many; half of these are queued.")
@_percent("--drop", "drop_percent", "Cut the connection of so many; half of these are queued.")
@click.option(
    "--latency", type=float, default=0.0, metavar="MS", help="Answer so many milliseconds later."
)
@click.option(
    "--rate-limit",
    type=float,
    default=0.0,
    metavar="TASKS",
    help="Answer 429 to more tasks a second.",
)
@click.option(
    "--token-life",
    "token_life_s",
    type=float,
    default=0.0,
    metavar="SECONDS",
    help="Let the token of a login expire.",
)
@click.option("--login-shape", **_one_of(LoginShape.BARE), help="How a login is answered.")
@click.option("--session-end", **_one_of(SessionEnd.ANY), help="Where EndSession finds the token.")
@click.pass_obj
def sandbox(app: App, /, **asked: Any) -> None:
    """Run a dialer for trials on 127.0.0.1, with a page to watch its queue, until Ctrl-C.

    With --agents the queue is called as by a real dialer, though nobody's phone rings.

    With a userlogin- shape it is an older one, which has no getUserToken.
    """
    app.call(_sandbox, _options(**asked), app.console.say)


def _options(
    *, agents: str, latency: float, campaigns: tuple[str, ...], only_campaigns: str, **others: Any
) -> SandboxOptions:
    from bulk_loader.sandbox import SandboxOptions, read_agents

    only = tuple(name.strip() for name in only_campaigns.split(",") if name.strip())
    return SandboxOptions(
        agents=read_agents(agents),
        latency_s=latency / 1000,
        campaigns=(*campaigns, *only),
        takes_others=not only,
        **others,
    )


def _sandbox(options: SandboxOptions, announce: Callable[[str], None]) -> None:
    from bulk_loader.sandbox import serve

    serve(options, announce)
