"""Projects there and back in both forms, the golden files of each version, and what reading and writing refuse."""

import json
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from core.diagram import limits as record_limits
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.records import (
    ClippingChoice,
    DatasetChoice,
    EarlyStoppingChoice,
    Node,
    OptimizerChoice,
    RegularizationChoice,
    ScheduleChoice,
    TrainingSettings,
    Wire,
)
from core.errors import ProjectFileError
from core.storage import limits, project, tensors
from core.storage.atomic import FileChangedError
from core.storage.diagram_json import diagram_to_json
from core.storage.project import (
    Project,
    check_read_back,
    load_project,
    project_from_bytes,
    project_to_bytes,
    project_to_json_bytes,
    save_project,
)
from core.storage.reading import fingerprint
from tests.projects import full_diagram, full_project

GOLDEN = Path(__file__).parents[2] / "data" / "projects"


def document(**changes):
    """A small good document as JSON text, with some of its entries replaced."""
    base = {"format": "neuroloom", "version": 1, "nodes": {}, "wires": {}, "notes": {}, "frames": {}, "training": {}}
    return json.dumps(base | changes).encode()


def read(**changes):
    return project_from_bytes(document(**changes))


def assert_same(found, expected):
    assert found.diagram == expected.diagram
    assert found.extras == expected.extras
    for one, other in (
        (found.parameters, expected.parameters),
        (found.optimizer_state, expected.optimizer_state),
    ):
        assert (one is None) == (other is None)
        for name in one or {}:
            assert one[name].dtype == other[name].dtype
            assert one[name].shape == other[name].shape
            assert one[name].tobytes() == other[name].tobytes()
        assert set(one or {}) == set(other or {})


# Frames are a set of nodes: the file has them in natural order.
def sorted_frames(expected):
    frame = expected.diagram.frames["frame1"]
    assert frame.nodes == ("m10", "m9")
    frames = {"frame1": type(frame)(id="frame1", title=frame.title, nodes=("m9", "m10"))}
    diagram = expected.diagram
    expected.diagram = Diagram(dict(diagram.nodes), dict(diagram.wires), dict(diagram.notes), frames, diagram.training)
    return expected


@pytest.mark.parametrize("name", ["full.v1.nloom", "full.v1.nloom.json"])
def test_golden_files_are_read_and_written_back_byte_for_byte(name, tmp_path):
    loaded = load_project(GOLDEN / name)
    expected = sorted_frames(full_project())
    if name.endswith(".json"):
        expected.parameters = expected.optimizer_state = None
    assert_same(loaded, expected)
    assert not loaded.read_only
    assert not loaded.notice
    save_project(loaded, tmp_path / name)
    assert (tmp_path / name).read_bytes() == (GOLDEN / name).read_bytes()


def test_a_golden_file_is_made_today_as_it_was_then():
    assert project_to_bytes(full_project()) == (GOLDEN / "full.v1.nloom").read_bytes()
    assert project_to_json_bytes(full_project()) == (GOLDEN / "full.v1.nloom.json").read_bytes()


def test_the_safetensors_package_reads_our_file(tmp_path):
    save_project(full_project(), tmp_path / "net.nloom")
    arrays = safetensors.numpy.load_file(tmp_path / "net.nloom")
    assert arrays["h/weight"].tobytes() == full_project().parameters["h/weight"].tobytes()
    assert arrays[".optimizer/step"].shape == ()
    with safetensors.safe_open(tmp_path / "net.nloom", "numpy") as file:
        metadata = file.metadata()
    assert metadata["format"] == "neuroloom"
    assert metadata["version"] == "1"
    assert json.loads(metadata["diagram"])["nodes"]["h"]["hyperparameters"] == {"activation": "tanh", "units": 8}
    assert json.loads(metadata["extras"]) == full_project().extras


def test_a_minimal_project_has_no_extras(tmp_path):
    save_project(Project(Diagram()), tmp_path / "net.nloom")
    with safetensors.safe_open(tmp_path / "net.nloom", "numpy") as file:
        assert set(file.metadata()) == {"format", "version", "diagram"}
    assert b"extras" not in project_to_json_bytes(Project(Diagram()))
    loaded = load_project(tmp_path / "net.nloom")
    assert_same(loaded, Project(Diagram()))


