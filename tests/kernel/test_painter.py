"""The process that draws charts gives what drawing here gives, and comes back when it is killed."""

import os
import signal

import pytest

from woozle.kernel.painter import Painter
from woozle.pictures import png_size, svg_to_png, to_svg

pytestmark = pytest.mark.whole

POINT = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}


@pytest.fixture
def painter():
    made = Painter()
    yield made
    made.close()


def test_draws_as_this_process_does(painter):
    assert painter.draw(POINT) == svg_to_png(to_svg(POINT))


def test_draws_at_another_scale(painter):
    once, twice = (png_size(painter.draw(POINT, scale)) for scale in (1.0, 2.0))
    assert twice == (2 * once[0], 2 * once[1])


def test_a_chart_that_cannot_be_drawn_is_an_error_and_the_next_is_drawn(painter):
    with pytest.raises(ValueError, match=r"."):
        painter.draw({"mark": "no such mark", "encoding": 3})
    assert painter.draw(POINT).startswith(b"\x89PNG")


def test_a_new_process_draws_when_the_first_was_killed(painter):
    painter.draw(POINT)
    os.kill(painter._process.pid, signal.SIGKILL)
    painter._process.wait()
    assert painter.draw(POINT).startswith(b"\x89PNG")
