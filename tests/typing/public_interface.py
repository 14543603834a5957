"""The public interface as its docstrings say it is used; mypy reads this, and nothing runs it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import assert_type

from pydantic import SecretStr

from bulk_loader import (
    CheckReport,
    Ending,
    LoaderError,
    Settings,
    Status,
    Summary,
    check,
    load_settings,
    retry,
    upload,
)

PLAIN = Settings(url="https://dialer.example", token="...", campaign="POWER<-")
"""Of texts only."""

EVERY_KIND = Settings(
    instance="acme",
    sandbox=False,
    user="me",
    password="...",
    token_file="token",
    home=Path("ledger"),
    auth_scheme="bearer",
    map={"agent": "Vendor", "alternatives": ["Home", "Work"]},
    header_row=1,
    hidden="skip",
    past_dates="now",
    suppress=["never.txt", Path("lists/never.csv")],
    suppress_max_age="30d",
    calling_hours={"zone": "UTC", "monday": "09:00-18:00", "saturday": ["09:00-12:00"]},
    concurrency="auto",
    rate=2.5,
    retry_for=timedelta(minutes=5),
    read_timeout=60,
    max_errors="5%",
    duplicates="send",
    max_loads=["1 per 1d", "3 per 7d"],
)
"""Each kind of value as the settings file takes it, or as Python has it."""

Settings(campain="X")  # type: ignore[call-arg]
Settings(bulk="yes")  # type: ignore[arg-type]
Settings(token_file=7)  # type: ignore[arg-type]


def what_is_read() -> None:
    """A setting is what the checks made of it."""
    assert_type(PLAIN.token, SecretStr | None)
    assert_type(PLAIN.token_file, Path | None)
    assert_type(PLAIN.home, Path)
    assert_type(PLAIN.suppress, tuple[Path, ...])
    assert_type(PLAIN.retry_for, timedelta)
    assert_type(PLAIN.base_url, str | None)


def an_upload(file: str) -> int:
    """Upload, correct, and send again what may be sent again."""
    try:
        report = check(file, PLAIN)
        assert_type(report, CheckReport)
        summary = upload(Path(file), PLAIN)
    except LoaderError as error:
        assert_type((error.what, error.why, error.remedy), tuple[str, str, str])
        return int(error.exit_code)
    assert_type(summary, Summary)
    if summary.ending is Ending.FINISHED and summary.counts[Status.REJECTED] and summary.results:
        retry(summary.results)
        retry(str(summary.results), EVERY_KIND, include=frozenset({Status.UNKNOWN}))
    return summary.leads


def settings_from_all_places() -> Settings:
    """As the command line gathers them."""
    return load_settings({"profile": "production", "rate": 5}, environ={}, directory=Path("work"))
