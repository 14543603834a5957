"""The jobs at the desk: their nights, and one that is run now."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk import Desk, DeskOptions
from bulk_loader.desk.page_words import at_desk
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.running import run_job
from bulk_loader.settings import read_job
from tests.desk.browsing import Browser, Page
from tests.desk.test_inert import SCRIPT, require_inert
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction
from tests.support.uploads import numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.desk.nights import NightWork
    from bulk_loader.sandbox import Sandbox

JOB = ("[job.night]", 'file = "inbox/*.csv"', 'settle = "0s"')


def put(place: Path, name: str = "leads.csv", leads: int = 3, first: int = 1) -> Path:
    """A list that has come in."""
    inbox = place / "inbox"
    inbox.mkdir(exist_ok=True)
    rows = "".join(f"{phone},{who}\n" for phone, who in numbered(leads, first))
    (inbox / name).write_text(f"phone,name\n{rows}", "utf-8")
    return inbox / name


def begun(desk: Desk, place: Path, name: str = "night") -> NightWork:
    """The run that was begun at the desk."""
    found = desk.office.nights.find(JobId(name, place / "bulk_loader.toml"))
    assert found is not None
    return found


def run_now(browser: Browser, desk: Desk, place: Path) -> Page:
    """From the job through the last look to the end of its run."""
    last_look = browser.see("/jobs/night/run")
    browser.submit(last_look, "/run")
    begun(desk, place).work.wait(None)
    return browser.see("/jobs/night")


@dataclass
class Slow:
    """A dialer's door that holds the first request, and all after it, as long as it is told."""

    came: threading.Event
    go: threading.Event

    def __call__(self, _request: object) -> Reaction:
        self.came.set()
        self.go.wait()
        return Fault.ACCEPT


@pytest.fixture
def slow() -> Slow:
    """Held from the beginning."""
    return Slow(threading.Event(), threading.Event())


def test_jobs_are_listed_as_the_command_lists_them(
    browser: Browser, to_dialer: Callable[..., None]
) -> None:
    """Where their lists come from, when they run and how they ended; one that is broken hides none."""
    to_dialer(
        "http://127.0.0.1:1",
        *JOB,
        'at = "02:00"',
        "[job.broken]",
        'min_rows = "many"',
        'tokn = "x"',
        '[job."a/b"]',
        'file = "other/*.csv"',
    )
    page = browser.see("/jobs")
    assert page.status == 200
    assert "at 02:00, daily, but nothing on this machine runs it" in page.text
    assert "2 settings are wrong" in page.text
    assert page.links["night"].endswith("/jobs/night")
    assert "a/b" not in page.links
    assert "never ran" in page.text
    assert browser.see("/jobs/night").status == 200


def test_a_broken_job_says_what_is_wrong(browser: Browser, to_dialer: Callable[..., None]) -> None:
    """All of it, and it can't be run."""
    to_dialer("http://127.0.0.1:1", "[job.night]", 'min_rows = "many"', 'tokn = "x"')
    page = browser.see("/jobs/night")
    assert "many is not a whole number" in page.text
    assert "there is no setting of that name. Is token meant?" in page.text
    assert "Run it now …" not in page.links
    assert browser.see("/jobs/night/run").step == "night"
    token = browser.home.form("/lists").fields["token"]
    refused = Page(browser.client.post(browser.at + "/jobs/night/run", data={"token": token}))
    assert (refused.status, "2 settings are wrong" in refused.text) == (422, True)


def test_without_a_settings_file_there_are_no_jobs(browser: Browser) -> None:
    """And a page says what a job is."""
    assert "There are no jobs yet" in browser.see("/jobs").text
    assert browser.see("/jobs/night").status == 404


def test_a_settings_file_that_cannot_be_read_is_told(browser: Browser, place: Path) -> None:
    """With its line."""
    (place / "bulk_loader.toml").write_text("campaign = \n", "utf-8")
    page = browser.see("/jobs")
    assert page.status == 422
    assert "line 1" in page.text