def test_what_interfaces_promise_of_the_json_form():
    text = b"""
    {"format": "neuroloom", "version": 1,
     "nodes": {"x": {"kind": "input", "title": "Inputs", "position": [0, 0], "hyperparameters": {}},
               "h": {"kind": "dense", "position": [240, 0], "hyperparameters": {"units": 8, "activation": "tanh"}}},
     "wires": {"w1": {"source": ["x", "output"], "target": ["h", "input"], "order": 0}},
     "notes": {}, "frames": {},
     "training": {"dataset": {"key": "spiral", "options": {"noise": 0.1}},
                  "optimizer": {"key": "adam", "learning_rate": 0.01},
                  "batch_size": 32, "epochs": 200, "seed": 0, "validation_fraction": 0.2}}"""
    loaded = project_from_bytes(text)
    assert loaded.diagram.nodes["h"].hyperparameters == {"units": 8, "activation": "tanh"}
    assert loaded.diagram.training == TrainingSettings(dataset=DatasetChoice(key="spiral", options={"noise": 0.1}))
    assert json.loads(project_to_json_bytes(loaded)) == json.loads(text)


def test_defaults_may_be_left_out_by_hand():
    loaded = project_from_bytes(b'{"format": "neuroloom", "version": 1, "nodes": {"a": {"kind": "k"}}}')
    assert loaded.diagram == Diagram({"a": Node(id="a", kind="k")})
    assert project_from_bytes(b"\xef\xbb\xbf \n" + document()).diagram == Diagram()


def test_the_form_follows_the_name_and_the_content(tmp_path):
    for name in ("net.nloom", "net.nloom.json", "net.JSON"):
        save_project(full_project(), tmp_path / name)
        is_json = (tmp_path / name).read_bytes().startswith(b"{")
        assert is_json == name.lower().endswith("json")
    (tmp_path / "renamed.nloom").write_bytes((tmp_path / "net.nloom.json").read_bytes())
    assert load_project(str(tmp_path / "renamed.nloom")).parameters is None


def test_values_that_json_writes_alike_are_saved(tmp_path):
    node = Node(id="a", kind="k", hyperparameters={"pair": (1, 2), "whole": 1.0})
    wire = Wire(id="w", source=("a", "o"), target=("b", "i"))
    settings = TrainingSettings(validation_fraction=0)
    diagram = Diagram({"a": node, "b": Node(id="b", kind="k", position=(1, 2))}, {"w": wire}, training=settings)
    save_project(Project(diagram, extras={"t": (1,)}), tmp_path / "net.nloom")
    loaded = load_project(tmp_path / "net.nloom")
    assert loaded.diagram.nodes["a"].hyperparameters == {"pair": [1, 2], "whole": 1.0}
    assert type(loaded.diagram.nodes["a"].hyperparameters["whole"]) is float


@pytest.mark.parametrize("name", ["net.nloom", "net.nloom.json"])
def test_every_setting_of_training_comes_back(tmp_path, name):
    training = TrainingSettings(
        optimizer=OptimizerChoice(key="lbfgs", learning_rate=1, rho=0.5, weight_decay=0, history=5),
        schedule=ScheduleChoice(key="step", factor=0.1, every=7, final=0.25, warmup=1.5),
        regularization=RegularizationChoice(l1=0.1, l2=0.2, max_norm=3),
        clipping=ClippingChoice(value=0.5, norm=2),
        early_stopping=EarlyStoppingChoice(patience=3, min_improvement=0.01, restore_best=False),
    )
    save_project(Project(Diagram(training=training)), tmp_path / name)
    loaded = load_project(tmp_path / name).diagram.training
    assert loaded == training
    save_project(Project(Diagram(training=TrainingSettings(early_stopping=EarlyStoppingChoice()))), tmp_path / name)
    assert load_project(tmp_path / name).diagram.training.early_stopping == EarlyStoppingChoice()


