from __future__ import annotations

import os
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

import pytest

from bulk_loader.model import Ending, Status
from bulk_loader.preparation.suppressing import open_bytes, read_suppression
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.settings import Settings

NOW = datetime.now(UTC)


def test_each_list_is_opened_once(settings: Callable[..., Settings], tmp_path: Path) -> None:
    """However often its content is looked at, all of it is of one moment."""
    paths = [tmp_path / "first.txt", tmp_path / "second.csv"]
    paths[0].write_text("numbers\n0991000001\n0991000002\n", "utf-8")
    paths[1].write_text("name,phone\na,0991000002\nb,0991000003\n", "utf-8")
    opened: Counter[str] = Counter()

    @contextmanager
    def counting(path: Path) -> Iterator[IO[bytes]]:
        opened[path.name] += 1
        with open_bytes(path) as stream:
            yield stream

    listed = read_suppression(settings(suppress=paths), NOW, counting)
    assert listed is not None
    assert listed.holding([phone for phone, _ in numbered(4)]) == [0, 1, 2]
    assert opened == {"first.txt": 1, "second.csv": 1}


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
