"""Disks that have no room left for the ledger, the results or the locks."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tools.crash.commands import Attempt
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene


def limit_files(scene: Scene, judge: Judge) -> None:
    """No file may grow beyond a limit: ledger, results file and locks fail as on a full disk."""
    upload = scene.upload()
    most_bytes = int(2 ** scene.dice.uniform(10, 20))
    resource.prlimit(upload.pid, resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    _see_want_of_space(upload, judge)


def fill_disk(scene: Scene, judge: Judge) -> None:
    """The ledger's directory lies on a small disk, which somebody enlarges afterwards."""
    with _small_disk(scene.home, scene.dice.randint(4, 800)):
        _see_want_of_space(scene.upload(), judge)


def why_no_mount() -> str:
    """Why no small disk can be had here; "" where it can."""
    if os.geteuid():
        return "only root may mount a small disk"
    with tempfile.TemporaryDirectory() as directory:
        try:
            _mount(Path(directory), 64)
        except (OSError, subprocess.CalledProcessError):
            return "this system does not let a disk be mounted"
        _unmount(Path(directory))
    return ""


def _see_want_of_space(attempt: Attempt, judge: Judge) -> None:
    judge.see_end(attempt, ExitCode.USAGE, ExitCode.STOPPED)
    if not judge.is_finished:
        judge.see_crash(attempt)


@contextmanager
def _small_disk(directory: Path, free_kb: int) -> Iterator[None]:
    """Lay a directory on a disk with so much left on it, and afterwards back on the large one."""
    outside = directory.with_suffix(".moved")
    shutil.copytree(directory, outside)
    used_kb = sum(path.stat().st_size // 1024 + 4 for path in outside.rglob("*"))
    _mount(directory, used_kb + free_kb)
    try:
        shutil.copytree(outside, directory, dirs_exist_ok=True)
        yield
        shutil.rmtree(outside)
        shutil.copytree(directory, outside)
    finally:
        _unmount(directory)
    shutil.rmtree(directory)
    outside.rename(directory)


def _mount(directory: Path, kilobytes: int) -> None:
    options = f"size={kilobytes}k"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(directory)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def _unmount(directory: Path) -> None:
    subprocess.run(["umount", "--lazy", directory], check=True)
