"""SVG path data as a painter path: compared with Qt's own SVG renderer, pixel by pixel."""

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

from core.catalogue.registry import all_kinds
from desktop.kinds.svg_path import painter_path

SIDE = 192
DATA = [
    "M4 4 l16 16",
    "M4,4L20,4 20,20H4V4",
    "m4 4h16v16h-16z m4 4h8v8h-8z",
    "M12 3a9 9 0 1 0 .01 0z",
    "M2 12 C 6 2, 18 22, 22 12",
    "M2 12c3-8 6-8 10 0s6 8 10 0",
    "M3 20 Q12 -10 21 20",
    "M2 12q5-10 10 0t10 0",
    "M2 18a6 3 30 0113 2",
    "M4 12a8 5 -20 01 16 0",
    "M2 18A9 4 30 1 1 14 20",
    "M4 4 S 20 4 20 20 T 4 20",
    "M1e1 2.5e0L.5.5-3-3",
]


def pen():
    made = QPen(QColor("black"), 1.7)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


def painted(draw) -> np.ndarray:
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, -1)[:, :SIDE].astype(int)  # a copy


def ours(painter: QPainter, data: str) -> None:
    painter.scale(SIDE / 24, SIDE / 24)
    painter.setPen(pen())
    painter.drawPath(painter_path(data))


def qt_svg(painter: QPainter, data: str) -> None:
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="none" stroke="black" stroke-width="1.7" '
        f'stroke-linecap="round" stroke-linejoin="round" d="{data}"/></svg>'
    )
    QSvgRenderer(QByteArray(text.encode())).render(painter)


@pytest.mark.parametrize("data", DATA)
def test_a_path_looks_as_qt_draws_it(qapp, data):
    difference = np.abs(painted(lambda p: ours(p, data)) - painted(lambda p: qt_svg(p, data)))
    assert painted(lambda p: ours(p, data)).min() < 64
    assert (difference > 96).sum() <= 12


@pytest.mark.parametrize("data", ["M12 12h0", "M12 12L12 12", "M12 12v0"])
def test_a_line_of_no_length_is_a_dot(qapp, data):
    dark = painted(lambda p: ours(p, data)) < 128
    rows, columns = np.nonzero(dark)
    assert 8 < np.ptp(rows) + 1 < 18
    assert 8 < np.ptp(columns) + 1 < 18
    assert rows.mean() == pytest.approx(SIDE / 2, abs=1.5)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_every_kind_has_a_glyph_inside_its_box(qapp, kind):
    bounds = painter_path(kind.glyph).boundingRect()
    assert bounds.left() >= 1
    assert bounds.top() >= 1
    assert bounds.right() <= 23
    assert bounds.bottom() <= 23
    assert max(bounds.width(), bounds.height()) >= 12


@pytest.mark.parametrize("data", ["4 4", "M4", "M4 4 L x", "M4 4 A 3 3 0 2 0 9 9", "Z 3", "M 1 1 ?"])
def test_malformed_data_is_refused(data):
    with pytest.raises(ValueError, match="SVG path data"):
        painter_path(data)


def test_the_same_data_is_read_once():
    assert painter_path("M3 3L9 9") is painter_path("M3 3L9 9")
