"""What a run can be told, by the part of the program that it is for.

`Settings` is all of these, so that a part can ask for its own group and be given the whole.
None means "not given" unless the attribute says otherwise. Each says whether it shapes the leads;
see `shape`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from platformdirs import user_state_path
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator
from pydantic import Field as Bounds

from bulk_loader.settings import values
from bulk_loader.settings.hours import CallingHours
from bulk_loader.settings.shape import Neutral, Shaping
from bulk_loader.settings.target import INSTANCE_HOST, parse_instance, parse_url

if TYPE_CHECKING:
    from pydantic import ValidationInfo


def default_home() -> Path:
    """The user's state directory, where the ledger stands unless BULK_LOADER_HOME moves it."""
    return user_state_path("bulk-loader", appauthor=False)


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class TargetSettings(_Group):
    """Which dialer.

    Attributes:
        allow_http: an address without encryption is taken for other machines too.
        url: base address without a trailing slash.
        instance: NAME of https://NAME.ucontactcloud.com.
        sandbox: a dialer for trials is started inside the command.
        profile: name of a table `[profile.NAME]` in bulk_loader.toml.
    """

    allow_http: Neutral[bool] = False
    url: Neutral[str | None] = None
    instance: Neutral[str | None] = None
    sandbox: Neutral[bool] = False
    profile: Neutral[values.Text | None] = None

    @field_validator("url")
    @classmethod
    def _base_url(cls, url: str | None, others: ValidationInfo) -> str | None:
        return url and parse_url(url, allow_http=bool(others.data.get("allow_http")))

    @field_validator("instance")
    @classmethod
    def _instance_name(cls, name: str | None) -> str | None:
        return name and parse_instance(name)

    @property
    def base_url(self) -> str | None:
        """Address of the dialer; None for the sandbox and where no dialer was named."""
        return INSTANCE_HOST.format(name=self.instance) if self.instance else self.url


class CredentialSettings(_Group):
    """Who the dialer is to take us for; read with `credentials.read_credentials`.

    Attributes:
        auth_scheme: word before the token; a session's token is sent as Basic.
        login: the interface that exchanges user and password for a token; older instances
            have `UserLogin`.
    """

    token: Neutral[SecretStr | None] = None
    token_file: Neutral[Path | None] = None
    auth_scheme: Neutral[Literal["basic", "bearer"]] = "basic"
    user: Neutral[values.Text | None] = None
    password: Neutral[SecretStr | None] = None
    password_file: Neutral[Path | None] = None
    login: Neutral[Literal["getUserToken", "UserLogin"]] = "getUserToken"


class FieldSettings(_Group):
    """What goes into the nine fields: which columns, and what where a cell is empty.

    Attributes:
        data: a text, or a template over the columns such as `idcustomer={ID}`.
        map: columns by field, where the header's own names are not enough.
        data_separators: what becomes of `:` and `=` inside a value of `data`.
    """

    calldate: Shaping[values.Text] = ""
    campaign: Shaping[values.Text] = ""
    alternatives: Shaping[values.Text] = ""
    agent: Shaping[values.Text] = ""
    data: Shaping[values.Text] = ""
    source: Shaping[values.Text] = "source"  # the example of the vendor's page, as the next two
    bulk: Shaping[bool] = False
    automatic: Shaping[bool] = True
    map: Shaping[values.Columns] = Bounds(default_factory=dict)
    data_separators: Shaping[Literal["space", "reject", "keep"]] = "space"


class ReadingSettings(_Group):
    """How the file is read; what is not given is found out.

    Attributes:
        sheet: name of the sheet in a workbook; the active one where None.
        header_row: row number of the header; 0 where the file has none.
        delimiter: one character.
        hidden: what becomes of rows that are hidden or filtered out: stop and say how many,
            leave them out, or send them.
    """

    sheet: Shaping[values.Text | None] = None
    header_row: Shaping[values.Count | None] = None
    encoding: Shaping[values.Encoding | None] = None
    delimiter: Shaping[values.Delimiter | None] = None
    hidden: Shaping[Literal["ask", "skip", "send"]] = "ask"


