"""Held against what becomes of real leads: whether a setting shapes them is said truly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.errors import LoaderError
from bulk_loader.ledger import Keys
from bulk_loader.preparation.history import History
from bulk_loader.preparation.pipeline import build_pipeline, open_table
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.screening.duplicates import SeenLeads
from bulk_loader.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.ledger import LeadKey

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

LEADS = """\
phone,when,notes,consent,place
099 123 456,2020-01-02 10:00:00,Mu\xf1oz: hello,no,
099 123 456,2020-01-02 10:00:00,Mu\xf1oz: hello,yes,
098 123 456,2027-05-04 10:00:00,Ana,yes,Rivera
097 123 456,,Ana,yes,Rivera
"""
CONSENT = """
schema_type: dataframe
columns:
  consent:
    dtype: str
    checks:
      equal_to: "yes"
"""

OTHER: dict[str, Any] = {
    "allow_http": True,
    "url": "https://other.example",
    "instance": "other",
    "sandbox": True,
    "online": True,
    "profile": "other",
    "token": "other",
    "token_file": "token.txt",
    "auth_scheme": "bearer",
    "user": "ana",
    "password": "secret",
    "password_file": "password.txt",
    "login": "UserLogin",
    "calldate": "2027-01-02 10:00:00",
    "campaign": "OTHER",
    "alternatives": "099555666",
    "agent": "101",
    "data": "place={place}",
    "source": "other",
    "bulk": True,
    "automatic": False,
    "map": {"agent": "place"},
    "data_separators": "keep",
    "sheet": "Sheet1",
    "header_row": 2,
    "encoding": "cp437",
    "delimiter": ";",
    "hidden": "send",
    "file_limit": 2.0,
    "tidy_phones": False,
    "phone_format": "national",
    "campaigns": ("SALES",),
    "similar_campaigns": "send",
    "phone_region": "IT",
    "date_format": "%Y-%d-%m %H:%M:%S",
    "timezone": "Europe/Madrid",
    "dialer_timezone": "Europe/Madrid",
    "past_dates": "now",
    "odd_rows": "send",
    "schema_file": "consent.yaml",
    "suppress": ("do-not-call.txt",),
    "suppress_max_age": "9d",
    "calling_hours": {"zone": "UTC", "monday": "09:00-18:00"},
    "concurrency": "auto",
    "rate": 5,
    "connect_timeout": 1,
    "read_timeout": 1,
    "write_timeout": 1,
    "pool_timeout": 1,
    "retry_for": 1,
    "retry_503": True,
    "max_errors": "1%",
    "max_doubts": 1,
    "canary": 1,
    "duplicates": "send",
    "skip_loaded_within": "7d",
    "max_loads": ["1 per 1d", "3 per 7d"],
    "hold_doubts": "1d",
    "strict": True,
    "again": True,
    "spread": True,
    "batch_size": 1,
    "results": "other.csv",
    "keep_results": "30d",
    "log_file": "night.log",
    "log_format": "json",
    "ca_file": "authorities.pem",
    "summary_sheet": True,
    "report": True,
    "report_values": True,
    "home": "elsewhere",
    "ledger": "postgresql://db.example/leads",
    "key_file": "elsewhere.key",
    "alerts": "json://127.0.0.1",
    "alerts_file": "alerts.txt",
    "alert_on": "always",
    "heartbeat": "https://other.example/x",
    "metrics_folder": "metrics",
}
"""A value for each setting, different from what the test says otherwise."""

USUAL: dict[str, Any] = {
    "campaign": "SALES",
    "data": "notes={notes}",
    "phone_region": "UY",
    "phone_format": "e164",
    "timezone": "America/Montevideo",
    "dialer_timezone": "UTC",
    "past_dates": "keep",
    "map": {"calldate": "when"},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a list and what settings name."""
    (tmp_path / "leads.csv").write_text(LEADS, "latin-1")
    (tmp_path / "consent.yaml").write_text(CONSENT, "utf-8")
    (tmp_path / "do-not-call.txt").write_text("phone\n098123456\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def keys(place: Path, **given: Any) -> dict[int, LeadKey] | LoaderError:
    """By row, how the ledger would know the leads that are to be sent or are repeated."""
    told = Settings(**{**USUAL, **given})
    try:
        table = open_table(place / "leads.csv", told)
        pipeline = build_pipeline(table, told, NOW)
    except LoaderError as error:
        return error
    found: dict[int, LeadKey] = {}
    with Sentences() as sentences:
        preparation = Preparation(
            pipeline=pipeline,
            keys=Keys(b"k" * 32),
            history=History(),
            sentences=sentences,
            batch_size=told.batch_size,
            seen=SeenLeads(),
            skips_duplicates=told.duplicates == "skip",
        )
        for prepared in preparation.batches():
            found |= {lead.row: lead.key for lead in prepared.ready}
            found |= {outcome.row: key for outcome, key in prepared.decided if key}
    return found


def test_a_setting_is_shaping_where_it_makes_other_leads(place: Path) -> None:
    """With another value some lead is not known any more; with a neutral one all still are."""
    usual = keys(place)
    assert isinstance(usual, dict)
    assert len(usual) == 4
    shaping = set()
    for name in Settings.model_fields:
        changed = keys(place, **{name: OTHER[name]})
        # Leads that are left out are not sent, so only what the others are called matters.
        if isinstance(changed, LoaderError) or not changed.items() <= usual.items():
            shaping.add(name)
    # No row of a text file is hidden; a workbook has other leads with another value.
    assert shaping | {"hidden"} == Settings.shaping()
