from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.model import Status
from bulk_loader.results import read_stamp
from bulk_loader.workflows.past_runs import rewrite_results
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, Witness, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.model import Summary
    from bulk_loader.settings import Settings

    MakeSettings = Callable[..., Settings]


def typed(path: Path, old: str, new: str) -> None:
    """What a person does in a results file of text."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def kept_beside(leads: Leads) -> list[Path]:
    """Results files that were moved aside."""
    return sorted(leads.path.parent.glob("leads.results.*.csv"))


def test_corrections_typed_before_a_stopped_run_goes_on_are_kept(
    leads: Leads, settings: MakeSettings
) -> None:
    """By the very command that the program advises: the file is named, and can be retried."""
    leads.write(("no tiene", "Ana"), *numbered(4))
    with FaultyDialer({3: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1, data="name={name}"))
        typed(leads.results, "no tiene", "0992222222")
        summary = upload(leads.path, settings(dialer, concurrency=1, data="name={name}"))
        assert leads.statuses() == ["invalid"] + ["accepted"] * 4
        (kept,) = kept_beside(leads)
        assert re.fullmatch(r"leads\.results\.edited-\d{8}-\d{6}\.csv", kept.name)
        assert any(f"bulk-loader retry {kept}" in note for note in summary.notes)
        assert "0992222222" in kept.read_text("utf-8")
        retry(kept, settings(dialer))
        assert dialer.recorded_tasks[-1]["destination"] == "0992222222"
        assert dialer.recorded_tasks[-1]["data"] == "name=Ana"
        assert len(dialer.recorded) == 5


def test_corrections_are_kept_when_the_list_is_sent_again(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """Also with --again, and once more where the kept name is taken."""
    leads.write(("no tiene", "Ana"), *numbered(2))
    upload(leads.path, settings(dialer))
    for number in ("0992222222", "0993333333"):
        typed(leads.results, "no tiene", number)
        upload(leads.path, settings(dialer, again=True))
    texts = [path.read_text("utf-8") for path in kept_beside(leads)]
    assert len(texts) == 2
    assert any("0992222222" in text for text in texts)
    assert any("0993333333" in text for text in texts)


def test_what_nobody_has_touched_is_written_over(leads: Leads, settings: MakeSettings) -> None:
    """A run that goes on leaves one results file, as often as it is cut short."""
    leads.write(*numbered(6))
    with FaultyDialer({2: Fault.UNAUTHORIZED, 4: Fault.UNAUTHORIZED}) as dialer:
        for _ in range(3):
            upload(leads.path, settings(dialer, concurrency=1))
    assert leads.statuses() == ["accepted"] * 6
    assert kept_beside(leads) == []


def test_a_correction_that_a_retry_sent_is_kept_when_the_upload_goes_on(
    leads: Leads, settings: MakeSettings
) -> None:
    """The list still has the damaged cell, so its results can't say what was typed and called."""
    leads.write(("no tiene", "Ana"), *numbered(3))
    with FaultyDialer({2: Fault.UNAUTHORIZED}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        typed(leads.results, "no tiene", "0992222222")
        retry(leads.results, settings(dialer))
        upload(leads.path, settings(dialer, concurrency=1))
        (kept,) = kept_beside(leads)
        assert "0992222222" in kept.read_text("utf-8")
        assert len(dialer.recorded) == 4


@pytest.mark.parametrize("retries", [1, 2])
def test_what_a_retry_of_renamed_results_sent_is_known_when_the_upload_goes_on(
    leads: Leads, settings: MakeSettings, retries: int
) -> None:
    """Under whatever name the results were by then, and however often they were retried."""
    leads.write(*numbered(6))
    with FaultyDialer({3: Fault.UNAUTHORIZED, 4: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        other = leads.results.rename(leads.path.with_name("corrected.csv"))
        for _ in range(retries):
            retry(other, settings(dialer, concurrency=1))
            other = other.rename(other.with_name(f"again {other.name}"))
        recorded = list(dialer.recorded)
        summary = upload(leads.path, settings(dialer))
        assert len(dialer.recorded) == len(set(dialer.recorded))
        assert dialer.recorded == recorded
        assert summary.sent == 0


def test_results_written_anew_do_not_cost_what_was_typed(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """`runs results` keeps a changed file as an upload does."""
    leads.write(*numbered(2))
    summary = upload(leads.path, settings(dialer))
    typed(leads.results, "Customer 2", "Customer 2, calls back on Monday")
    report = rewrite_results(settings().ledger_place, summary.run_id)
    (kept,) = kept_beside(leads)
    assert "calls back on Monday" in kept.read_text("utf-8")
    assert kept.name in report.notes[0]


def workbook_of(leads: Leads, dialer: FaultyDialer, settings: Settings) -> tuple[Path, Summary]:
    """The results of a workbook of three leads, one of which is invalid."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in [("phone", "name"), ("no tiene", "Ana"), *numbered(2)]:
        workbook.active.append(row)
    path = leads.path.with_suffix(".xlsx")
    workbook.save(path)
    summary = upload(path, settings)
    assert len(dialer.recorded) == 2
    return path.with_name("leads.results.xlsx"), summary


def test_a_renamed_workbook_is_known_by_what_it_says_of_itself(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings, tmp_path: Path
) -> None:
    """Corrected, saved by another program, renamed and moved: the upload's settings still hold."""
    results, summary = workbook_of(leads, dialer, settings(dialer, data="name={name}"))
    workbook = openpyxl.load_workbook(results)
    assert workbook.active is not None
    workbook.active["A2"] = "0992222222"
    elsewhere = tmp_path / "elsewhere" / "Copy of results.xlsx"
    elsewhere.parent.mkdir()
    workbook.save(elsewhere)
    results.unlink()
    stamp = read_stamp(elsewhere)
    assert stamp is not None
    assert stamp.run == summary.run_id
    retry(elsewhere, settings(dialer))
    assert dialer.recorded_tasks[-1]["data"] == "name=Ana"
    assert len(dialer.recorded) == 3


@pytest.mark.parametrize("way", ["renamed", "copied"])
def test_a_renamed_text_file_is_known_by_its_neighbour(
    leads: Leads, settings: MakeSettings, way: str
) -> None:
    """Corrected under a new name in the same folder: what stands beside the old name tells of it."""
    leads.write(*numbered(3))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1, data="name={name}"))
        other = leads.path.with_name("to do.csv")
        if way == "renamed":
            leads.results.rename(other)
        else:
            other.write_bytes(leads.results.read_bytes())
        typed(other, "0991000001", "0992222222")
        retry(other, settings(dialer))
        assert dialer.recorded_tasks[-1] | {"data": "name=Customer 1"} == dialer.recorded_tasks[-1]
        assert len(dialer.recorded) == 3


def test_an_unchanged_copy_anywhere_is_known_by_its_content(
    leads: Leads, settings: MakeSettings, tmp_path: Path
) -> None:
    """The ledger keeps the digest of what was written."""
    leads.write(*numbered(3))
    with FaultyDialer({1: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1, data="name={name}"))
        other = tmp_path / "elsewhere" / "copy.csv"
        other.parent.mkdir()
        other.write_bytes(leads.results.read_bytes())
        retry(other, settings(dialer))
        assert dialer.recorded_tasks[-1]["data"] == "name=Customer 1"


def test_a_number_changed_after_it_was_accepted_is_said(
    leads: Leads, settings: MakeSettings
) -> None:
    """It keeps its 1, since the lead was called; beside the new number stands that it was not."""
    leads.write(*numbered(5))
    with FaultyDialer({2: Fault.ZERO}) as dialer:
        upload(leads.path, settings(dialer, concurrency=1))
        typed(leads.results, "0991000003", "0992222222")
        witness = Witness()
        retry(leads.results, settings(dialer), witness)
        assert any("The number in row 4 was changed" in note for note in witness.notes)
        row = leads.rows()[2]
        assert (row["dialer_result"], row["dialer_status"]) == ("1", "accepted")
        assert "was not called" in row["dialer_error"]
        assert len(dialer.recorded) == 5
        typed(leads.results, "0992222222,Customer 3,1,accepted", "0992222222,Customer 3,,")
        summary = retry(leads.results, settings(dialer))
        assert (summary.sent, dialer.recorded[-1]) == (1, "0992222222")
        assert leads.statuses() == ["accepted"] * 5


def test_another_campaign_is_no_change_of_numbers(
    leads: Leads, dialer: FaultyDialer, settings: MakeSettings
) -> None:
    """Where no row is recognised, the numbers are not said to be others."""
    leads.write(*numbered(5))
    upload(leads.path, settings(dialer))
    witness = Witness()
    summary = retry(leads.results, settings(dialer, campaign="OTHER"), witness)
    assert not any("was changed" in note for note in witness.notes)
    assert summary.counts[Status.ACCEPTED] == 5
