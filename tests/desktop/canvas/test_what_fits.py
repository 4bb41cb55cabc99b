"""What is left out where there is no room for it, and what is taken in where there is."""

import pytest
from PySide6.QtCore import QRectF

from core.templates import template
from desktop.canvas import fonts
from desktop.canvas.node_painter import fitting
from desktop.canvas.scene import CanvasScene
from desktop.canvas.wire_curve import WireCurve
from desktop.canvas.wire_item import WireLook
from desktop.selection import Selection

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_headline_is_shown_in_whole_parts_or_not_at_all():
    def width(text: str) -> float:
        return fonts.metrics(fonts.TINY).horizontalAdvance(text)

    headline = "32 channels, 3 × 3"
    assert fitting(headline, width(headline)) == headline
    assert fitting(headline, width(headline) - 1) == "32 channels"
    assert fitting(headline, width("32 chan")) == ""
    assert fitting("", 0.0) == ""


def test_a_shape_that_nodes_would_cover_is_not_shown_and_a_way_back_has_room_for_any():
    def pill(start: float, end: float) -> QRectF:
        return WireLook(WireCurve((start, 0.0), (end, 200.0)), shape_text="8 × 8 × 32").pill_rect

    assert pill(0, 200).center().y() == 100
    width = pill(0, 200).width()
    assert pill(0, width + 1).center().y() < 100
    assert pill(0, width - 1).isNull()
    assert not pill(width, 0).isNull()


def test_all_that_there_is_has_the_wires_in_it_that_lead_back_around_the_nodes():
    scene = CanvasScene(Selection())
    scene.load(template("hand-drawn-lstm").diagram)
    around = [look.curve.path.boundingRect() for look in scene.wires.wires.values() if look.curve.leads_back]
    nodes = scene.content_rect(scene.nodes)
    assert not all(nodes.contains(rect) for rect in around)
    assert all(scene.content_rect().contains(rect) for rect in around)
