"""What makes a job the same on all machines: the folders that they share.

Names and settings do not: two customers may both have a job called "night", and of ten branches
with the same settings each may have lists of its own. A path may be another on each machine. So
the folder itself has a mark, which whoever works in it reads.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.jobs.night import Fate
from bulk_loader.jobs.places import Places
from bulk_loader.settings import dialer_identity
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from bulk_loader.settings import Job

MARK_FILE = ".bulk-loader-job"
_MARK = re.compile(rb"[0-9a-f]{32}")


def name_everywhere(job: Job) -> str | None:
    """What a job is known by on all machines; None where its folder has no mark that can be read.

    It has the name of the job, its dialer and the mark of its folder, and no path.
    """
    mark = _read(_place(job))
    url = job.settings.base_url
    if mark is None or url is None:
        return None
    return f"job\0{job.name}\0{dialer_identity(url)}\0{mark}"


def make_mark(job: Job) -> None:
    """Give the folder of a job its mark, where it has none and one can be written."""
    if not job.folder.is_dir() or _place(job).exists():
        return  # no folder is made where the path of the lists is only mistyped
    with suppress(LoaderError, OSError):  # which the run itself tells
        Places(job.workspace).make(job.folder)
        _write(_place(job))


def _place(job: Job) -> Path:
    return Places(job.workspace).of(Fate.WORKING) / MARK_FILE


def _read(path: Path) -> str | None:
    try:
        found = _MARK.fullmatch(read_small(path, 100).content.strip())
    except OSError:
        return None
    return None if found is None else found[0].decode("ascii")


def _write(path: Path) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f"{path.name}-", delete=False
    ) as new:
        new.write(secrets.token_hex(16))
    unplaced = Path(new.name)
    try:
        unplaced.chmod(0o644)  # other users of other machines read it; it is no secret
        try:
            os.link(unplaced, path)  # not over that of another machine, which has the same thought
        except FileExistsError:
            return
        except OSError:  # a share without links
            if not path.exists():
                unplaced.rename(path)
    finally:
        unplaced.unlink(missing_ok=True)