def test_settings_as_they_are_at_first_are_not_written():
    training = diagram_to_json(Diagram())["training"]
    assert list(training) == ["dataset", "optimizer", "batch_size", "epochs", "seed", "validation_fraction"]
    assert training["optimizer"] == {"key": "adam", "learning_rate": 0.01}


def test_parameters_of_removed_nodes_are_left_out(tmp_path):
    small = Project(Diagram({"a": Node(id="a", kind="k")}), {"a/w": np.ones(2), "b/w": np.ones(3)})
    save_project(small, tmp_path / "net.nloom")
    assert set(load_project(tmp_path / "net.nloom").parameters) == {"a/w"}


def test_arrays_of_any_layout_come_back(tmp_path):
    diagram = Diagram({"a": Node(id="a", kind="k")})
    arrays = {
        "a/fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "a/strided": np.arange(10, dtype=np.float32)[::2],
        "a/big": np.arange(3, dtype=">f4"),
        "a/scalar": np.array(2.5),
    }
    save_project(Project(diagram, arrays), tmp_path / "net.nloom")
    loaded = load_project(tmp_path / "net.nloom").parameters
    for name, array in arrays.items():
        assert np.array_equal(loaded[name], array)
        assert loaded[name].dtype == array.dtype.newbyteorder("=")
        assert loaded[name].flags.writeable
        assert loaded[name].flags.owndata


def test_a_save_knows_whether_the_file_was_changed(tmp_path):
    path = tmp_path / "net.nloom"
    first = save_project(Project(Diagram()), path)
    loaded = load_project(path)
    assert loaded.fingerprint == first == fingerprint(path.read_bytes())
    second = save_project(full_project(), path, expected=loaded.fingerprint)
    assert second != first
    with pytest.raises(FileChangedError):
        save_project(loaded, path, expected=loaded.fingerprint)
    assert_same(load_project(path), sorted_frames(full_project()))


def test_a_newer_version_opens_for_reading_only(tmp_path):
    text = document(
        version=2,
        nodes={"a": {"kind": "k", "colour": "red", "position": [1, 2], "id": "z", "hyperparameters": {"new": 1}}},
        training={"optimizer": {"key": "sgd", "nesterov": True}, "target": {"metric": "loss", "x": 1}, "device": []},
        groups={},
    )
    loaded = project_from_bytes(text)
    assert loaded.read_only
    assert "newer version" in loaded.notice
    assert "format 2; this one knows 1" in loaded.notice
    assert loaded.diagram.nodes["a"] == Node(id="a", kind="k", position=(1.0, 2.0), hyperparameters={"new": 1})
    assert loaded.diagram.training.optimizer.key == "sgd"
    assert loaded.diagram.training.target.metric == "loss"
    with pytest.raises(ProjectFileError, match=r"cannot be saved.*newer version"):
        save_project(loaded, tmp_path / "net.nloom")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("nodes", [[], {"a": 5}, {"a": {"kind": 5}}])
def test_a_newer_version_that_makes_no_sense_here_is_refused(nodes):
    with pytest.raises(ProjectFileError, match="newer version"):
        read(version=2, nodes=nodes)


def test_an_older_version_is_migrated():
    def from_zero(old):
        return {**old, "nodes": {name: {"kind": kind} for name, kind in old["nodes"].items()}}

    text = document(version=0, nodes={"a": "dense"})
    loaded = project_from_bytes(text, {0: from_zero})
    assert loaded.diagram == Diagram({"a": Node(id="a", kind="dense")})
    assert not loaded.read_only
    with pytest.raises(ProjectFileError, match="no version 0"):
        project_from_bytes(text)
    with pytest.raises(ProjectFileError, match="no version -1"):
        project_from_bytes(document(version=-1), {0: from_zero})
    data = tensors.encode({}, {"format": "neuroloom", "version": "0", "diagram": text.decode()})
    assert project_from_bytes(data, {0: from_zero}).diagram == loaded.diagram


