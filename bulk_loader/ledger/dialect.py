"""The ledger's statements as PostgreSQL takes them, and many of a kind as one."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@cache
def in_dialect(statement: str) -> bytes:
    """A statement with PostgreSQL's marks, and without what SQLite needs to be told of indexes."""
    plain = _HINTS.sub("", statement)
    return _NAMED.sub(r"%(\1)s", plain).replace("?", "%s").encode()


def held_row(values: Sequence[object]) -> list[Any]:
    """Values as PostgreSQL can hold them: it has no text with the character 0."""
    return [
        value.replace("\0", "␀") if type(value) is str and "\0" in value else value
        for value in values
    ]


def together(
    statement: str, rows: Sequence[Sequence[Any]]
) -> Iterator[tuple[bytes, Sequence[Any]]]:
    """What does the same as the statement for each of the rows, in as few statements as can be.

    Rows go as arrays of their columns: so a statement is the same, and prepared, however many there
    are. An UPDATE by arrays would be slow as long as PostgreSQL knows nothing of the table, an
    UPDATE of equal changes by a list of rows is not.
    """
    if not rows:
        return
    if _INSERT.match(statement):
        yield _by_columns(statement), [list(column) for column in zip(*rows, strict=True)]
    elif statement.rstrip().endswith(_BY_ROW):
        alike: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for *change, row in rows:
            alike[tuple(change)].append(row)
        yield from ((_by_rows(statement), [*change, found]) for change, found in alike.items())
    else:
        yield from ((in_dialect(statement), row) for row in rows)


@cache
def _by_rows(statement: str) -> bytes:
    return in_dialect(statement.rstrip().removesuffix(_BY_ROW) + "AND row = ANY(?)")


@cache
def _by_columns(statement: str) -> bytes:
    """An INSERT of what several arrays have, instead of one row."""
    found = _INSERT.match(statement)
    assert found is not None
    columns = [name.strip() for name in found["columns"].split(",")]
    values = [value.strip() for value in found["values"].split(",")]
    given = [name for name, value in zip(columns, values, strict=True) if value == "?"]
    chosen = [name if value == "?" else value for name, value in zip(columns, values, strict=True)]
    arrays = ", ".join(f"?::{'text' if name in _TEXTS else 'bigint'}[]" for name in given)
    source = f"SELECT {', '.join(chosen)} FROM unnest({arrays}) AS given ({', '.join(given)})"  # noqa: S608 - of ours
    return in_dialect(
        statement[: found.start("head")] + found["head"] + source + statement[found.end() :]
    )


_INSERT = re.compile(
    r"\s*(?P<head>INSERT INTO \w+\s*\((?P<columns>[^()]*)\)\s*)VALUES \((?P<values>[^()]*)\)"
)
_BY_ROW = "AND row = ?"
_TEXTS = frozenset({"status", "code", "detail", "name"})
"""Columns that hold no number."""

_HINTS = re.compile(r"\bCROSS (?=JOIN)|\bINDEXED BY \w+")
_NAMED = re.compile(r"(?<!:):([a-z_]+)")
