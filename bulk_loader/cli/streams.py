"""The streams of the process, whose failing never stops what the command is there for.

A disk may be full, a descriptor closed, a reader gone, an encoding without the letter. None of it
changes what becomes of a lead, so `write` never fails; who wants to know asks with `put`.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import select
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, ClassVar, TextIO, cast

from bulk_loader.visible import LINE_ENDS_AND_TABS, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import ReadableBuffer

CANT_WRITE = (OSError, ValueError)  # ValueError: closed, or an encoding that can't be used

# Where a program that shares the stream has made it answer at once: a reader that is slow, and
# not one that has stopped.
PATIENCE_S = 1.0

_ESCAPES = "bulk_loader.escapes"


class SafeStream(io.TextIOBase):
    """A stream for text that holds nothing back, and whose `write` never fails.

    Whatever is written, by us, by a library or by the interpreter, is shown and never acts on the
    terminal: see `visible`.

    Nothing is held back since the interpreter would try it once more at its end, and would end
    with its own exit code where that fails, too.

    Args:
        stream: what it stands for; None where the descriptor was closed before the program began.

    Attributes:
        buffer: takes bytes in the same way.
        failure: why something could not be written, the last time; None where all was.
    """

    keeping: ClassVar[str] = LINE_ENDS_AND_TABS

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        self._encode: Callable[[str], bytes] = codecs.getincrementalencoder(self._encoding)(
            _ESCAPES
        ).encode
        buffer = getattr(stream, "buffer", None)
        self._raw: IO[bytes] | None = getattr(buffer, "raw", buffer)
        self.buffer = _SafeBytes(self)
        self.failure: Exception | None = None

    @classmethod
    def around(cls, stream: TextIO | SafeStream | None) -> SafeStream:
        """The stream itself where it is safe already."""
        return stream if isinstance(stream, SafeStream) else cls(stream)

    def for_paint(self) -> PaintStream:
        """The same for text that has colours, and in which nothing else is left to act."""
        return PaintStream(self._stream)

    def for_bar(self) -> BarStream:
        """The same for a progress bar."""
        return BarStream(self._stream)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Of what it stands for."""
        return self._encoding

    @property
    def errors(self) -> str:  # type: ignore[override]
        """What becomes of letters that the encoding lacks; whoever asks on a terminal wants to know."""
        return "backslashreplace"

    def writable(self) -> bool:
        """It takes text, whatever becomes of that."""
        return True

    def isatty(self) -> bool:
        """It stands for a terminal that is there."""
        try:
            return self._stream is not None and self._stream.isatty()
        except CANT_WRITE:
            return False

    def fileno(self) -> int:
        """Of what it stands for."""
        return self._standing().fileno()

    def write(self, text: str) -> int:
        """Write what can be written."""
        if not isinstance(text, str):
            raise TypeError("a stream for text")
        with suppress(*CANT_WRITE):  # `failure` holds it
            self.put(text)
        return len(text)

    def put(self, text: str | bytes) -> None:
        """Write text, whole and at once.

        Letters that the encoding lacks, or that would not be seen, are shown by their code.

        Raises:
            OSError: it, or a part of it, could not be written.
            ValueError: likewise.
        """
        try:
            stream = self._standing()
            stream.flush()
            shown = visible(self._decoded(text), self.keeping)
            if self._raw is not None:
                _write_whole(self._raw, self._encoded(shown))
            else:
                stream.write(shown)
                stream.flush()
        except CANT_WRITE as error:
            self.failure = error
            raise

    def _standing(self) -> TextIO:
        if self._stream is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self._stream

    def _decoded(self, text: str | bytes) -> str:
        if isinstance(text, str):
            return text
        try:
            return text.decode(self._encoding, "backslashreplace")
        except UnicodeError:
            return text.decode("ascii", "backslashreplace")

    def _encoded(self, text: str) -> bytes:
        text = text.replace("\n", os.linesep)
        try:
            return self._encode(text)
        except UnicodeError:  # an encoding that is none for texts like ours, such as idna
            return text.encode("ascii", _ESCAPES)


class BarStream(SafeStream):
    """A stream for a progress bar, which goes back to the beginning of its line.

    Nothing from a file or a dialer may stand in the bar.
    """

    keeping = f"{LINE_ENDS_AND_TABS}\r"


class PaintStream(SafeStream):
    """A stream for text in colours, which begin with an escape; see `paint.painted`."""

    keeping = f"{LINE_ENDS_AND_TABS}\x1b"


class _SafeBytes(io.RawIOBase):
    def __init__(self, stream: SafeStream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        whole = bytes(data)
        with suppress(*CANT_WRITE):
            self._stream.put(whole)
        return len(whole)


def guard_streams() -> None:
    """Make standard output and error safe, for whoever writes to them until the process ends.

    Closed descriptors are opened on nothing. Else the next file or connection would be given the
    number, and what a library writes to standard error would go into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is taken, which is this one.
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = cast("TextIO", SafeStream.around(sys.stdout))
    sys.stderr = cast("TextIO", SafeStream.around(sys.stderr))


def has_reader(failure: Exception) -> bool:
    """Someone wanted to read what could not be written; a reader such as `head` is done."""
    return not isinstance(failure, BrokenPipeError)


def reason(failure: Exception) -> str:
    """Why something could not be written, in the words of the system."""
    return getattr(failure, "strerror", None) or str(failure)


def _write_whole(raw: IO[bytes], data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        # None: nothing can be taken now, by a stream that does not wait.
        written = cast("int | None", raw.write(rest))
        if written is None and not select.select([], [raw], [], PATIENCE_S)[1]:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        rest = rest[written or 0 :]


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].encode("ascii", "backslashreplace").decode()
    # Bytes of a file's name that are no letters in its encoding.
    return re.sub(r"\\udc([89a-f][0-9a-f])", r"\\x\1", text), error.end


codecs.register_error(_ESCAPES, cast("Any", _escaped))
