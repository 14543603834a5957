"""The way of one list, from the file to its results."""

from __future__ import annotations

import csv
import io
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.model import Status
from bulk_loader.settings import load_settings
from bulk_loader.workflows.check import check
from tests.desk.browsing import Browser, Page
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.desk import Desk
    from bulk_loader.sandbox import Sandbox

SAMPLES = Path(__file__).parents[2] / "sample_files"


def statuses(browser: Browser, results: Page) -> list[str]:
    """Of the results file, as it is saved from its page."""
    saved = browser.client.get(f"{browser.at}/lists/{results.list_id}/results/file")
    rows = csv.DictReader(io.StringIO(saved.text))
    return [row["dialer_status"] for row in rows]


@pytest.mark.parametrize(
    "name",
    ["leads.csv", "leads.xlsx", "clientes.csv", "clientes.ods", "clientes.xls", "damaged.xlsx"],
)
def test_every_sample_goes_the_whole_way(browser: Browser, sandbox: Sandbox, name: str) -> None:
    """What the page says would be sent is what `check` says, and what the dialer gets."""
    report = check(SAMPLES / name, load_settings({}))
    columns = browser.drop(SAMPLES / name)
    assert (columns.status, columns.step) == (200, "columns")
    checked = browser.submit(columns, "/columns")
    assert checked.step == "check"
    assert f"{report.counts[Status.UNSENT]} leads can be sent" in checked.text
    for call in report.first_tasks:
        assert " ".join(call.split()) in checked.text
    results = browser.send(checked)
    assert (results.step, "The list was sent" in results.text) == ("results", True)
    assert sandbox.queued == report.counts[Status.UNSENT]
    queued = {entry.task.destination for entry in sandbox.queue()}
    assert {json.loads(call)["destination"] for call in report.first_tasks} <= queued
    for status, count in report.counts.items():
        if count and status is not Status.UNSENT:
            assert f"{status.value} {count}" in results.text


