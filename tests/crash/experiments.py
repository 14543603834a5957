"""The kinds of experiments: what befalls an upload before the same command is given again."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from tests.crash.judge import Judge
from tests.crash.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.crash.judge import Figures
    from tests.crash.processes import Upload

MOST_DISTURBANCES = 3
MOST_CALM_UPLOADS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table.

    Attributes:
        disturb: gives the command once, and lets something befall it.
        concurrency: None for any.
        repeats: the file has equal rows, all of which are to be sent.
        why_not: why it can't be made on this machine; "" where it can.
    """

    name: str
    disturb: Callable[[Scene, Judge], None]
    concurrency: int | None = None
    repeats: bool = False
    why_not: Callable[[], str] = lambda: ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one experiment ended.

    Attributes:
        violations: sentences; none where the promise held.
        directory: where everything lies that it left; gone where the promise held.
    """

    kind: Kind
    seed: int
    figures: Figures
    violations: list[str]
    directory: Path


def carry_out(kind: Kind, seed: int, place: Path, disturbances: int | None = None) -> Ended:
    """Make one experiment: disturb an upload, then let it come to its end.

    Args:
        disturbances: how many uploads are disturbed; None for any number.
    """
    directory = Path(tempfile.mkdtemp(prefix=f"{seed}-", dir=place))
    with Scene(directory, seed, concurrency=kind.concurrency, repeats=kind.repeats) as scene:
        judge = Judge(scene)
        for _ in range(disturbances or scene.dice.randint(1, MOST_DISTURBANCES)):
            if not judge.is_finished:
                kind.disturb(scene, judge)
        _finish(scene, judge)
    if not judge.violations:
        shutil.rmtree(directory)
    return Ended(kind, seed, judge.figures, judge.violations, directory)


def _finish(scene: Scene, judge: Judge) -> None:
    for _ in range(MOST_CALM_UPLOADS):
        if judge.is_finished:
            break
        # Many unclear answers in a row stop a run rightly, and the same command goes on.
        judge.see_end(scene.upload(), ExitCode.STOPPED)
    else:
        judge.violations.append("the same command did not bring the run to its end")
    judge.sum_up()


def kill_uploader(scene: Scene, judge: Judge) -> None:
    """`kill -9` at a random moment."""
    upload = scene.upload()
    scene.await_moment(upload)
    _kill(upload, judge)


def kill_dialer(scene: Scene, judge: Judge) -> None:
    """The dialer dies of a `kill -9` and is soon back; the upload waits, goes on, or stops."""
    upload = scene.upload()
    scene.await_moment(upload)
    with _dialer_down(scene, judge):
        time.sleep(scene.dice.uniform(0, 0.5))
    judge.see_end(upload, ExitCode.STOPPED)


def kill_both(scene: Scene, judge: Judge) -> None:
    """The dialer dies, and while it is down or soon after, the uploader."""
    upload = scene.upload()
    scene.await_moment(upload)
    with _dialer_down(scene, judge):
        time.sleep(scene.dice.uniform(0, 0.3))
        if is_down := scene.dice.random() < 0.5:
            _kill(upload, judge)
    if not is_down:
        time.sleep(scene.dice.uniform(0, 0.3))
        _kill(upload, judge)


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


def stop_gently(scene: Scene, judge: Judge) -> None:
    """SIGTERM, as a service manager sends it."""
    upload = scene.upload()
    scene.await_moment(upload)
    _interrupt(upload, judge, signal.SIGTERM)


def interrupt_twice(scene: Scene, judge: Judge) -> None:
    """Ctrl-C by somebody who does not want to wait, and so once more."""
    upload = scene.upload()
    scene.await_moment(upload)
    upload.signal(signal.SIGINT)
    time.sleep(scene.dice.uniform(0, 0.2))
    _interrupt(upload, judge, signal.SIGINT)


def edit_between(scene: Scene, judge: Judge) -> None:
    """`kill -9`, and then the operator works on the file."""
    kill_uploader(scene, judge)
    if not judge.is_finished:
        scene.file.edit()


def _kill(upload: Upload, judge: Judge) -> None:
    if upload.is_over:
        judge.see_end(upload, ExitCode.STOPPED)
    else:
        upload.signal(signal.SIGKILL)
        upload.end()
        judge.see_crash()


def _interrupt(upload: Upload, judge: Judge, number: signal.Signals) -> None:
    judge.figures.kills += not upload.is_over
    upload.signal(number)
    judge.see_end(upload, ExitCode.INTERRUPTED, ExitCode.STOPPED)


def _see_want_of_space(upload: Upload, judge: Judge) -> None:
    judge.see_end(upload, ExitCode.USAGE, ExitCode.STOPPED)
    if not judge.is_finished:
        judge.see_crash()


@contextmanager
def _dialer_down(scene: Scene, judge: Judge) -> Iterator[None]:
    scene.dialer.kill()
    judge.figures.kills += 1
    try:
        yield
    finally:
        scene.dialer.restart()


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


def _why_no_mount() -> str:
    if os.geteuid():
        return "only root may mount a small disk"
    with tempfile.TemporaryDirectory() as directory:
        try:
            _mount(Path(directory), 64)
        except (OSError, subprocess.CalledProcessError):
            return "this system does not let a disk be mounted"
        _unmount(Path(directory))
    return ""


KINDS = (
    Kind("uploader killed, 1 at a time", kill_uploader, concurrency=1),
    Kind("uploader killed, 8 at a time", kill_uploader, concurrency=8),
    Kind("uploader killed, 32 at a time", kill_uploader, concurrency=32),
    Kind("dialer killed", kill_dialer),
    Kind("both killed", kill_both),
    Kind("disk full (limit on files)", limit_files),
    Kind("disk full (small disk)", fill_disk, why_not=_why_no_mount),
    Kind("SIGTERM", stop_gently),
    Kind("SIGINT twice", interrupt_twice),
    Kind("equal rows, all sent", kill_uploader, repeats=True),
    Kind("file edited between", edit_between),
)
"""All rows of the table."""
