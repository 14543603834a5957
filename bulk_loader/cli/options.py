"""The options of the commands, by section; each is the setting of the same name.

Values are passed on as text: `settings` checks them with those from the other places, so that all
faults are told at once. An option's help says what the value does, the metavar what it looks like.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulk_loader.cli.sections import SectionOption

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Decorator = Callable[[Any], Any]


def _value(section: str, name: str, metavar: str, text: str, *, many: bool = False) -> Decorator:
    return click.option(
        *name.split(), metavar=metavar, help=text, multiple=many, cls=SectionOption, section=section
    )


def _switch(section: str, name: str, text: str) -> Decorator:
    return click.option(
        name, is_flag=True, default=None, help=text, cls=SectionOption, section=section
    )


# Sections of the help texts.
_DIALER, _FIELDS, _READING = "The dialer", "What goes into a task", "How the file is read"
_SCREENING, _SENDING, _OUTPUT = "Which leads are sent", "How they are sent", "What is shown"

CONFIG = (
    _value(_DIALER, "--profile", "NAME", "The settings of [profile.NAME] in bulk_loader.toml."),
    _value(_DIALER, "--config", "FILE", "Another file than bulk_loader.toml."),
)

TARGET = (
    _value(_DIALER, "--url", "URL", "Address of the dialer."),
    _value(_DIALER, "--instance", "NAME", "For https://NAME.ucontactcloud.com."),
    _switch(_DIALER, "--sandbox", "Start a dialer for trials inside the command."),
    _switch(_DIALER, "--allow-http", "Send unencrypted to another machine."),
    _value(
        _DIALER,
        "--token-file",
        "FILE",
        "File with the token; or set BULK_LOADER_TOKEN.",
    ),
    _value(_DIALER, "--auth-scheme", "[basic|bearer]", "How the token is sent; default basic."),
    _value(_DIALER, "--user", "NAME", "User whose password is exchanged for a token."),
    _value(
        _DIALER,
        "--password-file",
        "FILE",
        "File with the password; or set BULK_LOADER_PASSWORD.",
    ),
    _value(
        _DIALER,
        "--login",
        "[getUserToken|UserLogin]",
        "Interface that gives the token; default getUserToken.",
    ),
)

FIELDS = (
    _value(
        _FIELDS,
        "--map",
        "FIELD=COLUMN",
        "Take a field from this column; repeatable.",
        many=True,
    ),
    _value(_FIELDS, "--campaign", "TEXT", "Campaign of leads that name none."),
    _value(_FIELDS, "--agent", "TEXT", "Agent of leads that name none."),
    _value(
        _FIELDS,
        "--data",
        "TEXT",
        'Data of leads that have none, such as "idcustomer={ID}:name={Name}".',
    ),
    _value(_FIELDS, "--source", "TEXT", "Source of leads that name none; default source."),
    _value(_FIELDS, "--calldate", "DATE", "When leads without a date are called; default at once."),
    _value(_FIELDS, "--alternatives", "TEXT", "Other numbers of leads that have none."),
    _switch(_FIELDS, "--bulk/--no-bulk", "The field bulk of leads without it; default no."),
    _switch(
        _FIELDS,
        "--automatic/--no-automatic",
        "The field automatic of leads without it; default yes.",
    ),
    _value(
        _FIELDS,
        "--data-separators",
        "[space|reject|keep]",
        "What becomes of : and = inside a value of data; default space.",
    ),
)

READING = (
    _value(_READING, "--sheet", "NAME", "Sheet of the workbook; default the active one."),
    _value(_READING, "--header-row", "ROW", "Row of the header, 0 for none; default found out."),
    _value(_READING, "--encoding", "NAME", "Encoding of a text file; default found out."),
    _value(_READING, "--delimiter", "CHARACTER", "Delimiter of a text file, or tab."),
    _value(
        _READING,
        "--hidden",
        "[ask|skip|send]",
        "Hidden rows: stop and say how many, leave out, or send; default ask.",
    ),
)

SCREENING = (
    _switch(
        _SCREENING,
        "--tidy-phones/--no-tidy-phones",
        "Take separators out of phone numbers; default yes.",
    ),
    _value(
        _SCREENING,
        "--phone-format",
        "[as_is|e164|national]",
        "How numbers are sent; default as_is.",
    ),
    _value(_SCREENING, "--phone-region", "XX", "Check numbers for this country, such as UY."),
    _value(_SCREENING, "--date-format", "FORMAT", 'How dates are written, such as "%d/%m/%Y".'),
    _value(_SCREENING, "--timezone", "ZONE", "Time zone of the dates in the file."),
    _value(_SCREENING, "--dialer-timezone", "ZONE", "Time zone of the dialer."),
    _value(
        _SCREENING,
        "--past-dates",
        "[keep|now|reject]",
        "Dates that are over: send them, call at once, or refuse; default reject.",
    ),
    _value(
        _SCREENING,
        "--schema schema_file",
        "FILE",
        "Your own pandera schema: a YAML file or module:object.",
    ),
    _value(_SCREENING, "--suppress", "FILE", "Do-not-call list; repeatable.", many=True),
    _value(_SCREENING, "--suppress-max-age", "TIME", "Refuse older lists, such as 30d."),
    _value(
        _SCREENING,
        "--duplicates",
        "[skip|send]",
        "The same campaign and number again in the file; default skip.",
    ),
)

# Needs the dialer that was meant, so it is nothing for `check`.
LATELY = (
    _value(
        _SCREENING,
        "--skip-loaded-within",
        "TIME",
        "Leave out what this dialer accepted lately, such as 7d.",
    ),
    _value(
        _SCREENING,
        "--hold-doubts",
        "TIME",
        "Send no number that is in doubt at this dialer since so lately; default 7d.",
    ),
)

SENDING = (
    _value(_SENDING, "--concurrency", "N|auto", "Requests under way at once; default 8."),
    _value(_SENDING, "--rate", "N", "Rows per second at most."),
    _value(_SENDING, "--canary", "N", "Send N leads one by one first; stop if none is accepted."),
    _value(
        _SENDING, "--max-errors", "N|N%", "Stop at more bad leads: invalid, rejected or unknown."
    ),
    _value(_SENDING, "--max-doubts", "N", "Stop at so many unclear answers in a row; default 20."),
    _value(_SENDING, "--retry-for", "TIME", "Try again for so long where it is safe; default 5m."),
    _switch(_SENDING, "--retry-503/--no-retry-503", "A 503 certainly did nothing; default no."),
    _value(_SENDING, "--connect-timeout", "TIME", "Time to reach the dialer; default 10s."),
    _value(_SENDING, "--read-timeout", "TIME", "Time for an answer; default 60s."),
    _value(_SENDING, "--write-timeout", "TIME", "Time to send a request; default 30s."),
    _value(_SENDING, "--pool-timeout", "TIME", "Time for a free connection; default 60s."),
    _value(_SENDING, "--batch-size", "ROWS", "Rows that are worked on together; default 5000."),
)

AGAIN = (_switch(_SENDING, "--again", "Send a file once more that was sent before."),)

RESULTS = (
    _value(_OUTPUT, "--results", "FILE", "The results file; default NAME.results.EXT beside it."),
)

SHOWN = (
    click.option(
        "--json",
        "as_json",
        is_flag=True,
        help="One line of JSON.",
        cls=SectionOption,
        section=_OUTPUT,
    ),
    click.option(
        "--quiet", "is_quiet", is_flag=True, help="Only errors.", cls=SectionOption, section=_OUTPUT
    ),
)


def takes(*groups: Sequence[Decorator]) -> Decorator:
    """A decorator that gives a command all options of these groups, in this order."""

    def decorate(command: Any) -> Any:
        for option in reversed([option for group in groups for option in group]):
            command = option(command)
        return command

    return decorate


def given(options: Mapping[str, object]) -> dict[str, object]:
    """Only what the user gave: the rest may come from the other places."""
    return {name: value for name, value in options.items() if value is not None and value != ()}


FILE_TYPE = click.Path(path_type=Path)
"""A path as it was typed: whether it can be read is for `reading` to say, in its own words."""
