"""Whether a ledger is whole, and what it stands on keeps what it promises."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bulk_loader.hosts import is_loopback
from bulk_loader.ledger.postgres_store import PostgresStore
from bulk_loader.ledger.sqlite_store import SqliteStore
from bulk_loader.ledger.verified import Verified
from bulk_loader.ledger_place import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.ledger.store import Store

OLDEST_SERVER = 13
"""The oldest PostgreSQL that its makers still mended when this was written, 2026."""

MOST_APART_S = 5.0
"""Clocks may go so far apart: only times that people read come from a machine's own."""


def verify(store: Store) -> Iterator[Verified]:
    """Look whether a ledger is whole, and what it stands on keeps what it promises."""
    if isinstance(store, SqliteStore):
        return verify_sqlite(store)
    assert isinstance(store, PostgresStore)
    return verify_postgres(store)


def verify_sqlite(store: SqliteStore) -> Iterator[Verified]:
    """A ledger of one machine."""
    faults = [str(fault) for (fault,) in store.rows("PRAGMA integrity_check(3)") if fault != "ok"]
    lost = len(store.rows("PRAGMA foreign_key_check"))
    if faults or lost:
        told = f"It is damaged: {'; '.join(faults) or f'{lost} rows belong to no run'}."
        yield Verified("whole", told, "Restore it from a backup.")
    else:
        yield Verified("whole", "All of its pages can be read.")
    yield _size(store)


def verify_postgres(store: PostgresStore) -> Iterator[Verified]:
    """A ledger that machines share."""
    yield from (_server(store), _rights(store), _encrypted(store), _clock(store))
    yield _durable(store)
    yield _size(store)
    yield from _holders(store)


def _server(store: PostgresStore) -> Verified:
    version = store.connection.info.server_version // 10_000
    told = f"PostgreSQL {version} at {shown_url(store.url)}."
    remedy = f"Have it brought to version {OLDEST_SERVER} or newer."
    return Verified("server", told, "" if version >= OLDEST_SERVER else remedy)


def _rights(store: PostgresStore) -> Verified:
    """What a program does all day; only a new version of the tables needs their owner."""
    lacking = [f"{right} on {table}" for table, right in store.rows(_LACKING)]
    ((user,),) = store.rows("SELECT current_user")
    if not lacking:
        return Verified("rights", f"The user {user} has all that programs need.")
    told = f"The user {user} lacks {', '.join(lacking)}."
    return Verified("rights", told, f"Have the owner of the tables grant it to {user}.")


def _durable(store: PostgresStore) -> Verified:
    """What is committed must outlive a power cut, or people are called twice after it."""
    off = [
        name
        for name in ("fsync", "full_page_writes")
        if store.rows("SELECT current_setting(?)", (name,)) == [("off",)]
    ]
    if off:
        told = f"A power cut takes back what was sent. Switched off there: {' and '.join(off)}."
        return Verified("durable", told, "Have them switched on.")
    began_at = time.perf_counter()
    with store.transaction():
        store.change("UPDATE ledger SET key_check = key_check")
    took_ms = (time.perf_counter() - began_at) * 1000
    return Verified("durable", f"A commit takes {took_ms:.0f} ms.")


def _encrypted(store: PostgresStore) -> Verified:
    info = store.connection.info
    if store.connection.pgconn.ssl_in_use:
        return Verified("way", "It is reached by TLS.")
    if info.host.startswith("/") or is_loopback(info.host):
        return Verified("way", "It is reached on this machine.")
    told = f"Between here and {info.host} everybody can read along: there is no TLS."
    remedy = "Add ?sslmode=verify-full to the address, where that network is not this machine."
    return Verified("way", told, remedy)


def _clock(store: PostgresStore) -> Verified:
    apart_s = store.now() - time.time()
    if abs(apart_s) <= MOST_APART_S:
        return Verified("clock", "It goes as this machine's does.")
    told = f"That of the database is {abs(apart_s):,.0f} s {'ahead' if apart_s > 0 else 'behind'}."
    remedy = "Nobody is called twice for it, but times are told wrongly: set the clocks by NTP."
    return Verified("clock", told, remedy)


def _size(store: Store) -> Verified:
    ((runs,),) = store.rows("SELECT count(*) FROM run")
    ((leads,),) = store.rows("SELECT count(*) FROM lead")
    return Verified("holds", f"{runs:,} runs with {leads:,} leads.")


def _holders(store: PostgresStore) -> Iterator[Verified]:
    for machine, process, since, is_heard in store.rows(_HOLDERS):
        state = "is heard of" if is_heard else "is not heard of any more: its run may be taken over"
        told = f"The process {process} on {machine} sends a list since {since}, and {state}."
        yield Verified("sending", told, "" if is_heard else _GO_ON)


_GO_ON = "Send its list again, on any machine: it goes on where it stopped."
_LACKING = """
    SELECT tablename, needed
    FROM pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS needed
    WHERE schemaname = ANY (current_schemas(false)) AND tablename <> 'schema_version'
    AND NOT has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), needed)
    ORDER BY 1, 2
"""
_HOLDERS = """
    SELECT machine, process, date_trunc('second', since), until > clock_timestamp()
    FROM holding ORDER BY since
"""
