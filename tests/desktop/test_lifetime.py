"""What lives as long as the application, and how it ends."""

from pytestqt.qtbot import QtBot

from desktop import lifetime, theme
from desktop.document_bridge import DocumentBridge
from desktop.plots.axes import Axes
from desktop.plots.gradient_plot import GradientPlot
from desktop.training import host
from desktop.training.controller import TrainingController


def test_what_is_remembered_is_made_once_until_the_end() -> None:
    made: list[object] = []

    @lifetime.remembered()
    def thing() -> object:
        made.append(object())
        return made[-1]

    forget = lifetime._forget.pop()
    assert thing() is thing()
    forget()
    assert thing() is made[1]
    assert len(made) == 2


def test_the_hub_of_the_theme_is_forgotten_at_the_end(qtbot: QtBot) -> None:
    assert theme.hub() is theme.hub()
    assert any(getattr(forget, "__self__", None) is theme.hub for forget in lifetime._forget)


def test_a_panel_owns_the_widgets_that_it_may_never_show(qtbot: QtBot) -> None:
    controller = TrainingController(DocumentBridge())
    plot = GradientPlot(controller)
    qtbot.addWidget(plot)
    assert plot.findChildren(Axes)
    assert controller.close()


def test_no_late_worker_is_nothing_to_wait_for() -> None:
    assert host.wait_for_late(1)
