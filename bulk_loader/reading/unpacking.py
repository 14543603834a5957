"""Files that hold another file, and standard input, become a private copy on disk."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias, assert_never

from bulk_loader.errors import SourceError
from bulk_loader.reading.copies import PrivateCopy
from bulk_loader.reading.sniffing import Packing, archive_errors, password_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.spreadsheets.limits import Limits

Readable: TypeAlias = "IO[bytes] | gzip.GzipFile"

_BLOCK_BYTES = 1 << 20
_SHOWN_MEMBERS = 3
_ADDED = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_ENCRYPTED = 0x1  # bit of the flags of a member


def unpacked(path: Path, packing: Packing, limits: Limits) -> PrivateCopy:
    """The one file inside a `.gz` or `.zip`.

    Raises:
        SourceError: damaged, protected, larger than the limits, or a `.zip` of several files.
    """
    match packing:
        case Packing.GZIP:
            copy = _copy(path.name.removesuffix(".gz"))
            with gzip.open(path) as stream:
                _write(copy.path, _unpacked_blocks(stream, path, limits))
        case Packing.ZIP:
            with archive_errors(path), zipfile.ZipFile(path) as archive:
                member = _only_member(path, archive)
                copy = _copy(Path(member.filename).name)
                with archive.open(member) as stream:
                    _write(copy.path, _unpacked_blocks(stream, path, limits))
        case _:
            assert_never(packing)
    return copy


def spooled(stream: Readable, name: str, limits: Limits) -> PrivateCopy:
    """All of a stream that can be read only once, such as standard input."""
    copy = _copy(name)
    _write(copy.path, _bounded_blocks(stream, limits))
    return copy


def _copy(name: str) -> PrivateCopy:
    try:
        return PrivateCopy(name)
    except OSError as error:
        raise _no_room(tempfile.gettempdir(), error) from error


def _only_member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if _is_content(member)]
    if not members:
        raise SourceError(
            f"{path.name} holds no file.",
            "It is an archive of folders only, or of nothing.",
            "Pack the list again, or upload it unpacked.",
        )
    if len(members) > 1:
        names = ", ".join(member.filename for member in members[:_SHOWN_MEMBERS])
        raise SourceError(
            f"{path.name} holds {len(members):,} files; it has to hold exactly one.",
            f"Among them: {names}.",
            "Unpack it, and upload the list that you mean.",
        )
    if members[0].flag_bits & _ENCRYPTED:
        raise password_error(path)
    return members[0]


def _is_content(member: zipfile.ZipInfo) -> bool:
    """Whether a member is more than a folder or what macOS and Windows add."""
    folder, _, name = member.filename.replace("\\", "/").rpartition("/")
    is_added = name.startswith("._") or name.lower() in _ADDED or folder.startswith("__MACOSX")
    return not member.filename.endswith("/") and not is_added


def _unpacked_blocks(stream: Readable, path: Path, limits: Limits) -> Iterator[bytes]:
    """The blocks of a packed file; what it claims about its size is never believed."""
    packed, total = max(path.stat().st_size, 1), 0
    allowed = max(limits.ratio_applies_above_bytes, packed * limits.max_compression_ratio)
    with archive_errors(path):
        for block in _bounded_blocks(stream, limits):
            total += len(block)
            if total > allowed:
                raise _bomb(path, limits)
            yield block


def _bounded_blocks(stream: Readable, limits: Limits) -> Iterator[bytes]:
    total = 0
    while block := stream.read(_BLOCK_BYTES):
        total += len(block)
        if total > limits.max_unpacked_bytes:
            raise SourceError(
                f"The list is longer than {limits.max_unpacked_bytes:,} bytes.",
                "Only a file that needs no unpacking may be longer.",
                "Unpack it or save it as a file, check that it is the right one, and upload that.",
            )
        yield block


def _bomb(path: Path, limits: Limits) -> SourceError:
    return SourceError(
        f"{path.name} unpacks to more than {limits.max_compression_ratio} times its size.",
        "No list of leads packs so well; such files are made to fill up a machine.",
        "If you trust it, unpack it with another program, and upload the list in it.",
    )


def _write(path: Path, blocks: Iterator[bytes]) -> None:
    with _room_in(path.parent):
        path.touch(mode=0o600, exist_ok=False)
    for block in blocks:  # what fails in the reading of them is not for want of room
        with _room_in(path.parent), path.open("ab") as copy:
            copy.write(block)


@contextmanager
def _room_in(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _no_room(directory, error) from error


def _no_room(directory: Path | str, error: OSError) -> SourceError:
    return SourceError(
        "The list can't be unpacked for reading.",
        f"Writing to {directory} failed: {error.strerror or error}.",
        "Make room there, or set TMPDIR to a directory with more.",
    )
