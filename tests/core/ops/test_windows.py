"""Windows: places, padding and who meets whom, against counting on the fingers."""

from itertools import product

import numpy as np
import pytest

from core.ops.windows import Padding, Window, padded, slide

PADDINGS: tuple[Padding, ...] = ("same", "valid", 0, 1, 4, (0, 2), (3, 1))


def fitting(kernel: int, stride: int, dilation: int) -> list[tuple[Window, int]]:
    """Windows with these numbers and every padding, on every axis of up to 9 values that they fit on."""
    windows = [Window(kernel, stride, padding, dilation) for padding in PADDINGS]
    return [
        (window, length)
        for window, length in product(windows, range(1, 10))
        if window.span <= length + sum(window.pads(length))
    ]


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 5])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_every_value_of_the_kernel_meets_what_it_should(kernel: int, stride: int, dilation: int) -> None:
    for window, length in fitting(kernel, stride, dilation):
        before, after = window.pads(length)
        starts = range(0, before + length + after - window.span + 1, stride)
        assert window.places(length) == len(starts)
        for tap in range(kernel):
            values = [start + tap * dilation - before for start in starts]
            met = [(place, value) for place, value in enumerate(values) if 0 <= value < length]
            places, found = window.meets(tap, length)
            assert list(zip(range(len(starts))[places], range(length)[found], strict=True)) == met


def test_same_keeps_the_size_at_stride_one_and_divides_it_otherwise() -> None:
    for kernel, stride, dilation, length in product((1, 2, 3, 6), (1, 2, 3), (1, 2), range(1, 10)):
        window = Window(kernel, stride, "same", dilation)
        before, after = window.pads(length)
        assert window.places(length) == -(-length // stride)
        assert after - before in (0, 1)
    assert Window(3, padding="valid").pads(7) == (0, 0)


def test_the_shortest_axis_with_so_many_places() -> None:
    for kernel, stride, dilation, padding in product((1, 2, 3), (1, 2, 4), (1, 2), ("same", "valid", 0, (1, 0))):
        window = Window(kernel, stride, padding, dilation)
        for places in (2, 3, 5):
            length = window.length(places)
            assert window.places(length) == places
            assert padding == "same" or window.places(length - 1) == places - 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Window(0), "kernel 0, stride 1, dilation 1"),
        (lambda: Window(1, 0), "stride 0"),
        (lambda: Window(1, 1, 0, 0), "dilation 0"),
        (lambda: Window(2, padding=-1), 'or is "same" or "valid"; received -1'),
        (
            lambda: Window(5).places(3, "lines"),
            "A window of 5 lines does not fit into 3; choose a smaller one or more padding",
        ),
        (lambda: Window(5, padding=1).places(2), "A window of 5 values does not fit into 2 with the padding 4"),
        (
            lambda: Window(2, dilation=3).places(3),
            "A window of 2 values, with its gaps 4, does not fit into 3; choose a smaller one, less dilation or more padding",
        ),
        (lambda: Window(2, padding=3).length(2), "A padding of 3 cuts off all of the 3 values"),
    ],
)
def test_what_does_not_fit_is_told(make, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_sliding_shows_every_window() -> None:
    picture = np.arange(2 * 5 * 6 * 3).reshape(2, 5, 6, 3)
    windows = (Window(2, 2), Window(3, 1, 0, 2))
    seen = slide(picture, 1, windows)
    assert seen.shape == (2, 2, 3, 2, 2, 3)
    for channel, line, column, down, right in product(range(2), range(2), range(3), range(2), range(2)):
        np.testing.assert_array_equal(
            seen[channel, line, column, down, right], picture[channel, 2 * down + line, right + 2 * column]
        )


def test_without_padding_nothing_is_copied() -> None:
    values = np.ones((3, 4, 2))
    room, interior = padded(values, 1, (Window(2),), 0)
    assert room is interior is values
    room, interior = padded(values, 1, (Window(3, padding="same"),), -np.inf)
    interior[...] = values
    assert room.shape == (3, 6, 2)
    assert np.isneginf(room[:, [0, -1]]).all()
    assert (room[:, 1:-1] == 1).all()
