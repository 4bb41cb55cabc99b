"""A part of a diagram on the clipboard, and hostile texts there."""

import json

import pytest

from core.diagram.diagram import Diagram
from core.diagram.fragment import Fragment, copy, paste
from core.diagram.records import Node
from core.errors import ProjectFileError
from core.storage import fragment as fragment_module
from core.storage.fragment import fragment_from_json, fragment_to_json
from tests.projects import full_diagram


def test_there_and_back():
    diagram = full_diagram()
    part = copy(diagram, ["x", "h", "m9", "m10"], notes=["note1"], frames=["frame1"])
    found = fragment_from_json(fragment_to_json(part))
    assert {node.id for node in found.nodes} == {"x", "h", "m9", "m10"}
    assert set(found.wires) == set(part.wires)
    assert found.notes == part.notes
    assert sorted(found.frames[0].nodes) == sorted(part.frames[0].nodes)
    pasted = diagram.apply(paste(diagram, found))
    assert len(pasted.nodes) == len(diagram.nodes) + 4
    assert pasted.nodes["dense1"].hyperparameters == {"units": 8, "activation": "tanh"}


def test_the_text_is_readable_and_leaves_out_what_is_not_there():
    text = fragment_to_json(copy(full_diagram(), ["x"]))
    assert set(json.loads(text)) == {"format", "version", "nodes"}
    assert '"x": {"kind": "input"' in text
    assert fragment_from_json(fragment_to_json(Fragment())) == Fragment()


def test_it_comes_from_a_clipboard_with_other_line_ends():
    text = "\n " + fragment_to_json(copy(full_diagram(), ["x"])).replace("\n", "\r\n")
    assert fragment_from_json(text).nodes[0].id == "x"


def test_a_newer_version_is_read_as_far_as_it_goes():
    text = json.dumps(
        {"format": "neuroloom-fragment", "version": 9, "nodes": {"a": {"kind": "k", "new": 1}}, "groups": []}
    )
    assert fragment_from_json(text).nodes == (Node(id="a", kind="k"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no part of a diagram"),
        ("hello", "no part of a diagram"),
        ('{"a": 1}', "no part of a diagram"),
        ('{"format": "neuroloom", "version": 1, "x": "neuroloom-fragment"}', "no part of a diagram"),
        ('{"format": "neuroloom-fragment"', "not valid JSON"),
        ('{"format": "neuroloom-fragment"}', "whole number"),
        ('{"format": "neuroloom-fragment", "version": true}', "whole number"),
        ('{"format": "neuroloom-fragment", "version": 0}', "no version 0"),
        ('{"format": "neuroloom-fragment", "version": 1, "training": {}}', "no training"),
        ('{"format": "neuroloom-fragment", "version": 1, "nodes": {"a": 1}}', r"\$\.nodes\.a"),
        ('{"format": "neuroloom-fragment", "version": 1, "nodes": {"a": {"kind": "k", "title": "\ud800"}}}', "."),
        (
            '{"format": "neuroloom-fragment", "version": 1, "wires": {"w": {"source": ["a","b"], "target": ["c","d"]}}}',
            "does not exist",
        ),
        ('{"format": "neuroloom-fragment", "version": 1, "notes": {"n": {"target": "a"}}}', "not a node"),
        ('{"format": "neuroloom-fragment", "version": 1, "nodes": ' + "[" * 50 + "]" * 50 + "}", "16 levels"),
        ('{"format": "neuroloom-fragment", "version": 1, "version": 1}', "occurs twice"),
    ],
)
def test_hostile_texts_are_refused_with_a_sentence(text, words):
    if words == ".":
        assert fragment_from_json(text).nodes[0].title == "?"  # Half a character is replaced, as in any other paste.
        return
    with pytest.raises(ProjectFileError, match=words) as caught:
        fragment_from_json(text)
    assert "\n" not in str(caught.value)


def test_the_length_at_the_limit_and_one_above(monkeypatch):
    text = fragment_to_json(Fragment(nodes=(Node(id="a", kind="k"),)))
    monkeypatch.setattr(fragment_module, "MAX_HEADER_BYTES", len(text))
    assert fragment_from_json(text).nodes
    with pytest.raises(ProjectFileError, match="characters"):
        fragment_from_json(text + " ")


def test_a_fragment_never_reaches_the_diagram_halfway():
    diagram = Diagram({"a": Node(id="a", kind="k")})
    with pytest.raises(ProjectFileError):
        fragment_from_json('{"format": "neuroloom-fragment", "version": 1, "nodes": {"a": {"kind": "k"}, "b/": {}}}')
    assert diagram == Diagram({"a": Node(id="a", kind="k")})
