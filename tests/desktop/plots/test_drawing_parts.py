"""What stands between numbers and pixels: the sanitizer, the series, the labels, the numbers, the pictures."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pytestqt.qtbot import QtBot

from core.diagram.diagram import Diagram
from core.diagram.records import Node
from desktop.plots.end_labels import apart
from desktop.plots.nodes import depths, node_label, ranks
from desktop.plots.pictures import bars, image, mixed, rgb
from desktop.plots.sanitizer import finite_points, nice_ceiling, robust_scale, safe_range, smoothed, thinned_to_pixels
from desktop.plots.series import Series
from desktop.plots.style import number
from desktop.theme import DARK

ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)


@given(ANY_FLOAT, ANY_FLOAT)
def test_every_range_can_be_drawn(low: float, high: float) -> None:
    first, last = safe_range(low, high)
    assert np.isfinite([first, last]).all()
    assert last - first >= 0.99e-9
    assert 1 / (last - first) < 1e10


@pytest.mark.parametrize("value", [0.0, 1.0, -1e20, 1e-310, 5e-324])
def test_a_range_around_one_value_contains_it(value: float) -> None:
    low, high = safe_range(value, value)
    assert low < value < high or value == pytest.approx((low + high) / 2)


def test_a_good_range_stays_as_it_is_and_gets_its_margin() -> None:
    assert safe_range(-1.0, 3.0) == (-1.0, 3.0)
    assert safe_range(3.0, -1.0) == (-1.0, 3.0)
    assert safe_range(0.0, 10.0, margin=0.1) == (-1.0, 11.0)


@given(hnp.arrays(float, st.integers(0, 50), elements=ANY_FLOAT))
def test_only_finite_points_of_a_drawable_size_are_left(y: np.ndarray) -> None:
    x, kept = finite_points(np.arange(len(y)), y)
    assert np.isfinite(kept).all()
    assert (np.abs(kept) < 1e30).all()
    np.testing.assert_array_equal(kept, y[x.astype(int)])


@given(
    hnp.arrays(float, st.integers(0, 3000), elements=st.floats(-1e6, 1e6)),
    st.integers(2, 300),
)
def test_thinned_curves_keep_their_extremes_and_their_end(y: np.ndarray, pixels: int) -> None:
    x = np.arange(len(y), dtype=float)
    thin_x, thin_y = thinned_to_pixels(x, y, pixels)
    assert len(thin_x) <= 2 * pixels + 1
    assert (np.diff(thin_x) > 0).all()
    np.testing.assert_array_equal(thin_y, y[thin_x.astype(int)])
    if len(y):
        assert thin_x[-1] == x[-1]
        assert (thin_y.min(), thin_y.max()) == (y.min(), y.max())


def test_smoothing_takes_the_mean_of_the_latest_values() -> None:
    np.testing.assert_allclose(smoothed(np.array([4.0, 0.0, 2.0, 4.0]), 2), [4.0, 2.0, 1.0, 3.0])
    rough = np.array([1.0, 5.0])
    assert smoothed(rough, 5) is rough


@pytest.mark.parametrize(("size", "nice"), [(0.9, 1.0), (1.01, 1.0), (1.2, 2.0), (4.9, 5.0), (7.0, 10.0), (0.03, 0.05)])
def test_scales_are_round(size: float, nice: float) -> None:
    assert nice_ceiling(size) == pytest.approx(nice)


def test_a_robust_scale_does_not_follow_one_wild_value() -> None:
    values = np.concatenate([np.linspace(-1, 1, 1000), [1e9, np.nan, np.inf]])
    assert robust_scale(values) == 1.0
    assert robust_scale(np.array([np.nan])) == 1.0


def test_a_series_of_any_length_fits_into_its_memory() -> None:
    series = Series(capacity=256)
    y = np.sin(np.arange(100_000) / 5000.0)
    y[41_234] = 9.0
    for start in range(0, len(y), 77):
        part = y[start : start + 77]
        series.extend(list(range(start, start + len(part))), part.tolist())
    assert len(series) <= 256
    assert (np.diff(series.x) > 0).all()
    assert series.y.max() == 9.0
    assert series.x[-1] == len(y) - 1
    assert series.y[-1] == y[-1]


def test_a_series_leaves_out_what_is_not_finite() -> None:
    series = Series()
    series.extend([0.0, 1.0, 2.0], [1.0, float("nan"), float("inf")])
    assert series.x.tolist() == [0.0]


def test_more_points_at_once_than_a_series_holds_are_thinned() -> None:
    series = Series(capacity=128)
    series.extend([float(x) for x in range(5000)], [float(x % 7) for x in range(5000)])
    assert 0 < len(series) <= 128
    assert series.x[-1] == 4999


def test_a_series_answers_for_the_nearest_point() -> None:
    series = Series()
    assert series.at(1.0) is None
    series.extend([0.0, 10.0, 20.0], [1.0, 2.0, 3.0])
    assert [series.at(x) for x in (-5.0, 4.0, 6.0, 99.0)] == [1.0, 1.0, 2.0, 3.0]
    copy = series.copy()
    series.clear()
    assert len(copy) == 3
    assert len(series) == 0


@given(st.lists(st.floats(-50, 250), max_size=12), st.floats(20, 300))
def test_labels_stand_apart_inside_the_plot_in_the_order_of_their_lines(places: list[float], height: float) -> None:
    moved = apart(places, 13.0, height)
    assert len(moved) == len(places)
    gap = min(13.0, height / max(1, len(places)))
    ordered = sorted(moved)
    assert all(second - first >= gap - 1e-6 for first, second in pairwise(ordered))
    assert all(-1e-6 <= place <= height + 1e-6 for place in moved)
    for (first, at), (second, other) in zip(zip(places, moved), zip(places[1:], moved[1:])):
        assert (first <= second) == (at <= other) or first == second


def test_labels_that_have_room_stay_where_they_are() -> None:
    assert apart([20.0, 100.0, 60.0], 13.0, 200.0) == [20.0, 100.0, 60.0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1.00"),
        (-12.345, "−12.3"),
        (0.01234, "0.0123"),
        (1234.5, "1,234"),
        (1.5e-7, "1.50 × 10⁻⁷"),
        (float("nan"), "–"),
        (float("-inf"), "−∞"),
    ],
)
def test_numbers_have_as_many_digits_as_can_be_believed(value: float, text: str) -> None:
    assert number(value) == text


def test_depth_is_the_longest_way_and_ranks_have_no_gaps() -> None:
    nodes = [Node(id=name, kind="dense") for name in "abcd"]
    diagram = Diagram.build(nodes=nodes, wires=[("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")])
    assert depths(diagram) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert ranks(diagram, ["b", "d"]) == {"b": 0, "d": 1}


def test_a_loop_does_not_hang_the_depths() -> None:
    nodes = [Node(id=name, kind="dense") for name in "abc"]
    diagram = Diagram.build(nodes=nodes, wires=[("a", "b"), ("b", "c"), ("c", "b")])
    assert depths(diagram)["a"] == 0


def test_a_node_is_called_by_its_title_or_its_id() -> None:
    diagram = Diagram.build(nodes=[Node(id="h", kind="dense", title="Hidden"), Node(id="y", kind="dense")])
    assert [node_label(diagram, node) for node in ("h", "y", "gone")] == ["Hidden", "y", "gone"]


def test_a_bar_is_as_tall_as_its_value_is_large() -> None:
    values = np.array([1.0, -0.5, 0.0])
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    pixels = bars(values, colors, "#000000", height=10, width=4, gap=1)
    assert pixels.shape == (10, 12, 3)
    heights = [(pixels[:, 4 * index] == colors[index]).all(-1).sum() for index in range(3)]
    assert heights == [10, 5, 1]
    assert (pixels[-1, 3] == 0).all()
    assert (pixels[-1, 0] == colors[0]).all()


def test_a_mixed_colour_is_the_winners_and_paler_the_less_sure_it_is() -> None:
    colors = ["#ff0000", "#00ff00", "#0000ff"]
    sure, unsure = mixed(np.array([[1.0, 0.0, 0.0], [0.34, 0.33, 0.33]]), colors, "#808080")
    assert sure[0] > 200
    assert abs(int(unsure[0]) - int(unsure[1])) < 12


def test_a_picture_owns_its_pixels(qtbot: QtBot) -> None:
    pixels = np.full((2, 3, 3), 200, np.uint8)
    picture = image(pixels)
    pixels[:] = 0
    assert (picture.width(), picture.height()) == (3, 2)
    assert picture.pixelColor(2, 1).red() == 200
    assert rgb(DARK.ground) == (0x12, 0x15, 0x1B)
