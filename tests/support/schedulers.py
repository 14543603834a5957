"""Commands of a system that runs jobs, as scripts that a test puts where programs are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SYSTEM = "PATH=/usr/bin:/bin"


def _script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{_SYSTEM}\n{text}", "utf-8")
    path.chmod(0o755)


@dataclass(frozen=True)
class FakeCrontab:
    """Keeps one table as Debian's crontab does; there is none as long as nobody has written it."""

    folder: Path

    def __post_init__(self) -> None:
        _script(
            self.folder / "crontab",
            f'tab="{self.table}"\n'
            'if [ "$1" = - ]; then exec cat > "$tab"; fi\n'
            '[ -f "$tab" ] || { echo "no crontab for ana" >&2; exit 1; }\n'
            'exec cat "$tab"\n',
        )

    @property
    def table(self) -> Path:
        """The file in which it is."""
        return self.folder / "table"

    def refuse(self, why: str) -> None:
        """From now on it fails, whatever it is asked."""
        _script(self.folder / "crontab", f'echo "{why}" >&2\nexit 1\n')


@dataclass(frozen=True)
class FakeProgram:
    """Notes with which words it was called, and does nothing."""

    path: Path

    def __post_init__(self) -> None:
        self.answer()

    def answer(self, text: str = "") -> None:
        """What else it does, as lines of a shell."""
        _script(self.path, f'printf "%s\\n" "$*" >> "{self._calls}"\n{text}')

    @property
    def _calls(self) -> Path:
        return self.path.with_suffix(".calls")

    @property
    def calls(self) -> list[str]:
        """Its words, a line for each call."""
        return self._calls.read_text("utf-8").splitlines() if self._calls.exists() else []
