"""What RestSharp sends, put together after its published source: it is not to be had here.

`AddHeader` and `AddParameter("call", …)` on a POST give the same form in both lines of RestSharp,
with other heads:

- 106 goes through `HttpWebRequest`. It escapes a space as `%20`, and asks for no `100 Continue`.
  The order of its headers is the one that .NET Framework was seen to send.
- 107 and later go through `HttpClient`, whose `FormUrlEncodedContent` writes a space as `+`. The
  handler writes Host, the headers of the request, those of the client, those of decompression, and
  then those of the content.

`Uri.EscapeDataString` leaves letters, digits and `-_.~` alone, as `quote` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from tests.tools.clients.cases import CASES
from tests.tools.clients.recordings import HOST, Recording

if TYPE_CHECKING:
    from tests.tools.clients.cases import Case

_ACCEPT = "application/json, text/json, text/x-json, text/javascript, application/xml, text/xml"
_FORM = "application/x-www-form-urlencoded"
_LINE = "POST /Integra/resources/Dialers/DialerTask HTTP/1.1"


def _of_106(case: Case) -> bytes:
    body = f"call={quote(case.call, safe='')}"
    return _request(
        f"Authorization: {case.authorization}",
        f"Accept: {_ACCEPT}",
        "User-Agent: RestSharp/106.15.0.0",
        f"Content-Type: {_FORM}",
        f"Host: {HOST}",
        f"Content-Length: {len(body)}",
        "Accept-Encoding: gzip, deflate",
        "Connection: Keep-Alive",
        body=body,
    )


def _of_112(case: Case) -> bytes:
    body = f"call={quote_plus(case.call)}"
    return _request(
        f"Host: {HOST}",
        f"Authorization: {case.authorization}",
        f"Accept: {_ACCEPT}",
        "User-Agent: RestSharp/112.1.0.0",
        "Accept-Encoding: gzip, deflate, br",
        f"Content-Type: {_FORM}",
        f"Content-Length: {len(body)}",
        body=body,
    )


def _request(*headers: str, body: str) -> bytes:
    return "\r\n".join((_LINE, *headers, "", body)).encode("ascii")


DERIVED = {
    "C#, RestSharp 106": Recording(
        "RestSharp 106.15 on .NET Framework, put together after its source",
        {case.name: _of_106(case) for case in CASES},
    ),
    "C#, RestSharp 112": Recording(
        "RestSharp 112.1 on .NET 8, put together after its source",
        {case.name: _of_112(case) for case in CASES},
    ),
}
