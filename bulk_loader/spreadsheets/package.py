"""The parts of a workbook: mostly those of a zip archive, unpacked with every byte counted."""

from __future__ import annotations

import errno
import lzma
import posixpath
import zipfile
import zlib
from abc import ABC, abstractmethod
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Self

from bulk_loader.errors import SourceError
from bulk_loader.spreadsheets.limits import ALLOW_MORE, OverBudgetError
from bulk_loader.spreadsheets.markup import MarkupError, require_few, walk

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits
    from bulk_loader.spreadsheets.markup import OnStart, OnText

ZIP_BEGIN = b"PK\x03\x04"
_CHUNK_BYTES = 262_144
_SAVE_ANEW = "Open it in a spreadsheet program, save it as .xlsx, and try again."
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
)
# A place before the begin of the file, and what bz2 says of broken data.
_NO_FAULT_OF_A_DISK = frozenset({errno.EINVAL, None})


class Parts(ABC):
    """The parts of an opened workbook file; a context manager.

    Attributes:
        path: of the file.
        spender: counts what this pass over the file costs.

    Raises:
        SourceError: from every method, where the file is broken or passes a limit.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.spender = limits.spender(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close the file."""

    @abstractmethod
    def has(self, part: str) -> bool:
        """Whether there is such a part."""

    @abstractmethod
    def _pieces(self, part: str) -> Generator[bytes, None, None]:
        """The bytes of a part, which nobody has counted yet."""

    def _place(self, part: str) -> str:
        """What a part is called in a message."""
        return f"the part {part}"

    def chunks(self, part: str) -> Generator[bytes, None, None]:
        """The unpacked bytes of a part, piece by piece."""
        with closing(self._pieces(part)) as pieces:
            for piece in pieces:
                with self._within_budget():
                    self.spender.unpack(len(piece))
                yield piece

    def walk(self, part: str, on_start: OnStart, on_text: OnText | None = None) -> None:
        """Tell of each element of a part, and of its texts; see `markup.Walker`."""
        with self.translated(part), closing(self.chunks(part)) as chunks:
            walk(chunks, on_start, on_text)

    @contextmanager
    def translated(self, part: str) -> Iterator[None]:
        """Say of markup that is broken, or more than a limit allows, where it stands."""
        with self._within_budget():
            try:
                yield
            except MarkupError as error:
                raise self.refused(f"{self._place(part)} can't be read: {error}") from error

    @contextmanager
    def _within_budget(self) -> Iterator[None]:
        try:
            yield
        except OverBudgetError as error:
            raise self.refused(str(error), f"{_SAVE_ANEW[:-1]}; {ALLOW_MORE}") from error

    def refused(self, why: str, remedy: str = _SAVE_ANEW) -> SourceError:
        """The error for this file."""
        return refused(self.path, why, remedy)


class Package(Parts):
    """Those of a zip archive."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(path, limits)
        with self._unpacking("the archive"):
            self._archive = zipfile.ZipFile(path)
        entries = self._archive.infolist()
        if len(entries) > limits.max_parts:
            self.close()
            raise self.refused(
                f"it has {len(entries):,} parts, and {limits.max_parts:,} at most are read"
            )
        # Some writers use back slashes, or other letter cases than their references have.
        self._parts = {_folded(entry.filename): entry for entry in entries}

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return _folded(part) in self._parts

    @property
    def entries(self) -> Sequence[zipfile.ZipInfo]:
        """All parts in the order of the archive, under the names that they have there."""
        return self._archive.infolist()

    def size(self, part: str) -> int:
        """Bytes that a part unpacks to, as the archive says; it must be there."""
        return self._parts[_folded(part)].file_size

    def _pieces(self, part: str) -> Generator[bytes, None, None]:
        entry = self._parts.get(_folded(part))
        if entry is None:
            raise self.refused(f"its part {part} is missing")
        with self._unpacking(f"the part {part}"):
            opened = self._archive.open(entry)
        with opened:
            while True:
                with self._unpacking(f"the part {part}"):
                    chunk = opened.read(_CHUNK_BYTES)
                if not chunk:
                    return
                yield chunk

    def references(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part refers to: by identifier, the kind and the part's name.

        Args:
            part: "" for the package itself.
        """
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def on_start(name: str, attributes: dict[str, str], _around: list[str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes.get("Type", "").rpartition("/")[2]
                target = posixpath.join(
                    "/", folder, attributes.get("Target", "").replace("\\", "/")
                )
                found[attributes.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
                require_few(found, "references to parts")

        if self.has(listing):
            self.walk(listing, on_start)
        return found

    @contextmanager
    def _unpacking(self, place: str) -> Iterator[None]:
        """Say the same of an archive; only around its libraries, which raise nearly anything."""
        try:
            yield
        except NotImplementedError as error:
            raise self.refused(f"{place} is packed in a way that is not known here") from error
        except RuntimeError as error:
            raise self.refused(f"{place} is protected by a password") from error
        except OSError as error:
            if error.errno not in _NO_FAULT_OF_A_DISK:
                raise
            raise self.refused(f"{place} is broken or cut short") from error
        except _BROKEN_ARCHIVE as error:
            raise self.refused(f"{place} is broken or cut short ({error})") from error


def refused(path: Path, why: str, remedy: str = _SAVE_ANEW) -> SourceError:
    """The error for a workbook that can't be read; `why` is a clause without a stop."""
    return SourceError(
        f"{path} can't be read as a workbook.", f"{why[0].upper()}{why[1:]}.", remedy
    )


def _folded(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()
