"""Title bars of docks: what shows on hovering covers no switch of the panel."""

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from desktop.docks import DockTitle
from desktop.plots.gradient_plot import GradientPlot
from desktop.training.controller import TrainingController
from tests.desktop.controllers import controller, make_controller

__all__ = ["controller", "make_controller"]


def test_buttons_that_show_on_hovering_leave_the_switches_free(qtbot: QtBot, controller: TrainingController) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    plot = GradientPlot(controller)
    plot.through_time.setVisible(True)
    dock = QDockWidget("Gradient size", window)
    dock.setWidget(plot)
    title = DockTitle(dock, plot.detach_head())
    dock.setTitleBarWidget(title)
    window.setCentralWidget(dock)
    window.resize(420, 260)
    with qtbot.waitExposed(window):
        window.show()
    plot.through_time.setVisible(True)
    QApplication.processEvents()
    where = QPointF(5, 5)
    QApplication.sendEvent(title, QEnterEvent(where, where, where))
    (switch,) = [one for one in title.findChildren(QToolButton) if one is plot.through_time]
    buttons = title.buttons
    assert buttons.isVisible()
    assert not buttons.geometry().intersects(switch.geometry())
    assert buttons.geometry().left() >= 0
    QApplication.sendEvent(title, QEvent(QEvent.Type.Leave))
    assert not buttons.isVisible()