BAD_DOCUMENTS = [
    ({"format": "other"}, "format", "$.format"),
    ({"version": "1"}, "whole number", "$.version"),
    ({"version": True}, "whole number", "$.version"),
    ({"version": None}, "whole number", "$.version"),
    ({"extras": []}, "Expected an object", "$.extras"),
    ({"extras": {"a": 2**60}}, "53", "$.extras"),
    ({"colour": 1}, "not an entry", "$.colour"),
    ({"a b": 1}, "not an entry", '$["a b"]'),
    ({"nodes": []}, "object of nodes", "$.nodes"),
    ({"nodes": {"a": []}}, "Expected an object", "$.nodes.a"),
    ({"nodes": {"a": {}}}, "missing required field `kind`", "$.nodes.a"),
    ({"nodes": {"a": {"kind": "k", "id": "a"}}}, "its key", "$.nodes.a.id"),
    ({"nodes": {"a": {"kind": 1}}}, "Expected `str`, got `int`", "$.nodes.a.kind"),
    ({"nodes": {"a": {"kind": "k", "units": 1}}}, "unknown field `units`", "$.nodes.a"),
    ({"nodes": {"a": {"kind": "k", "position": [0]}}}, "length 2", "$.nodes.a.position"),
    ({"nodes": {"a": {"kind": "k", "position": [0, "x"]}}}, "got `str`", "$.nodes.a.position[1]"),
    ({"nodes": {"a": {"kind": "k", "position": [0, 2e6]}}}, "2000000", "$.nodes.a"),
    ({"nodes": {"a/b": {"kind": "k"}}}, "letters, digits", '$.nodes["a/b"]'),
    ({"nodes": {"a": {"kind": "k", "hyperparameters": []}}}, "Expected `object`", "$.nodes.a.hyperparameters"),
    ({"wires": {"w": {"source": ["a", "o"], "target": ["b", "i"]}}}, "does not exist", "$.wires.w"),
    ({"wires": {"w": {"source": "a", "target": "b"}}}, "got `str`", "$.wires.w.source"),
    ({"notes": {"n": {"target": "a"}}}, "not a node", "$.notes.n"),
    ({"frames": {"f": {"nodes": ["a"]}}}, "not a node", "$.frames.f"),
    ({"training": {"epochs": 1.5}}, "got `float`", "$.training.epochs"),
    ({"training": {"epochs": -1}}, "epochs is -1", "$.training"),
    ({"training": {"dataset": {"key": 1}}}, "got `int`", "$.training.dataset.key"),
    ({"training": {"optimizer": {"lr": 1}}}, "unknown field `lr`", "$.training.optimizer"),
    ({"training": []}, "Expected `object`", "$.training"),
]


@pytest.mark.parametrize(("changes", "words", "place"), BAD_DOCUMENTS)
def test_errors_name_the_json_path(changes, words, place):
    with pytest.raises(ProjectFileError) as caught:
        read(**changes)
    assert words in str(caught.value)
    assert caught.value.place == place
    assert str(caught.value).endswith(f"(at {place}).")


def test_known_kinds_have_the_ports_that_they_have():
    nodes = {"x": {"kind": "input"}, "h": {"kind": "dense"}}
    wires = {"w": {"source": ["x", "output"], "target": ["h", "side"], "order": 0}}
    with pytest.raises(ProjectFileError, match="no input port 'side'") as caught:
        read(nodes=nodes, wires=wires)
    assert caught.value.place == "$.wires.w"
    nodes["h"]["kind"] = "martian"
    assert read(nodes=nodes, wires=wires).diagram.wires["w"].target == ("h", "side")


def metadata(**changes):
    return {"format": "neuroloom", "version": "1", "diagram": document(nodes={"a": {"kind": "k"}}).decode()} | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "pt"}, "not a Neuroloom project"),
        ({"version": "one"}, "whole number"),
        ({"version": ""}, "whole number"),
        ({"version": "1" * 5000}, "whole number"),
        ({"version": "2"}, "two different versions"),
        ({"diagram": ""}, "not valid JSON"),
        ({"diagram": "[]"}, "not a Neuroloom project"),
        ({"diagram": "{}"}, "two different versions"),
        ({"extras": "[]"}, "Expected an object"),
        ({"extras": "{"}, "not valid JSON"),
    ],
)
def test_bad_metadata(changes, words):
    with pytest.raises(ProjectFileError, match=words):
        project_from_bytes(tensors.encode({}, metadata(**changes)))


