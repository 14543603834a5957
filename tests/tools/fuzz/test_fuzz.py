from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bulk_loader.reading import ReadingOptions, open_leads
from tests.tools.dirty.corpus import FOLDER
from tests.tools.fuzz.mutations import Mutator
from tests.tools.fuzz.trial import SAMPLES, compare, leads_of, try_file, try_seed

if TYPE_CHECKING:
    from pathlib import Path

# Seeds of the first files; `make fuzz` goes on with others for as long as it is told to.
CASES = 400


def test_odd_files_are_read_or_refused_in_words(tmp_path: Path) -> None:
    """Nothing but leads or a `LoaderError`, and the results file has the same leads."""
    answers = Counter(try_seed(seed, tmp_path) for seed in range(CASES))
    assert set(answers) <= {"read", "refused", "read, its results refused"}
    assert answers["read"] > CASES / 5
    assert answers["refused"] > CASES / 5


def test_sound_files_are_read(tmp_path: Path) -> None:
    """A whole file passes the trial, so that one that never reads anything would be noticed."""
    path = tmp_path / "leads.csv"
    path.write_bytes((FOLDER / "csv_libreoffice_commas.csv").read_bytes())
    assert try_file(path, ReadingOptions(), random.Random(1)) == "read"


def test_a_changed_lead_is_noticed(tmp_path: Path) -> None:
    """A fault of the results writer does not pass the trial."""
    path, results = tmp_path / "leads.csv", tmp_path / "leads.results.csv"
    path.write_text("phone\n0991234567\n")
    results.write_text("phone,dialer_result,dialer_status,dialer_error\n991234567,1,accepted,\n")
    table = open_leads(path, ReadingOptions())
    with pytest.raises(AssertionError, match="row 2"):
        compare(leads_of(table, 10), results, table)


def test_archives_are_changed_from_within() -> None:
    """Most odd workbooks still unpack, so that more than the unpacking is tried."""
    workbook = (FOLDER / "boolean.xlsx").read_bytes()
    others = [SAMPLES[0].read_bytes()]
    made = [Mutator(random.Random(seed), others).mutate(workbook) for seed in range(60)]
    assert len(set(made)) > 50
    assert sum(zipfile.is_zipfile(io.BytesIO(data)) for data in made) > 45
