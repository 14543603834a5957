"""The same list in another form, and the same dialer in another spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.tools.crash import calls
from tests.tools.crash.commands import Command
from tests.tools.crash.endings import REFUSALS
from tests.tools.crash.interruptions import kill, kill_uploader
from tests.tools.crash.leads import LeadFile
from tests.tools.crash.ledger_view import span

if TYPE_CHECKING:
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene

SPELLINGS = (
    "http://localhost:{port}",
    "http://LOCALHOST:{port}",
    "HTTP://127.0.0.1:{port}",
    "http://127.0.0.1:0{port}",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}",
    "http://localhost.:{port}",
)

FORMS = {"leads.xlsx": 0, "leads.csv.gz": 0, "leads of today.csv": 1, "moved/leads.csv": 0}
"""Names that a list is saved under, with the rows that are added to it."""


def spell_otherwise(scene: Scene, judge: Judge) -> None:
    """`kill -9`, and the dialer is spelled in another way, to be reached by it or not."""
    kill_uploader(scene, judge)
    if judge.is_finished:
        return
    url = scene.dice.choice(SPELLINGS).format(port=scene.dialer.port)
    attempt = scene.commands[0].give("--retry-for", "2s", url=url)
    if scene.dice.random() < 0.5:
        scene.await_moment(attempt)
        if not attempt.is_over:
            kill(attempt, judge)
            return
    judge.see_end(attempt, ExitCode.STOPPED, *REFUSALS)


def change_form(scene: Scene, judge: Judge) -> None:
    """`kill -9`, and the list is uploaded in another form; back to the old one if refused."""
    kill_uploader(scene, judge)
    if judge.is_finished:
        return
    (old,) = scene.commands
    sheet = old.sheet
    assert isinstance(sheet, LeadFile)
    place = sheet.path
    new = Command(scene, "upload", _in_another_form(scene, sheet), scene.home)
    scene.commands = [new]
    judge.hand_over(old, new)
    attempt = new.give()
    judge.see_end(attempt, ExitCode.STOPPED, *REFUSALS)
    if not judge.is_finished and attempt.end() in REFUSALS:
        if new.sheet is sheet:
            sheet.move(place)
        scene.commands = [old]
        judge.hand_over(new, old)


def upload_first_form(scene: Scene, judge: Judge) -> None:
    """When all is done, somebody comes across the list as it was at first, and uploads it."""
    if span(scene.home, scene.list.path) is None:
        return  # killed before its run began, it is a new list
    before = calls.by_phone(scene.recorded)
    attempt = Command(scene, "upload", scene.list, scene.home).give()
    judge.see_code(attempt, ExitCode.STOPPED, *REFUSALS)
    again = calls.called_again(before, calls.by_phone(scene.recorded))
    judge.blame(*(f"{attempt.name} called {phone} once more" for phone in again))


def _in_another_form(scene: Scene, sheet: LeadFile) -> LeadFile:
    paths = {scene.directory / name: rows for name, rows in FORMS.items()}
    path = scene.dice.choice([path for path in paths if path != sheet.path])
    if path.parent == scene.directory:
        return sheet.saved_as(path, rows_more=paths[path])
    path.parent.mkdir(exist_ok=True)
    sheet.move(path)
    sheet.edit()
    return sheet