def test_metadata_that_is_missing():
    with pytest.raises(ProjectFileError, match="not a Neuroloom project"):
        project_from_bytes(tensors.encode({}, {}))


@pytest.mark.parametrize("name", ["weight", "b/weight", "a/", "/weight", "a/../x", "a/w/x", "a.b/w"])
def test_arrays_that_belong_to_no_node(name):
    with pytest.raises(ProjectFileError, match="belongs to no node"):
        project_from_bytes(tensors.encode({name: np.ones(1)}, metadata()))


def test_numbers_that_are_not_finite_are_neither_read_nor_saved(tmp_path):
    for bad in (np.nan, np.inf, -np.inf):
        with pytest.raises(ProjectFileError, match="'a/w' holds numbers that are not finite"):
            project_from_bytes(tensors.encode({"a/w": np.array([1, bad])}, metadata()))
        broken = Project(Diagram({"a": Node(id="a", kind="k")}), {"a/w": np.array([1, bad])})
        with pytest.raises(ProjectFileError, match="'a/w' holds numbers that are not finite"):
            save_project(broken, tmp_path / "net.nloom")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "broken",
    [
        Project(Diagram({"a": Node(id="a", kind="k", position=(float("nan"), 0.0))})),
        Project(Diagram({}, {"w": Wire(id="w", source=("a", "o"), target=("b", "i"))})),
        Project(Diagram(), {"weight": np.ones(1)}),
        Project(Diagram(), None, {"ä": np.ones(1)}),
        Project(Diagram(), extras={"a": float("inf")}),
        Project(Diagram(), extras={"a": {1}}),
        Project(Diagram({"a": Node(id="a", kind="k")}), {"a/w": np.ones(1, np.float16)}),
        Project(Diagram({"a": Node(id="a", kind="k")}), {"a/w": np.ones((1,) * 9)}),
        Project(Diagram({"a": Node(id="a", kind="k")}), {"a/w": np.ones((0, 2))}),
    ],
)
def test_what_cannot_be_saved_leaves_the_file_alone(broken, tmp_path):
    path = tmp_path / "net.nloom"
    path.write_bytes(b"mine")
    with pytest.raises(ProjectFileError):
        save_project(broken, path)
    assert path.read_bytes() == b"mine"


def test_a_save_that_would_lose_something_is_stopped(tmp_path, monkeypatch):
    good = full_project()
    data = project_to_bytes(good)
    check_read_back(data, good)
    for changed in (
        Project(Diagram(), good.parameters, good.optimizer_state, good.extras),
        Project(good.diagram, None, good.optimizer_state, good.extras),
        Project(good.diagram, good.parameters, None, good.extras),
        Project(good.diagram, good.parameters, good.optimizer_state, {}),
        Project(
            good.diagram.apply(Change(added=(Node(id="new", kind="k"),))),
            good.parameters,
            good.optimizer_state,
            good.extras,
        ),
    ):
        with pytest.raises(ProjectFileError, match="not what is open"):
            check_read_back(data, changed)
    half = Project(good.diagram, {"h/bias": np.zeros(8, np.float64)}, good.optimizer_state, good.extras)
    single = Project(good.diagram, {"h/bias": np.zeros(8, np.float32)}, good.optimizer_state, good.extras)
    with pytest.raises(ProjectFileError, match="not what is open"):
        check_read_back(project_to_bytes(single), half)
    with pytest.raises(ProjectFileError, match="cannot be read"):
        check_read_back(data[:-1], good)

    def forget(diagram):
        return project.diagram_to_json(Diagram())

    monkeypatch.setattr(project, "_document", forget)
    with pytest.raises(ProjectFileError, match="cannot be read"):
        save_project(good, tmp_path / "net.nloom")
    with pytest.raises(ProjectFileError, match="not what is open"):
        save_project(Project(full_diagram()), tmp_path / "net.nloom")
    assert not list(tmp_path.iterdir())


