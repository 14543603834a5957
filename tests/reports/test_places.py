from __future__ import annotations

from pathlib import Path

import pytest

from bulk_loader.reports.places import (
    checked_report_path,
    is_report_name,
    report_path,
    subject_of,
    write_page,
)

PAGE = b"<!doctype html>\n<p>Hello</p>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a page is to stand."""
    return tmp_path / "leads.report.html"


def write(path: Path, subject: str = "run-1", *own: str) -> tuple[str, ...]:
    """Put the page there; the notes on it."""
    return write_page(PAGE, path, subject, path.with_name("leads.csv"), own).notes


def names(path: Path) -> list[str]:
    """What stands in the folder."""
    return sorted(each.name for each in path.parent.iterdir())


@pytest.mark.parametrize(
    ("results", "report", "checked"),
    [
        ("leads.results.csv", "leads.report.html", "leads.checked.report.html"),
        ("leads.csv", "leads.report.html", "leads.checked.report.html"),
        ("leads.checked.xlsx", "leads.report.html", "leads.checked.report.html"),
        ("out", "out.report.html", "out.checked.report.html"),
    ],
)
def test_a_page_is_called_after_its_list(results: str, report: str, checked: str) -> None:
    """That of a run and that of a check stand beside each other."""
    assert report_path(Path("/lists") / results) == Path("/lists") / report
    assert checked_report_path(Path("/lists") / results) == Path("/lists") / checked
    assert is_report_name(report)
    assert is_report_name(checked)


def test_a_list_is_not_taken_for_a_page() -> None:
    """Though there be a word in its name."""
    assert not any(
        map(is_report_name, ["leads.report.csv", "report.html", ".report.html", "a.html"])
    )
    assert is_report_name("leads.report.20260302-0830-0a1b2c.html")


def test_a_page_takes_the_place_of_that_of_its_own_run(path: Path) -> None:
    """And of those that the run goes on with; there is one page for one results file."""
    assert write(path) == ()
    assert write(path) == ()
    assert write(path, "run-2", "run-1") == ()
    assert names(path) == ["leads.report.html"]
    assert subject_of(path) == "run-2"
    assert path.read_bytes().startswith(PAGE)


def test_the_page_of_another_run_is_kept(path: Path) -> None:
    """Under the name of that run, which can be told from the page itself."""
    write(path)
    (note,) = write(path, "run-2")
    assert names(path) == ["leads.report.html", "leads.report.run-1.html"]
    assert "leads.report.run-1.html" in note
    assert subject_of(path.with_name("leads.report.run-1.html")) == "run-1"


@pytest.mark.parametrize("others", [b"", b"somebody's notes", PAGE, PAGE + b"\n<!-- x -->\n"])
def test_what_is_somebodys_own_is_kept(path: Path, others: bytes) -> None:
    """Whatever stands there under this name."""
    path.write_bytes(others)
    (note,) = write(path)
    kept = path.with_name("leads.report.before-run-1.html")
    assert kept.read_bytes() == others
    assert kept.name in note


def test_a_page_that_was_edited_is_somebodys_own(path: Path) -> None:
    """What a person has written into it is never lost."""
    write(path)
    edited = path.read_bytes().replace(b"Hello", b"Called them all. Ana")
    path.write_bytes(edited)
    assert subject_of(path) == ""
    write(path)
    assert path.with_name("leads.report.before-run-1.html").read_bytes() == edited


def test_a_folder_of_that_name_is_kept(path: Path) -> None:
    """It is moved aside with all that it holds."""
    path.mkdir()
    (path / "inside").touch()
    write(path)
    assert (path.with_name("leads.report.before-run-1.html") / "inside").exists()


def test_a_page_is_as_private_as_its_list(path: Path) -> None:
    """Who can't read the list can't read what is told of it."""
    source = path.with_name("leads.csv")
    source.touch(0o600)
    source.chmod(0o640)
    write(path)
    assert path.stat().st_mode & 0o777 == 0o640
    path.unlink()
    source.unlink()
    write(path)
    assert path.stat().st_mode & 0o777 == 0o600
