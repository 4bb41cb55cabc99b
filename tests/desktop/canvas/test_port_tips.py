"""The tooltip of a port says what the port is for."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from core.diagram.diagram import Diagram
from core.diagram.records import Node
from core.templates import template
from desktop.canvas.hits import Hit
from desktop.canvas.port_tips import tip


def test_ports_are_told_apart(desk):
    desk.open(template("echo-lstm").diagram)
    canvas = desk.view.canvas
    recurrent = next(key for key, item in canvas.nodes.items() if len(item.look.inputs) == 4)
    tips = [tip(canvas, Hit(port=(recurrent, name))) for name in canvas.nodes[recurrent].look.inputs]
    tips += [tip(canvas, Hit(port=(recurrent, name), output=True)) for name in canvas.nodes[recurrent].look.outputs]
    assert tips[0] == "Input · 41 × 5"
    assert tips[1].startswith("Initial state\n")
    assert tips[1].endswith("Need not be wired.")
    assert tips[4] == "Output · 16"
    assert len(set(tips)) == len(tips)


def test_a_neuron_says_that_it_takes_many_wires(small):
    assert tip(small.view.canvas, Hit(port=("h1", "input"))).endswith("Takes as many wires as you like.")


def test_what_is_no_port_or_unknown_has_no_such_tip(desk):
    desk.open(Diagram.build([Node(id="n", kind="from_the_future")], []))
    canvas = desk.view.canvas
    assert tip(canvas, Hit()) == tip(canvas, Hit(node="n")) == tip(canvas, Hit(port=("n", "input"))) == ""


def test_the_tip_shows_over_a_port_and_nowhere_else(small, monkeypatch):
    view, shown = small.view, []
    monkeypatch.setattr("desktop.canvas.port_tips.QToolTip.showText", lambda _place, text, _widget: shown.append(text))

    def ask(point) -> None:
        QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, point, view.mapToGlobal(point)))

    ask(small.middle("h1"))
    assert shown == []
    ask(view.port_point("h1", "input"))
    assert [text.splitlines()[0] for text in shown] == ["Inputs · 1"]
