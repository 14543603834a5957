from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from bulk_loader.model import Status
from bulk_loader.preparation.kinds import Kinds
from bulk_loader.reports.composing import compose
from bulk_loader.reports.content import Content, NextStep
from bulk_loader.reports.course_section import TABLE_ROWS, Curves
from bulk_loader.reports.groups import groups_of_kinds
from bulk_loader.reports.page import page
from bulk_loader.reports.problem_section import MOST_GROUPS
from tests.reports.contents import empty_content, phone_problem, run_content
from tests.reports.courses import course
from tests.reports.reading import ReadPage, read
from tests.reports.test_markup import HOSTILE

ACTIVE = {
    "script",
    "img",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "a",
    "audio",
    "video",
}


def flat(content: Content) -> ReadPage:
    """The page without curves."""
    return read(page(content, Curves()))


def policy_of(told: ReadPage) -> str:
    """What the page allows a browser to do."""
    (found,) = (each for each in told.all("meta") if "http-equiv" in each.attributes)
    assert found.attributes["http-equiv"] == "Content-Security-Policy"
    return found.attributes["content"] or ""


@pytest.mark.parametrize("content", [empty_content(), run_content(12), run_content(9000)])
def test_a_page_needs_nothing_besides_itself(content: Content) -> None:
    """No address, no script, no picture; and a browser is told to allow none."""
    whole = compose(content)
    told = read(whole)
    assert not ACTIVE & {each.name for each in told.elements}
    assert not re.search(rb"\s(?:src|href|srcset|style|on\w+)=", whole)
    style = re.search(rb"<style>(.*?)</style>", whole, re.DOTALL)
    assert style is not None
    assert b"url(" not in style[1]
    assert b"@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    assert policy_of(told).startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


def test_a_page_tells_all_of_a_run() -> None:
    """What became of the leads, what is next, each kind of problem, and the course."""
    text = flat(run_content(10_000)).text.replace("\u00a0", " ")
    for told in (
        "Upload of leads-march.xlsx",
        "Finished: 8,800 of 10,000 leads were accepted.",
        "https://acme.ucontactcloud.com",
        "What became of 10,000 leads",
        "accepted8,80088 %",
        "bulk-loader retry /home/ana/lists/leads-march.results.xlsx",
        "The phone number has too few digits.",
        "The dialer answered 0: it refused the record.",
        "Rows 2, 3, 4, 5, 6 and 395 more",
        "8,800 answers in 3:52, 38 a second: half within",
        "4,120 leads had separators taken out of a phone number.",
        "name={Name}:id={ID}",
    ):
        assert told in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_list_can_act(hostile: str) -> None:
    """A value, a column, a name of a file or a setting is text, wherever it stands."""
    kinds = Kinds()
    kinds.add(replace(phone_problem(2, hostile, hostile), remedy=hostile))
    content = replace(
        run_content(100),
        title=hostile,
        verdict=hostile,
        facts=[(hostile, hostile)],
        notes=[hostile],
        settings=[(hostile, hostile)],
        names={Status.INVALID: hostile},
        next_step=NextStep(hostile, hostile),
        session_starts=[hostile],
        groups=groups_of_kinds(kinds.listed(), whole=True),
    )
    plain = flat(replace(content, groups=groups_of_kinds(kinds.listed())))
    told = flat(content)
    expected = flat(run_content(100))
    assert {each.name for each in told.elements} <= {each.name for each in expected.elements}
    for each in (*told.elements, *plain.elements):
        assert not [name for name in each.attributes if name.startswith("on")]
    assert not re.search("[\u202e\u2066\x00\x1b\x7f]", told.text)


def test_a_page_of_a_million_rows_is_small() -> None:
    """Below 500 KB, whatever the list is like: long values and names, many kinds, many sessions."""
    novel, kinds = "Ñ<&" * 2000, Kinds()
    for kind in range(500):
        for row in range(9):
            kinds.add(phone_problem(row, f"{row}{novel}", f"{kind}{novel}"))
    content = replace(
        run_content(1_000_000, timeline=course(1_000_000, per_second=90.0, sessions=4)),
        title=novel,
        groups=groups_of_kinds(kinds.listed(), whole=True),
        notes=[novel] * 500,
        settings=[("data", novel)] * 500,
    )
    assert len(compose(content)) < 500_000
    assert f"And {500 - MOST_GROUPS} more kinds." in flat(content).text


def test_a_command_is_never_cut() -> None:
    """It is there to be copied."""
    command = f"bulk-loader retry {'/long-name' * 200}"
    assert command in flat(replace(empty_content(), next_step=NextStep("Run:", command))).text


def test_a_page_of_a_usual_million_is_far_smaller() -> None:
    """It goes as an attachment of an e-mail."""
    content = run_content(1_000_000, timeline=course(1_000_000, per_second=90.0))
    assert len(compose(content)) < 200_000


def test_the_table_of_the_course_is_read_at_a_glance() -> None:
    """However long the run took."""
    told = flat(run_content(50_000))
    rows = [each for each in told.all("th") if each.attributes.get("scope") == "row"]
    assert 0 < len(rows) <= TABLE_ROWS + 5 + 15


def test_a_run_without_answers_has_no_course() -> None:
    """Nothing is told of what was not."""
    assert "The course" not in flat(empty_content()).text


def test_a_run_that_was_gone_on_with_tells_its_sessions() -> None:
    """With the moment of each, since the pauses between are left out."""
    text = flat(run_content(3000, sessions=2)).text
    assert "2026-03-02 08:30" in text
    assert "2026-03-03 08:30" in text


def test_what_brings_the_curves_is_said_where_they_are_missing() -> None:
    """The figures stand there anyway."""
    told = read(page(run_content(3000), Curves(note="With bulk-loader[report] there are curves.")))
    assert "bulk-loader[report]" in told.text
    assert "Per second" in told.text
