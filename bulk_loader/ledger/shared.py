"""Opening the ledger that machines share: the database, its key, and whether they belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.ledger.connecting import translated
from bulk_loader.ledger.files import LEDGER_FILE, unusable_home
from bulk_loader.ledger.keys import KEY_BYTES, KEY_FILE, Keys, make_keys, place_key, read_keys
from bulk_loader.ledger.postgres_store import PostgresStore
from bulk_loader.ledger.postgres_tables import TURN, migrate
from bulk_loader.ledger_place import shown_url
from bulk_loader.owners import keep_private, make_private
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.ledger.leases import Lease
    from bulk_loader.ledger_place import LedgerPlace


def open_shared(place: LedgerPlace, lease: Lease | None) -> tuple[PostgresStore, Keys]:
    """The ledger's database at `place.url`, and its key on this machine; made where both are new.

    Raises:
        MissingExtraError: psycopg is not installed.
        LedgerError: the database can't be used, is newer, or does not go with the key; or this
            machine has a ledger of its own, that the shared one knows nothing of.
    """
    assert place.url is not None
    key_file = place.key_file or place.home / KEY_FILE
    _require_private(place.home, key_file)
    _require_no_other(place)
    store = PostgresStore(place.url, lease, place.patience_s)
    try:
        with translated(place.url):
            migrate(store.connection)
        return store, _keys(store, place, key_file)
    except BaseException:
        store.close()
        raise


def _keys(store: PostgresStore, place: LedgerPlace, key_file: Path) -> Keys:
    if not store.rows(_CHECK):
        with translated(store.url), store.connection.transaction():
            # Two machines that begin a ledger at once: the second finds it begun.
            store.connection.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
            if not store.rows(_CHECK):
                _require_new(place, key_file)
                check = make_keys(key_file, place.home).check
                store.change("INSERT INTO ledger (key_check) VALUES (?)", (check,))
    ((check,),) = store.rows(_CHECK)
    place_key(key_file, check)
    if not key_file.exists():
        raise _no_key(place, key_file)
    keys = read_keys(key_file, place.home)
    if keys.check != check:
        raise LedgerError(
            f"The key {key_file} does not belong to the ledger at {shown_url(store.url)}.",
            "With it no lead would be recognised, and all would be sent again.",
            _BRING,
        )
    return keys


def _require_private(home: Path, key_file: Path) -> None:
    try:
        exposed = make_private(home)
        if key_file.exists() and exposed is None:
            exposed = keep_private(key_file)
    except OSError as error:
        raise unusable_home(home, error) from error
    if exposed is not None:
        raise LedgerError(
            f"The directory {home} is not this user's alone, so nothing may be sent.",
            f"{exposed.why} Who can write there decides by which key leads are known.",
            f"If all in it is right: {exposed.remedy}",
        )


def _require_no_other(place: LedgerPlace) -> None:
    own = place.home / LEDGER_FILE
    if own.exists() and own.stat().st_size:
        raise LedgerError(
            f"This machine has a ledger of its own, {own}.",
            f"The one at {shown_url(place.url or '')} knows nothing of what was sent with it.",
            f"Take it along: {typed('bulk-loader', 'ledger', 'move')}\n"
            "Or move it away, where nothing that it knows matters any more.",
        )


def _require_new(place: LedgerPlace, key_file: Path) -> None:
    if key_file.exists() and key_file.stat().st_size == KEY_BYTES:
        raise LedgerError(
            f"The ledger at {shown_url(place.url or '')} is empty, and its key {key_file} is there.",
            "Either what was sent is lost, and people would be called twice, or this is another "
            "database than the key was made for.",
            "Restore the database from a backup, or correct its address. To begin a new ledger, "
            f"move {key_file} away.",
        )


def _no_key(place: LedgerPlace, key_file: Path) -> LedgerError:
    return LedgerError(
        f"The key of the ledger at {shown_url(place.url or '')} is not on this machine.",
        f"There is no {key_file}. Without it no lead is recognised, and all would be sent again.",
        _BRING,
    )


_BRING = (
    "Copy the key from a machine that uses this ledger, in a way that nobody else can read, or name "
    "its place with --key-file or BULK_LOADER_KEY_FILE."
)
_CHECK = "SELECT key_check FROM ledger"
