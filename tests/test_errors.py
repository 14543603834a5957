from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import bulk_loader
from bulk_loader.cli.documents import Document
from bulk_loader.errors import AlreadyUploadedError, ErrorCode, ExitCode, LoaderError


def kinds(of: type[LoaderError]) -> list[type[LoaderError]]:
    """All classes below one, itself first, as far as they are imported."""
    return [of, *(kind for below in of.__subclasses__() for kind in kinds(below))]


def test_each_kind_of_error_has_a_code_of_its_own() -> None:
    """Whoever adds one can't leave a program that reads us with the code of another."""
    for module in pkgutil.walk_packages(bulk_loader.__path__, "bulk_loader."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found = [kind for kind in kinds(LoaderError) if kind.__module__.startswith("bulk_loader.")]
    codes = [kind.code for kind in found]
    assert sorted(set(codes)) == sorted(codes), found


def test_a_code_is_its_name() -> None:
    """What stands in a program of a user is what stands in ours, and nobody renames one alone."""
    assert {code: code.value for code in ErrorCode} == {
        code: code.name.lower() for code in ErrorCode
    }


def test_a_finer_code_is_of_that_error_only() -> None:
    """The class keeps its own."""
    assert LoaderError("a", code=ErrorCode.FAULT).code is ErrorCode.FAULT
    assert LoaderError("a").code is ErrorCode.FAILED


def test_a_list_that_was_loaded_before_is_no_wrong_usage() -> None:
    """A program tells last night's file from a mistyped option by the exit code alone."""
    assert AlreadyUploadedError("a").exit_code is ExitCode.LOADED_BEFORE
    assert int(AlreadyUploadedError.exit_code) == 5


def test_what_the_codes_mean_stands_in_the_document_for_programs() -> None:
    """Each with the exit code that it comes with."""
    page = (Path(bulk_loader.__file__).parents[1] / ".github/FOR_PROGRAMS.md").read_text("utf-8")
    below = page[page.index("| `code` |") :].splitlines()[2:]
    told = {cells[1].strip(" `"): cells[2].strip() for cells in (row.split("|") for row in below)}
    assert set(told) == set(ErrorCode)
    by_class = {kind.code.value: str(int(kind.exit_code)) for kind in kinds(LoaderError)}
    assert told == {**by_class, "usage": "2", "rows": "3", "fault": "2 or 4"}
    above = page[: page.index("## What is promised")]
    assert re.findall(r"^\| `([a-z-]+)` \| [a-z`]+", above, re.MULTILINE)[1:] == list(Document)
