"""Where a page stands: beside the results, and never in the place of what is somebody else's."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.results import dated_path
from bulk_loader.results.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_REPORT, _CHECKED = ".report.html", ".checked"
# A page of ours has less than half of that; whatever is larger is none.
_MOST_BYTES = 1_000_000
_MARK = re.compile(rb"\n<!-- bulk-loader ([0-9A-Za-z-]{1,80}) ([0-9a-f]{64}) -->\n\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """A page that was written.

    Attributes:
        notes: what else the user should know, one sentence each.
    """

    path: Path
    notes: tuple[str, ...] = ()


def report_path(results: Path) -> Path:
    """`NAME.report.html` beside the results of a run."""
    return _named(results, "")


def checked_report_path(source: Path) -> Path:
    """`NAME.checked.report.html` beside what was checked."""
    return _named(source, _CHECKED)


def rehearsal_report_path(source: Path) -> Path:
    """`NAME.rehearsal.report.html` beside what was rehearsed."""
    return _named(source, ".rehearsal")


def _named(path: Path, mark: str) -> Path:
    stem = path.stem.removesuffix(".results").removesuffix(_CHECKED)
    return path.with_name(f"{stem}{mark}{_REPORT}")


def is_report_name(name: str) -> bool:
    """A file is called so that it is none of a list."""
    return re.search(r".\.report\.(.+\.)?html\Z", name, re.IGNORECASE | re.DOTALL) is not None


def write_page(
    page: bytes, path: Path, subject: str, mode_of: Path, own: Collection[str] = ()
) -> Written:
    """Put a page there, whole or not at all.

    What stands there already is kept under another name, unless it is the page of the same subject,
    as it was written.

    Args:
        subject: name of the run, or of what was checked.
        mode_of: who can read this file can read the page.
        own: further subjects whose page this one takes the place of.

    Raises:
        OSError: as the system says it.
    """
    kept = _keep_what_stands(path, subject, {subject, *own})
    with replacing(path, mode_of) as file:
        file.write(page + _mark(page, subject))
    return Written(path, kept)


def _keep_what_stands(path: Path, subject: str, own: Collection[str]) -> tuple[str, ...]:
    # A link was put there by somebody and holds nobody's work.
    if path.is_symlink() or not path.exists():
        return ()
    written_for = subject_of(path)
    if written_for in own:
        return ()
    kept = dated_path(path, written_for or f"before-{subject}")
    path.rename(kept)
    return (f"The file that stood at {path.name} before is kept as {kept.name}.",)


def _mark(page: bytes, subject: str) -> bytes:
    digest = hashlib.sha256(page).hexdigest()
    return f"\n<!-- bulk-loader {subject} {digest} -->\n".encode()


def subject_of(path: Path) -> str:
    """What a page is about; "" for what is no page of ours, or was changed since."""
    with suppress(OSError):
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        found = _MARK.search(content)
        if found and hashlib.sha256(content[: found.start()]).hexdigest() == found[2].decode():
            return found[1].decode()
    return ""
