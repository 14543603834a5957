"""`bulk-loader doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.commands.login import DIALER
from bulk_loader.cli.documents import Document, head
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.errors import ExitCode, LoaderError
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulk_loader.cli.context import App
    from bulk_loader.workflows.doctor import Finding


@click.command(
    cls=SectionedCommand,
    short_help="Say whether this machine can run tonight.",
    example="bulk-loader doctor --sandbox",
)
@options.some(
    *DIALER, "sandbox", "online", "auth_scheme", "token_file", "user", "password_file", "login"
)
@options.shown_as_json
@click.pass_obj
def doctor(app: App, /, *, as_json: bool, **flags: object) -> ExitCode:
    """Look at what runs and jobs need: settings, ledger, disk, time, dialer, credentials, formats.

    The dialer is connected to, and nothing is sent to it, unless --online has it asked for the token.
    The exit code is 2 where something is wrong.
    """
    findings = app.call(_doctor, options.given(flags))
    code = ExitCode.USAGE if any(each.state == "fault" for each in findings) else ExitCode.OK
    if as_json:
        app.console.json(doctor_json(findings, code))
    else:
        for line in doctor_text(findings):
            app.console.data(line)
    app.console.require_said()
    return code


def doctor_json(findings: Sequence[Finding], code: ExitCode) -> str:
    """All of it as one line."""
    return json.dumps(
        {
            **head(Document.DOCTOR),
            "exit_code": int(code),
            "findings": [
                {"about": each.about, "state": each.state.value, "told": each.told}
                | {"remedy": each.remedy}
                for each in findings
            ],
        },
        ensure_ascii=False,
    )


def findings_text(findings: Sequence[Finding]) -> Iterator[str]:
    """A line each, with what to do below what is wrong."""
    for each in findings:
        yield f"{each.state.value:<6} {each.about:<12} {on_one_line(each.told)}"
        if each.remedy:
            yield from (f"{'':<20}{on_one_line(line)}" for line in each.remedy.splitlines())


def doctor_text(findings: Sequence[Finding]) -> Iterator[str]:
    """One screen, with a judgement at its end."""
    yield from findings_text(findings)
    faults = sum(each.state == "fault" for each in findings)
    count = "1 fault" if faults == 1 else f"{faults} faults"
    yield f"Not ready: {count}." if faults else "This machine can run tonight."


def _doctor(flags: Mapping[str, object]) -> list[Finding]:
    from bulk_loader.jobs.health import examine_jobs
    from bulk_loader.settings import load_settings
    from bulk_loader.settings.home import default_home
    from bulk_loader.workflows.doctor import examine

    try:
        settings = load_settings(flags)
    except LoaderError as error:
        named = os.environ.get("BULK_LOADER_HOME")
        return examine(error, Path(named) if named else default_home())
    return [*examine(settings, settings.home), *examine_jobs(flags)]
