"""What a run can be told, each setting said once, by the part of the program that it is for.

`Settings` is all of these. Nothing heavy is imported, since the help texts are made from it.
"""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from bulk_loader.choices import (
    AuthScheme,
    DataSeparators,
    Duplicates,
    HiddenRows,
    LogFormat,
    LoginPath,
    OddRows,
    PastDates,
    PhoneFormat,
    SimilarCampaigns,
)
from bulk_loader.settings.paths import hours_from, path_from, paths_from, schema_from
from bulk_loader.settings.statements import (
    NEUTRAL,
    SHAPING,
    Group,
    HelpSection,
    Scope,
    Setting,
    statements,
)

if TYPE_CHECKING:
    # Known when `Settings` is built.
    from bulk_loader.settings import hours, values


class TargetSettings(Group, section=HelpSection.DIALER, scope=Scope.LEADS):
    """Which dialer."""

    url: Setting[values.Url | None, str | None] = Setting(NEUTRAL, "Address of the dialer", "URL")
    instance: Setting[values.Instance | None, str | None] = Setting(
        NEUTRAL, "For https://NAME.ucontactcloud.com", "NAME"
    )
    sandbox: Setting[bool, bool] = Setting(
        NEUTRAL, "Start a dialer for trials inside the command", default=False
    )
    # Instead of the system's, so that who names one knows who is believed.
    ca_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Certificates of the authorities that are believed",
        "FILE",
        if_unset="the system's",
        seen_from=path_from,
    )
    # Of one command: what was looked at then tells nothing now.
    online: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Ask the dialer first whether it knows token and campaigns, and what waits",
        default=False,
        is_remembered=False,
    )


class CredentialSettings(Group, section=HelpSection.DIALER, scope=Scope.LEADS):
    """Who the dialer is to take us for; read with `credentials.read_credentials`."""

    # Of this group, and so checked before the address, which it decides about.
    allow_http: Setting[bool, bool] = Setting(
        NEUTRAL, "Send unencrypted to another machine", default=False
    )
    token: Setting[values.Secret | None, values.LikeSecret | None] = Setting(
        NEUTRAL,
        "Token of a user",
        is_secret=True,
        is_remembered=False,
        without_option="the shell's history and the list of processes would show it",
        without_key="a token does not stand here: set BULK_LOADER_TOKEN, or token_file to a file's path.",
    )
    token_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "File with the token; or set BULK_LOADER_TOKEN",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
    )
    auth_scheme: Setting[AuthScheme, str] = Setting(
        NEUTRAL, "How the token is sent", default=AuthScheme.BASIC
    )
    user: Setting[values.Text | None, str | None] = Setting(
        NEUTRAL, "User whose password is exchanged for a token", "NAME"
    )
    password: Setting[values.Secret | None, values.LikeSecret | None] = Setting(
        NEUTRAL,
        "Password of the user",
        is_secret=True,
        is_remembered=False,
        without_option="the shell's history and the list of processes would show it",
        without_key=(
            "a password does not stand here: set BULK_LOADER_PASSWORD, or password_file to a "
            "file's path."
        ),
    )
    password_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "File with the password; or set BULK_LOADER_PASSWORD",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
    )
    login: Setting[LoginPath, str] = Setting(
        NEUTRAL, "Interface that gives the token, asked first", default=LoginPath.GET_USER_TOKEN
    )


class ProfileSettings(Group, section=HelpSection.DIALER, scope=Scope.SETTINGS):
    """Which of the settings of the file."""

    profile: Setting[values.Text | None, str | None] = Setting(
        NEUTRAL,
        "The settings of [profile.NAME] in bulk_loader.toml",
        "NAME",
        without_key="a profile can't name another.",
    )


class FileSettings(Group, section=HelpSection.DIALER, scope=Scope.SETTINGS):
    """Where the file of the others is: known to options and variables, but no setting of a run."""

    config: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Another file than bulk_loader.toml; by its schema it can run code",
        "FILE",
        seen_from=path_from,
        without_key="the file can't name another.",
    )


