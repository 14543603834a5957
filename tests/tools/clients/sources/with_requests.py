"""requests, as in the vendor's page: a form of one field."""

from __future__ import annotations

import sys
from importlib.metadata import version

import requests

FORM = "application/x-www-form-urlencoded"


def main() -> None:
    """Send one task; print the body of the answer and, in the last line, its status."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"requests {version('requests')}\n")
        return
    url, authorization, call = sys.argv[1:]
    headers = {"Authorization": authorization, "Content-Type": FORM}
    answer = requests.request("POST", url, headers=headers, data={"call": call}, timeout=200)
    sys.stdout.write(f"{answer.text}\n{answer.status_code}")


main()
