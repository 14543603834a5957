"""Whether a dialer takes credentials, asked in a way that changes nothing there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bulk_loader.dialer.answers import NotSentError
from bulk_loader.dialer.client import DialerClient
from bulk_loader.dialer.looking import TokenState, token_state
from bulk_loader.errors import SettingsError, StoppedError

if TYPE_CHECKING:
    from bulk_loader.dialer.client import Address

# One or two answers; whoever is slower can't be asked.
VERIFY_S = 30.0


def doubt_about(address: Address) -> str:
    """Why it is not known whether the dialer takes the credentials of an address; "" where it does.

    Raises:
        SettingsError: it refuses them.
    """
    try:
        state = asyncio.run(_asked(address))
    except NotSentError as error:
        return f"the dialer can't be reached: {error}"
    except TimeoutError:
        return "the dialer does not answer in time"
    except StoppedError as error:
        raise SettingsError(error.what, error.why, error.remedy) from error
    if state is TokenState.REFUSED:
        raise SettingsError(
            "The dialer refuses the token.",
            "It may be mistyped, or have expired: tokens of this dialer belong to a session.",
            "Get a fresh one, or give user and password.",
        )
    return "" if state is TokenState.GOOD else "the dialer's answer is not understood"


async def _asked(address: Address) -> TokenState:
    async with asyncio.timeout(VERIFY_S), DialerClient(address) as client:
        if not address.credentials.can_log_in:
            return await token_state(client, address.credentials.scheme)
        await client.log_in()
        return TokenState.GOOD