class FieldSettings(Group, section=HelpSection.FIELDS, scope=Scope.LEADS):
    """What goes into the nine fields: which columns, and what where a cell is empty."""

    # Where the header's own names are not enough.
    map: Setting[values.Columns, values.LikeColumns] = Setting(
        SHAPING,
        "Take a field from this column, or from none; repeatable",
        "FIELD=COLUMN",
        default={},
        separator=";",
    )
    campaign: Setting[values.Text, str] = Setting(
        SHAPING, "Campaign of leads that name none", "TEXT", default=""
    )
    agent: Setting[values.Text, str | int] = Setting(
        SHAPING, "Agent of leads that name none", "TEXT", default=""
    )
    # A text, or a template over the columns.
    data: Setting[values.Text, str] = Setting(
        SHAPING,
        'Data of leads that have none, such as "idcustomer={ID}:name={Name}"',
        "TEXT",
        default="",
    )
    # The example of the vendor's page, as are the defaults of bulk and automatic.
    source: Setting[values.Text, str] = Setting(
        SHAPING, "Source of leads that name none", "TEXT", default="source"
    )
    calldate: Setting[values.Text, str] = Setting(
        SHAPING, "When leads without a date are called", "DATE", default="", if_unset="at once"
    )
    alternatives: Setting[values.Text, str | int] = Setting(
        SHAPING, "Other numbers of leads that have none", "TEXT", default=""
    )
    bulk: Setting[bool, bool] = Setting(
        SHAPING, "The field bulk of leads without it", default=False, flag="--bulk/--no-bulk"
    )
    automatic: Setting[bool, bool] = Setting(
        SHAPING,
        "The field automatic of leads without it",
        default=True,
        flag="--automatic/--no-automatic",
    )
    data_separators: Setting[DataSeparators, str] = Setting(
        SHAPING, "What becomes of : and = inside a value of data", default=DataSeparators.SPACE
    )


class ReadingSettings(Group, section=HelpSection.READING, scope=Scope.LEADS):
    """How the file is read; what is not given is found out."""

    sheet: Setting[values.Text | None, str | None] = Setting(
        SHAPING, "Sheet of the workbook", "NAME", if_unset="the active one"
    )
    header_row: Setting[values.Count | None, int | None] = Setting(
        SHAPING, "Row of the header, 0 for none", "ROW", if_unset="found out"
    )
    encoding: Setting[values.Encoding | None, str | None] = Setting(
        SHAPING, "Encoding of a text file", "NAME", if_unset="found out"
    )
    delimiter: Setting[values.Delimiter | None, str | None] = Setting(
        SHAPING, "Delimiter of a text file, or tab", "CHARACTER"
    )
    hidden: Setting[HiddenRows, str] = Setting(
        SHAPING, "Hidden rows: stop and say how many, leave out, or send", default=HiddenRows.ASK
    )
    # A file is read in one way or not at all, so it changes no lead.
    file_limit: Setting[values.Factor, float] = Setting(
        NEUTRAL, "How many times the usual a file may cost this machine", "N", default=1.0
    )


