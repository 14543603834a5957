from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.model import Status
from bulk_loader.settings import Settings, load_settings
from bulk_loader.workflows.check import check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A list with three campaigns and a lead without one."""
    file = tmp_path / "leads.csv"
    names = ["Ventas<-", "Ventsa<-", "", "Cobranza->"]
    rows = "".join(f"099100000{number},{name}\n" for number, name in enumerate(names))
    file.write_text(f"phone,campaign\n{rows}", "utf-8")
    return file


def test_leads_of_other_campaigns_are_refused(path: Path) -> None:
    """They are named one by one, with the campaign that is probably meant."""
    report = check(path, Settings(campaigns=["Ventas<-", "Otra->"], campaign="Otra->"))
    assert [(problem.row, problem.code) for problem in report.problems] == [
        (3, "campaign_not_allowed"),
        (5, "campaign_not_allowed"),
    ]
    assert "Is Ventas<- meant?" in report.problems[0].remedy
    assert "meant" not in report.problems[1].remedy
    assert report.counts[Status.UNSENT] == 2


def test_a_lead_without_a_campaign_has_one_problem(path: Path) -> None:
    """To belong to none is told once."""
    report = check(path, Settings(campaigns="Ventas<-"))
    assert [problem.code for problem in report.problems if problem.row == 4] == ["campaign_missing"]


def test_case_matters(path: Path) -> None:
    """Whether it does to the dialer is not known, so nothing is let through by a guess."""
    report = check(path, Settings(campaigns=["VENTAS<-"]))
    assert report.counts[Status.UNSENT] == 0


def test_a_default_that_is_not_allowed_sends_nothing(path: Path) -> None:
    """A mistyped --campaign is told at once, before the file is judged lead by lead."""
    with pytest.raises(SettingsError, match="not one of those that may be called") as caught:
        check(path, Settings(campaigns=["Ventas<-"], campaign="Ventsa<-"))
    assert "Ventas<-" in caught.value.why


@pytest.mark.parametrize("written", ['"Ventas<-"', '["Ventas<-", " Ventas<- "]'])
def test_a_profile_names_one_or_several(written: str, tmp_path: Path) -> None:
    """A name alone is a list of one, and white space around it is none of its letters."""
    (tmp_path / "bulk_loader.toml").write_text(f"[profile.night]\ncampaigns = {written}\n", "utf-8")
    settings = load_settings({"profile": "night"}, environ={}, directory=tmp_path)
    assert settings.campaigns == ("Ventas<-",)


def test_a_variable_and_options_name_several(tmp_path: Path) -> None:
    """A variable separates them by semicolons."""
    environ = {"BULK_LOADER_CAMPAIGNS": "Ventas<-; Cobranza->"}
    assert load_settings({}, environ=environ, directory=tmp_path).campaigns == (
        "Ventas<-",
        "Cobranza->",
    )
    told = load_settings({"campaigns": ("A->", "B->")}, environ={}, directory=tmp_path)
    assert told.campaigns == ("A->", "B->")


@pytest.mark.parametrize("written", [[""], ["A<-", " "], [7], 7])
def test_what_is_no_name_is_refused(written: object, tmp_path: Path) -> None:
    """An empty name would let everything in or nothing, and nobody could tell which."""
    with pytest.raises(SettingsError, match="--only-campaign"):
        load_settings({"campaigns": written}, environ={}, directory=tmp_path)
