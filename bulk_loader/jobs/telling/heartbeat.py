"""A heartbeat: an address that somebody watches for the day on which nobody calls it any more.

The paths are those of healthchecks: the address itself for a night that went well, `/start` and
`/fail` below it for the others.
"""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.telling.channel import NotToldError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from pydantic import SecretStr

    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.records import Earlier

TIMEOUT_S = 10.0
# A call lost on the way would look like a night that never was; to call twice does no harm.
TRIES = 2

_NO_HOST = re.compile(r"[^\w.-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Calls an address.

    Attributes:
        url: with `http` or `https`; it is a secret.
        trusted: certificates for `https`.
        machine: what this one is called, where calls are listed; "" for nothing.
    """

    url: SecretStr
    trusted: ssl.SSLContext
    machine: str = ""
    timeout_s: float = TIMEOUT_S

    def faults(self) -> Iterator[str]:
        """None can be known without calling."""
        return iter(())

    def began(self) -> None:
        """A run begins: whoever watches knows from when on to wait for its end."""
        self._call("/start")

    def ended(self, night: Night, earlier: Earlier) -> None:  # noqa: ARG002 - of the protocol
        """It went well or failed; one that found the job under way says nothing of it."""
        if not night.is_turned_away:
            self._call("" if night.exit_code is ExitCode.OK else "/fail")

    def _call(self, path: str) -> None:
        for _ in range(TRIES):
            reason = self._answer(path)
            if not reason:
                return
        raise NotToldError(f"The heartbeat{path} was not taken: {reason}.")

    @property
    def _name(self) -> str:
        """Of a client, as HTTP has it; a name of a machine may have signs that a header can't."""
        machine = _NO_HOST.sub("?", self.machine)
        return f"bulk-loader ({machine})" if machine else "bulk-loader"

    def _answer(self, path: str) -> str:
        """Why the call was not taken; "" where it was."""
        parts = urlsplit(self.url.get_secret_value())
        url = parts._replace(path=parts.path.rstrip("/") + path).geturl()
        # `http` and `https` only, which the setting makes sure of.
        request = urllib.request.Request(url, headers={"User-Agent": self._name})  # noqa: S310
        try:
            with urllib.request.urlopen(  # noqa: S310
                request, timeout=self.timeout_s, context=self.trusted
            ):
                return ""
        except urllib.error.HTTPError as error:
            error.close()
            return f"the answer was {error.code}"
        except urllib.error.URLError as error:
            return getattr(error.reason, "strerror", None) or "it can't be reached"
        except TimeoutError:
            return f"no answer in {self.timeout_s:g} seconds"
        except (OSError, http.client.HTTPException) as error:
            return getattr(error, "strerror", None) or "what answers speaks no HTTP"
