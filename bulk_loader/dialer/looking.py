"""Looks at a dialer without calling anybody: fixed requests, with nothing of a list in them.

Source: public client code; promised by nobody. So whatever is not understood is not known, and is
told as that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bulk_loader.choices import AuthScheme
from bulk_loader.dialer.answers import NotSentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.dialer.client import DialerClient

FORM_GET_PATH = "/Integra/resources/forms/FormGet"
QUEUE_PATH = "/Integra/resources/queues/getqueuemembersofqueue"
INTERACTIONS_PATH = "/api/interactions"

# No dialer needs to have this queue: who lets us ask for its members knows the token.
_QUEUE = urlencode({"queue": "bulk-loader"})
_KNOWN = "SELECT campaign FROM ccdata.dialer"
_COUNTED = "SELECT campaign, COUNT(*) AS waiting FROM ccdata.{table} GROUP BY campaign"
_NOW, _LATER = (_COUNTED.format(table=name) for name in ("calls_spool", "calls_scheduler"))


class TokenState(Enum):
    """What the dialer thinks of the token."""

    GOOD = auto()
    REFUSED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen; None for what could not be checked.

    Attributes:
        campaigns: all that have a dialer.
        now: how many calls wait, by campaign; none for a campaign that is missing.
        later: how many calls wait for their date, likewise.
    """

    token: TokenState = TokenState.UNKNOWN
    campaigns: frozenset[str] | None = None
    now: Mapping[str, int] | None = None
    later: Mapping[str, int] | None = None


async def look(client: DialerClient, scheme: AuthScheme) -> Sight:
    """Ask all that can be asked.

    Raises:
        NotSentError: the dialer can't be reached, or does not answer the first question.
        StoppedError: a login was needed and failed.
    """
    token = await token_state(client, scheme)
    if token is TokenState.REFUSED:
        return Sight(token)
    return Sight(
        token,
        _read_campaigns(await _rows(client, _KNOWN)),
        _read_counts(await _rows(client, _NOW)),
        _read_counts(await _rows(client, _LATER)),
    )


async def token_state(client: DialerClient, scheme: AuthScheme) -> TokenState:
    """Whether the dialer knows the token, by a question that needs one and changes nothing.

    Raises:
        NotSentError: the dialer can't be reached, or does not answer.
        StoppedError: a login was needed and failed.
    """
    if scheme is AuthScheme.BEARER:
        status, body = await client.ask(INTERACTIONS_PATH)
    else:
        status, body = await client.ask(f"{QUEUE_PATH}?{_QUEUE}", {})
    # By 403 a user may only lack the right to look at this, with a token that is good for calls.
    if status == HTTPStatus.UNAUTHORIZED:
        return TokenState.REFUSED
    is_answer = status == HTTPStatus.OK and body.lstrip()[:1] in (b"[", b"{")
    return TokenState.GOOD if is_answer else TokenState.UNKNOWN


async def _rows(client: DialerClient, query: str) -> list[dict[str, object]] | None:
    """The rows of a table; None where the answer is of another shape."""
    try:
        status, body = await client.ask(FORM_GET_PATH, {"query": query, "dsn": "Repo"})
    except NotSentError:
        return None
    if status != HTTPStatus.OK:
        return None
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_table = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    return rows if is_table else None


def _read_campaigns(rows: list[dict[str, object]] | None) -> frozenset[str] | None:
    names = list(_names(rows or ()))
    # No rows at all may also mean that this user sees none.
    return frozenset(names) if names and len(names) == len(rows or ()) else None


def _read_counts(rows: list[dict[str, object]] | None) -> Mapping[str, int] | None:
    if rows is None:
        return None
    counts = [_count(row.get("waiting")) for row in rows]
    names = list(_names(rows))
    if len(names) < len(rows) or None in counts:
        return None
    return {name: count for name, count in zip(names, counts, strict=True) if count is not None}


def _names(rows: list[dict[str, object]] | tuple[()]) -> Iterator[str]:
    return (name for row in rows if isinstance(name := row.get("campaign"), str))


def _count(written: object) -> int | None:
    """Databases are asked through layers of which some make texts of numbers."""
    text = str(written)
    is_count = isinstance(written, int | str) and text.isascii() and text.isdigit()
    return int(text) if is_count and len(text) <= 18 else None  # noqa: PLR2004 - those of a database