class ScreeningSettings(Group, section=HelpSection.SCREENING, scope=Scope.LEADS):
    """Which leads may be sent, and what is made tidy before."""

    tidy_phones: Setting[bool, bool] = Setting(
        SHAPING,
        "Take separators out of phone numbers",
        default=True,
        flag="--tidy-phones/--no-tidy-phones",
    )
    phone_format: Setting[PhoneFormat, str] = Setting(
        SHAPING, "How numbers are sent", default=PhoneFormat.AS_IS
    )
    phone_region: Setting[values.Region | None, str | None] = Setting(
        SHAPING, "Check numbers for this country, such as UY", "XX"
    )
    # In the words of `strptime`.
    date_format: Setting[values.DateFormat | None, str | None] = Setting(
        SHAPING, 'How dates are written, such as "%d/%m/%Y"', "FORMAT"
    )
    timezone: Setting[values.Zone | None, str | None] = Setting(
        SHAPING, "Time zone of the dates in the file", "ZONE"
    )
    # That of the file where None.
    dialer_timezone: Setting[values.Zone | None, str | None] = Setting(
        SHAPING, "Time zone of the dialer", "ZONE"
    )
    # Refused, since a call that is late may no longer be wanted.
    past_dates: Setting[PastDates, str] = Setting(
        SHAPING, "Dates that are over: send them, call at once, or refuse", default=PastDates.REJECT
    )
    # Whoever names them has said of each that it is meant, so that nothing is asked about them.
    campaigns: Setting[values.Names, values.LikeNames] = Setting(
        NEUTRAL,
        "Refuse leads of any other campaign; repeatable",
        "NAME",
        default=(),
        separator=";",
        flag="--only-campaign",
    )
    similar_campaigns: Setting[SimilarCampaigns, str] = Setting(
        NEUTRAL,
        "A campaign that is nearly another: stop and say which, or send",
        default=SimilarCampaigns.ASK,
    )
    odd_rows: Setting[OddRows, str] = Setting(
        NEUTRAL,
        "Rows that sum up, and numbers far shorter or longer than the others: refuse, or send",
        default=OddRows.REJECT,
    )
    # It changes no value, and yet it may refuse one of two equal leads. Its name shapes, not what
    # stands in it, so that a schema can be mended where it stopped a run.
    schema_file: Setting[str | None, str | None] = Setting(
        SHAPING,
        "Your own pandera schema: a YAML file, or module:object, whose code is run",
        "FILE",
        flag="--schema",
        seen_from=schema_from,
    )
    suppress: Setting[tuple[values.FilePath, ...], values.LikePaths] = Setting(
        NEUTRAL,
        "Do-not-call list; repeatable",
        "FILE",
        default=(),
        separator=os.pathsep,
        seen_from=paths_from,
    )
    suppress_max_age: Setting[values.Duration | None, values.LikeDuration | None] = Setting(
        NEUTRAL, "Refuse older lists, such as 30d", "TIME"
    )
    calling_hours: Setting[hours.HoursTable | None, hours.LikeHours | None] = Setting(
        NEUTRAL,
        "Hours in which calls may be made",
        without_option="a week of hours does not fit one",
        without_variable="hours don't fit a variable: write them below [calling_hours] in the file.",
        seen_from=hours_from,
    )


class DeliverySettings(Group, section=HelpSection.SENDING, scope=Scope.DELIVERY):
    """How leads are sent, and when to stop."""

    duplicates: Setting[Duplicates, str] = Setting(
        NEUTRAL,
        "The same campaign and number again in the file",
        default=Duplicates.SKIP,
        section=HelpSection.SCREENING,
        scope=Scope.LEADS,
    )
    skip_loaded_within: Setting[values.Duration | None, values.LikeDuration | None] = Setting(
        NEUTRAL,
        "Leave out what this dialer accepted lately, such as 7d",
        "TIME",
        section=HelpSection.SCREENING,
    )
    # Long enough for whoever looks into the dialer once a week.
    hold_doubts: Setting[values.Duration, values.LikeDuration] = Setting(
        NEUTRAL,
        "Send no number that is in doubt at this dialer since so lately",
        "TIME",
        default="7d",
        section=HelpSection.SCREENING,
    )
    concurrency: Setting[values.Concurrency, values.LikeConcurrency] = Setting(
        NEUTRAL, "Requests under way at once", "N|auto", default=8
    )
    # As fast as `concurrency` allows where None.
    rate: Setting[values.Rate | None, float | None] = Setting(
        NEUTRAL, "Rows per second at most", "N"
    )
    canary: Setting[values.Count, int] = Setting(
        NEUTRAL, "Send N leads one by one first; stop if none is accepted", "N", default=0
    )
    max_errors: Setting[values.MaxErrors | None, values.LikeMaxErrors | None] = Setting(
        NEUTRAL, "Stop at more bad leads: invalid, rejected or unknown", "N|N%"
    )
    # Connection failures count, too.
    max_doubts: Setting[values.Positive, int] = Setting(
        NEUTRAL, "Stop at so many unclear answers in a row", "N", default=20
    )
    retry_for: Setting[values.Duration, values.LikeDuration] = Setting(
        NEUTRAL, "Try again for so long where it is safe", "TIME", default="5m"
    )
    retry_503: Setting[bool, bool] = Setting(
        NEUTRAL, "A 503 certainly did nothing", default=False, flag="--retry-503/--no-retry-503"
    )
    # A handshake is done in a second or never; ten allow for a slow line.
    connect_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time to reach the dialer", "TIME", default="10s"
    )
    # The dialer writes to a database before it answers; a timeout here leaves a doubt, so wait.
    read_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time for an answer", "TIME", default="60s"
    )
    write_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time to send a request", "TIME", default="30s"
    )
    # There are as many connections as requests, so a wait means that the proxy is stuck.
    pool_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time for a free connection", "TIME", default="60s"
    )
    # pandera takes about 10 ms a batch whatever its size, and 5,000 leads take a few megabytes.
    batch_size: Setting[values.BatchSize, int] = Setting(
        NEUTRAL, "Rows that are worked on together", "ROWS", default=5000
    )
    strict: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Send nothing while any row is wrong",
        default=False,
        section=HelpSection.SCREENING,
        scope=Scope.FIRST_DELIVERY,
        is_remembered=False,
    )
    again: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Send a file once more that was sent before",
        default=False,
        scope=Scope.FIRST_DELIVERY,
        is_remembered=False,
    )


