"""Types of single settings: text from outside becomes a checked value, or a plain reason why not.

The text of every `ValueError` here is the predicate of a sentence about the value.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    SecretStr,
    ValidationInfo,
)
from pydantic import Field as Bounds

from bulk_loader.hosts import canonical_host, is_loopback
from bulk_loader.model import Field
from bulk_loader.settings.clock_times import (
    Weekday,
    parse_days,
    parse_times,
    write_days,
)
from bulk_loader.settings.durations import parse_age, parse_duration, write_duration
from bulk_loader.settings.home import default_home
from bulk_loader.settings.target import parse_instance, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CONCURRENCY = 512
"""Connections; a file descriptor each, and desktop systems allow a process about 1,000."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, None where nothing is near."""
    found = get_close_matches(word.casefold().replace("-", "_"), tuple(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _as_text(written: object) -> object:
    """Numbers stand unquoted in TOML where text is meant, such as `agent = 1001`."""
    is_number = isinstance(written, int | float) and not isinstance(written, bool)
    if isinstance(written, str):
        try:
            written.encode()
        except UnicodeEncodeError:
            # Python carries bytes that are no letters so; no dialer could take them for a text.
            raise ValueError("is no text in the encoding of this system") from None
    return str(written) if is_number else written


def _not_a_truth_value(written: object) -> object:
    """True would count as 1."""
    if isinstance(written, bool):
        raise ValueError("is not a number")  # noqa: TRY004 - pydantic collects ValueError
    return written


def _longer_than_nothing(length: timedelta) -> timedelta:
    if not length:
        raise ValueError("must be longer than nothing")
    return length


def _parse_concurrency(written: object) -> int | str:
    text = str(written).strip().lower()
    if text == "auto":
        return "auto"
    if not text.isdecimal() or not 1 <= int(text) <= MAX_CONCURRENCY:
        raise ValueError(f'is not a whole number from 1 to {MAX_CONCURRENCY}, nor "auto"')
    return int(text)


def _parse_delimiter(written: object) -> str:
    named = {"tab": "\t", r"\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
    delimiter = named.get(str(written).lower(), str(written))
    if len(delimiter) != 1 or delimiter in '"\r\n' or delimiter.isalnum():
        raise ValueError('is not a delimiter: give one character such as ";", or "tab"')
    return delimiter


def _parse_encoding(written: object) -> str:
    try:
        codec = codecs.lookup(str(written))
    except LookupError:
        codec = None
    # Codecs such as `base64` or `rot13` are no encodings of text.
    if codec is None or not getattr(codec, "_is_text_encoding", True):
        raise ValueError("is not an encoding that is known: try utf-8, windows-1252 or utf-16")
    return codec.name


def _parse_zone(written: object) -> str:
    try:
        return ZoneInfo(str(written)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "is not a time zone: write a name such as America/Montevideo or UTC"
        ) from None


def _parse_region(written: object) -> str:
    region = str(written).strip().upper()
    if re.fullmatch(r"[A-Z]{2}", region, re.ASCII) is None:
        raise ValueError("is not a country: write its two letters, such as UY, MX or ES")
    return region


def _parse_date_format(written: object) -> str:
    text = str(written)
    if not re.search(r"%[a-zA-Z]", text):
        raise ValueError("is not a format of dates: write one such as %d/%m/%Y %H:%M")
    return text


@dataclass(frozen=True, slots=True)
class BadLeadLimit:
    """How many leads may be bad before the run stops: a count, or a share of those looked at.

    Attributes:
        amount: leads, or percent where `is_percent`.
    """

    amount: float
    is_percent: bool = False

    def __str__(self) -> str:
        return f"{self.amount:g}%" if self.is_percent else f"{self.amount:.0f}"


def _parse_error_limit(written: object) -> BadLeadLimit:
    if isinstance(written, BadLeadLimit):
        return written
    text = str(written).strip()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%|(\d+)", text, re.ASCII)
    if found is None or isinstance(written, bool):
        raise ValueError('is not a limit: write a number of leads, or a share such as "5%"')
    if found[2]:
        return BadLeadLimit(int(found[2]))
    if float(found[1]) > 100:  # noqa: PLR2004 - the whole
        raise ValueError("is more than 100 %")
    return BadLeadLimit(float(found[1]), is_percent=True)


def parse_field(written: str) -> Field:
    """The field of that name, whatever its case."""
    try:
        return Field(written.strip().lower())
    except ValueError:
        near = nearest(written, [name.value for name in Field])
        asked = f"Is {near} meant?" if near else f"The fields: {', '.join(Field)}."
        raise ValueError(f"names {written}, which is no field. {asked}") from None


def _parse_columns(written: Mapping[str, object]) -> dict[Field, tuple[str, ...]]:
    if not isinstance(written, Mapping):
        raise ValueError("is not a table: write FIELD = COLUMN lines below [map]")  # noqa: TRY004
    return {parse_field(name): parse_labels(labels) for name, labels in written.items()}


def parse_labels(written: object) -> tuple[str, ...]:
    """One column or a list of them; "" for none at all, whatever the names of the columns say."""
    labels = tuple(written) if isinstance(written, list | tuple) else (written,)
    if not labels or not all(isinstance(label, str) for label in labels):
        raise ValueError(
            "names a field without a column: write FIELD=COLUMN, such as agent=Vendor."
        )
    return tuple(str(label) for label in labels)


def _parse_names(written: object) -> tuple[str, ...]:
    """One name or a list of them."""
    names = written if isinstance(written, list | tuple) else (written,)
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError('holds a name that is none: write texts, such as ["Sales<-"]')
    return tuple(dict.fromkeys(name.strip() for name in names))


def _base_url(url: str, others: ValidationInfo) -> str:
    return url and parse_url(url, allow_http=bool(others.data.get("allow_http")))


def _parse_alerts(written: object) -> tuple[SecretStr, ...]:
    """One address or a list of them; which kinds there are is known to apprise alone."""
    given = written if isinstance(written, list | tuple) else (written,)
    urls = [url.get_secret_value() if isinstance(url, SecretStr) else url for url in given]
    return tuple(SecretStr(parse_alert(url)) for url in urls if url != "")


def parse_alert(written: object) -> str:
    """One address that can be told something, without a look at what it is.

    Raises:
        ValueError: it is none; the text holds nothing of it, since it may be a secret.
    """
    if not isinstance(written, str) or not re.match(r"\s*[A-Za-z][\w+.-]*://\S", written):
        raise ValueError('holds what is no address: write one such as "mailto://user:key@host"')
    return written.strip()


def _heartbeat(url: SecretStr, others: ValidationInfo) -> SecretStr:
    text = url.get_secret_value().strip()
    parts = urlsplit(text) if text.isprintable() and " " not in text else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not a web address")
    allows_http = others.data.get("allow_http") or is_loopback(canonical_host(parts.hostname))
    if parts.scheme == "http" and not allows_http:
        raise ValueError(
            "would be called unencrypted: write https://, or set allow_http where the network "
            "is trusted"
        )
    return SecretStr(text)


def _ledger_url(url: SecretStr) -> SecretStr:
    text = url.get_secret_value().strip()
    parts = urlsplit(text) if text.isprintable() and " " not in text else None
    if parts is None or parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("is not the address of a PostgreSQL database: postgresql://USER@HOST/NAME")
    return SecretStr(text)


def _instance_name(name: str) -> str:
    return name and parse_instance(name)


def _home(written: object) -> object:
    return default_home() if written is None else written


Text = Annotated[str, BeforeValidator(_as_text)]
Url = Annotated[str, AfterValidator(_base_url)]
Instance = Annotated[str, AfterValidator(_instance_name)]
Secret: TypeAlias = SecretStr
AlertUrls = Annotated[tuple[SecretStr, ...], BeforeValidator(_parse_alerts)]
HeartbeatUrl = Annotated[SecretStr, AfterValidator(_heartbeat)]
LedgerUrl = Annotated[SecretStr, AfterValidator(_ledger_url)]
FilePath: TypeAlias = Path
Home = Annotated[Path, BeforeValidator(_home)]
Count = Annotated[int, BeforeValidator(_not_a_truth_value), Bounds(ge=0)]
Positive = Annotated[Count, Bounds(ge=1)]
BatchSize = Annotated[Positive, Bounds(le=100_000)]
Rate = Annotated[float, BeforeValidator(_not_a_truth_value), Bounds(gt=0, allow_inf_nan=False)]
Factor = Annotated[
    float, BeforeValidator(_not_a_truth_value), Bounds(ge=1, le=1000, allow_inf_nan=False)
]
Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(write_duration)]
Age = Annotated[timedelta, BeforeValidator(parse_age), PlainSerializer(write_duration)]
Timeout = Annotated[Duration, AfterValidator(_longer_than_nothing)]
Concurrency = Annotated[int | Literal["auto"], BeforeValidator(_parse_concurrency)]
Delimiter = Annotated[str, BeforeValidator(_parse_delimiter)]
Encoding = Annotated[str, BeforeValidator(_parse_encoding)]
Zone = Annotated[str, BeforeValidator(_parse_zone)]
Region = Annotated[str, BeforeValidator(_parse_region)]
DateFormat = Annotated[str, BeforeValidator(_parse_date_format)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_parse_names)]
MaxErrors = Annotated[BadLeadLimit, BeforeValidator(_parse_error_limit), PlainSerializer(str)]
Times = Annotated[
    tuple[time, ...],
    BeforeValidator(parse_times),
    PlainSerializer(lambda times: [f"{each:%H:%M}" for each in times]),
]
Days = Annotated[tuple[Weekday, ...], BeforeValidator(parse_days), PlainSerializer(write_days)]
Columns = Annotated[dict[Field, tuple[str, ...]], BeforeValidator(_parse_columns)]

# What may be given for them where that is more than what they become.
LikePath: TypeAlias = str | Path
LikePaths: TypeAlias = Sequence[str | Path]
LikeNames: TypeAlias = str | Sequence[str]
LikeSecret: TypeAlias = str | SecretStr
LikeDuration: TypeAlias = str | float | timedelta
LikeAge: TypeAlias = str | timedelta
LikeConcurrency: TypeAlias = int | Literal["auto"]
LikeMaxErrors: TypeAlias = str | int | BadLeadLimit
LikeTimes: TypeAlias = str | time | Sequence[str] | Sequence[time]
LikeDays: TypeAlias = str | Sequence[str] | Sequence[Weekday]
LikeColumns: TypeAlias = Mapping[str, Sequence[str]] | Mapping[Field, Sequence[str]]
