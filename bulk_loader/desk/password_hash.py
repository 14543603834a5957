"""The hash of a desk's password, as one line that says how it was made.

The line is `$scrypt$ln=15,r=8,p=3$SALT$HASH` (Base64 without padding), in the manner of the PHC string
format.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, new
from typing import Final, Self

# Of the settings that OWASP's Password Storage Cheat Sheet holds for equally strong, the one with
# 32 MiB: a small server that runs nothing but a desk has that to spare.
_LOG_N, _BLOCK, _LANES = 15, 8, 3
_MOST_BYTES: Final = 256 << 20  # a file that asks for more a guess is no good
_MOST_LANES: Final = 8
_HASH_BYTES: Final = 32  # of the salt, too

LONGEST: Final = 1024
"""Letters; what is longer is hashed for nobody."""

MARK = "$scrypt$"
"""How a line begins."""

_LINE = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{43})\$([A-Za-z0-9+/]{43})"
)


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What is known of a password.

    Attributes:
        log_n, block, lanes: the cost, as RFC 7914 has it: N is two to the power of `log_n`.
    """

    log_n: int
    block: int
    lanes: int
    salt: bytes
    hash: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        """Of a password, with a salt of its own."""
        salt = secrets.token_bytes(_HASH_BYTES)
        return cls(_LOG_N, _BLOCK, _LANES, salt, _derive(password, salt, _LOG_N, _BLOCK, _LANES))

    @classmethod
    def read(cls, line: str) -> Self | None:
        """From the line of a file; None where it is none, or one that costs too little or too much."""
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        log_n, block, lanes = map(int, found.groups()[:3])
        if log_n < _LOG_N or block < _BLOCK or not 1 <= lanes <= _MOST_LANES:
            return None
        if _memory(log_n, block, lanes) > _MOST_BYTES:
            return None
        return cls(log_n, block, lanes, _bytes(found[4]), _bytes(found[5]))

    @property
    def line(self) -> str:
        """What stands in a file."""
        cost = f"ln={self.log_n},r={self.block},p={self.lanes}"
        return f"$scrypt${cost}${_text(self.salt)}${_text(self.hash)}"

    def fits(self, password: str) -> bool:
        """Whether it is of this password; takes some tenths of a second, and tens of megabytes."""
        if len(password) > LONGEST:
            return False
        derived = _derive(password, self.salt, self.log_n, self.block, self.lanes)
        return compare_digest(derived, self.hash)

    def key_for(self, purpose: bytes) -> bytes:
        """A key for another purpose, which changes with the password."""
        return new(self.hash, purpose, sha256).digest()


def _derive(password: str, salt: bytes, log_n: int, block: int, lanes: int) -> bytes:
    # One keyboard gives ñ as one letter, another as two (RFC 8265, 4.2.2, takes NFC as well).
    secret = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    most = _memory(log_n, block, lanes)
    return hashlib.scrypt(
        secret, salt=salt, n=1 << log_n, r=block, p=lanes, maxmem=most, dklen=_HASH_BYTES
    )


def _memory(log_n: int, block: int, lanes: int) -> int:
    """Bytes that OpenSSL takes for it, with some to spare."""
    return 128 * block * ((1 << log_n) + lanes + 2) + 4096


def _text(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4))
