"""Draw .readme/terminal.svg from a real run: python .readme/make_picture.py (needs `make demo`)."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

COLUMNS, LINE_PX, LETTER_PX, MARGIN_PX = 104, 19, 7.83, 18
HERE = Path(__file__).parent
COLOUR = re.compile(r"\x1b\[(\d+)m")
PROGRAM = HERE.parent / ".venv" / "bin"
COMMANDS = (
    'bulk-loader upload leads.csv --sandbox --data "idcustomer={id}:name={name}"',
    "head -n 3 leads.results.csv",
    "bulk-loader check damaged.xlsx | grep -m 3 Row",
)


def run(command: str, place: str) -> list[str]:
    """The lines that a command leaves on a terminal."""
    mine, its = pty.openpty()
    os.set_blocking(mine, True)
    path = f"{PROGRAM}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": str(COLUMNS), "BULK_LOADER_HOME": place}
    process = subprocess.Popen(
        ["sh", "-c", f"stty cols {COLUMNS} rows 40; {command}"], cwd=place, env=environment,
        stdin=its, stdout=its, stderr=its,
    )  # fmt: skip
    os.close(its)
    output = b""
    while True:
        try:
            part = os.read(mine, 65536)
        except OSError:  # the terminal is closed
            break
        if not part:
            break
        output += part
    process.wait()
    text = output.decode("utf-8").replace("\r\n", "\n")
    return [last_written(line).replace(place + "/", "") for line in text.split("\n")[:-1]]


def last_written(line: str) -> str:
    """What a line shows after all carriage returns in it."""
    return next((part for part in reversed(line.split("\r")) if part), "")


def folded(line: str) -> list[str]:
    """A line as a terminal of COLUMNS shows it; one with colours is short enough."""
    if COLOUR.search(line):
        return [line]
    return [line[at : at + COLUMNS] for at in range(0, len(line), COLUMNS)] or [""]


def coloured(line: str) -> str:
    """A line as SVG, with the colours that it has for a terminal."""
    begin, *pieces = COLOUR.split(line)
    drawn = [escape(begin)]
    for code, text in zip(pieces[::2], pieces[1::2], strict=True):
        drawn.append(f'<tspan class="c{code}">{escape(text)}</tspan>' if text else "")
    return "".join(drawn)


def main() -> None:
    """Run the commands and draw what they left."""
    lines: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as place:
        for name in ("leads.csv", "damaged.xlsx"):
            source = HERE.parent / "sample_files" / name
            (Path(place) / name).write_bytes(source.read_bytes())
        for command in COMMANDS:
            lines += [("prompt", part) for part in folded(f"$ {command}")]
            lines += [("text", part) for line in run(command, place) for part in folded(line)]
            lines.append(("text", ""))
    width = round(COLUMNS * LETTER_PX + 2 * MARGIN_PX)
    height = round(len(lines) * LINE_PX + 2 * MARGIN_PX)
    drawn = [
        f'<text class="{kind}" x="{MARGIN_PX}" y="{MARGIN_PX + (at + 1) * LINE_PX - 5}"'
        f' xml:space="preserve">{coloured(line)}</text>'
        for at, (kind, line) in enumerate(lines[:-1])
        if line
    ]
    style = (
        "text{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d7dde5}"
        ".prompt{fill:#7ee2a8;font-weight:600}.c1{font-weight:600}"
        ".c31{fill:#f28b82}.c32{fill:#7ee2a8}.c33{fill:#f0b354}.c35{fill:#b18be6}.c36{fill:#7ba4e2}"
    )
    (HERE / "terminal.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img"><style>{style}</style>'
        f'<rect width="100%" height="100%" rx="8" fill="#161b22"/>\n'
        + "\n".join(drawn)
        + "\n</svg>\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
