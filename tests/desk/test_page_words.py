"""What is told at the desk names fields and pages, and no options or commands."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bulk_loader
from bulk_loader.desk.page_words import LABELS, at_desk
from bulk_loader.desk.rendering import Told
from bulk_loader.errors import SettingsError
from bulk_loader.settings.groups import SETTINGS
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.sandbox import Sandbox
    from tests.desk.browsing import Browser

PACKAGE = Path(bulk_loader.__file__).parent

# What is said there is never shown at the desk: it belongs to the terminal, to schedules, to the sandbox, to
# commands that have no page, to a style sheet, or to the settings as help texts describe them.
NEVER_SHOWN = re.compile(
    r"(cli|jobs/(schedules|telling)|sandbox|serving|desk)/|exit_codes|__init__|reports/(style|charts|page)"
    r"|workflows/(doctor|samples|checked_file|run_page|work)|settings/(.*_groups|starter)\.py"
)
TERMINAL = re.compile(r"--(?=[a-z])|(?<!in a terminal, )(?<!of )bulk-loader (?=[a-z])|\bcommand\b")


def said() -> Iterator[tuple[str, str]]:
    """Every text of the program that may be shown, and where it stands; a value in it is a word."""
    for file in sorted(PACKAGE.rglob("*.py")):
        place = file.relative_to(PACKAGE).as_posix()
        if NEVER_SHOWN.match(place):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        parts = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.expr) or id(node) in parts | docs:
                continue
            text = ""
            if isinstance(node, ast.JoinedStr):
                for part in node.values:
                    value = "destination" if text.endswith("--map ") else "sheet"
                    text += str(part.value) if isinstance(part, ast.Constant) else value
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            if TERMINAL.search(text):
                yield f"{place}:{node.lineno}", text


SAID = dict(said())


def test_texts_are_looked_for_at_all() -> None:
    """Those of the layers that read, judge and send."""
    assert {place.split("/")[0] for place in SAID} >= {
        *("delivery", "dialer", "mapping", "preparation", "reading", "runs", "screening"),
        *("settings", "workflows", "ledger"),
    }
    assert len(SAID) > 80


@pytest.mark.parametrize("place", SAID)
def test_nothing_that_is_told_needs_a_terminal_unsaid(place: str) -> None:
    """No option, and no command that is not said to be one for a terminal."""
    told = at_desk(SAID[place])
    assert TERMINAL.search(told) is None, told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "Choose another sheet with --sheet, or fill in.",
            "Choose another sheet with “Sheet”, or fill in.",
        ),
        (
            'Write it like --date-format "%d/%m/%Y %H:%M".',
            "Write it like “How dates are written: %d/%m/%Y %H:%M”.",
        ),
        ("if it is one, add --header-row 0.", "if it is one, add “Row of the header: 0”."),
        (
            "--duplicates send would send it.",
            'duplicates = "send" in bulk_loader.toml would send it.',
        ),
        ("--online does", "online in bulk_loader.toml does"),
        ("no answer (--max-errors 10%).", 'no answer (max_errors = "10%" in bulk_loader.toml).'),
        ("Such as --max-doubts 5.", "Such as max_doubts = 5 in bulk_loader.toml."),
        ("leave --no-tidy-phones out", "leave tidy_phones = false in bulk_loader.toml out"),
        (
            "Say which: --map destination='Tel 1' or --map agent=B.",
            "Say which: “Number to dial: Tel 1” or “Agent: B”.",
        ),
        (
            "if it is neither: --map data= --map calldate=",
            "if it is neither: “Data: no column” “Date of the call: no column”",
        ),
        ("Name it with --map agent=COLUMN.", "Name it with “Agent”."),
        ("--map gives agent the columns A.", "The columns give agent the columns A."),
        ("retry with --include unknown.", "retry with “unknown” ticked."),
        (
            "Looked at --campaign, BULK_LOADER_CAMPAIGN.",
            "Looked at “Campaign”, BULK_LOADER_CAMPAIGN.",
        ),
        ("Check --url or --instance.", "Check url or instance in bulk_loader.toml."),
        ("--concurrency auto found 8", 'concurrency = "auto" in bulk_loader.toml found 8'),
        ("Looked at --url, --instance.", "Looked at url, instance."),
        (
            "To send it: bulk-loader retry '/a b/x.results.csv'",
            "To send it: “Send again” at its results",
        ),
        ("Mend it, and run the same command again.", "Mend it, and try again."),
        ("Write it with: bulk-loader init", "Write it with: in a terminal, bulk-loader init"),
        (
            "Keep it with: bulk-loader login --user ana",
            "Keep it with: “Credentials” at the settings",
        ),
        ("mend it, then: bulk-loader job run night", "mend it, then: “Run it now” at the job"),
        ("Say it with --map nothing=A.", "Say it with --map nothing=A."),
        ("A -- B, and no --such-option.", "A -- B, and no --such-option."),
    ],
)
def test_options_and_commands_are_told_as_what_a_page_has(written: str, told: str) -> None:
    """A field by what stands beside it, all else by its key, and what no page does for what it is."""
    assert at_desk(written) == told


def test_labels_are_of_options_that_there_are() -> None:
    """Of settings, or of a rehearsal."""
    known = {setting.option.removeprefix("--") for setting in SETTINGS.values()}
    assert LABELS.keys() - known == {"agents", "shift", "seeds"}


def test_labels_stand_on_the_pages() -> None:
    """What is named can be found."""
    templates = PACKAGE / "desk" / "templates"
    shown = "".join(file.read_text("utf-8") for file in templates.glob("*.html"))
    for label in LABELS.values():
        assert f">{label}<" in shown or f'"{label}"' in shown, label


def test_an_error_leads_to_its_field_by_the_option_that_it_names() -> None:
    """Which is looked for before the words become those of the page."""
    error = SettingsError(
        "The row is wrong.", "There is none.", "Give another one: --header-row N."
    )
    told = Told.of(error, ("sheet", "header_row"))
    assert (told.field, told.remedy) == ("header_row", "Give another one: “Row of the header”.")


def test_a_page_names_no_option(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """From a check with two numbers that are the same to the results of a list that was sent before."""
    assert sandbox.queued == 0
    leads.write(*numbered(3), *numbered(2), ("12", "bad"))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    assert "duplicates = " in checked.text
    browser.send(checked)
    again = browser.send(browser.see(f"/lists/{checked.list_id}/check"))
    assert (
        "To send every lead once more, which calls people twice, is not for the desk." in again.text
    )
    for page in (checked, again):
        assert TERMINAL.search(page.text) is None
