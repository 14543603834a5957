from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bulk_loader.campaigns import Campaign
from bulk_loader.errors import ExitCode, SourceError
from bulk_loader.settings import Settings
from bulk_loader.workflows.check import check
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.uploads import Witness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.faulty_dialer import FaultyDialer
    from tests.support.uploads import Leads

HEADER = ("phone", "campaign", "agent", "calldate")


def written(leads: Leads, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    """Rows without their numbers, each repeated as its first cell says."""
    numbers = iter(range(10**6))
    told = [
        (f"0991{next(numbers):06d}", *cells) for times, *cells in rows for _ in range(int(times))
    ]
    leads.write(*told, header=header)
    return leads.path


def notes(path: Path, **given: Any) -> list[str]:
    """What `check` finds odd."""
    return list(check(path, Settings(**given)).notes)


def test_campaigns_are_counted_by_name_the_fullest_first(leads: Leads) -> None:
    """White space around a name is none, an empty cell has the default, and every lead is counted."""
    path = written(
        leads, ("1", "B->", "", ""), ("2", " A<- ", "101", ""), ("1", "A<-", "", "2099-01-01 10:00:00"),
        ("3", "", "", ""),
    )  # fmt: skip
    report = check(path, Settings(campaign="C->"))
    assert report.campaigns.named == (
        Campaign("A<-", 3, 3, with_agent=2, dated=1),
        Campaign("C->", 3, 6),
        Campaign("B->", 1, 2),
    )
    assert sum(each.leads for each in report.campaigns.named) == report.source.leads


def test_a_list_without_the_column_is_all_of_one_campaign(leads: Leads) -> None:
    """Of the default, with the default agent and date."""
    leads.write(("0991000001", "Ana"), ("0991000002", "Luz"))
    told = Settings(campaign="A->", agent="101", calldate="2099-01-01 10:00:00")
    (campaign,) = check(leads.path, told).campaigns.named
    assert campaign == Campaign("A->", 2, 0, with_agent=2, dated=2)


def test_a_campaign_written_as_a_formula_of_a_text_is_that_text(leads: Leads) -> None:
    """As the leads themselves are read."""
    leads.path.write_text('phone,campaign\n0991000001,="A<-"\n0991000002,A<-\n', "utf-8")
    (campaign,) = check(leads.path, Settings()).campaigns.named
    assert (campaign.name, campaign.leads) == ("A<-", 2)


def test_a_column_that_the_first_rows_do_not_reach_is_not_guessed(tmp_path: Path) -> None:
    """Its leads are of campaigns that were not counted, and not all of the default."""
    path = tmp_path / "leads.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for number in range(1, 2001):
        book.active.append([f"0991{number:06d}"])
    book.active.cell(2000, 3, "A<-")
    book.save(path)
    told = {"destination": ["[A]"], "campaign": ["[C]"]}
    report = check(path, Settings(header_row=0, campaign="B<-", map=told))
    assert (report.campaigns.named, report.campaigns.more_leads) == ((), 2000)


def test_an_upload_says_its_campaigns_before_it_sends(
    leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """With their leads and their kind of dialer; the summary has them too, as has a retry's."""
    witness = Witness()
    path = written(leads, ("2", "Ventas<-", "", ""), ("1", "Cobranza->", "", ""))
    summary = upload(path, settings(dialer, campaign=""), witness)
    said = (
        'Campaigns: "Ventas<-" 2 leads (Power or Predictive), '
        '"Cobranza->" 1 lead (Progressive or Preview).'
    )
    assert said in witness.notes
    assert [each.name for each in summary.campaigns.named] == ["Ventas<-", "Cobranza->"]
    again = retry(leads.results, settings(dialer, campaign=""))
    assert again.campaigns.named == summary.campaigns.named


@pytest.mark.parametrize("count", [1, 2])
def test_a_campaign_that_is_nearly_another_is_asked_about(
    count: int, leads: Leads, dialer: FaultyDialer, settings: Callable[..., Settings]
) -> None:
    """Nothing is sent before somebody says that it is meant; both names, the row and the ways are told."""
    rows = [("25", "Ventas<-", "", ""), ("1", "Ventsa<-", "", ""), ("1", "Vnetas<-", "", "")]
    path = written(leads, *rows[: count + 1])
    for verb, told in ((check, Settings()), (upload, settings(dialer, campaign=""))):
        with pytest.raises(SourceError) as caught:
            verb(path, told)
        assert caught.value.exit_code is ExitCode.BAD_FILE
        what = (
            'The campaign "Ventsa<-" (1 lead, the first in row 27) is nearly "Ventas<-" (25 leads).'
        )
        assert caught.value.what.startswith(what)
        assert ("1 more" in caught.value.what) is (count > 1)
        assert "--similar-campaigns send" in caught.value.remedy
        assert "--only-campaign 'Ventas<-' --only-campaign 'Ventsa<-'" in caught.value.remedy
    assert dialer.recorded == []


@pytest.mark.parametrize(
    "given", [{"similar_campaigns": "send"}, {"campaigns": ["Ventas<-", "Ventsa<-"]}]
)
def test_campaigns_that_are_meant_are_sent(given: dict[str, Any], leads: Leads) -> None:
    """By one word for all, or by their names."""
    path = written(leads, ("25", "Ventas<-", "", ""), ("1", "Ventsa<-", "", ""))
    report = check(path, Settings(**given))
    assert report.counts["unsent"] == 26  # type: ignore[index]


def test_a_name_without_an_arrow_is_warned_of(leads: Leads) -> None:
    """It is never refused: nothing is sent otherwise than it stands in the list."""
    path = written(leads, ("1", "Ventas<-", "", ""), ("1", "Cobranza", "", ""))
    (note,) = notes(path)
    assert note.startswith('No arrow ends the name of "Cobranza": ')
    assert notes(path, campaign="Otra->") == [note]


def test_a_campaign_that_is_refused_is_not_warned_of(leads: Leads) -> None:
    """Its leads have a problem of their own, and none of them is sent."""
    path = written(leads, ("1", "Ventas->", "", ""), ("1", "Cobranza", "", ""))
    assert notes(path, campaigns=["Ventas->"]) == []


def test_an_agent_of_a_power_dialer_is_warned_of(leads: Leads) -> None:
    """Only where the campaign's arrow says so."""
    path = written(leads, ("2", "Ventas<-", "101", ""), ("1", "Cobranza->", "101", ""))
    (note,) = notes(path)
    assert note.startswith('An agent is named by 2 leads for "Ventas<-": ')


def test_many_campaigns_are_named_in_part(leads: Leads) -> None:
    """A sentence stays one that can be read."""
    path = written(leads, *[("1", f"Campaign {number}", "", "") for number in range(12)])
    (note,) = notes(path)
    assert note.count('"') == 20
    assert '" and 2 more' in note


DATED = ("2", "Ventas<-", "", "2099-01-01 10:00:00")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "2 leads have a date of the call, sent as it is written. The dialer most likely"),
        ({"timezone": "America/Lima"}, "as it is written, in the time of America/Lima (--timezone). The"),
        ({"dialer_timezone": "America/Lima"}, "sent in the time of America/Lima (--dialer-timezone)."),
    ],
)  # fmt: skip
def test_the_zone_of_dates_is_said(given: dict[str, Any], said: str, leads: Leads) -> None:
    """What is known of the dialer's zone, and what is only likely."""
    (note,) = notes(written(leads, DATED), **given)
    assert said in note


def test_a_list_without_dates_says_nothing_of_zones(leads: Leads) -> None:
    """An empty column is none, and so is a default that means at once."""
    path = written(leads, ("1", "Ventas<-", "", ""))
    assert notes(path, dialer_timezone="America/Lima", calldate="null") == []


def test_numbers_listed_for_one_campaign_only_are_told(leads: Leads, tmp_path: Path) -> None:
    """Whoever meant them for every campaign sees it before anybody is called."""
    own = tmp_path / "own.csv"
    own.write_text("0991999999;Ventas<-;\n0991999998;;\n", "utf-8")
    (note,) = notes(written(leads, ("1", "Ventas<-", "", "")), suppress=[own])
    assert note.startswith("Of 2 numbers on do-not-call lists, 1 are for one campaign only")


def test_names_that_read_like_phones_are_masked(leads: Leads) -> None:
    """A column that was mapped by mistake shows nobody's number."""
    path = written(leads, ("1", "0991234567", "", ""))
    assert "0991234567" not in " ".join(notes(path))
