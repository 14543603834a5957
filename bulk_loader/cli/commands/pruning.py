"""`bulk-loader runs prune`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bulk_loader.cli.ages import age
from bulk_loader.cli.history import forgetting_lines, removal_lines
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.errors import SettingsError
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from datetime import timedelta

    from bulk_loader.cli.context import App
    from bulk_loader.workflows.old_results import OldResults
    from bulk_loader.workflows.past_runs import Forgetting


@click.command(
    cls=SectionedCommand,
    short_help="Forget old runs.",
    example="bulk-loader runs prune --older-than 90d",
)
@click.option("--older-than", metavar="TIME", help="Such as 90d.")
@click.option(
    "--results",
    "are_results",
    is_flag=True,
    help="Remove their results files instead; the runs are remembered.",
)
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@click.pass_obj
def prune(app: App, /, older_than: str | None, *, are_results: bool, is_agreed: bool) -> None:
    """Forget runs that ended longer ago than that.

    Their files can be uploaded again without --again, and their leads are not recognised any more.
    A run that is unfinished stays, and one of which a lead is in doubt since lately.

    With --results nothing is forgotten: results files that are as old are removed, or as old as
    keep_results says in bulk_loader.toml. Those that were changed by hand stay, and those with a
    lead in doubt.
    """
    if are_results:
        _prune_results(app, older_than, is_agreed=is_agreed)
        return
    if older_than is None:
        raise SettingsError(
            "Nothing was forgotten.",
            "It was not said which runs are old.",
            "Run, for example: bulk-loader runs prune --older-than 90d",
        )
    planned = app.call(_plan_prune, older_than)
    for line in forgetting_lines(planned):
        app.console.say(line)
    if not planned.runs:
        return
    if not is_agreed and not _agrees("Forget them?", "Nothing was forgotten."):
        app.console.say("Nothing was forgotten.")
        return
    count = app.call(_prune, older_than)
    app.console.say("1 run was forgotten." if count == 1 else f"{count:,} runs were forgotten.")


def _prune_results(app: App, older_than: str | None, *, is_agreed: bool) -> None:
    planned = app.call(_plan_removal, older_than)
    for line in removal_lines(planned):
        app.console.say(line)
    if not planned.files:
        return
    if not is_agreed and not _agrees("Remove them?", "Nothing was removed."):
        app.console.say("Nothing was removed.")
        return
    removed = app.call(_remove, older_than)
    for path in removed.files:
        app.console.data(on_one_line(str(path)))
    count = len(removed.files)
    app.console.say("1 file was removed." if count == 1 else f"{count:,} files were removed.")


def _agrees(question: str, refusal: str) -> bool:
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise SettingsError(
            refusal,
            "There is no terminal to ask on.",
            "Where that is what you want, add: --yes",
        )
    return click.confirm(question, err=True)


def _plan_prune(older_than: str) -> Forgetting:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import plan_forgetting

    settings = load_settings({})
    return plan_forgetting(settings.ledger_place, _forgotten_age(older_than), settings.hold_doubts)


def _prune(older_than: str) -> int:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import forget_runs

    settings = load_settings({})
    return forget_runs(settings.ledger_place, _forgotten_age(older_than), settings.hold_doubts)


def _plan_removal(older_than: str | None) -> OldResults:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.old_results import plan_removal

    settings = load_settings({})
    return plan_removal(settings.ledger_place, _age_of_results(older_than, settings.keep_results))


def _remove(older_than: str | None) -> OldResults:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.old_results import remove_results

    settings = load_settings({})
    return remove_results(settings.ledger_place, _age_of_results(older_than, settings.keep_results))


def _age_of_results(older_than: str | None, kept: timedelta | None) -> timedelta:
    if older_than is not None:
        return age("--older-than", older_than, "Nothing was removed.")
    if kept is None:
        raise SettingsError(
            "Nothing was removed.",
            "It was not said which results are old: neither by --older-than, nor by keep_results in "
            "bulk_loader.toml, nor by BULK_LOADER_KEEP_RESULTS.",
            "Run, for example: bulk-loader runs prune --results --older-than 30d",
        )
    return kept


def _forgotten_age(older_than: str) -> timedelta:
    return age("--older-than", older_than, "Nothing was forgotten.")
