"""Connections to a ledger in PostgreSQL, and its errors in the user's words.

Source of the error codes: PostgreSQL's manual, appendix A.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bulk_loader.errors import ErrorCode, LedgerError, MissingExtraError
from bulk_loader.hosts import is_loopback
from bulk_loader.ledger_place import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

CONNECT_TIMEOUT_S = 10
# A group commit takes milliseconds. A program that stands still in the middle of one keeps all others
# from its dialer: the database ends it before they give up waiting, and before it may be followed.
STILL_TIMEOUT_S = 15
LOCK_TIMEOUT_S = 20


class LedgerAwayError(LedgerError):
    """The database can't be reached, or not be written at this moment; it may be soon."""

    code = ErrorCode.LEDGER_AWAY


def connect(url: str) -> psycopg.Connection:
    """A connection on which each statement is durable when it returns.

    Raises:
        MissingExtraError: psycopg is not installed.
        LedgerAwayError: the database can't be reached, or takes nobody at this moment.
        LedgerError: it takes no one who comes so.
    """
    try:
        import psycopg  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError(
            "The ledger can't be opened.",
            f"It stands in PostgreSQL, and what reads that is not installed: {error}.",
            'Install it with: pip install "bulk-loader[postgres]"',
        ) from error
    with translated(url):
        connection = psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="bulk-loader",
            **_safety(url),
        )
        # Whatever the server does by itself: a commit that a crash takes back is a second call.
        connection.execute("SET synchronous_commit = on")
        connection.execute("SET default_transaction_isolation = 'read committed'")
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{STILL_TIMEOUT_S}s'")
        connection.execute("SET client_encoding = 'UTF8'")
    return connection


def _safety(url: str) -> dict[str, Any]:
    """What a connection is held to where the address itself does not say it.

    libpq tries TLS and does without where the server has none, so that whoever sits between takes
    password and ledger. Source: PostgreSQL's manual, "SSL Support".
    """
    parts = urlsplit(url)
    said = parse_qs(parts.query)
    host = parts.hostname or said.get("host", [""])[0]
    is_local = not host or host.startswith("/") or is_loopback(host)
    # A cable that was pulled out is noticed within half a minute, and not in two hours.
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    alive |= {"tcp_user_timeout": 30_000}
    tls = {} if is_local or "sslmode" in said else {"sslmode": "require"}
    return {**{name: value for name, value in alive.items() if name not in said}, **tls}


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Raise LedgerError for whatever PostgreSQL says."""
    import psycopg  # noqa: PLC0415 - an extra

    try:
        yield
    except psycopg.Error as error:
        raise _told(error, url) from error


def _told(error: psycopg.Error, url: str) -> LedgerError:
    import psycopg  # noqa: PLC0415 - an extra

    state = error.sqlstate or ""
    what = f"The ledger at {shown_url(url)} can't be used, so nothing may be sent."
    for beginning, (why, remedy) in _REASONS.items():
        if state.startswith(beginning):
            kind = LedgerAwayError if beginning in _PASSING else LedgerError
            return kind(what, why or _said(error), remedy)
    is_away = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if is_away and not any(word in str(error) for word in _NEVER):
        return LedgerAwayError(
            f"The ledger at {shown_url(url)} can't be reached, so nothing may be sent.",
            _said(error),
            "See that the database runs and that this machine may connect to it, and give the same "
            "command again: it goes on where it stopped.",
        )
    return LedgerError(what, _said(error), "Correct it, and give the same command again.")


def _said(error: psycopg.Error) -> str:
    """Its first line: the others may hold a row."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return f"PostgreSQL says: {line.rstrip('.')}."


# libpq has no code for what it finds out before there is a connection.
_NEVER = ("password authentication failed", "no pg_hba.conf entry", "does not support SSL")

_AGAIN = "Give the same command again: it goes on where it stopped."
_REASONS: dict[str, tuple[str, str]] = {
    "53100": ("The disk of the database is full.", f"Make room there. {_AGAIN}"),
    "53": ("", f"The database lacks room, memory or connections. {_AGAIN}"),
    "55P03": (f"Another program has kept it locked for {LOCK_TIMEOUT_S} seconds.", _AGAIN),
    "25P03": ("This program stood still in the middle of a group, which came to nothing.", _AGAIN),
    "40": ("", _AGAIN),
    "57": ("", f"The database is being stopped, or is starting. {_AGAIN}"),
    "25006": ("The database takes no changes: it is a stand-by, or set to read-only.", _AGAIN),
    "28": ("", "Correct user and password in the address, PGPASSWORD or ~/.pgpass."),
    "3D000": ("", "Have the database made, or correct its name in the address."),
    "42501": ("", "Have its administrator grant what is missing; see `bulk-loader ledger check`."),
}
_PASSING = frozenset({"25006", "25P03", "40", "53", "53100", "55P03", "57"})
