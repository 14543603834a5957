from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.tools.crash.leads import LeadFile
from tests.tools.crash.sheets import read_sheet

if TYPE_CHECKING:
    from pathlib import Path


def made(directory: Path) -> LeadFile:
    """A list of 60 leads and some."""
    return LeadFile(directory / "leads.csv", random.Random(4), 60, repeats=False)


def test_an_edited_file_remembers_how_often_a_number_ever_stood_in_it(tmp_path: Path) -> None:
    """Numbers that were taken out still count, and no number is ever given to a second person."""
    file = made(tmp_path)
    before = Counter(lead.phone for lead in file.rows)
    file.edit()
    after = Counter(lead.phone for lead in file.rows)
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert file.most == before | after


@pytest.mark.parametrize("name", ["copy.csv", "leads.csv.gz", "leads.xlsx"])
def test_a_list_reads_the_same_in_every_form(name: str, tmp_path: Path) -> None:
    """Each row is there, with its zeros; and a row more, where one was asked for."""
    file = made(tmp_path)
    saved = file.saved_as(tmp_path / name, rows_more=1)
    rows = [(row["phone"], row["data"]) for row in read_sheet(saved.path)]
    assert rows == saved.names
    assert rows[:-1] == file.names
    assert saved.origin is file


def test_another_list_has_mostly_the_same_people_and_is_told_apart_by_its_mark(
    tmp_path: Path,
) -> None:
    """With a mark the people are the same and the tasks are not."""
    file = made(tmp_path)
    other = file.other(tmp_path / "other.csv", mark="b")
    people, others = ({row.phone for row in each.rows} for each in (file, other))
    assert len(people & others) > 0.8 * len(people)
    assert others - people
    assert people - others
    assert not set(file.names) & set(other.names)
    assert other.origin is other
