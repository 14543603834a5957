"""Keyed hashes that stand for leads in the ledger.

Phone numbers are few enough to try them all, so a plain hash would give them away, and so do key and
ledger together. The key is in a file of its own, readable by its owner only: beside the ledger, or
where the user keeps it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from bulk_loader.errors import LedgerError
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.model import DialerTask

KEY_FILE = "ledger.key"
KEY_BYTES = 32

# 64 bits fit SQLite's integers. Among 3,000,000 leads the chance that any two differ and share
# a hash is n^2 / 2^65, about 2 in 10 million.
HASH_BYTES = 8


class LeadKey(NamedTuple):
    """How the ledger knows a lead.

    Attributes:
        task: keyed hash of all nine keys of its task.
        occurrence: how many equal tasks stand before it in the file.
        contact: keyed hash of campaign and destination.
        number: keyed hash of the destination alone.
    """

    task: int
    occurrence: int
    contact: int
    number: int


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes the hashes of one ledger."""

    secret: bytes

    def __repr__(self) -> str:
        return "Keys()"

    def task(self, task: DialerTask) -> int:
        """64 bits, signed, for all nine keys of a task.

        How a task is written on the wire does not matter: a ledger must recognise its leads
        after an update of the program, so this form never changes.
        """
        flags = f"{task.bulk:d}{task.automatic:d}"
        texts = (
            task.calldate or "", task.campaign, task.destination, task.alternatives, task.agent,
            task.data, task.source, flags,
        )  # fmt: skip
        return self._hash("\0".join(texts).encode("utf-8", "surrogatepass"), b"task")

    def contact(self, campaign: str, destination: str) -> int:
        """64 bits, signed, for one number in one campaign."""
        text = f"{campaign}\0{destination}"
        return self._hash(text.encode("utf-8", "surrogatepass"), b"contact")

    def number(self, destination: str) -> int:
        """64 bits, signed, for one number in whatever campaign."""
        return self._hash(destination.encode("utf-8", "surrogatepass"), b"number")

    def token(self, token: str) -> int:
        """64 bits, signed, by which machines see that they have the same token."""
        return self._hash(token.encode("utf-8", "surrogatepass"), b"token")

    @property
    def check(self) -> int:
        """Stored in the ledger, so that a lost or foreign key is noticed."""
        return self._hash(b"", b"check")

    def _hash(self, text: bytes, purpose: bytes) -> int:
        digest = blake2b(text, key=self.secret, digest_size=HASH_BYTES, person=purpose).digest()
        return int.from_bytes(digest, "big", signed=True)


def read_keys(path: Path, home: Path) -> Keys:
    """The key that is kept at `path`, of the ledger in `home`.

    Raises:
        LedgerError: it is lost, damaged, or can't be read.
    """
    try:
        secret = path.read_bytes()
    except FileNotFoundError as error:
        raise LedgerError(
            f"The ledger's key {path} is lost.",
            "Without it no lead is recognised, and all would be sent again.",
            restored(path, home),
        ) from error
    except OSError as error:
        raise _unusable(path, error) from error
    if len(secret) != KEY_BYTES:
        raise LedgerError(
            f"The ledger's key {path} is damaged.",
            f"It has {len(secret)} bytes instead of {KEY_BYTES}; without it no lead is recognised.",
            restored(path, home),
        )
    return Keys(secret)


def make_keys(path: Path, home: Path) -> Keys:
    """A key for a new ledger in `home`, durably there when this returns, but not in force yet.

    The caller puts its check into the ledger and then calls `place_key`. So a key in its place
    always has had a ledger, and one without it is a loss and no beginning that was cut short.

    Raises:
        LedgerError: it can't be written, or a key is in force.
    """
    if path.exists():
        raise lost_ledger(path, home)
    secret = os.urandom(KEY_BYTES)
    try:
        _unplaced(path).unlink(missing_ok=True)
        _write_durably(_unplaced(path), secret)
        _sync_directory(path.parent)
    except OSError as error:
        raise _unusable(path, error) from error
    return Keys(secret)


def place_key(path: Path, check: int | None = None) -> None:
    """Put the key of a ledger in force that has its check, where that is not done yet.

    Args:
        check: of the ledger, where the key may have been made for one that never came to be.

    Raises:
        LedgerError: it can't be written.
    """
    if path.exists() or not _unplaced(path).exists():
        return
    try:
        if check is not None and Keys(_unplaced(path).read_bytes()).check != check:
            return
        _unplaced(path).replace(path)
        _sync_directory(path.parent)
    except FileNotFoundError:
        return  # another process has done it
    except OSError as error:
        raise _unusable(path, error) from error


def lost_ledger(path: Path, home: Path) -> LedgerError:
    """The key is there, and the ledger that it belongs to is not."""
    return LedgerError(
        f"The ledger in {home} is lost: its key {path} is there, the ledger itself is missing or "
        "empty.",
        "What was sent is not known any more, and people would be called twice.",
        "Restore the whole directory from a backup. Without one, look in the dialer what was "
        f"sent, then move {path} away to begin a new ledger.\n"
        "If it stands in a database that machines share, name that with ledger in bulk_loader.toml "
        "or BULK_LOADER_LEDGER.",
    )


def restored(path: Path, home: Path) -> str:
    """How a ledger gets its key again, with what is known of where it may be."""
    beside = home / KEY_FILE
    if path == beside:
        moved = "If it was moved elsewhere, name its place with --key-file or BULK_LOADER_KEY_FILE."
    elif beside.exists():
        command = typed("mv", str(beside), str(path))
        moved = f"A key stands beside the ledger: leave --key-file out, or move it: {command}"
    else:
        moved = "If it is kept elsewhere, name that place with --key-file or BULK_LOADER_KEY_FILE."
    return f"{moved}\n{_RESTORE}"


def _unplaced(path: Path) -> Path:
    return path.with_suffix(".new")


_RESTORE = "Restore it from a backup, or move the whole directory away to begin a new ledger."


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    """Make the names in it durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusable(path: Path, error: OSError) -> LedgerError:
    return LedgerError(
        f"The ledger's key {path} can't be used.",
        f"{error.strerror or error}.",
        "Make it readable for this user, and its directory writable, or name another place: "
        "BULK_LOADER_HOME for the ledger, --key-file for its key alone.",
    )
