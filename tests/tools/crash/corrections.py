"""An operator who types corrections into results files, renames them and copies them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.tools.crash.interruptions import leave_results
from tests.tools.crash.results import ResultsSheet

if TYPE_CHECKING:
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene


def edit_results(scene: Scene, judge: Judge) -> None:
    """Type into the results, where they stand or elsewhere, then upload and retry in any order."""
    if not leave_results(scene, judge):
        return  # which is noted already
    (upload,) = scene.commands
    sheet = ResultsSheet(_in_hand(scene), scene.list)
    sheet.type_into(scene.dice)
    scene.add("retry", sheet)
    for command in scene.dice.sample(scene.commands, 2):
        if command.sheet is sheet and not _is_there(sheet, scene, judge):
            scene.commands.remove(command)
        else:
            judge.see_end(command.give(), ExitCode.STOPPED)
    if judge.has_finished(upload) and not upload.sheet.results.exists():
        scene.commands.remove(upload)  # it was refused, and its results have another name now


def look_for_typed(scene: Scene, judge: Judge) -> None:
    """All that was typed must still stand in some file."""
    for command in scene.commands:
        if isinstance(command.sheet, ResultsSheet):
            _is_there(command.sheet, scene, judge)


def _in_hand(scene: Scene) -> Path:
    """Where the operator works on the results."""
    results = scene.list.results
    match scene.dice.choice(("in place", "renamed", "copied")):
        case "renamed":
            return results.rename(scene.directory / "corrected.csv")
        case "copied":
            return Path(shutil.copy(results, scene.directory / "leads.results (1).csv"))
    return results


def _is_there(sheet: ResultsSheet, scene: Scene, judge: Judge) -> bool:
    is_there = sheet.follow(scene.directory.glob("*.csv"))
    if not is_there:
        judge.blame(f"what was typed into {sheet.path.name} is in no file: {sheet.typed}")
    return is_there
