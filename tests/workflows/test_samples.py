from __future__ import annotations

from pathlib import Path

import pytest

from bulk_loader.errors import LoaderError
from bulk_loader.workflows.samples import write_samples

REPOSITORY = Path(__file__).parents[2]
NAMES = ["clientes.csv", "clientes.ods", "clientes.xls", "clientes.xlsx"]
NAMES += ["damaged.xlsx", "leads.csv", "leads.xlsx"]


def test_the_samples_are_those_of_the_project(tmp_path: Path) -> None:
    """Byte for byte, in a directory that was not there, and under full paths."""
    paths = write_samples(tmp_path / "a" / "b")
    assert [path.name for path in paths] == NAMES
    for path in paths:
        assert path.parent == tmp_path / "a" / "b"
        assert path.read_bytes() == (REPOSITORY / "sample_files" / path.name).read_bytes()


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    """Who gives the command twice gets the same answer."""
    assert write_samples(tmp_path) == write_samples(tmp_path)


def test_another_file_of_that_name_is_kept(tmp_path: Path) -> None:
    """A list of the user's own that is called leads.csv is not lost to a sample."""
    (tmp_path / "leads.csv").write_text("mine", "utf-8")
    with pytest.raises(LoaderError, match=r"Another leads\.csv is there already"):
        write_samples(tmp_path)
    assert (tmp_path / "leads.csv").read_text("utf-8") == "mine"


def test_a_place_that_is_no_directory_is_named(tmp_path: Path) -> None:
    """The reason is the system's own."""
    (tmp_path / "file").touch()
    with pytest.raises(LoaderError, match="The system says: "):
        write_samples(tmp_path / "file" / "samples")