def test_a_last_look_says_what_would_be_done(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Which files, how many leads, to which dialer; and nothing is moved or sent by it."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    listed = put(place)
    put(place, "other.results.csv")
    page = browser.see("/jobs/night/run")
    assert page.status == 200
    assert "3 leads would be sent now" in page.text
    assert "leads.csv It is loaded. 3" in page.text
    assert "other.results.csv It is left where it is." in page.text
    assert sandbox.url in page.text
    assert "It can't be taken back." in page.text
    assert (listed.exists(), sandbox.queued, desk.office.nights.busy()) == (True, 0, [])


def test_a_last_look_is_a_new_one_each_time(
    browser: Browser, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """What has come in since is in it."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    put(place)
    assert "second.csv" not in browser.see("/jobs/night/run").text
    put(place, "second.csv", first=7)
    assert "second.csv" in browser.see("/jobs/night/run").text


def test_what_keeps_it_from_running_is_told_at_the_last_look(
    browser: Browser, to_dialer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that lacks and credentials that lack are no faults of the settings."""
    monkeypatch.delenv("BULK_LOADER_TOKEN")
    to_dialer("http://127.0.0.1:1", 'campaign = "X<-"', *JOB)
    page = browser.see("/jobs/night/run")
    assert page.status == 422
    assert "No credentials given" in page.text
    assert "can't be looked at" in page.text
    assert not [form for form in page.forms if form.action.endswith("/run")]


def test_a_job_is_run_by_the_workflow_of_the_command(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Its list is sent and put away, its night is kept, and its results and report can be saved."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    put(place)
    page = run_now(browser, desk, place)
    assert sandbox.queued == 3
    assert "Last night: loaded" in page.text
    assert "accepted 3" in page.text
    assert "Next: nothing is left to do" in page.text
    saved = {name: href for name, href in page.links.items() if name.startswith("Save ")}
    results, report = sorted(saved, key=len, reverse=True)
    assert results.endswith("-leads.results.csv")
    assert report.endswith(".report.html")
    at = browser.at.rpartition("/")[0]
    answer = browser.client.get(at + saved[results])
    assert answer.text.count(",accepted,") == 3
    assert "attachment" in answer.headers["content-disposition"]
    assert browser.client.get(at + saved[report]).text.startswith("<!doctype html>")
    (run_id,) = [name for name in page.links if name.startswith("20") and len(name) > 10]
    for what in ("results", "report"):
        answer = browser.client.get(f"{browser.at}/jobs/night/lists/{run_id}/{what}")
        assert answer.status_code == 200
    assert "loaded" in browser.see("/jobs").text


def test_the_page_knows_the_nights_of_the_timer(
    browser: Browser, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """What failed, why and what to do: in the words that its run had for it."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB, "min_rows = 10")
    put(place)
    night = run_job(read_job("night", {}).require_job())
    (file,) = night.files
    assert file.error is not None
    page = browser.see("/jobs/night")
    for part in (file.error.what, file.error.why, file.error.remedy):
        assert at_desk(part) in page.text
    assert "save it, and drop it at the desk; else let it be made anew." in page.text
    assert "Next: correct the list" in page.text
    (save,) = [href for name, href in page.links.items() if name.startswith("Save ")]
    answer = browser.client.get(browser.at.rpartition("/")[0] + save)
    assert answer.text.startswith("phone,name")
    assert "to be looked at" in browser.see("/jobs").text


def test_a_run_that_found_no_file_is_told(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Before it is begun, too."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    (place / "inbox").mkdir()
    assert "No file has come" in browser.see("/jobs/night/run").text
    page = run_now(browser, desk, place)
    assert "Last night: no file" in page.text
    assert "No file has come: there is none like" in page.text


def test_a_form_runs_once(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Sent twice, or once more after its run, it begins nothing: no night without a file is made."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    put(place)
    last_look = browser.see("/jobs/night/run")
    browser.submit(last_look, "/run")
    begun(desk, place).work.wait(None)
    again = browser.submit(last_look, "/run")
    assert "Nothing was begun by that form" in again.text
    assert "Last night: loaded" in again.text
    assert sandbox.queued == 3


def test_a_form_is_too_old_where_the_timer_ran_since(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """What the person saw is not what would be run."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    put(place)
    last_look = browser.see("/jobs/night/run")
    run_job(read_job("night", {}).require_job())
    assert "Nothing was begun" in browser.submit(last_look, "/run").text
    assert desk.office.nights.find(JobId("night", place / "bulk_loader.toml")) is None


def test_a_run_is_followed_outlives_its_window_and_is_begun_once(
    desk: Desk, slow: Slow, to_dialer: Callable[..., None], place: Path
) -> None:
    """Two windows with the same form make one run; who comes later sees how far it is."""
    put(place, leads=20)
    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1", *JOB)
        with Browser(desk) as browser:
            last_look = browser.see("/jobs/night/run")
            first = browser.submit(last_look, "/run")
            slow.came.wait()
            second = browser.submit(last_look, "/run")
            assert (first.step, second.step) == ("progress", "progress")
            assert "It runs once." in second.text
        with Browser(desk) as other:
            page = other.see("/jobs/night/progress")
            assert "leads.csv" in page.text
            assert "0 of 20 leads" in page.text
            assert "under way" in other.see("/jobs").text
            assert "Run it now …" not in other.see("/jobs/night").links
            assert other.see("/jobs/night/run").step == "night"
        slow.go.set()
        begun(desk, place).work.wait(None)
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(20)]


def test_a_run_is_stopped_gently_and_gone_on_with(
    desk: Desk, browser: Browser, slow: Slow, to_dialer: Callable[..., None], place: Path
) -> None:
    """Nothing is in doubt, no further file is begun, and the next run sends what is left, once."""
    put(place, "a.csv", 20)
    put(place, "b.csv", 5, first=50)
    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1", *JOB)
        progress = browser.submit(browser.see("/jobs/night/run"), "/run")
        slow.came.wait()
        assert "Stopping" in browser.submit(progress, "/stop").text
        slow.go.set()
        begun(desk, place).work.wait(None)
        page = browser.see("/jobs/night")
        assert "Last night: interrupted" in page.text
        assert "unknown" not in page.text
        assert len(dialer.recorded) < 20
        last_look = browser.see("/jobs/night/run")
        assert "a.csv It is gone on with." in last_look.text
        assert (
            "5 leads and what is left of 1 list that was begun would be sent now" in last_look.text
        )
        run_now(browser, desk, place)
        wanted = [phone for phone, _ in (*numbered(20), *numbered(5, 50))]
        assert sorted(dialer.recorded) == wanted


def test_a_run_that_waits_for_files_to_rest_is_stopped_at_once(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Nothing was taken, so nothing is left behind."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB[:2], 'settle = "1d"')
    listed = put(place)
    progress = browser.submit(browser.see("/jobs/night/run"), "/run")
    assert "until nobody writes them any more" in progress.text
    browser.submit(progress, "/stop")
    begun(desk, place).work.wait(None)
    page = browser.see("/jobs/night")
    assert "It was interrupted while no file was being loaded." in page.text
    assert (listed.exists(), sandbox.queued) == (True, 0)


def test_the_end_of_the_desk_ends_a_run_gently(
    slow: Slow, to_dialer: Callable[..., None], place: Path
) -> None:
    """Its night is kept, and nothing is begun any more."""
    put(place, leads=20)
    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1", *JOB)
        with Desk(DeskOptions()) as desk, Browser(desk) as browser:
            browser.submit(browser.see("/jobs/night/run"), "/run")
            slow.came.wait()
            desk.office.nights.stop()
            slow.go.set()
        job = read_job("night", {}).require_job()
        assert not desk.office.nights.start(job, desk.office.nights.seen(job))
        with Desk(DeskOptions()) as later, Browser(later) as browser:
            assert "Last night: interrupted" in browser.see("/jobs/night").text


def test_the_locks_of_the_job_decide(
    browser: Browser, desk: Desk, slow: Slow, to_dialer: Callable[..., None], place: Path
) -> None:
    """Begun here while its timer has it, a run is turned away, and says by whom."""
    put(place, leads=3)
    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', *JOB)
        job = read_job("night", {}).require_job()
        last_look = browser.see("/jobs/night/run")
        timer = threading.Thread(target=run_job, args=(job,))
        timer.start()
        slow.came.wait()
        seen = desk.office.nights.seen(job)
        typed = {"turn": str(seen.turn), "began_at": seen.began_at}
        browser.submit(last_look, "/run", **typed)
        begun(desk, place).work.wait(None)
        page = browser.see("/jobs/night")
        assert "The job night is under way already." in page.text
        assert "holds it since" in page.text
        slow.go.set()
        timer.join()
        assert len(dialer.recorded) == 3


def test_only_files_of_the_job_are_given_out(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Whatever its record names, links included, and whatever an address does."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    put(place)
    run_now(browser, desk, place)
    home = place.parent / "home"
    (kept,) = (home / "jobs").glob("*.json")
    values = json.loads(kept.read_text("utf-8"))
    of = {"of": str(values["started_at"])}
    address = f"{browser.at}/jobs/night/night/0/results"
    assert browser.client.get(address, params=of).status_code == 200
    found = place / "inbox" / "done" / "link.csv"
    found.symlink_to(place / "bulk_loader.toml")
    for path in (place / "bulk_loader.toml", found, place / "inbox/done/../../bulk_loader.toml"):
        values["files"][0]["results"] = str(path)
        values["started_at"] = "2099-01-01T00:00:00+00:00"
        kept.write_text(json.dumps(values), "utf-8")
        of = {"of": values["started_at"]}
        assert browser.client.get(address, params=of).status_code == 404
    for end in ("night/9/results", "night/x/results", "night/0/keys", "lists/none/results"):
        answer = browser.client.get(f"{browser.at}/jobs/night/{end}", params=of)
        assert answer.status_code == 404
    for name in ("..", "%2e%2e", "night/../../x", "x%2fy"):
        assert browser.client.get(f"{browser.at}/jobs/{name}/run").status_code in (403, 404)


def test_nothing_of_a_job_is_markup_and_no_secret_is_shown(
    browser: Browser, desk: Desk, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """Names of files, columns and campaigns are text; addresses of alerts stand nowhere."""
    to_dialer(
        sandbox.url,
        f"campaign = '{SCRIPT}'",
        'heartbeat = "http://127.0.0.1:1/key-of-a-friend"',
        *JOB,
        f"columns = ['{SCRIPT}']",
    )
    put(place, "<b>x.csv")
    pages = [browser.see("/jobs/night/run"), run_now(browser, desk, place)]
    pages += [browser.see(path) for path in ("/jobs", "/jobs/night")]
    for page in pages:
        require_inert(page)
        assert "key-of-a-friend" not in page.answer.text
        assert "b" not in {tag for tag, _ in page.tags}
    assert "<b>x.csv" in pages[1].text


def test_without_the_token_nothing_is_run(
    browser: Browser, sandbox: Sandbox, to_dialer: Callable[..., None], place: Path
) -> None:
    """As with every other form."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB)
    put(place)
    last_look = browser.see("/jobs/night/run")
    assert browser.submit(last_look, "/run", token="x").status == 403
    assert sandbox.queued == 0
