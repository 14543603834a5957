from __future__ import annotations

import gc
import io
import stat
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading.sniffing import Packing
from bulk_loader.reading.unpacking import spooled, unpacked
from bulk_loader.spreadsheets.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path


def test_a_private_copy_is_gone_with_its_owner() -> None:
    """Nobody else can read it, and nothing is left of it when it is no longer needed."""
    copy = spooled(io.BytesIO(b"phone\n"), "../a b:c.csv", Limits())
    path = copy.path
    assert (path.name, path.read_bytes()) == ("_a b_c.csv", b"phone\n")
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0

    del copy
    gc.collect()

    assert not path.parent.exists()


def test_what_systems_pack_beside_a_list_does_not_count(tmp_path: Path) -> None:
    """The one file that a person has packed is the list."""
    path = tmp_path / "leads.zip"
    with ZipFile(path, "w") as archive:
        added = ("__MACOSX/._leads.csv", "March/.DS_Store", "._leads.csv", "March/Thumbs.db")
        for name in ("March/", "March/leads.csv", *added, "desktop.ini"):
            archive.writestr(name, b"" if name.endswith("/") else b"phone\n")

    assert unpacked(path, Packing.ZIP, Limits()).path.name == "leads.csv"


@pytest.mark.parametrize(
    ("names", "what"), [(("March/",), "holds no file"), (("a.csv", "b.csv"), "holds 2 files")]
)
def test_an_archive_without_exactly_one_list_says_so(
    tmp_path: Path, names: tuple[str, ...], what: str
) -> None:
    """Nobody can know which one is meant."""
    path = tmp_path / "leads.zip"
    with ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    with pytest.raises(SourceError, match=what):
        unpacked(path, Packing.ZIP, Limits())


def test_a_stream_without_an_end_is_not_spooled() -> None:
    """No more than the limit is taken from it."""
    with pytest.raises(SourceError, match="longer than 5 bytes"):
        spooled(io.BytesIO(b"123456"), "stdin", Limits(max_unpacked_bytes=5))
