"""`bulk-loader sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli.options import FILE_TYPE
from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.sandbox import SandboxOptions


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
@click.pass_obj
def sandbox(app: App, /, port: int, db: Path | None, fail: float, latency: float) -> None:
    """Run a dialer for trials on 127.0.0.1, with a page to watch its queue, until Ctrl-C."""
    from bulk_loader.sandbox import SandboxOptions

    options = SandboxOptions(port, db, fail_percent=fail, latency_s=latency / 1000)
    app.call(_sandbox, options, app.console.say)


def _sandbox(options: SandboxOptions, announce: Callable[[str], None]) -> None:
    from bulk_loader.sandbox import serve

    serve(options, announce)
