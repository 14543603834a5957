"""Small files that the settings name: read whole, within bounds of size and time.

A device has no end, and a pipe may have no writer: neither may keep the program for ever.
"""

from __future__ import annotations

import errno
import os
import re
import select
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_DESCRIPTOR = re.compile(r"/dev/fd/\d+|/dev/stdin|/proc/(self|\d+)(/task/\d+)?/fd/\d+")
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what comes through a pipe is waited for.

    Attributes:
        writer_s: until a program must have opened a named pipe for writing.
        content_s: until it must have written all; it may ask a person for a passphrase first.
    """

    writer_s: float = 10.0
    content_s: float = 120.0


@dataclass(frozen=True, slots=True)
class SmallFile:
    """What stands in a file.

    Attributes:
        found: what the system says of the file that was read.
        is_descriptor: it is one that the program was started with, such as `/dev/fd/63`.
    """

    content: bytes
    found: os.stat_result
    is_descriptor: bool


def read_small(path: Path, most: int, patience: Patience | None = None) -> SmallFile:
    """A file, or what comes through a pipe.

    Args:
        most: bytes that it may have.

    Raises:
        OSError: as the system says it, or in words of the same kind: it is no file, is too large,
            or nobody writes into the pipe.
    """
    _require_readable(path, path.stat())
    descriptor = os.open(path, _FLAGS)
    try:
        found = os.fstat(descriptor)
        _require_readable(path, found)  # once more, since another may stand there now
        is_descriptor = _DESCRIPTOR.fullmatch(str(path)) is not None
        content = _Reader(path, descriptor, most, patience or Patience()).read(
            waits=stat.S_ISFIFO(found.st_mode) and not is_descriptor
        )
    finally:
        os.close(descriptor)
    return SmallFile(content, found, is_descriptor)


def _require_readable(path: Path, found: os.stat_result) -> None:
    mode = found.st_mode
    # By /dev/null people say that there is none.
    if stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or str(path) == os.devnull:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "It is a device or a socket, and no file", str(path))


@dataclass(slots=True)
class _Reader:
    path: Path
    descriptor: int
    most: int
    patience: Patience

    def read(self, *, waits: bool) -> bytes:
        """All of it.

        Args:
            waits: a pipe at its end may only have no writer yet.
        """
        deadline = time.monotonic() + (self.patience.writer_s if waits else self.patience.content_s)
        content = b""
        while True:
            try:
                block = os.read(self.descriptor, _BLOCK_BYTES)
            except BlockingIOError:
                # There is a writer, which takes its time.
                if waits:
                    waits, deadline = False, time.monotonic() + self.patience.content_s
                self._wait(deadline, f"What comes through it has no end after {self._content_s}")
                continue
            content += block
            if len(content) > self.most:
                raise OSError(errno.EFBIG, f"It has more than {self.most:,} bytes", str(self.path))
            if not block and not waits:
                return content
            if not block:
                self._wait(deadline, f"No program writes into it within {self._writer_s}")
            waits = False

    def _wait(self, deadline: float, told: str) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.descriptor], [], [], left)[0]:
            raise TimeoutError(errno.ETIMEDOUT, told, str(self.path))

    @property
    def _writer_s(self) -> str:
        return f"{self.patience.writer_s:g} seconds"

    @property
    def _content_s(self) -> str:
        return f"{self.patience.content_s:g} seconds"
