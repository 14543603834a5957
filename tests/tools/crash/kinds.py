"""The kinds of experiments: all rows of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.crash.backups import restore_old
from tests.tools.crash.corrections import edit_results, look_for_typed
from tests.tools.crash.disguises import change_form, spell_otherwise, upload_first_form
from tests.tools.crash.disks import fill_disk, limit_files, why_no_mount
from tests.tools.crash.doubts import prune_between, settle_doubts, upload_next_list
from tests.tools.crash.experiments import Kind
from tests.tools.crash.interruptions import (
    edit_between,
    interrupt_twice,
    kill_both,
    kill_dialer,
    kill_uploader,
    stop_gently,
)
from tests.tools.crash.losses import lose_ledger
from tests.tools.crash.machines import on_machines
from tests.tools.crash.outages import cut_connections, kill_database, lack_room, stay_away
from tests.tools.crash.rivals import ASIDE, retry_two_copies, start_twice, start_two_lists
from tests.tools.crash.servers import why_no_server
from tests.tools.crash.sharing_out import send_together
from tests.tools.crash.takeovers import halt_and_wake, kill_and_take_over
from tests.tools.crash.together import (
    start_beside_halted,
    start_lists,
    start_lists_in_trouble,
    start_same_list,
    start_three_lists,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tools.crash.judge import Judge
    from tests.tools.crash.machines import SharedScene


def _shared(name: str, disturb: Callable[[SharedScene, Judge], None]) -> Kind:
    return Kind(
        f"shared: {name}",
        on_machines(disturb),
        tolerated=ASIDE,
        is_shared=True,
        why_not=why_no_server,
    )


KINDS = (
    Kind("uploader killed, 1 at a time", kill_uploader, concurrency=1),
    Kind("uploader killed, 8 at a time", kill_uploader, concurrency=8),
    Kind("uploader killed, 32 at a time", kill_uploader, concurrency=32),
    Kind("dialer killed", kill_dialer),
    Kind("both killed", kill_both),
    Kind("disk full (limit on files)", limit_files),
    Kind("disk full (small disk)", fill_disk, why_not=why_no_mount),
    Kind("SIGTERM", stop_gently),
    Kind("SIGINT twice", interrupt_twice),
    Kind("equal rows, all sent", kill_uploader, repeats=True),
    Kind("file edited between", edit_between),
    Kind("same list twice at once", start_twice),
    Kind("two lists at once", start_two_lists, tolerated=ASIDE),
    Kind("two retries at once", retry_two_copies, most_times=1),
    Kind("ledger lost", lose_ledger, most_times=2),
    Kind("results typed into", edit_results, look_for_typed, most_times=1),
    Kind("dialer spelled otherwise", spell_otherwise),
    Kind("list in another form", change_form, at_last=upload_first_form),
    Kind("pruned between", prune_between),
    Kind("next list after doubts", kill_uploader, upload_next_list),
    Kind("doubts looked up", kill_uploader, settle_doubts),
    _shared("killed, and taken over", kill_and_take_over),
    _shared("halted, taken over, woken", halt_and_wake),
    _shared("database killed", kill_database),
    _shared("connections cut", cut_connections),
    _shared("database away for long", stay_away),
    _shared("database has no room", lack_room),
    _shared("one list on all at once", start_same_list),
    _shared("two lists at the same moment", start_lists),
    _shared("three lists on all at once", start_three_lists),
    _shared("halted, another list begun", start_beside_halted),
    _shared("lists, with all troubles", start_lists_in_trouble),
    _shared("sent by all machines", send_together),
    _shared("old backup restored", restore_old),
)
"""No name stands within another, so that a name chooses one kind."""
