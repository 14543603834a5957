"""Python's own urllib, as in the vendor's page: a form of one field."""

from __future__ import annotations

import platform
import sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

FORM = "application/x-www-form-urlencoded"


def main() -> None:
    """Send one task; print the body of the answer and, in the last line, its status."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"urllib of Python {platform.python_version()}\n")
        return
    url, authorization, call = sys.argv[1:]
    headers = {"Authorization": authorization, "Content-Type": FORM}
    request = Request(url, urlencode({"call": call}).encode(), headers)  # noqa: S310 - a sandbox
    try:
        with urlopen(request) as answer:  # noqa: S310 - as above
            body, status = answer.read(), answer.status
    except HTTPError as error:
        body, status = error.read(), error.code
        error.close()
    sys.stdout.write(f"{body.decode()}\n{status}")


main()
