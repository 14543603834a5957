"""How a folder of anybody's spreadsheets reads here, beside what LibreOffice shows, and why.

    python -m tests.tools.second_opinion DIR

It prints the cells that differ as they are, names and phone numbers too. The exit code is 1 where a
difference has no reason that is known, and 2 where LibreOffice or the folder is missing.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools.second_opinion.comparing import Findings, compare, is_text, refusal_of
from tests.tools.second_opinion.libreoffice import SECONDS_A_FILE, LibreOffice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXAMPLES = 10
"""Of each kind."""

NO_LIBREOFFICE = """LibreOffice is not installed.
The second opinion is its own: there is no command soffice on this machine.
Install it, on Debian or Ubuntu by: apt-get install libreoffice-calc"""


def opinion_on(paths: Sequence[Path], office: LibreOffice) -> Findings:
    """Read all files with both."""
    found = Findings()
    workbooks = []
    for path in paths:
        if refusal := refusal_of(path):
            found.refused.append((path, refusal))
        elif is_text(path):
            found.texts.append(path)
        else:
            workbooks.append(path)
    for path, sheets in office.sheets_of(workbooks):
        if sheets is None:
            found.unopened.append(path)
        else:
            compare(path, sheets, found)
    return found


def report(found: Findings) -> Iterator[str]:
    """What was found, grouped by kind: what is not explained comes first."""
    kinds = Counter(difference.kind for difference in found.differences)
    for kind in sorted(kinds, key=lambda kind: (kind.is_explained, kind.name)):
        some = [difference for difference in found.differences if difference.kind is kind]
        yield f"\n{kind.name}, {len(some)} cells. {kind.value}"
        for one in some[:EXAMPLES]:
            yield f"  {one.path.name} {one.place}: here {str(one.ours)!r}, there {one.theirs!r}"
    for path, reason in found.refused:
        yield f"\nRefused: {path.name}: {reason}"
    for path in found.unopened:
        yield f"\nNot opened by LibreOffice: {path.name}"
    if found.texts:
        yield f"\n{len(found.texts)} files of text were read here alone."
    open_questions = sum(count for kind, count in kinds.items() if not kind.is_explained)
    yield (
        f"\n{found.alike} cells are alike, {len(found.differences)} differ, "
        f"{open_questions} of them for no known reason; {len(found.refused)} refused."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS_A_FILE, help="for one file")
    options = parser.parse_args(arguments)
    command = shutil.which("soffice")
    if command is None:
        print(NO_LIBREOFFICE, file=sys.stderr)  # noqa: T201
        return 2
    paths = sorted(path for path in options.folder.rglob("*") if path.is_file())
    if not paths:
        print(f"There are no files in {options.folder}.", file=sys.stderr)  # noqa: T201
        return 2
    with tempfile.TemporaryDirectory() as place:
        found = opinion_on(paths, LibreOffice(command, Path(place), options.seconds))
    print(*report(found), sep="\n")  # noqa: T201
    return int(any(not difference.kind.is_explained for difference in found.differences))


if __name__ == "__main__":
    sys.exit(main())
