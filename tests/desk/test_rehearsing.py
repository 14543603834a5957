"""The step that may be left out: a list is played before anybody is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.commands.rehearse import rehearse as command
from bulk_loader.cli.context import App
from bulk_loader.workflows.rehearsal_plan import USUAL
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from bulk_loader.sandbox import Sandbox
    from tests.desk.browsing import Browser, Page


def rehearsed(browser: Browser, leads: Leads, **typed: str) -> Page:
    """A list as far as its rehearsal, with this in its form."""
    checked = browser.submit(browser.drop(leads.path), "/columns")
    page = browser.see(f"/lists/{checked.list_id}/rehearse")
    return browser.submit(page, "/rehearse", **typed)


def test_a_rehearsal_says_what_the_command_says(
    browser: Browser, sandbox: Sandbox, leads: Leads, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same sentences and figures, of the same list from the same moment; nothing is sent."""
    leads.write(*numbered(40), ("12", "bad"))
    page = rehearsed(browser, leads, agents="3", shift="09:00-18:00", seeds="5")
    (record,) = browser.desk.office.shelf.all()
    assert record.rehearsal is not None
    begin = record.rehearsal.asked_at.isoformat()
    given = ["--agents", "3", "--shift", "09:00-18:00", "--seeds", "5", "--from", begin]
    assert run(App(["rehearse", str(leads.path), *given])) == 0
    sentences = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    shared = [line for line in sentences if not line.startswith(("Until the", "Assumed,", "POWER"))]
    assert len(shared) > 12
    for sentence in shared:
        if "bulk-loader" not in sentence:
            assert sentence.rstrip(":").casefold() in page.text.casefold()
    assert sandbox.queued == 0


@pytest.mark.usefixtures("sandbox")
def test_a_rehearsal_is_looked_at_again_and_saved(browser: Browser, leads: Leads) -> None:
    """Its address shows the same after a reload, with what was typed; its page is a file."""
    leads.write(*numbered(10))
    page = rehearsed(browser, leads, agents="2", shift="")
    assert browser.see(f"/lists/{page.list_id}/rehearse").text == page.text
    assert page.form("/rehearse").fields["agents"] == ["2"]
    saved = browser.client.get(f"{browser.at}/lists/{page.list_id}/rehearse/report")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert "Rehearsal of leads.csv" in saved.text


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"agents": ""}, "agents", "Say how many agents there are."),
        ({"agents": "0"}, "agents", "0 must be from 1 to 10,000."),
        ({"agents": "5", "shift": "nine"}, "shift", "Nine"),
        ({"agents": "5", "seeds": "101"}, "seeds", "101 must be less than or equal to 100"),
    ],
)
def test_what_is_wrong_is_told_where_it_was_typed(
    browser: Browser, leads: Leads, typed: dict[str, str], field: str, told: str
) -> None:
    """It stays there to be corrected, and the summary leads to it."""
    leads.write(*numbered(3))
    page = rehearsed(browser, leads, **typed)
    assert page.status == 422
    assert ("a", {"href": f"#{field}"}) in page.tags
    assert page.text.count(told) == 2
    if field != "seeds":
        assert page.form("/rehearse").fields[field] == [typed[field]]


@pytest.mark.usefixtures("sandbox")
def test_both_of_two_faults_are_told(browser: Browser, leads: Leads) -> None:
    """Each at its own field."""
    leads.write(*numbered(3))
    page = rehearsed(browser, leads, agents="none, none", shift="x")
    wrong = [given["id"] for _, given in page.tags if given.get("class") == "wrong"]
    assert wrong == ["agents-wrong", "shift-wrong"]


@pytest.mark.usefixtures("sandbox")
def test_a_list_without_good_leads_can_not_be_rehearsed(browser: Browser, leads: Leads) -> None:
    """It is told why, and what to do at the desk."""
    leads.write(("12", "bad"))
    page = rehearsed(browser, leads, agents="5")
    assert page.status == 422
    assert "There is a problem" in page.text


def test_no_step_needs_a_rehearsal(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """Whoever has none goes on to send."""
    leads.write(*numbered(3))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    page = browser.see(f"/lists/{checked.list_id}/rehearse")
    assert browser.see(f"/lists/{checked.list_id}/send").links["Rehearse"].endswith("/rehearse")
    assert page.links["Go on to send"].endswith("/send")
    browser.send(checked)
    assert sandbox.queued == 3


def test_the_desk_assumes_what_the_command_assumes() -> None:
    """What nobody says is the same for both."""
    defaults = {option.name: option.default for option in command.params}
    assert {name: defaults[name] for name in USUAL} == USUAL
