from __future__ import annotations

import os
import shlex
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_loader.cli.shell import typed

NAMES = st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name)


def test_usual_words_are_quoted_as_ever() -> None:
    """A command that needs no quotes has none."""
    words = ("bulk-loader", "retry", "mis leads.csv", "café.csv")
    assert typed(*words) == shlex.join(words)


@settings(max_examples=20, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=50))
def test_a_shell_reads_every_word_as_it_was(names: list[bytes]) -> None:
    """Also a file name of which some bytes are no letters."""
    command = typed("printf", r"%s\0", *map(os.fsdecode, names))
    ended = subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=500)
    assert ended.stdout == b"".join(name + b"\0" for name in names)


def test_such_a_word_is_plain_text() -> None:
    """A terminal shows it, and it can be copied from there."""
    assert typed("caf\udce9 d'or.csv") == r"$'caf\351 d\'or.csv'"
