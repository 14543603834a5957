"""A person and a program learn of the columns that are not sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App

if TYPE_CHECKING:
    from pathlib import Path

_LIST = "Teléfono;Fijo;Vendedor;DNI\n099123456;24021234;Luis;1\n"


@pytest.fixture
def leads(tmp_path: Path) -> str:
    """A list of which only one column is sent."""
    path = tmp_path / "leads.csv"
    path.write_text(_LIST, "utf-8")
    return str(path)


def test_check_names_them_below_those_that_are_sent(
    leads: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what would send those that may be meant to be."""
    assert run(App(("check", leads, "--campaign", "SALES<-"))) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == [
        "Columns:",
        "  destination  <- Teléfono",
        'Not sent: "Fijo", "Vendedor", "DNI".',
        '"Fijo" may be alternatives: --map alternatives="Fijo"',
        '"Vendedor" may be agent: --map agent="Vendedor"',
    ]


def test_check_tells_a_program_of_them(leads: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with the field that it may be."""
    assert run(App(("check", leads, "--campaign", "SALES<-", "--json"))) == 0

    assert json.loads(capsys.readouterr().out)["not_sent"] == [
        {"column": "Fijo", "may_be": "alternatives"},
        {"column": "Vendedor", "may_be": "agent"},
        {"column": "DNI", "may_be": None},
    ]


def test_upload_names_them_before_it_sends(leads: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In one breath with those that are sent."""
    assert run(App(("upload", leads, "--campaign", "SALES<-", "--sandbox"))) == 0

    told = capsys.readouterr().err
    assert 'Columns: destination <- Teléfono. Not sent: "Fijo", "Vendedor", "DNI".' in told
    assert told.index("Not sent") < told.index("Campaigns:")


def test_a_hint_can_be_typed_as_it_stands(leads: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It does what it says; an empty column says that there is none."""
    options = ("--map", "alternatives=Fijo", "--map", "agent=", "--campaign", "SALES<-")
    assert run(App(("check", leads, *options))) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "  alternatives <- Fijo" in lines
    assert 'Not sent: "Vendedor", "DNI".' in lines
