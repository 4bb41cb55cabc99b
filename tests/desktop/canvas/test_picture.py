"""Pictures of diagrams as files, and the verb that writes them."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from core.diagram.diagram import Diagram
from core.errors import NeuroloomError
from core.storage.project import Project, save_project
from core.templates import template
from desktop import render, theme
from desktop.canvas.picture import picture_bytes
from tests.desktop.canvas.conftest import circle_training, node


@pytest.fixture(autouse=True)
def same_theme_afterwards(qapp):
    mode = theme.hub().mode
    yield
    theme.hub().set_mode(mode)


def test_a_png_has_the_size_of_the_diagram_times_the_scale(qapp):
    project = template("circle")
    one, two = (QImage.fromData(picture_bytes(project, ".png", scale)) for scale in (1.0, 2.0))
    assert one.width() > 400
    assert abs(two.width() - 2 * one.width()) <= 1
    assert abs(two.height() - 2 * one.height()) <= 1
    colors = {one.pixel(x, y) for x in range(0, one.width(), 7) for y in range(0, one.height(), 7)}
    assert len(colors) > 50


def test_an_svg_is_lines_and_letters(qapp):
    data = picture_bytes(template("worked-example"), ".svg")
    renderer = QSvgRenderer()
    assert renderer.load(data)
    text = data.decode()
    for figure in ("3.25", "−0.3", "6.5", "0.9985"):
        assert f">{figure}" in text, figure


def test_a_pdf_is_a_pdf(qapp):
    assert picture_bytes(template("xor"), ".pdf").startswith(b"%PDF-")


def test_a_diagram_that_cannot_be_trained_has_a_picture_too(qapp):
    project = Project(diagram=Diagram.build(nodes=[node("d", "dense"), node("q", "from-tomorrow")], wires=[]))
    assert not QImage.fromData(picture_bytes(project, ".png")).isNull()


@pytest.mark.parametrize(
    ("diagram", "suffix", "scale", "words"),
    [
        (Diagram(), ".png", 1.0, "nothing on the canvas"),
        (Diagram.build(nodes=[node("d", "dense")]), ".gif", 1.0, ".png, .svg, .pdf"),
        (Diagram.build(nodes=[node("d", "dense"), node("e", "dense", 9e5, 9e5)]), ".png", 16.0, "smaller scale"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(qapp, diagram, suffix, scale, words):
    with pytest.raises(NeuroloomError, match=words):
        picture_bytes(Project(diagram=diagram), suffix, scale)


def test_the_verb_writes_a_picture_in_the_theme_asked_for(qapp, tmp_path):
    project = tmp_path / "net.nloom.json"
    diagram = Diagram.build(
        nodes=[node("x", "input"), node("h", "neuron", 200, 0)], wires=[("x", "h")], training=circle_training()
    )
    save_project(Project(diagram=diagram), project)
    grounds = []
    for name in ("light", "dark"):
        out = tmp_path / f"{name}.png"
        assert render.main([str(project), str(out), "--theme", name, "--scale", "2"]) == 0
        grounds.append(QImage(str(out)).pixelColor(1, 1).name())
    assert grounds == [theme.THEMES["light"].ground, theme.THEMES["dark"].ground]


@pytest.mark.parametrize(
    "arguments",
    [
        ["template:circle", "out.png", "--theme", "neon"],
        ["template:no-such", "out.png"],
        ["missing.nloom", "out.png"],
        ["template:circle", "out.gif"],
        ["template:circle", "out.png", "--scale", "0"],
        ["template:circle"],
    ],
)
def test_a_bad_argument_is_one_sentence_and_exit_code_2(qapp, arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert render.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
