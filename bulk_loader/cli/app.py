"""The command `bulk-loader`, and how it ends."""

from __future__ import annotations

import gc
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from bulk_loader.cli.commands.check import check
from bulk_loader.cli.commands.init import init
from bulk_loader.cli.commands.retry import retry
from bulk_loader.cli.commands.runs import runs
from bulk_loader.cli.commands.sandbox import sandbox
from bulk_loader.cli.commands.template import template
from bulk_loader.cli.commands.upload import upload
from bulk_loader.cli.context import App
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.report import error_json
from bulk_loader.cli.usage import NamingGroup, usage_error
from bulk_loader.errors import ExitCode, LoaderError

if TYPE_CHECKING:
    from collections.abc import Sequence


def _print_version(ctx: click.Context, _option: click.Parameter, is_asked: object) -> None:
    if is_asked:
        from importlib import metadata

        try:
            version = metadata.version("bulk-loader")
        except metadata.PackageNotFoundError:
            version = "(run from its source, not installed)"
        click.echo(f"bulk-loader {version}")
        ctx.exit()


@click.group(
    cls=NamingGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with: bulk-loader upload sample_files/leads.csv --sandbox",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
def bulk_loader() -> None:
    """Put every row of a spreadsheet of leads into a uContact dialer, once.

    Settings come from options, then BULK_LOADER_... variables, then bulk_loader.toml.
    """


for _command in (upload, check, retry, runs, template, init, sandbox):
    bulk_loader.add_command(_command)


# Objects made since the last search for unreachable ones, and searches until a more thorough one.
# At Python's own 700 the searches take a tenth of the time that the imports take, and find nothing.
GARBAGE_THRESHOLDS = (50_000, 20, 100)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    # While leads are sent both signals stop gently. Before and after, in the writing of the
    # results file above all, a service manager's SIGTERM must end as cleanly as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = run(App(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:  # once more, while the first one was being told
        code = ExitCode.INTERRUPTED
    # All is done and said: a late signal must not change the exit code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(code)


def run(app: App) -> int:
    """Run one command; every way of failing ends as a message and an exit code."""
    try:
        code = bulk_loader.main(
            list(app.arguments), prog_name="bulk-loader", standalone_mode=False, obj=app
        )
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=True)
        return ExitCode.USAGE
    except click.UsageError as error:
        return _failed(app, usage_error(error, _typed_command(app)))
    except (click.Abort, KeyboardInterrupt):
        app.console.say(_interrupted(app))
        return ExitCode.INTERRUPTED
    except LoaderError as error:
        return _failed(app, error)
    except Exception as fault:  # noqa: BLE001 - a bug ends as a message and a report, too
        return _failed(app, crash_error(fault, has_started=app.has_started))
    return int(code or ExitCode.OK)


def _interrupted(app: App) -> str:
    """What an interrupt outside of the sending leaves behind, which makes its own summary."""
    if not app.has_started:
        return "Interrupted: nothing was sent."
    return (
        "Interrupted before the results file was written; the ledger holds what was sent.\n"
        f"Next: the same command goes on where it stopped: {app.command}"
    )


def _typed_command(app: App) -> str:
    return " ".join(
        ["bulk-loader", *(name for name in app.arguments[:1] if name in bulk_loader.commands)]
    )


def _failed(app: App, error: LoaderError) -> ExitCode:
    app.console.fail(error)
    if "--json" in app.arguments:  # a line for each command, also of the worst night
        app.console.data(error_json(error))
    return error.exit_code
