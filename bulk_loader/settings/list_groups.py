"""What can be told of a list: what its columns are, how it is read, and what its leads must be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.choices import (
    DataSeparators,
    HiddenRows,
    OddRows,
    PastDates,
    PhoneFormat,
    SimilarCampaigns,
)
from bulk_loader.settings.paths import hours_from, paths_from, schema_from
from bulk_loader.settings.statements import NEUTRAL, SHAPING, Group, HelpSection, Scope, Setting

if TYPE_CHECKING:
    # Known when `Settings` is built.
    from bulk_loader.settings import hours, values


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
    # Of one's own, they are a table in the file.
    calling_hours: Setting[hours.Hours | None, hours.LikeHours | None] = Setting(
        NEUTRAL,
        "Hours in which calls may be made: those of a country, such as country:CO",
        "country:XX",
        seen_from=hours_from,
    )
