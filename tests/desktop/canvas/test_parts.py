"""The parts of the canvas by themselves: figures, curves, layout, looks, pictures, the trial of a wire."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QSignalSpy

from core.catalogue.kind import Form
from core.catalogue.registry import all_kinds
from core.compiler.compile import compile_diagram
from core.compiler.data_spec import data_spec_for
from core.datasets.registry import dataset
from core.diagram.diagram import Diagram
from desktop import theme
from desktop.canvas import fonts, pills
from desktop.canvas.activation_curve import is_share
from desktop.canvas.figures import loss_text, plain, shape_text, signed
from desktop.canvas.geometry import geometry_of
from desktop.canvas.hits import hit_at
from desktop.canvas.layout import tidy_positions
from desktop.canvas.live import full_width, weight_places, weights_of_wires
from desktop.canvas.node_item import NodeItem, Sharpness
from desktop.canvas.node_look import Body, Findings, plain_look
from desktop.canvas.node_painter import legible
from desktop.canvas.node_values import NodeValues, scaled
from desktop.canvas.value_painter import SEGMENT, SEGMENT_PLACES, THICK, image_of, paint_segments
from desktop.canvas.wire_curve import WireCurve
from desktop.selection import Selection
from desktop.theme import readable_on
from tests.desktop.canvas.conftest import circle_training, node


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.25, "3.25"),
        (-0.3, "−0.3"),
        (6.5, "6.5"),
        (0.9985, "0.9985"),
        (0.0, "0"),
        (-0.00004, "−4.0e−05"),
        (1234.6, "1235"),
        (1.0, "1"),
        (float("nan"), "–"),
        (float("-inf"), "−∞"),
    ],
)
def test_values_are_written_short_with_a_true_minus(value, text):
    assert plain(value) == text


def test_weights_losses_and_shapes():
    assert signed(1.84) == "+1.84"
    assert signed(-2.07) == "−2.07"
    assert loss_text(0.0213) == "0.021"
    assert loss_text(0.00002) == "2.0e−05"
    assert shape_text((8, 8, 1)) == "8 × 8 × 1"
    assert shape_text(()) == "1"


def test_a_curve_runs_from_port_to_port_and_its_rectangle_holds_it():
    for end in ((300.0, 120.0), (-200.0, 80.0), (10.0, 400.0)):
        curve = WireCurve((0.0, 0.0), end)
        assert curve.at(0.0) == (0.0, 0.0)
        assert curve.at(1.0) == pytest.approx(end)
        for x, y in curve.points:
            assert curve.rect.contains(QPointF(x, y))
        middle = curve.at(0.5)
        assert curve.distance(*middle) < 1e-6
        assert curve.distance(middle[0], middle[1] + 500) > 50


def test_the_selection_tells_only_of_changes(qapp):
    selection = Selection()
    spy = QSignalSpy(selection.changed)
    selection.set(nodes=("a",), wires=("w",))
    selection.set(nodes=["a"], wires=["w"])
    assert spy.count() == 1
    assert bool(selection)
    selection.clear()
    assert spy.count() == 2
    assert not selection


def spots(*keys):
    return {key: (0.0, float(place)) for place, key in enumerate(keys)}


def test_tidy_puts_what_feeds_left_of_what_is_fed():
    edges = [("x", "a"), ("x", "b"), ("a", "y"), ("b", "y"), ("x", "y")]
    sizes = dict.fromkeys("xaby", (64.0, 64.0))
    places = tidy_positions(sizes, edges, spots("x", "a", "b", "y"))
    for start, end in edges:
        assert places[start][0] + 64 < places[end][0]
    assert places["a"][0] == places["b"][0]
    assert abs(places["a"][1] - places["b"][1]) > 64


def test_tidy_keeps_the_order_of_units_with_the_same_neighbours():
    units = [f"h{number}" for number in range(8)]
    edges = [(x, h) for x in ("x1", "x2") for h in units] + [(h, "y") for h in units]
    keys = ["x1", "x2", *units, "y"]
    places = tidy_positions(dict.fromkeys(keys, (64.0, 64.0)), edges, spots(*keys))
    heights = [places[key][1] for key in units]
    assert heights == sorted(heights)
    assert places["x1"][1] < places["x2"][1]


def test_tidy_bears_loops_and_lone_nodes():
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a"), ("c", "d")]
    keys = ["a", "b", "c", "d", "alone"]
    places = tidy_positions(dict.fromkeys(keys, (100.0, 50.0)), edges, spots(*keys))
    assert set(places) == set(keys)
    assert len(set(places.values())) == 5
    assert tidy_positions({}, [], {}) == {}


def test_tidy_lets_no_two_nodes_overlap_and_keeps_the_middle():
    rng = np.random.default_rng(0)
    keys = [f"n{number}" for number in range(40)]
    edges = [(keys[a], keys[b]) for a, b in rng.integers(0, 40, (60, 2)) if a != b]
    sizes = {key: (float(rng.integers(60, 200)), float(rng.integers(60, 160))) for key in keys}
    before = {key: (float(x), float(y)) for key, (x, y) in zip(keys, rng.uniform(-500, 500, (40, 2)), strict=True)}
    places = tidy_positions(sizes, edges, before)
    for one in keys:
        for other in keys:
            if one < other:
                apart_x = abs(places[one][0] - places[other][0]) >= (sizes[one][0] + sizes[other][0]) / 2
                apart_y = abs(places[one][1] - places[other][1]) >= (sizes[one][1] + sizes[other][1]) / 2
                assert apart_x or apart_y, (one, other)

    def middle(found):
        return [
            (min(place[axis] for place in found.values()) + max(place[axis] for place in found.values())) / 2
            for axis in (0, 1)
        ]

    assert middle(places) == pytest.approx(middle(before), abs=0.2)


def findings(diagram):
    data = dataset(diagram.training.dataset.key)
    return Findings(compile_diagram(diagram, data_spec_for(diagram, data)), data.class_names), diagram


def test_what_a_node_shows_follows_from_kind_and_shape(qapp):
    found, diagram = findings(
        Diagram.build(
            nodes=[
                node("x", "input"),
                node("f", "flatten"),
                node("d", "dense", units=10, activation="linear"),
                node("s", "softmax"),
                node("l", "categorical_cross_entropy"),
            ],
            wires=[("x", "f"), ("f", "d"), ("d", "s"), ("s", "l")],
            training=circle_training("digits"),
        )
    )
    looks = {key: found.look(record) for key, record in diagram.nodes.items()}
    assert looks["x"].body is Body.IMAGE
    assert looks["x"].form is Form.CARD
    assert looks["d"].body is Body.STRIP
    assert looks["d"].parameters == 650
    assert looks["s"].body is Body.BARS
    assert looks["s"].class_names == tuple("0123456789")
    assert looks["l"].body is Body.FIGURE


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_kind_has_a_picture_that_is_more_than_the_ground(qapp, kind, name):
    item = NodeItem("n", plain_look(node("n", kind.key)), Sharpness())
    hub, mode = theme.hub(), theme.hub().mode
    hub.set_mode(name)
    picture = painted(item)
    hub.set_mode(mode)
    colors = {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
    assert len(colors) > 4
    body = item.geometry.body
    for place in item.geometry.inputs.values():
        assert place.x() == body.left()
    for place in item.geometry.outputs.values():
        assert place.x() == body.right()


def painted(item, zoom=1.0, ratio=1.0):
    """The item as it paints itself on a screen of some device pixels per pixel."""
    bounds = item.boundingRect()
    image = QImage(int(bounds.width() * zoom * ratio), int(bounds.height() * zoom * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(zoom, zoom)
    painter.translate(-bounds.x(), -bounds.y())
    item.paint(painter, None)
    painter.end()
    return image


def test_a_picture_is_rendered_once_and_again_only_when_something_of_it_changes(qapp, monkeypatch):
    rendered = []
    original = NodeItem._rendered
    monkeypatch.setattr(NodeItem, "_rendered", lambda self, *at: (rendered.append(at), original(self, *at))[1])
    item = NodeItem("n", plain_look(node("n", "neuron")), Sharpness())
    painted(item)
    painted(item)
    assert len(rendered) == 1
    item.set_selected(True)
    painted(item)
    assert len(rendered) == 2
    item.set_values(NodeValues(output=np.array([0.5])))
    painted(item)
    painted(item)
    assert len(rendered) == 3
    item.set_look(plain_look(node("n", "neuron", title="other")))
    painted(item)
    assert len(rendered) == 4


def test_pictures_are_made_for_the_device_pixels_that_they_cover(qapp):
    item = NodeItem("n", plain_look(node("n", "neuron")), Sharpness())
    coarse = painted(item, 2.0, 1.0)
    fine = painted(item, 1.0, 2.0)
    assert coarse.size() == fine.size()
    same = sum(
        coarse.pixel(x, y) == fine.pixel(x, y)
        for x in range(0, coarse.width(), 2)
        for y in range(0, coarse.height(), 2)
    )
    assert same / ((coarse.width() / 2) * (coarse.height() / 2)) > 0.95


def test_values_beyond_one_are_scaled_robustly_and_shares_around_one_half():
    assert scaled(np.array([0.5, -0.5])).tolist() == [0.5, -0.5]
    assert np.abs(scaled(np.arange(-50.0, 50.0))).max() < 1.1
    assert scaled(np.array([0.0, 0.5, 1.0]), share=True).tolist() == [-1.0, 0.0, 1.0]
    assert np.isfinite(scaled(np.array([np.inf, 1.0, 4.0]))).all()


def test_values_that_are_no_numbers_are_painted_neutral(qapp):
    now = theme.current()
    image = image_of(np.array([[np.nan, 1.0]]), now)
    assert image.pixelColor(0, 0) == now.color_of(0.0)
    assert image.pixelColor(1, 0) == now.color_of(1.0)


def test_figures_on_colours_are_readable(qapp):
    now = theme.THEMES["light"]
    assert readable_on(now.color_of(0.0)).lightness() < 100
    assert readable_on(theme.THEMES["dark"].color_of(0.0)).lightness() > 200


def test_weights_find_their_wires_in_the_order_of_the_wires(qapp):
    diagram = Diagram.build(
        nodes=[node("x1", "input", columns="1"), node("x", "input"), node("h", "neuron"), node("y", "neuron")],
        wires=[("x", "h"), ("x1", "h"), ("h", "y")],
        training=circle_training(),
    )
    places = weight_places(diagram, compile_diagram(diagram, data_spec_for(diagram, dataset("circle"))))
    # x carries two values, so x1 comes third.
    assert places == {"w1": ("h/weight", 0, 2), "w2": ("h/weight", 2, 1), "w3": ("y/weight", 0, 1)}
    weights = weights_of_wires(places, {"h/weight": np.array([[1.0, 2.0, -3.0]])})
    assert weights == {"w1": [1.0, 2.0], "w2": [-3.0]}
    assert full_width({}) == 1.0
    assert full_width({"a": [2.0], "b": [float("nan")]}) == 2.0


def test_sigmoid_and_step_are_shares_and_others_are_not(qapp):
    found, diagram = findings(
        Diagram.build(
            nodes=[
                node("x", "input"),
                *(node(key, "neuron", activation=key) for key in ("sigmoid", "step", "tanh", "relu")),
            ],
            wires=[("x", key) for key in ("sigmoid", "step", "tanh", "relu")] + [],
            training=circle_training(),
        )
    )
    shares = {key: is_share(found.look(record).curve) for key, record in diagram.nodes.items() if key != "x"}
    if found.compilation.plan is not None:
        assert shares == {"sigmoid": True, "step": True, "tanh": False, "relu": False}
    assert not is_share(None)


def test_a_port_takes_no_more_than_a_quarter_of_its_node(small):
    scene = small.view.canvas
    item = scene.nodes["h1"]
    width = item.geometry.body.width()
    inside = item.pos() + QPointF(width / 2 - width * 0.3, 0)
    assert hit_at(scene, inside, 0.1).node == "h1"
    assert hit_at(scene, item.port("output") + QPointF(100, 0), 0.1).port == ("h1", "output")
    assert hit_at(scene, item.port("output") + QPointF(100, 0), 1.0).port is None


def test_the_name_of_a_circle_stands_below_it(qapp):
    geometry = geometry_of(plain_look(node("n", "neuron", title="h1")))
    assert geometry.label.top() >= geometry.body.bottom()
    assert geometry.bounds.contains(geometry.label)


@pytest.mark.parametrize("value", [-0.245, -12.34, -0.00042, -1.2e-05, 0.9985, -0.0042])
def test_the_figure_of_an_input_lies_within_what_its_item_may_paint(qapp, value):
    look = plain_look(node("x", "input", title="x"))
    needed = fonts.metrics(fonts.SMALL, True).horizontalAdvance(plain(value))
    assert geometry_of(look).label.width() >= needed
    assert geometry_of(look).bounds.contains(geometry_of(look).label)


def test_pills_of_a_crowded_first_layer_do_not_cover_each_other():
    ends = [(left, right) for left in (-40.0, 40.0) for right in (-150.0, -50.0, 50.0, 150.0)]
    curves = {f"w{number}": WireCurve((0.0, left), (170.0, right)) for number, (left, right) in enumerate(ends)}

    def covered(at):
        points = [curves[key].at(t) for key, t in at.items()]
        pairs = combinations(points, 2)
        return sum(abs(a[0] - b[0]) < pills.WIDTH and abs(a[1] - b[1]) < pills.HEIGHT for a, b in pairs)

    assert covered(dict.fromkeys(curves, pills.WEIGHT_AT)) > 0
    assert covered(pills.places(curves.items())) == 0


def test_a_pill_alone_stands_where_all_pills_would_like_to():
    assert pills.places([("w", WireCurve((0, 0), (100, 0)))]) == {"w": pills.WEIGHT_AT}


def test_seven_segments_are_drawn_as_the_digit_that_they_are(qapp):
    now = theme.current()
    for sample, dark in ((8, ""), (1, "adefg"), (2, "cf")):
        values = dataset("seven-segment").inputs[sample]
        image = QImage(100, 200, QImage.Format.Format_RGB32)
        image.fill(QColor(now.ground))
        painter = QPainter(image)
        paint_segments(painter, QRectF(0, 0, 100, 200), values, now)
        painter.end()
        side = 200 / (2 * SEGMENT + THICK)
        side = min(side, 100 / (SEGMENT + THICK))
        seen = {
            name: image.pixelColor(round(50 + x * side), round(100 + y * side))
            for name, (x, y, _) in zip("abcdefg", SEGMENT_PLACES, strict=True)
        }
        unlit = now.color_of(0.0)
        assert {name for name, color in seen.items() if color == unlit} == set(dark)
        assert {name for name, color in seen.items() if color == now.color_of(1.0)} == set("abcdefg") - set(dark)


@pytest.mark.parametrize(("columns", "body"), [("", Body.SEGMENTS), ("g, a, b, c, d, e, f", Body.STRIP)])
def test_only_an_input_that_takes_the_segments_as_they_come_is_a_digit(columns, body):
    data = dataset("seven-segment")
    settings = {"columns": columns} if columns else {}
    diagram = Diagram.build(
        nodes=[node("x", "input", **settings), node("y", "dense", units=10), node("loss", "mean_squared_error")],
        wires=[("x", "y"), ("y", "loss")],
        training=circle_training("seven-segment"),
    )
    findings = Findings(compile_diagram(diagram, data_spec_for(diagram, data)), data.class_names, data.drawing)
    assert findings.look(diagram.nodes["x"]).body is body
    assert findings.look(diagram.nodes["y"]).body is Body.STRIP


def test_a_wire_into_a_layer_of_several_units_shows_no_weight_of_one_of_them():
    places = {"w": ("layer/weight", 0, 2), "v": ("unit/weight", 0, 2)}
    parameters = {"layer/weight": np.ones((3, 2)), "unit/weight": np.ones((1, 2))}
    assert weights_of_wires(places, parameters) == {"v": [1.0, 1.0]}


@pytest.mark.parametrize("end", [(-500.0, 210.0), (-500.0, -210.0), (-230.0, 0.0), (-230.0, 60.0)])
def test_a_wire_that_leads_back_stays_near_and_clear_of_both_nodes(end):
    """The start is the right port of one card, the end the left port of another; both are as high as a card can be."""
    curve = WireCurve((0.0, 0.0), end)
    assert curve.leads_back
    width, half = 168.0, 79.0
    bodies = [QRectF(-width, -half, width, 2 * half), QRectF(end[0], end[1] - half, width, 2 * half)]
    inner = [body.adjusted(1, 1, -1, -1) for body in bodies]
    points = [curve.at(number / 300) for number in range(301)]
    assert not any(body.contains(QPointF(*point)) for body in inner for point in points)
    left, _, right, _ = curve.box
    assert min(x for x, _ in points) > end[0] - 45
    assert max(x for x, _ in points) < 45
    assert left <= min(x for x, _ in points)
    assert right >= max(x for x, _ in points)
    assert all(curve.distance(*point) < 2 for point in points)


def test_a_name_grows_far_out_as_far_as_there_is_room():
    near, far = (legible(fonts.SMALL, "h1 · Tanh", 110.0, scale) for scale in (1.0, 0.6))
    assert near == fonts.SMALL
    assert 0.6 * far > 8.5
    assert legible(fonts.SMALL, "a name that fills its room quite", 110.0, 0.6) == fonts.SMALL
