from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bulk_loader.model import Ending, Status
from bulk_loader.preparation.suppressing import read_suppression
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.settings import Settings

NOW = datetime.now(UTC)


def test_lists_are_one_and_no_copy_is_made_of_a_file(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not made can't be left behind by a program that is killed."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there is none"))
    paths = [tmp_path / "first.txt", tmp_path / "second.csv"]
    paths[0].write_text("numbers\n0991000001\n0991000002\n", "utf-8")
    paths[1].write_text("name,phone\na,0991000002\nb,0991000003\n", "utf-8")
    listed = read_suppression(settings(suppress=paths), NOW)
    assert listed is not None
    assert listed.holding([phone for phone, _ in numbered(4)]) == [0, 1, 2]


def test_the_copy_of_a_pipe_is_gone_with_its_reading(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked through as often as a file, and read once."""
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    with piped(tmp_path / "list", b"numbers\n0991000001\n") as path:
        listed = read_suppression(settings(suppress=[path]), NOW)
    assert listed is not None
    assert listed.holding([phone for phone, _ in numbered(2)]) == [0]
    assert list(copies.iterdir()) == []


@contextmanager
def piped(path: Path, content: bytes) -> Iterator[Path]:
    """A pipe into which this is written once: who opens it a second time waits in vain."""
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(content,), daemon=True)
    writer.start()
    yield path
    writer.join()
    path.unlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_run_reads_its_list_once_also_where_it_goes_on(
    leads: Leads, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Dates are judged as when the run was begun; for that nothing is read again."""
    leads.write(*numbered(6))
    content = b"0991000002\n0991000005\n"
    with FaultyDialer({3: Fault.UNAUTHORIZED}) as dialer:
        told = settings(dialer, suppress=[tmp_path / "list"], concurrency=1)
        with piped(tmp_path / "list", content):
            first = upload(leads.path, told)
        assert first.ending is Ending.STOPPED
        with piped(tmp_path / "list", content):
            second = upload(leads.path, told)
    assert second.run_id == first.run_id
    assert second.counts[Status.SUPPRESSED] == 2
    assert sorted(dialer.recorded) == [phone for phone, _ in numbered(6) if phone[-1] not in "25"]
