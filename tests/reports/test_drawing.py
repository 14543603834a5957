from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from bulk_loader.reports.charts import WIDE, pace_chart, times_chart
from bulk_loader.reports.drawing import DrawingError, can_draw, draw, picture_of
from tests.reports.courses import course
from tests.reports.reading import read

needs_the_extra = pytest.mark.skipif(not can_draw(), reason="vl-convert-python is not installed")


@needs_the_extra
def test_a_chart_is_a_plain_picture_in_colours_of_the_page() -> None:
    """By day, by night and on paper it has the colours that the page has then."""
    for chart in (pace_chart, times_chart):
        box, markup = draw(chart(course(900, sessions=3), WIDE))
        assert len(box.split()) == 4
        read(b"<!doctype html>\n<svg>" + markup.encode() + b"</svg>")
        assert "var(--" in markup
        assert "#" not in markup


@needs_the_extra
def test_a_chart_asks_no_address() -> None:
    """Not even where it names one: nothing of a run leaves the machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/leads.json"
        with suppress(DrawingError):
            draw({"data": {"url": url}, "mark": "bar"})
        with pytest.raises(BlockingIOError):
            server.accept()


@needs_the_extra
def test_a_chart_that_can_not_be_drawn_is_an_error_of_ours() -> None:
    """What the library raises, whatever it is, goes no further."""
    with pytest.raises(DrawingError, match="vl-convert"):
        draw({"mark": "no such mark"})


@pytest.mark.parametrize(
    "drawn",
    [
        "",
        "<b></b>",
        '<svg viewBox="0 0 1 1"><path/>',
        '<svg viewBox="0 0 1 1"><script>alert(1)</script></svg>',
        '<svg viewBox="0 0 1 1"><image href="https://example.com"/></svg>',
        '<svg viewBox="0 0 1 1"><path onload="alert(1)"/></svg>',
        '<svg viewBox="0 0 1 1"><path style="fill:red"/></svg>',
        '<svg viewBox="0 0 1 1"><foreignObject></foreignObject></svg>',
    ],
)
def test_nothing_but_a_plain_picture_is_taken(drawn: str) -> None:
    """Should the library ever draw something that acts, it does not come into a page."""
    with pytest.raises(DrawingError, match="plain picture"):
        picture_of(drawn)
    assert picture_of('<svg viewBox="0 0 1 1"><path/></svg>') == ("0 0 1 1", "<path/>")


def test_a_reader_is_not_told_of_every_line() -> None:
    """The element around a picture says in words what it shows."""
    drawn = '<svg viewBox="0 0 1 1"><g role="graphics-symbol" aria-label="1"><path/></g></svg>'
    assert picture_of(drawn).markup == "<g><path/></g>"
