"""A command that is offered to be run next works as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.cli.again import options_again, options_for_retry
from bulk_loader.cli.app import run
from bulk_loader.cli.context import App

if TYPE_CHECKING:
    from pathlib import Path


def test_options_are_given_again_as_they_were() -> None:
    """Values, repeated ones, switches and their opposites; not what was for one command only."""
    given = {
        "sheet": "My Leads",
        "map": ("calldate=", "agent=Seller"),
        "sandbox": True,
        "tidy_phones": False,
        "schema_file": "own.yaml",
        "campaigns": ("A<-",),
        "again": True,
        "online": True,
        "results": "other.csv",
    }

    assert options_again(given) == [
        "--sandbox", "--map", "calldate=", "--map", "agent=Seller", "--sheet", "My Leads",
        "--no-tidy-phones", "--only-campaign", "A<-", "--schema", "own.yaml",
    ]  # fmt: skip


def test_a_retry_needs_what_the_ledger_does_not_keep() -> None:
    """Where secrets stand, and texts with a phone number in them; nothing that it does not take."""
    given = {
        "url": "https://acme.example",
        "token_file": "token.txt",
        "config": "other.toml",
        "key_file": "key",
        "strict": True,
        "spread": True,
        "agent": "099123456",
        "data": "id={1234567}",
        "sheet": "Leads",
        "results": "other.csv",
    }

    assert options_for_retry(given) == [
        "--token-file", "token.txt", "--config", "other.toml", "--agent", "099123456",
        "--key-file", "key",
    ]  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> str:
    """A list that is not on the sheet in front."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(("Concepto", "Importe"))
    leads = book.create_sheet("My Leads")
    leads.append(("Phone", "Name"))
    leads.append(("099123456", "Ana"))
    path = tmp_path / "leads.xlsx"
    book.save(path)
    return str(path)


def test_check_offers_the_upload_with_its_own_options(
    workbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sheet above all; where no dialer was named, that is said."""
    given = ("--campaign", "SALES<-", "--sheet", "My Leads")
    assert run(App(("check", workbook, *given))) == 0
    assert run(App(("check", workbook, *given, "--sandbox"))) == 0

    first, second = [
        line for line in capsys.readouterr().out.splitlines() if line.startswith("Next:")
    ]
    upload = f"Next: bulk-loader upload {workbook}"
    options = "--campaign 'SALES<-' --sheet 'My Leads'"
    assert first == (
        f"{upload} {options}, with the dialer: --url, --instance, --profile, or --sandbox for a "
        "trial"
    )
    assert second == f"{upload} --sandbox {options}"
