"""How a sheet comes up when its workbook is opened: in front, with its header in sight."""

from __future__ import annotations

import re

# Titles above a header may be frozen with it; more of them would fill the screen.
MAX_FROZEN_ROWS = 12

_VIEW = re.compile(rb"<((?:[\w.-]++:)?)sheetView(?:\s[^<>]*+)?>")
_SELECTION = re.compile(rb"(<(?:[\w.-]++:)?selection)(?=[\s/>])(?![^<>]*\spane=)")
_SCROLLED = re.compile(rb'\stopLeftCell="[^"]*"')
_IN_FRONT = re.compile(rb'\stabSelected="[^"]*"')
_PANE = re.compile(rb"<(?:[\w.-]++:)?pane[\s/>]")
_BEHIND_VIEWS = re.compile(rb"<(?:[\w.-]++:)?(?:sheetFormatPr|cols|sheetData)[\s/>]")
_WORKBOOK_VIEW = re.compile(rb"<(?:[\w.-]++:)?workbookView(?=[\s/>])[^<>]*?(?=/?>)")
_ACTIVE = re.compile(rb'\sactiveTab="[^"]*"')


def is_frozen(head: bytes) -> bool:
    """Whether a part of the sheet stays in sight, or it is split."""
    return _PANE.search(head) is not None


def with_frozen_rows(head: bytes, prefix: bytes, rows: int) -> bytes:
    """The head of a sheet that is not frozen, with its first rows in sight for good."""
    pane = b'<%bpane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>' % (
        prefix, rows, rows + 1,
    )  # fmt: skip
    view = _VIEW.search(head)
    if view is None:
        whole = b'<%bsheetViews><%bsheetView workbookViewId="0">%b</%bsheetView></%bsheetViews>'
        following = _BEHIND_VIEWS.search(head)
        assert following is not None  # the head ends with the start tag of the rows
        at = following.start()
        return head[:at] + whole % (prefix, prefix, pane, prefix, prefix) + head[at:]
    start = _SCROLLED.sub(b"", view[0])  # or rows further down would be frozen
    rest = head[view.end() :]
    if start.endswith(b"/>"):
        return b"%b%b>%b</%bsheetView>%b" % (head[: view.start()], start[:-2], pane, view[1], rest)
    views, end, behind = rest.partition(b"</%bsheetView>" % view[1])
    selected = _SELECTION.sub(rb'\1 pane="bottomLeft"', views)
    return b"".join((head[: view.start()], start, pane, selected, end, behind))


def in_front(head: bytes) -> bytes:
    """The head of a sheet that is the chosen one."""
    view = _VIEW.search(head)
    if view is None:
        return head
    name = b"<%bsheetView" % view[1]
    chosen = name + b' tabSelected="1"' + _IN_FRONT.sub(b"", view[0])[len(name) :]
    return head[: view.start()] + chosen + head[view.end() :]


def behind(chunk: bytes) -> bytes:
    """The beginning of another sheet: of two chosen ones, both would take what is typed."""
    view = _VIEW.search(chunk)
    if view is None:
        return chunk
    return chunk[: view.start()] + _IN_FRONT.sub(b"", view[0]) + chunk[view.end() :]


def with_active_sheet(workbook: bytes, place: int) -> bytes:
    """The workbook part that opens on the sheet of this place among all."""
    return _WORKBOOK_VIEW.sub(
        lambda view: _ACTIVE.sub(b"", view[0]).rstrip() + b' activeTab="%d"' % place,
        workbook,
        count=1,
    )