def test_a_column_is_chosen_by_a_drop_down(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """The column whose name says nothing feeds the field beside which a person has put it."""
    leads.write(("Ana", "0991234567", "7"), header=("quién", "dónde", "cuál"))
    columns = browser.drop(leads.path)
    assert columns.status == 422
    assert "There is a problem" in columns.text
    assert columns.form("/columns").options["map-destination"] == {
        "": "no column",
        "0": "quién: Ana",
        "1": "dónde: 0991234567",
        "2": "cuál: 7",
    }
    checked = browser.submit(columns, "/columns", **{"map-destination": "1", "map-agent": "2"})
    browser.send(checked)
    (queued,) = sandbox.queue()
    assert (queued.task.destination, queued.task.agent) == ("0991234567", "7")
    again = browser.see(f"/lists/{checked.list_id}/columns")
    assert again.form("/columns").fields["map-agent"] == ["2"]


def test_a_column_that_was_recognised_is_taken_away(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """What the page shows is what is sent, whatever the columns are called."""
    leads.write(("0991234567", "101"), header=("phone", "agent"))
    columns = browser.drop(leads.path)
    assert columns.form("/columns").fields["map-agent"] == ["1"]
    browser.send(browser.submit(columns, "/columns", **{"map-agent": ""}))
    assert sandbox.queue()[0].task.agent == ""


def test_what_is_typed_stands_in_for_empty_cells(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """A campaign and a template of this list alone, with letters that HTML has other uses for."""
    leads.write(("0991234567", "Ana"))
    columns = browser.drop(leads.path)
    typed = {"campaign": 'A "B" <C> & D->', "data": "n={name}"}
    checked = browser.submit(columns, "/columns", **typed)
    again = browser.see(f"/lists/{checked.list_id}/columns")
    assert again.form("/columns").fields["campaign"] == [typed["campaign"]]
    browser.send(checked)
    assert sandbox.queue()[0].task.campaign == typed["campaign"]
    assert sandbox.queue()[0].task.data == "n=Ana"


def test_a_sheet_is_chosen(browser: Browser, sandbox: Sandbox, tmp_path: Path) -> None:
    """Where the one in front is not the list, the page offers the others."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Notes"  # type: ignore[index]
    sheet = book.create_sheet("Ventas")
    sheet.append(["telefono"])
    sheet.append(["0991234567"])
    book.save(tmp_path / "list.xlsx")
    columns = browser.drop(tmp_path / "list.xlsx")
    assert columns.status == 422
    columns = browser.submit(columns, "/read", sheet="Ventas")
    assert columns.status == 200
    browser.send(browser.submit(columns, "/columns"))
    assert sandbox.queue()[0].task.destination == "0991234567"


def test_what_is_wrong_is_told_at_its_place(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """A slip in a field leads from the summary to that field, and stays there to be corrected."""
    assert sandbox.queued == 0
    leads.write(("0991234567", "Ana"))
    columns = browser.submit(browser.drop(leads.path), "/read", header_row="two")
    assert columns.status == 422
    assert ("a", {"href": "#header_row"}) in columns.tags
    (field,) = [given for _, given in columns.tags if given.get("id") == "header_row"]
    assert (field["value"], field["aria-invalid"]) == ("two", "true")
    assert browser.submit(columns, "/read", header_row="1").status == 200


def test_what_is_no_list_is_told(browser: Browser, sandbox: Sandbox, tmp_path: Path) -> None:
    """In the words of the reading, with nothing to go on with but another file."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = browser.drop(tmp_path / "picture.png")
    assert page.status == 422
    assert "There is a problem" in page.text
    assert sandbox.queued == 0


def test_no_file_is_told(browser: Browser) -> None:
    """Who presses the button too early is asked for a file."""
    form = browser.home.form("/lists")
    lines = [
        *("--x", 'Content-Disposition: form-data; name="token"', "", form.fields["token"][0]),
        # Just so a browser says that no file was chosen.
        *("--x", 'Content-Disposition: form-data; name="file"; filename=""', "", ""),
        *("--x--", ""),
    ]
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    content = "\r\n".join(lines).encode()
    answer = browser.client.post(browser.at + "/lists", content=content, headers=headers)
    assert answer.status_code == 422
    assert "Choose a file." in Page(answer).text


def test_nothing_is_sent_before_a_dialer_is_chosen(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Neither the trial nor the dialer is taken for granted."""
    leads.write(*numbered(3))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    page = browser.submit(browser.see(f"/lists/{checked.list_id}/send"), "/send")
    assert (page.status, sandbox.queued) == (422, 0)
    assert "Choose where the leads go." in page.text


def test_a_list_of_the_desk_is_sent_by_its_machine_alone(
    browser: Browser, leads: Leads, sandbox: Sandbox, to_dialer: Callable[..., None]
) -> None:
    """Also where the settings share lists out, as for nights: a pause is one of all that is sent."""
    to_dialer(sandbox.url, 'campaign = "POWER<-"', "spread = true")
    leads.write(*numbered(5))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    assert "The trial is over" in browser.send(checked, "trial").text
    results = browser.send(checked)
    assert statuses(browser, results) == ["accepted"] * 5
    assert sandbox.queued == 5


def test_a_trial_calls_nobody_and_does_not_stand_in_the_way(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """After it the list goes to the dialer as if it had never been tried."""
    leads.write(*numbered(5))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    trial = browser.send(checked, "trial")
    assert "The trial is over" in trial.text
    assert (sandbox.queued, statuses(browser, trial)) == (0, ["accepted"] * 5)
    real = browser.send(checked)
    assert "The list was sent" in real.text
    assert (sandbox.queued, statuses(browser, real)) == (5, ["accepted"] * 5)


def test_a_double_click_sends_once(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """Eight times the same form at the same moment are one sending."""
    leads.write(*numbered(30))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    clicks = [
        threading.Thread(
            target=browser.submit, args=(last_look, "/send"), kwargs={"target": "dialer"}
        )
        for _ in range(8)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    browser.ended(checked.list_id)
    assert sandbox.queued == 30


def test_a_form_that_is_sent_again_later_sends_nothing(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """A reload of the form, a step back, another tab: all of them hold a form of the past."""
    leads.write(*numbered(4))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    browser.submit(last_look, "/send", target="dialer")
    browser.ended(checked.list_id)
    page = browser.submit(last_look, "/send", target="dialer")
    assert page.step == "results"
    assert "Nothing was sent by that form." in page.text
    # Nor does a trial of it, which no ledger would refuse.
    assert browser.submit(last_look, "/send", target="trial").step == "results"
    assert sandbox.queued == 4


def test_a_form_of_other_columns_sends_nothing(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """What a person has not seen is not sent: somebody changed the columns in another tab."""
    leads.write(("0991234567", "0997654321"), header=("phone", "other"))
    columns = browser.drop(leads.path)
    checked = browser.submit(columns, "/columns")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    columns = browser.see(f"/lists/{checked.list_id}/columns")
    assert browser.submit(columns, "/columns", **{"map-destination": "1"}).step == "check"
    page = browser.submit(last_look, "/send", target="dialer")
    assert (page.step, sandbox.queued) == ("check", 0)
    assert "Nothing was sent by that form." in page.text


def test_two_people_with_the_same_list_send_it_once(
    desk: Desk, browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """The ledger decides, as between two commands."""
    leads.write(*numbered(6))
    mine = browser.submit(browser.drop(leads.path), "/columns")
    with Browser(desk) as other:
        theirs = other.submit(other.drop(leads.path, "copy of leads.csv"), "/columns")
        browser.send(mine)
        page = other.send(theirs)
    assert "There is a problem" in page.text
    assert "uploaded" in page.text
    assert not [form for form in page.forms if form.action.endswith("/go-on")]
    assert sandbox.queued == 6


def test_a_sending_is_stopped_and_gone_on_with(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """What was not sent yet stays unsent, however often somebody presses; then just that is sent."""
    leads.write(*numbered(40))
    came, go = threading.Event(), threading.Event()

    def slow(_request: object) -> Reaction:
        came.set()
        go.wait()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1")
        checked = browser.submit(browser.drop(leads.path), "/columns")
        page = browser.submit(
            browser.see(f"/lists/{checked.list_id}/send"), "/send", target="dialer"
        )
        assert page.step == "progress"
        came.wait()
        for _ in range(3):
            page = browser.submit(browser.see(f"/lists/{checked.list_id}"), "/stop")
        assert "Stopping" in page.text
        go.set()
        stopped = browser.ended(checked.list_id)
        assert "The sending was stopped" in stopped.text
        before = len(dialer.recorded)
        assert before < 40
        browser.submit(stopped, "/go-on")
        results = browser.ended(checked.list_id)
        assert "Nothing is left to do." in results.text
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(40)]


def test_a_dialer_that_stops_answering_leaves_doubts_that_are_only_sent_on_request(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Doubtful leads have a warning of their own, and a tick without which they stay where they are."""
    leads.write(*numbered(6))
    last = {phone: Fault.NEVER_AFTER_RECORDING for phone, _ in numbered(2, first=5)}
    with FaultyDialer(last) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', 'read_timeout = "1s"')
        checked = browser.submit(browser.drop(leads.path), "/columns")
        results = browser.send(checked)
        assert "2 leads may have been taken or not." in results.text
        assert statuses(browser, results) == ["accepted"] * 4 + ["unknown"] * 2
        retry = browser.see(f"/lists/{checked.list_id}/retry")
        assert "include" not in retry.form("/retry").fields
        assert "Look for them in the dialer first" in retry.text
        page = browser.submit(retry, "/retry")
        assert (page.status, len(dialer.recorded)) == (422, 6)


def test_a_status_with_a_tick_is_sent_again(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """With the tick the doubtful ones are sent, and the accepted ones still are not."""
    leads.write(*numbered(3))
    with FaultyDialer({1: Fault.SERVER_ERROR}) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"')
        checked = browser.submit(browser.drop(leads.path), "/columns")
        browser.send(checked)
        retry = browser.see(f"/lists/{checked.list_id}/retry")
        browser.submit(retry, "/retry", include="unknown")
        results = browser.ended(checked.list_id)
        assert statuses(browser, results) == ["accepted"] * 3
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(3)]


def test_a_results_file_that_was_corrected_is_dropped(
    browser: Browser, sandbox: Sandbox, leads: Leads, tmp_path: Path
) -> None:
    """Only what was not accepted is sent, as it stands in the file now."""
    book = openpyxl.Workbook()
    for row in (["phone"], ["0991234567"], ["no tiene"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(leads.path.with_suffix(".xlsx"))
    first = browser.send(browser.submit(browser.drop(leads.path.with_suffix(".xlsx")), "/columns"))
    saved = browser.client.get(f"{browser.at}/lists/{first.list_id}/results/file")
    assert saved.headers["content-disposition"] == 'attachment; filename="leads.results.xlsx"'
    corrected = tmp_path / "leads.results.xlsx"
    corrected.write_bytes(saved.content)
    book = openpyxl.load_workbook(corrected)
    book.active["A3"] = "0997654321"  # type: ignore[index]
    book.save(corrected)
    checked = browser.drop(corrected)
    assert checked.step == "check"
    assert "1 lead can be sent again" in checked.text
    retry = browser.see(f"/lists/{checked.list_id}/retry")
    browser.submit(retry, "/retry")
    assert "Nothing is left to do." in browser.ended(checked.list_id).text
    assert [task.task.destination for task in sandbox.queue()] == ["0991234567", "0997654321"]


def test_without_credentials_nothing_is_sent_and_the_page_says_so(
    browser: Browser, sandbox: Sandbox, leads: Leads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the words of the command, and the list can be gone on with when that is mended."""
    monkeypatch.delenv("BULK_LOADER_TOKEN")
    leads.write(*numbered(3))
    page = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "No credentials given." in page.text
    monkeypatch.setenv("BULK_LOADER_TOKEN", "sandbox")
    browser.submit(page, "/go-on")
    browser.ended(page.list_id)
    assert sandbox.queued == 3


def test_a_wrong_token_stops_the_run(
    browser: Browser, sandbox: Sandbox, leads: Leads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every lead is unsent, and the page says why."""
    monkeypatch.setenv("BULK_LOADER_TOKEN", "not-the-token")
    leads.write(*numbered(3))
    page = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "The sending was stopped" in page.text
    assert "unsent 3" in page.text
    assert "not-the-token" not in page.text
    assert sandbox.queued == 0


def test_where_no_dialer_is_named_there_is_only_the_trial(
    browser: Browser, place: Path, leads: Leads
) -> None:
    """No choice is offered that would fail."""
    (place / "bulk_loader.toml").unlink(missing_ok=True)
    leads.write(*numbered(3))
    checked = browser.submit(browser.drop(leads.path), "/columns", campaign="X<-")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    targets = [given["value"] for _, given in last_look.tags if given.get("name") == "target"]
    assert targets == ["trial"]


def test_a_profile_is_chosen(browser: Browser, sandbox: Sandbox, place: Path, leads: Leads) -> None:
    """Its settings are those of the list, and the others do not matter."""
    text = f'[profile.night]\nurl = "{sandbox.url}"\ncampaign = "NIGHT<-"\n[profile.day]\n'
    (place / "bulk_loader.toml").write_text(text, "utf-8")
    leads.write(*numbered(1))
    columns = browser.drop(leads.path, profile="night")
    browser.send(browser.submit(columns, "/columns"))
    assert sandbox.queue()[0].task.campaign == "NIGHT<-"


def test_no_page_of_a_long_list_is_long(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """A hundred thousand rows, each of them wrong, make no page of more than some hundred rows."""
    assert sandbox.queued == 0
    leads.write(*((f"no {number}", "x" * 40) for number in range(100_000)))
    columns = browser.drop(leads.path)
    checked = browser.submit(columns, "/columns")
    assert "100,000" in checked.text
    cells = browser.see(f"/lists/{checked.list_id}/correct")
    assert "100,000 cells to correct" in cells.text
    for page in (columns, checked, cells):
        assert len(page.answer.content) < 300_000
        assert len([tag for tag, _ in page.tags if tag in ("tr", "li", "option")]) < 500


def test_what_is_wrong_is_marked_in_a_copy_that_can_be_corrected(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The copy is a list like any other, and those who were sent already are not sent again."""
    book = openpyxl.Workbook()
    for row in (["phone"], ["0991234567"], ["no tiene"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "leads.xlsx")
    checked = browser.submit(browser.drop(tmp_path / "leads.xlsx"), "/columns")
    marked = browser.see(f"/lists/{checked.list_id}/marked")
    assert "Save leads.checked.xlsx" in marked.links
    saved = browser.client.get(f"{browser.at}/lists/{checked.list_id}/marked/file")
    copy = tmp_path / "leads.checked.xlsx"
    copy.write_bytes(saved.content)
    browser.send(checked)
    book = openpyxl.load_workbook(copy)
    assert "is text, not a phone number" in str(book.active["D3"].value)  # type: ignore[index]
    book.active["A3"] = "0997654321"  # type: ignore[index]
    book.save(copy)
    browser.send(browser.submit(browser.drop(copy), "/columns"))
    assert [task.task.destination for task in sandbox.queue()] == ["0991234567", "0997654321"]


def test_a_template_has_the_columns_of_a_profile(
    browser: Browser, sandbox: Sandbox, place: Path, tmp_path: Path
) -> None:
    """What is filled in goes where the profile says."""
    text = f'[profile.night]\nurl = "{sandbox.url}"\nmap = {{ destination = "Celular" }}\n'
    (place / "bulk_loader.toml").write_text(text, "utf-8")
    saved = browser.client.get(f"{browser.at}/template", params={"profile": "night"})
    assert saved.headers["content-disposition"] == 'attachment; filename="leads.xlsx"'
    (tmp_path / "leads.xlsx").write_bytes(saved.content)
    sheet = openpyxl.load_workbook(tmp_path / "leads.xlsx").active
    assert sheet is not None
    header = [cell.value for cell in sheet[1]]
    assert "Celular" in header
    wrong = browser.client.get(f"{browser.at}/template", params={"profile": "none"})
    assert (wrong.status_code, "There is a problem" in Page(wrong).text) == (422, True)


def test_a_list_that_was_corrected_and_dropped_again_calls_nobody_twice(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """As the command does it with a file that was changed since: only what is new is sent."""
    leads.write(("0991234567", "Ana"), ("no tiene", "Eva"))
    browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    leads.write(("0991234567", "Ana"), ("0997654321", "Eva"), ("0990000001", "Ida"))
    results = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert statuses(browser, results) == ["duplicate", "accepted", "accepted"]
    sent = [task.task.destination for task in sandbox.queue()]
    assert sent == ["0991234567", "0997654321", "0990000001"]


def test_results_as_text_are_known_without_anything_in_them_that_says_so(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """What says whose they are stands beside the list at the desk, so its settings are known."""
    leads.write(("0991234567", "Ana"), ("no tiene", "Eva"))
    with FaultyDialer() as dialer:
        to_dialer(dialer.url)
        typed = {"campaign": "X<-", "data": "n={name}"}
        first = browser.send(browser.submit(browser.drop(leads.path), "/columns", **typed))
        saved = browser.client.get(f"{browser.at}/lists/{first.list_id}/results/file")
        corrected = saved.content.replace(b"no tiene", b"0997654321")
        leads.results.write_bytes(corrected)
        checked = browser.drop(leads.results)
        assert "1 lead can be sent again" in checked.text
        browser.submit(browser.see(f"/lists/{checked.list_id}/retry"), "/retry")
        browser.ended(checked.list_id)
        assert [task["data"] for task in dialer.recorded_tasks] == ["n=Ana", "n=Eva"]


def test_a_list_that_is_being_sent_is_not_replaced(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Its rows would no longer be those that were checked."""
    leads.write(*numbered(5))
    came, go = threading.Event(), threading.Event()

    def slow(_request: object) -> Reaction:
        came.set()
        go.wait()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"')
        checked = browser.submit(browser.drop(leads.path), "/columns")
        last_look = browser.see(f"/lists/{checked.list_id}/send")
        browser.submit(last_look, "/send", target="dialer")
        came.wait()
        refused = browser.drop(leads.path)
        removal = browser.see(f"/lists/{checked.list_id}/remove")
        kept = browser.submit(removal, "/remove")
        go.set()
        results = browser.ended(checked.list_id)
        assert "is being sent" in refused.text
        assert "was not removed" in kept.text
        assert statuses(browser, results) == ["accepted"] * 5


def test_the_report_of_a_run_is_saved(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """The page that the command writes with --report, and never as a page of the desk."""
    assert sandbox.queued == 0
    leads.write(*numbered(3))
    results = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "Save leads.report.html" in results.links
    saved = browser.client.get(f"{browser.at}/lists/{results.list_id}/results/report")
    assert saved.headers["content-disposition"] == 'attachment; filename="leads.report.html"'
    assert saved.headers["content-type"] == "application/octet-stream"
    assert "accepted" in saved.text