def test_what_only_the_other_reader_sees_stops_a_save(monkeypatch):
    good = full_project()
    data = project_to_bytes(good)
    monkeypatch.setattr(project, "_deserialize", lambda data: [])
    with pytest.raises(ProjectFileError, match="not what is open"):
        check_read_back(data, good)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"\x80\x04\x95rest", "a Python pickle"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\x93NUMPY\x01\x00", "a NumPy array"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"hello", "fits neither form"),
        (b"[1, 2]", "fits neither form"),
        (b"\xff" * 8 + b"{", "claims to be"),
    ],
)
def test_files_of_other_sorts(data, words):
    with pytest.raises(ProjectFileError, match=words):
        project_from_bytes(data)


def test_sizes_at_the_limit_and_one_above(monkeypatch):
    data = project_to_json_bytes(full_project())
    monkeypatch.setattr(project, "MAX_JSON_BYTES", len(data))
    assert project_to_json_bytes(full_project()) == data
    assert project_from_bytes(data)
    monkeypatch.setattr(project, "MAX_JSON_BYTES", len(data) - 1)
    with pytest.raises(ProjectFileError, match="room for"):
        project_to_json_bytes(full_project())
    with pytest.raises(ProjectFileError, match="bytes of JSON"):
        project_from_bytes(data)
    data = project_to_bytes(full_project())
    monkeypatch.setattr(project, "MAX_FILE_BYTES", len(data))
    assert project_to_bytes(full_project()) == data
    monkeypatch.setattr(project, "MAX_FILE_BYTES", len(data) - 1)
    with pytest.raises(ProjectFileError, match="room for"):
        project_to_bytes(full_project())


def test_extras_at_the_limit_and_one_above(monkeypatch):
    size = len(b'{"a":"xyz"}')
    monkeypatch.setattr(project, "MAX_EXTRAS_BYTES", size)
    small = Project(Diagram(), extras={"a": "xyz"})
    assert project_from_bytes(project_to_json_bytes(small)).extras == {"a": "xyz"}
    with pytest.raises(ProjectFileError, match="extras are"):
        project_to_json_bytes(Project(Diagram(), extras={"a": "wxyz"}))
    with pytest.raises(ProjectFileError, match="extras are"):
        read(extras={"a": "wxyz"})


def test_parameters_at_the_limit_and_one_above(monkeypatch):
    def of_size(count):
        return tensors.encode({"a/w": np.zeros(count, np.float32), "a/b": np.zeros(1, np.float32)}, metadata())

    monkeypatch.setattr(limits, "MAX_PARAMETERS", 5)
    assert project_from_bytes(of_size(4)).parameters["a/w"].shape == (4,)
    with pytest.raises(ProjectFileError, match="6 parameters; at most 5"):
        project_from_bytes(of_size(5))


def test_too_many_records_of_a_migrated_diagram_have_no_place(monkeypatch):
    monkeypatch.setattr(record_limits, "MAX_NODES", 0)
    with pytest.raises(ProjectFileError, match="There are 1 nodes") as caught:
        read(nodes={"a": {"kind": "k"}})
    assert caught.value.place == ""


@pytest.mark.parametrize("table", ["nodes", "wires", "notes", "frames"])
def test_the_number_of_records_at_the_limit_and_one_above(table):
    """20,000 nodes are read, 20,001 are not; likewise the other tables."""
    limit = getattr(record_limits, f"MAX_{table.upper()}")
    rows = {
        "nodes": lambda number: {"kind": "martian"},
        "wires": lambda number: {"source": ["a", f"p{number}"], "target": ["b", f"p{number}"]},
        "notes": lambda number: {},
        "frames": lambda number: {},
    }[table]
    entries = {f"e{number}": rows(number) for number in range(limit)}
    others = {"nodes": {"a": {"kind": "martian"}, "b": {"kind": "martian"}}} if table == "wires" else {}
    assert len(getattr(read(**others, **{table: entries}).diagram, table)) == limit
    entries["one-more"] = rows(limit)
    with pytest.raises(ProjectFileError, match=f"There are {limit + 1:,} {table}"):
        read(**others, **{table: entries})
