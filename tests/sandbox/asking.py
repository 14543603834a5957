"""Requests to a sandbox over a real socket, by a client that knows only the vendor's page."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from bulk_loader.sandbox import Sandbox

TASK = "/Integra/resources/Dialers/DialerTask"
AUTH = "/Integra/resources/auth"
FORM = "application/x-www-form-urlencoded"
CALL = {
    "calldate": None,
    "campaign": "POWER<-",
    "destination": "0123456789",
    "alternatives": "",
    "agent": "",
    "data": "idcustomer=7:name=Muñoz",
    "source": "source",
    "bulk": False,
    "automatic": True,
}


class Reply(NamedTuple):
    """What the sandbox answered."""

    status: int
    body: str
    headers: http.client.HTTPMessage

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


def ask(
    sandbox: Sandbox, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Reply:
    """One request on a connection of its own: POST where there is a body, else GET."""
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=200)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, answer.read().decode(), answer.headers)
    finally:
        connection.close()


def post_form(sandbox: Sandbox, path: str, **fields: str) -> Reply:
    """The fields as a form."""
    return ask(sandbox, path, urlencode(fields).encode(), {"Content-Type": FORM})


def send(sandbox: Sandbox, authorization: str = "Basic sandbox", /, **changes: object) -> Reply:
    """The vendor page's own request, with some keys of the task changed."""
    headers = {"Content-Type": FORM, "Authorization": authorization}
    return ask(sandbox, TASK, urlencode({"call": json.dumps(CALL | changes)}).encode(), headers)
