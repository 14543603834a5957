from __future__ import annotations

import os
import re
import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_loader.shell import typed

NAMES = st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name)


def test_usual_words_are_quoted_as_ever() -> None:
    """A command that needs no quotes has none."""
    words = ("bulk-loader", "retry", "mis leads.csv", "café.csv")
    assert typed(*words, on_windows=False) == shlex.join(words)


@settings(max_examples=20, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=50))
def test_a_shell_reads_every_word_as_it_was(names: list[bytes]) -> None:
    """Also a file name of which some bytes are no letters."""
    command = typed("printf", r"%s\0", *map(os.fsdecode, names), on_windows=False)
    ended = subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=500)
    assert ended.stdout == b"".join(name + b"\0" for name in names)


def test_such_a_word_is_plain_text() -> None:
    """A terminal shows it, and it can be copied from there."""
    assert typed("caf\udce9 d'or.csv", on_windows=False) == r"$'caf\351 d\'or.csv'"


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        (r"C:\lists\leads.csv", r"C:\lists\leads.csv"),
        ("--again", "--again"),
        ("añó.csv", "añó.csv"),
        (r"C:\my lists\leads.csv", r'"C:\my lists\leads.csv"'),
        ("C:\\my lists\\", r'"C:\my lists\\"'),
        ("Ventas<-", '"Ventas<-"'),
        ("a&b;c,(d).csv", '"a&b;c,(d).csv"'),
        ("O'Brien.csv", '"O\'Brien.csv"'),
        ('say "hi"', r'"say \"hi\""'),
        (r"end\"", r'"end\\\""'),
        ("", '""'),
        ("$HOME.csv", "'$HOME.csv'"),
        ("a'$b.csv", "'a''$b.csv'"),
        ("a\u202eb.csv", '"a$([char]::ConvertFromUtf32(0x202E))b.csv"'),
        ("$\u202e", '"`$$([char]::ConvertFromUtf32(0x202E))"'),
    ],
)
def test_windows_has_quotes_of_its_own(word: str, shown: str) -> None:
    """Which both of its shells understand, where they can."""
    assert typed(word, on_windows=True) == shown


@given(
    st.lists(st.text(st.characters(codec="ascii", exclude_characters="$`\x7f", min_codepoint=32)))
)
def test_a_program_on_windows_reads_every_word_as_it_was(words: list[str]) -> None:
    """By the rules by which its programs part a command line, which need as many quotes."""
    told = typed(*words, on_windows=True)
    assert [_unquoted(word) for word in _parted(told)] == words


def _parted(line: str) -> list[str]:
    """The words of a line, with their quotes; as C programs there read it."""
    words, word, is_inside, slashes = [], "", False, 0
    for letter in line:
        if letter == '"' and slashes % 2 == 0:
            is_inside = not is_inside
        slashes = slashes + 1 if letter == "\\" else 0
        if letter == " " and not is_inside:
            words.append(word)
            word = ""
        else:
            word += letter
    return [*words, word] if line else []


def _unquoted(word: str) -> str:
    if not word.startswith('"'):
        return word
    inside = re.sub(r"(\\+)\Z", lambda found: found[0][: len(found[0]) // 2], word[1:-1])
    return re.sub(r'(\\*)\\"', lambda found: f'{found[1][: len(found[1]) // 2]}"', inside)
