"""Every page of the inspector fits into its panel, however long the names of its fields are."""

import pytest

from core.catalogue.registry import all_kinds
from core.datasets.registry import dataset_keys
from core.diagram.diagram import Diagram
from core.diagram.records import DatasetChoice, Node, TrainingSettings

PANEL = 262
"""As wide as the panel is in a window of 1,280 pixels."""


def too_wide(desk) -> int:
    """By how many pixels the page is cut off."""
    desk.panel.resize(PANEL, 700)
    bar = desk.panel.style().pixelMetric(desk.panel.style().PixelMetric.PM_ScrollBarExtent)
    return max(0, desk.page.minimumSizeHint().width() - (PANEL - bar))


@pytest.mark.parametrize("key", [info.key for info in dataset_keys()])
def test_the_options_of_every_dataset_fit(desk, key):
    desk.open(Diagram.build([], [], TrainingSettings(dataset=DatasetChoice(key=key))))
    assert too_wide(desk) == 0


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.key)
def test_the_settings_of_every_kind_fit(desk, kind):
    desk.open(Diagram.build([Node(id="n", kind=kind.key)], []))
    desk.selection.set(nodes=["n"])
    assert too_wide(desk) == 0
