"""OpenDocument spreadsheets that are one file of XML (.fods), beside those that are an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.package import ZIP_BEGIN, Package, Parts

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from bulk_loader.spreadsheets.limits import Limits

_PIECE_BYTES = 262_144

# What an archive keeps apart stands in one document here.
_PARTS = frozenset({"content.xml", "settings.xml"})


class FlatDocument(Parts):
    """A document that is each of its parts."""

    def close(self) -> None:
        """Nothing stays open."""

    def has(self, part: str) -> bool:
        """Whether the document holds what that part of an archive does."""
        return part in _PARTS

    def _pieces(self, _part: str) -> Generator[bytes, None, None]:
        with self.path.open("rb") as stream:
            while piece := stream.read(_PIECE_BYTES):
                yield piece

    def _place(self, _part: str) -> str:
        return "the document"


def opened(path: Path, limits: Limits) -> Parts:
    """The parts of an OpenDocument file, of whichever of the two kinds."""
    with path.open("rb") as stream:
        is_archive = stream.read(len(ZIP_BEGIN)) == ZIP_BEGIN
    return (Package if is_archive else FlatDocument)(path, limits)
