"""A task on its way into a form."""

from __future__ import annotations

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.dialer.wire import call_of, to_body
from bulk_loader.model import DialerTask, Field

_TASK = DialerTask(
    calldate=None,
    campaign="POWER<-",
    destination="0123456789",
    alternatives="",
    agent="",
    data="name=Muñoz",
    source="source",
    bulk=False,
    automatic=True,
)

_texts = st.text()
_tasks = st.builds(
    DialerTask,
    calldate=st.none() | st.text(min_size=1),
    campaign=_texts,
    destination=_texts,
    alternatives=_texts,
    agent=_texts,
    data=_texts,
    source=_texts,
    bulk=st.booleans(),
    automatic=st.booleans(),
)


def test_json_is_ascii_with_all_keys_in_the_order_of_the_vendor() -> None:
    """The text is exactly what the vendor's page shows, whatever charset the form has."""
    assert call_of(to_body(_TASK)) == (
        '{"calldate": null, "campaign": "POWER<-", "destination": "0123456789", '
        '"alternatives": "", "agent": "", "data": "name=Mu\\u00f1oz", "source": "source", '
        '"bulk": false, "automatic": true}'
    )


@given(_tasks)
def test_a_body_reads_back_as_the_task(task: DialerTask) -> None:
    """No text in a lead can break the form or the JSON, or change on its way."""
    body = to_body(task)
    call = json.loads(call_of(body))

    assert body.isascii()
    assert body.count(b"&") == 0
    assert call == asdict(task)
    assert list(call) == [name.value for name in Field]
