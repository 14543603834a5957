"""httpx, as in the vendor's page: a form of one field."""

from __future__ import annotations

import sys

import httpx


def main() -> None:
    """Send one task; print the body of the answer and, in the last line, its status."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"httpx {httpx.__version__}\n")
        return
    url, authorization, call = sys.argv[1:]
    answer = httpx.post(url, data={"call": call}, headers={"Authorization": authorization})
    sys.stdout.write(f"{answer.text}\n{answer.status_code}")


main()
