"""Whose a results file is: the run, its list and its dialer, said in the file or beside it.

A workbook carries it as a document property, which spreadsheet programs keep. Beside every results
file stands a small hidden file as well, from the moment when sending begins: a text file has no
place of its own, and a program that is killed writes no results.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from bulk_loader.results.replacing import create_beside
from bulk_loader.spreadsheets.xlsx.edit.properties import read_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# A stamp has about 500 bytes; whatever is longer is none.
MAX_STAMP_BYTES = 4096

_SUFFIX = ".run"
# What most file systems allow a name, in bytes.
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a results file says of itself; no phone number and no secret.

    Attributes:
        run: name of the run that writes it.
        list_digest: SHA-256 of the list's bytes.
        dialer: address of the dialer, without credentials.
        began_at: ISO 8601, UTC.
        session: how often the run was begun or gone on with, so far.
        sent: leads of the run that the ledger held as sent; the file may be older than that.
        leads: rows that are leads.
        columns: digest of the user's own column labels.
    """

    run: str
    list_digest: str
    dialer: str
    began_at: str
    session: int
    sent: int
    leads: int
    columns: str

    def to_json(self) -> str:
        """As it stands in a file."""
        return json.dumps({"written_by": "bulk-loader", **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """What `to_json` made; None for anything else."""
        try:
            found = json.loads(text)
            values = {field.name: found[field.name] for field in fields(cls)}
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return cls(**values) if _fits(values) else None


def _fits(values: dict[str, Any]) -> bool:
    numbers = {"session", "sent", "leads"}
    return all(isinstance(value, int if name in numbers else str) for name, value in values.items())


def columns_digest(labels: Sequence[str]) -> str:
    """What tells a header from others."""
    return sha256("\0".join(labels).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def stamp_path(results: Path) -> Path:
    """Where the stamp beside a results file stands."""
    name = f".{results.name}{_SUFFIX}"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = f".{sha256(os.fsencode(results.name)).hexdigest()[:32]}{_SUFFIX}"
    return results.with_name(name)


def write_stamp(results: Path, stamp: Stamp) -> None:
    """Put a stamp beside a results file, whole or not at all.

    Raises:
        OSError: as the system says it.
    """
    # It holds nothing that may not be read: who shares the list sees that it was sent.
    unfinished, descriptor = create_beside(results, 0o644)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(stamp.to_json())
        unfinished.replace(stamp_path(results))
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def read_stamp(results: Path) -> Stamp | None:
    """What a results file says of itself, else what stands beside it; None for no stamp.

    Of both, the one that was written later: only the one beside it is kept up to date while a run
    is under way.
    """
    beside = _read_beside(stamp_path(results))
    written = read_property(results)
    inside = None if written is None else Stamp.from_json(written)
    if inside is None or beside is None:
        return inside or beside
    if beside.run != inside.run:
        return inside if results.exists() else beside
    return max(inside, beside, key=lambda stamp: (stamp.session, stamp.sent))


def stamps_in(folder: Path) -> Iterator[Stamp]:
    """All stamps that stand beside results files of one folder."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(".") and path.name.endswith(_SUFFIX):
                stamp = _read_beside(path)
                if stamp is not None:
                    yield stamp


def move_stamp(results: Path, target: Path) -> None:
    """Take the stamp along with a results file that moves.

    Raises:
        OSError: as the system says it.
    """
    with suppress(FileNotFoundError):
        stamp_path(results).replace(stamp_path(target))


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))


def _read_beside(path: Path) -> Stamp | None:
    try:
        # Anybody may have put a pipe or a device there, which would never end.
        with open(path, "rb", opener=_at_once) as file:
            is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(MAX_STAMP_BYTES + 1) if is_file else b""
    except OSError:
        return None
    if len(content) > MAX_STAMP_BYTES:
        return None
    return Stamp.from_json(content.decode("utf-8", "replace"))
