"""The command `bulk-loader`, and how it ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from bulk_loader.cli.context import App
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.overview import MainGroup
from bulk_loader.cli.report import error_json
from bulk_loader.cli.streams import guard_streams
from bulk_loader.cli.usage import usage_error
from bulk_loader.errors import ExitCode, InterruptError, LoaderError

if TYPE_CHECKING:
    from collections.abc import Sequence


def _print_version(ctx: click.Context, _option: click.Parameter, is_asked: object) -> None:
    if is_asked:
        from bulk_loader.workflows.versions import (
            library_versions,
            program_version,
            python_version,
        )

        libraries = [f"{name} {version}" for name, version in library_versions().items()]
        click.echo(f"bulk-loader {program_version()}\n{python_version()}\n{', '.join(libraries)}")
        ctx.exit()


@click.group(
    cls=MainGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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

    Settings come from options, then BULK_LOADER_... variables, then bulk_loader.toml. Where a
    command takes a FILE to read, - stands for standard input.
    """


COMMANDS = (
    *("upload", "check", "retry", "worker", "runs", "template", "sample", "init", "login"),
    *("logout", "doctor", "sandbox", "desk", "rehearse", "schema", "job", "ledger"),
)
"""Each is the function of that name in the module of that name in `commands`."""

for _name in COMMANDS:
    bulk_loader.add_command(getattr(import_module(f"bulk_loader.cli.commands.{_name}"), _name))


# Objects made since the last search for unreachable ones, and searches until a more thorough one.
# At Python's own 700 the searches take a tenth of the time that the imports take, and find nothing.
GARBAGE_THRESHOLDS = (50_000, 20, 100)

_NAME = "bulk-loader"
_COMPLETION = "_BULK_LOADER_COMPLETE"  # as click names it, and documents it for shells


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    guard_streams()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    # While leads are sent both signals stop gently. Before and after, in the writing of the
    # results file above all, a service manager's SIGTERM must end as cleanly as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code: int = ExitCode.INTERRUPTED
    with suppress(KeyboardInterrupt):  # between the end of the command and the ignoring
        with suppress(KeyboardInterrupt):  # once more, while the first one was being told
            _complete_words()
            code = run(App(sys.argv[1:] if arguments is None else arguments))
        _ignore_signals()
    _ignore_signals()
    _forget_interrupt()
    sys.exit(code)


def _ignore_signals() -> None:
    """All is done and said: a late signal must not change the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _forget_interrupt() -> None:
    """Let the interpreter end with our code after an interrupt that was told long ago.

    It notes an interrupt that ends a text run by `exec`, as the making of a dataclass does, although
    somebody catches it further out, and then ends itself by SIGINT. The next text clears the note
    (`run_eval_code_obj` in CPython's pythonrun.c).
    """
    exec("")  # noqa: S102 - the empty text


def _complete_words() -> None:
    """Answer a shell that asks how a word goes on, as click does it."""
    if instruction := os.environ.get(_COMPLETION):
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(bulk_loader, {}, _NAME, _COMPLETION, instruction))


def run(app: App) -> int:
    """Run one command; every way of failing ends as a message and an exit code."""
    code = _run(app)
    with suppress(KeyboardInterrupt):  # what became of the leads is known, and decides
        app.end(code)
        app.close()
    return code


def _run(app: App) -> int:
    try:
        return _invoke(app)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=True)
        return ExitCode.USAGE
    except click.UsageError as error:
        return _failed(app, usage_error(error, _typed_command(app)))
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)  # a terminal has written ^C
        interrupted = _interrupted(app)
        app.console.say(str(interrupted))
        return _ended(app, interrupted)
    except LoaderError as error:
        return _failed(app, error)
    except Exception as fault:  # noqa: BLE001 - a bug ends as a message and a report, too
        return _failed(app, crash_error(fault, has_started=app.has_started))


def _invoke(app: App) -> int:
    """The command's own exit code.

    Not by click's `main`: there a connection that broke in the command ends the process with 1,
    as if it were a reader of standard output that is gone, and an end of file with 130.
    """
    try:
        with bulk_loader.make_context(_NAME, list(app.arguments), obj=app) as context:
            return int(bulk_loader.invoke(context) or ExitCode.OK)
    except click.exceptions.Exit as ended:  # a help text was shown, or the version
        app.console.require_said()
        return ended.exit_code


def _interrupted(app: App) -> InterruptError:
    """What an interrupt outside of the sending leaves behind, which makes its own summary."""
    if not app.has_started:
        return InterruptError("Interrupted: nothing was sent.")
    return InterruptError(
        "Interrupted before the results file was written; the ledger holds what was sent.",
        remedy=f"Next: the same command goes on where it stopped: {app.command}",
    )


def _command(app: App) -> str | None:
    """The command that was given; None where it is none."""
    return next((name for name in app.arguments[:1] if name in bulk_loader.commands), None)


def _typed_command(app: App) -> str:
    return " ".join(["bulk-loader", *filter(None, [_command(app)])])


def _failed(app: App, error: LoaderError) -> ExitCode:
    app.fail(error)
    return _ended(app, error)


def _ended(app: App, error: LoaderError) -> ExitCode:
    if "--json" in app.arguments:  # a line for each command, also of the worst night
        attempt = {**app.attempt, "command": _command(app)}
        app.console.json(error_json(error, attempt))
    return error.exit_code