class OutputSettings(Group, section=HelpSection.OUTPUT, scope=Scope.FIRST_DELIVERY):
    """Where the outcome goes."""

    results: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "The results file",
        "FILE",
        if_unset="NAME.results.EXT beside it",
        seen_from=path_from,
        is_remembered=False,
    )
    summary_sheet: Setting[bool, bool] = Setting(
        NEUTRAL, "A first sheet in a results workbook that sums the run up", default=False
    )
    home: Setting[values.Home, values.LikePath | None] = Setting(
        NEUTRAL,
        "Directory of the ledger",
        "DIRECTORY",
        without_option="a command that forgets it would not know what was sent",
        seen_from=path_from,
        is_remembered=False,
    )


class KeepingSettings(Group, section=HelpSection.OUTPUT):
    """How long what was written is kept; no matter of a run."""

    keep_results: Setting[values.Age | None, values.LikeAge | None] = Setting(
        NEUTRAL,
        "Age from which `runs prune --results` removes results files, such as 30d",
        without_option="no run removes anything; `runs prune` takes --older-than",
        is_remembered=False,
    )


class LogSettings(Group, section=HelpSection.OUTPUT, scope=Scope.LEADS):
    """Where what is said can be read later."""

    log_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Add what is said, with its time and run, to this file",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
    )
    log_format: Setting[LogFormat, str] = Setting(
        NEUTRAL, "How its lines are written", default=LogFormat.TEXT, is_remembered=False
    )


class KeySettings(Group, section=HelpSection.OUTPUT, scope=Scope.DELIVERY):
    """Where the key of the ledger is kept."""

    key_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "The key of the ledger, kept apart from it",
        "FILE",
        if_unset="ledger.key beside it",
        seen_from=path_from,
        is_remembered=False,
    )


SETTINGS: Final[dict[str, Setting[Any, Any]]] = {
    setting.name: setting
    for setting in chain.from_iterable(
        map(
            statements,
            (
                TargetSettings,
                CredentialSettings,
                ProfileSettings,
                FileSettings,
                FieldSettings,
                ReadingSettings,
                ScreeningSettings,
                DeliverySettings,
                OutputSettings,
                KeepingSettings,
                LogSettings,
                KeySettings,
            ),
        )
    )
}
"""All of them by name, in the order of the help texts."""

CONFIG = "config"
"""Of `FileSettings`: it is none of `Settings`."""
