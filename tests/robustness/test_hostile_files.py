"""Hostile files: each gets exactly one sentence, runs nothing, touches nothing else, and leaves the open document alone."""

import copy
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.diagram.diagram import Diagram
from core.diagram.document import DiagramDocument
from core.errors import ProjectFileError
from core.storage.project import Project, load_project, project_from_bytes, project_to_bytes, project_to_json_bytes
from tests.projects import full_diagram, full_project
from tests.robustness.hostile import NASTY, container, corpus

ROOT = Path(__file__).parents[2]
SENTENCE = re.compile(r"[^\n]{10,400}\.")
MUTATIONS = 4000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("hostile")
    for name, data in corpus().items():
        (place / f"{name}.nloom").write_bytes(data)
    return place


def test_each_hostile_file_gets_one_sentence_and_does_nothing_else(folder):
    command = [sys.executable, "-m", "tests.robustness.opening_child", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    events = " ".join(found["control"])
    assert all(word in events for word in ("open", "socket", "compile", "exec", "pickle.find_class")), events
    assert len(found["rows"]) >= 200
    for row in found["rows"]:
        assert SENTENCE.fullmatch(row["outcome"]), row
        assert not row["outcome"].startswith(("TRACEBACK", "opened")), row
        assert row["seen"] == ["the file"], row
        assert row["seconds"] < 10, row


def test_good_files_touch_nothing_else_either(tmp_path):
    (tmp_path / "a.nloom").write_bytes(project_to_bytes(full_project()))
    (tmp_path / "b.nloom.json").write_bytes(project_to_json_bytes(full_project()))
    command = [sys.executable, "-m", "tests.robustness.opening_child", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    for row in json.loads(run.stdout)["rows"]:
        assert row["outcome"] == "opened"
        assert row["seen"] == ["the file"]


def test_the_open_document_is_left_alone(folder):
    document = DiagramDocument(full_diagram())
    heard = []
    document.subscribe(heard.append)
    before = document.diagram
    contents = {path: path.read_bytes() for path in folder.iterdir() if path.stat().st_size < 100_000}
    for path, data in contents.items():
        with pytest.raises(ProjectFileError):
            load_project(path)
        assert path.read_bytes() == data
    assert document.diagram is before
    assert before == full_diagram()
    assert not heard
    assert len(contents) > 200


def test_mutated_projects_open_or_get_a_sentence():
    """Structure-aware: entries of a good document are replaced, removed and moved; what still opens can be saved again."""
    chance = random.Random(0)
    good = json.loads(project_to_json_bytes(full_project()))
    opened, sentences = 0, []
    for _ in range(MUTATIONS):
        document = copy.deepcopy(good)
        for _ in range(chance.randint(1, 3)):
            mutate(document, chance)
        data = json.dumps(document).encode()
        if chance.random() < 0.3:
            words = {"format": "neuroloom", "version": "1", "diagram": data.decode()}
            data = container({"__metadata__": words})
        try:
            project = project_from_bytes(data)
        except ProjectFileError as error:
            sentences.append(str(error))
            continue
        opened += 1
        assert isinstance(project, Project)
        assert isinstance(project.diagram, Diagram)
        again = project_from_bytes(project_to_json_bytes(project))
        assert again.diagram.nodes == project.diagram.nodes
    assert [sentence for sentence in sentences if not SENTENCE.fullmatch(sentence)] == []
    assert opened > MUTATIONS // 20
    assert len(sentences) > MUTATIONS // 4


def mutate(document, chance):
    """Change one place, chosen by a walk from the top."""
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
            place = place[key]
            continue
        verb = chance.randrange(4)
        if verb == 0:
            del place[key]
        elif verb == 1 and isinstance(place, dict):
            place[chance.choice(["", "kind", "x" * 70, "a b", "nodes"])] = place.pop(key)
        elif verb == 2:
            place[key] = chance.choice([float("nan"), float("inf"), -0.0, 1e7, 2**70, "\ud800", "t" * 5000])
        else:
            place[key] = copy.deepcopy(chance.choice(NASTY))
        return


def test_mutated_bytes_open_or_get_a_sentence():
    chance = random.Random(1)
    for good in (project_to_bytes(full_project()), project_to_json_bytes(full_project())):
        refused = 0
        for _ in range(MUTATIONS // 2):
            broken = bytearray(good)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(broken))
                broken[at : at + chance.randrange(3)] = chance.choice([b"", b'"', b"{", b"]", b"9", b"\0", b"\xff"])
            try:
                project_from_bytes(bytes(broken))
            except ProjectFileError as error:
                refused += bool(SENTENCE.fullmatch(str(error)))
                continue
        assert refused > MUTATIONS // 4