class ScreeningSettings(_Group):
    """Which leads may be sent, and what is made tidy before.

    Attributes:
        tidy_phones: separators are taken out of phone numbers.
        phone_region: two letters of the country that numbers are checked for.
        date_format: how dates stand in the file, in the words of `strptime`.
        timezone: of the dates in the file.
        dialer_timezone: of the dates that the dialer is sent; that of the file where None.
        past_dates: what becomes of a `calldate` that is over: as it is, at once, or invalid, since a
            call that is late may no longer be wanted.
        schema_file: the user's pandera schema: a file, or `module:object`. It changes no value, and
            yet it may refuse one of two equal leads. Its name shapes, not what stands in it, so that
            a schema can be mended where it stopped a run.
        suppress: do-not-call lists.
        suppress_max_age: a list that is older stops the run.
    """

    tidy_phones: Shaping[bool] = True
    phone_format: Shaping[Literal["as_is", "e164", "national"]] = "as_is"
    phone_region: Shaping[values.Region | None] = None
    date_format: Shaping[values.DateFormat | None] = None
    timezone: Shaping[values.Zone | None] = None
    dialer_timezone: Shaping[values.Zone | None] = None
    past_dates: Shaping[Literal["keep", "now", "reject"]] = "reject"
    schema_file: Shaping[str | None] = None
    suppress: Neutral[tuple[Path, ...]] = ()
    suppress_max_age: Neutral[values.Duration | None] = None
    calling_hours: Neutral[CallingHours | None] = None


class DeliverySettings(_Group):
    """How leads are sent, and when to stop.

    Attributes:
        concurrency: requests under way at once; "auto" finds a good number.
        rate: rows per second; as fast as `concurrency` allows where None.
        read_timeout: until the answer; what takes longer is `unknown`.
        pool_timeout: until a connection is free, where a proxy is used.
        retry_for: how long a request that certainly did nothing is tried again.
        retry_503: a 503 certainly did nothing, so it may be tried again.
        max_errors: invalid, rejected and unknown leads that stop the run.
        max_doubts: unknown answers or connection failures in a row that stop the run.
        canary: leads sent one at a time first; where none is accepted, the run stops.
        skip_loaded_within: leads that this dialer accepted in that time are left out.
        hold_doubts: a contact in doubt at this dialer is not sent from any list for so long.
        again: a file whose run is finished is sent once more.
        batch_size: leads that travel through the program together.
    """

    concurrency: Neutral[values.Concurrency] = 8
    rate: Neutral[values.Rate | None] = None
    # A handshake is done in a second or never; ten allow for a slow line.
    connect_timeout: Neutral[values.Timeout] = values.seconds(10)
    # The dialer writes to a database before it answers; a timeout here leaves a doubt, so wait.
    read_timeout: Neutral[values.Timeout] = values.seconds(60)
    write_timeout: Neutral[values.Timeout] = values.seconds(30)
    # There are as many connections as requests, so a wait means that the proxy is stuck.
    pool_timeout: Neutral[values.Timeout] = values.seconds(60)
    retry_for: Neutral[values.Duration] = values.seconds(300)
    retry_503: Neutral[bool] = False
    max_errors: Neutral[values.MaxErrors | None] = None
    max_doubts: Neutral[Annotated[values.Count, Bounds(ge=1)]] = 20
    canary: Neutral[values.Count] = 0
    duplicates: Neutral[Literal["skip", "send"]] = "skip"
    skip_loaded_within: Neutral[values.Duration | None] = None
    # Long enough for whoever looks into the dialer once a week.
    hold_doubts: Neutral[values.Duration] = values.seconds(7 * 86_400)
    again: Neutral[bool] = False
    # pandera takes about 10 ms a batch whatever its size, and 5,000 leads take a few megabytes.
    batch_size: Neutral[Annotated[values.Count, Bounds(ge=1, le=100_000)]] = 5000


class OutputSettings(_Group):
    """Where the outcome goes.

    Attributes:
        results: the results file; `NAME.results.EXT` beside the input where None.
        home: directory of the ledger.
    """

    results: Neutral[Path | None] = None
    home: Neutral[Path] = Bounds(default_factory=default_home)
