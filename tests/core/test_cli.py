"""The headless commands: what they print, where, and their exit codes."""

import json
import os
import runpy
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from msgspec import structs

import core
from core import cli
from core.diagram.edits import set_training
from core.training.events import TrainingEvent
from core.training.trainer import Trainer

FAST = "template:xor"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("x1,x2\n1,0.5\n", encoding="utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code, out, err = said(capsys, *arguments, "--json")
    assert err == ""
    assert out.count("\n") == 1
    return code, json.loads(out, parse_constant=pytest.fail)


def test_templates(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = document(capsys, "templates")
    assert code == 0
    assert {"key", "title", "goal", "parameters", "seconds"} <= set(rows[0])
    assert {"digits", "circle", "xor", "spiral", "iris", "seven-segment", "meals"} <= {row["key"] for row in rows}
    code, out, _ = said(capsys, "templates")
    assert [line.split()[0] for line in out.splitlines()] == [row["key"] for row in rows]


@pytest.mark.parametrize("name", ["mine.nloom", "mine.nloom.json"])
def test_new_writes_a_template(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    assert said(capsys, "new", "circle", tmp_path / name) == (0, "", "")
    assert core.load_project(tmp_path / name).diagram == core.template("circle").diagram


def test_new_says_what_it_replaced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.nloom"
    said(capsys, "new", "circle", path)
    before = path.read_bytes()
    code, out, err = said(capsys, "new", "xor", path)
    assert (code, out) == (0, "")
    assert "the old one is kept as mine.nloom~" in err
    assert (tmp_path / "mine.nloom~").read_bytes() == before


def test_training_without_an_output_says_that_nothing_is_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "Not saved: add --output FILE" in said(capsys, "train", FAST, "--steps", 1)[2]
    saved = tmp_path / "x.nloom"
    assert "Not saved" not in said(capsys, "train", FAST, "--steps", 1, "--output", saved)[2]


def test_help_names_no_types_of_the_programmer(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in cli.VERBS:
        code, out, _ = said(capsys, verb, "--help")
        assert code == 0
        assert "bool" not in out
        assert "<int" not in out
    assert "200 if new" in " ".join(said(capsys, "train", "--help")[1].split())
    assert core.TrainingSettings().epochs == 200


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert said(capsys, "--version") == (0, f"neuroloom {project['version']}\n", "")


def test_check_of_a_sound_project(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "check", FAST)
    assert code == 0
    assert found == {"errors": [], "warnings": [], "parameters": 21, "macs": 15}
    assert said(capsys, "check", FAST) == (0, "21 parameters, 15 multiply-adds a sample.\n", "")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    project = core.template("iris")
    nodes = {key: node for key, node in project.diagram.nodes.items() if key != "loss"}
    wires = {key: wire for key, wire in project.diagram.wires.items() if wire.target[0] != "loss"}
    path = tmp_path / "broken.nloom"
    core.save_project(core.Project(core.Diagram(nodes, wires, training=project.diagram.training)), path)
    return path


def test_check_of_a_diagram_with_errors(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    code, found = document(capsys, "check", broken)
    assert code == 1
    (error,) = found["errors"]
    assert set(error) == {"code", "message", "nodes", "fixes"}
    assert all(isinstance(fix, str) for fix in error["fixes"])
    code, out, _ = said(capsys, "check", broken)
    assert code == 1
    assert out.startswith(f"error: {error['message']}")


@pytest.mark.parametrize("verb", [("plan",), ("train",), ("predict", "--input", "none.csv")])
def test_a_diagram_with_errors_does_not_run(capsys: pytest.CaptureFixture[str], broken: Path, verb: tuple[str]) -> None:
    code, out, err = said(capsys, verb[0], broken, *verb[1:])
    assert (code, out) == (1, "")
    assert err.count("\n") == 1


def test_plan(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "plan", "template:iris")
    assert code == 0
    first, last = found["steps"][0], found["steps"][-1]
    assert first == {"op": "linear", "node": "hidden", "inputs": [0], "output": 1, "shape": [16], "parameters": 80}
    assert (last["node"], last["shape"]) == ("loss", [])
    code, out, _ = said(capsys, "plan", "template:iris")
    head, data, _, first_line, *_, total = out.splitlines()
    assert head.split() == ["slot", "op", "node", "reads", "shape", "parameters", "gradient"]
    assert data.split() == ["0", "input", "x", "4"]
    assert first_line.split() == ["1", "linear", "hidden", "0", "16", "hidden/weight", "hidden/bias", "yes"]
    assert total == "131 parameters, 112 multiply-adds per sample"


def test_train_tells_all_in_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = document(capsys, "train", "template:circle", "--epochs", 3, "--seed", 5)
    assert code == 0
    assert (found["steps"], found["epochs"], found["stopped"], found["diagnosis"]) == (45, 3, "epochs", None)
    assert (found["metric"], found["parameters"]) == ("accuracy", 25)
    assert 0 <= found["metric_value"] <= 1
    assert found["seconds"] > 0
    assert {"loss_first", "loss_last", "validation_loss"} <= set(found)
    again = document(capsys, "train", "template:circle", "--epochs", 3, "--seed", 5)[1]
    other = document(capsys, "train", "template:circle", "--epochs", 3, "--seed", 6)[1]
    assert found["loss_last"] == again["loss_last"] != other["loss_last"]


def test_train_stops_after_steps_and_saves(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out_path = tmp_path / "out.nloom"
    code, out, err = said(capsys, "train", "template:circle", "--steps", 7, "--seed", 2, "--output", out_path)
    assert (code, err) == (0, "")
    assert "7 steps" in out
    assert f"Saved as {out_path}." in out
    project = core.load_project(out_path)
    assert project.diagram.training.seed == 2
    assert project.parameters is not None
    assert project.parameters["h1/weight"].shape == (1, 2)


def test_training_goes_on_from_what_a_file_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "out.nloom"
    first = document(capsys, "train", "template:sine", "--epochs", 50, "--output", path)[1]
    second = document(capsys, "train", path, "--epochs", 1)[1]
    fresh = document(capsys, "train", path, "--epochs", 1, "--seed", 0)[1]
    assert second["loss_first"] == pytest.approx(first["loss_last"])
    assert fresh["loss_first"] == pytest.approx(first["loss_first"])


def test_a_run_that_diverges_is_3_and_json_has_no_nan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    project = core.template("line")
    training = project.diagram.training
    wild = core.TrainingSettings(
        dataset=training.dataset, optimizer=core.OptimizerChoice(key="sgd", learning_rate=50.0), epochs=40
    )
    diagram = core.Diagram(dict(project.diagram.nodes), dict(project.diagram.wires), training=wild)
    path, out_path = tmp_path / "wild.nloom", tmp_path / "kept.nloom"
    core.save_project(core.Project(diagram), path)
    code, found = document(capsys, "train", path, "--output", out_path)
    assert (code, found["stopped"]) == (3, "diverged")
    assert "the learning rate 50 is too high" in found["diagnosis"]
    kept = core.load_project(out_path).parameters
    assert kept is not None
    assert all(np.isfinite(values).all() for values in kept.values())
    code, _, err = said(capsys, "train", path)
    assert code == 3
    assert err == found["diagnosis"] + "\n"


def test_a_run_that_stops_early_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    project = core.template("circle")
    training = structs.replace(
        project.diagram.training,
        target=None,
        early_stopping=core.EarlyStoppingChoice(patience=2, min_improvement=0.01),
        schedule=core.ScheduleChoice(key="cosine"),
    )
    path, out_path = tmp_path / "early.nloom.json", tmp_path / "early.nloom"
    core.save_project(
        core.Project(project.diagram.apply(set_training(project.diagram, **structs.asdict(training)))), path
    )
    code, found = document(capsys, "train", path, "--output", out_path)
    assert (code, found["stopped"]) == (0, "early")
    assert 2 < found["epochs"] < training.epochs
    again = document(capsys, "train", out_path, "--epochs", 1)[1]
    assert again["loss_first"] == pytest.approx(found["loss_last"]), "the best parameters are what is saved"
    assert "ended by: early." in said(capsys, "train", path)[1]


def test_a_project_of_a_newer_version_is_not_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "newer.nloom.json"
    core.save_project(core.template("line"), path)
    path.write_text(path.read_text("utf-8").replace('"version": 1', '"version": 2, "lessons": {}'), "utf-8")
    before = path.read_bytes()
    for extra in ([], ["--seed", "1"]):
        code, out, err = said(capsys, "train", path, "--steps", 1, "--output", tmp_path / "out.nloom", *extra)
        assert (code, out) == (2, "")
        assert "written by a newer version" in err
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]
    assert document(capsys, "train", path, "--steps", 1)[1]["steps"] == 1


def test_numbers_that_json_does_not_know_become_null() -> None:
    assert cli._finite({"a": [float("nan"), 1.0, "x"], "b": float("inf")}) == {"a": [None, 1.0, "x"], "b": None}


def test_predict_the_worked_example(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, found = document(capsys, "predict", "template:worked-example", "--input", table)
    assert code == 0
    assert found["outputs"][0][0] == pytest.approx(0.9985, abs=5e-5)
    assert said(capsys, "predict", "template:worked-example", "--input", table)[1].startswith(
        "probability of yes\n0.9984"
    )


def test_predictions_are_in_the_units_of_the_user(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, receipts, out_path = tmp_path / "meals.nloom", tmp_path / "in.csv", tmp_path / "out.csv"
    document(capsys, "train", "template:meals", "--output", path)
    receipts.write_text("sodas,guest,burgers,fries\n1,9,0,0\n2,9,3,1\n", encoding="utf-8")
    assert said(capsys, "predict", path, "--input", receipts, "--output", out_path) == (0, "", "")
    head, *lines = out_path.read_text(encoding="utf-8").splitlines()
    assert head == "price"
    assert [float(line) for line in lines] == pytest.approx([1.8, 2 * 1.8 + 3 * 4.5 + 2.5], rel=0.01)


def test_inputs_are_scaled_as_they_were_for_training(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, flowers = tmp_path / "iris.nloom", tmp_path / "in.csv"
    document(capsys, "train", "template:iris", "--output", path)
    flowers.write_text("5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n", encoding="utf-8")
    _, out, _ = said(capsys, "predict", path, "--input", flowers)
    head, *lines = out.splitlines()
    assert head == "setosa,versicolor,virginica,answer"
    assert [line.split(",")[-1] for line in lines] == ["setosa", "virginica"]
    outputs = document(capsys, "predict", path, "--input", flowers)[1]["outputs"]
    np.testing.assert_allclose(np.sum(outputs, axis=1), 1.0, rtol=1e-5)


def test_the_answer_is_that_of_the_node_before_the_loss(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Also where a neuron that reads the same wires shares the joining of them."""
    diagram = core.Diagram.build(
        [
            core.Node(id="x", kind="input"),
            *(core.Node(id=name, kind="neuron", hyperparameters={"activation": "linear"}) for name in "pqr"),
            core.Node(id="a", kind="neuron"),
            core.Node(id="joined", kind="concatenate"),
            core.Node(id="loss", kind="mean_squared_error"),
        ],
        [
            *(("x", name) for name in "pqr"),
            *((name, end) for end in ("a", "joined") for name in "pqr"),
            ("joined", "loss"),
        ],
        core.TrainingSettings(dataset=core.DatasetChoice(key="iris")),
    )
    path, flowers = tmp_path / "joined.nloom", tmp_path / "in.csv"
    parameters = {f"{name}/weight": np.full((1, 4), place, np.float32) for place, name in enumerate("pqr")}
    parameters |= {f"{name}/bias": np.zeros(1, np.float32) for name in "pqra"} | {
        "a/weight": np.ones((1, 3), np.float32)
    }
    core.save_project(core.Project(diagram, parameters), path)
    flowers.write_text("5.1,3.5,1.4,0.2\n", encoding="utf-8")
    code, found = document(capsys, "predict", path, "--input", flowers)
    (answer,) = found["outputs"]
    assert code == 0
    assert len(answer) == 3
    assert (answer[0], answer[2]) == (0.0, pytest.approx(2 * answer[1]))


def test_every_step_of_a_sequence_has_its_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, sequences = tmp_path / "copy.nloom", tmp_path / "in.csv"
    document(capsys, "train", "template:copy-attention", "--output", path)
    data = core.dataset("copy", seed=1)
    np.savetxt(sequences, data.inputs[:5].reshape(5, -1), fmt="%d", delimiter=",")
    _, out, _ = said(capsys, "predict", path, "--input", sequences)
    head, *lines = out.splitlines()
    assert head.startswith("a at step 1,b at step 1,")
    assert head.endswith(",answer at step 15,answer at step 16")
    shown = np.array(data.class_names)[data.inputs[:5, :8, :-1].argmax(axis=2)]
    assert [line.split(",")[-8:] for line in lines] == shown.tolist()


def test_an_input_takes_its_columns_from_every_step(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    diagram = core.Diagram.build(
        [
            core.Node(id="marks", kind="input", hyperparameters={"columns": "mark"}),
            core.Node(id="sum", kind="rnn", hyperparameters={"units": 1, "activation": "linear"}),
            core.Node(id="loss", kind="mean_squared_error"),
        ],
        [("marks", "sum"), ("sum", "loss")],
        core.TrainingSettings(dataset=core.DatasetChoice(key="adding", options={"length": 4})),
    )
    path, sequences = tmp_path / "marks.nloom", tmp_path / "in.csv"
    ones = np.ones((1, 1), np.float32)
    parameters = {"sum/input_weight": ones, "sum/recurrent_weight": ones, "sum/bias": np.zeros(1, np.float32)}
    core.save_project(core.Project(diagram, parameters), path)
    sequences.write_text("0.5,1,0.25,0,0.125,1,0.75,1\n", encoding="utf-8")
    code, found = document(capsys, "predict", path, "--input", sequences)
    assert (code, found) == (0, {"outputs": [[3.0]]})


def test_an_autoencoder_answers_in_the_units_of_its_inputs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, pictures = tmp_path / "autoencoder.nloom", tmp_path / "in.csv"
    document(capsys, "train", "template:autoencoder", "--epochs", "20", "--output", path)
    data = core.dataset("digits")
    ink = data.input_scaling.undo(data.inputs[:40]).reshape(40, 64)
    np.savetxt(pictures, ink, fmt="%d", delimiter=",")
    _, out, _ = said(capsys, "predict", path, "--input", pictures)
    head, *lines = out.splitlines()
    assert head.startswith("row 1 column 1,row 1 column 2,")
    answers = np.array([[float(cell) for cell in line.split(",")] for line in lines])
    assert answers.shape == (40, 64)
    assert np.square(answers - ink).mean() < np.square(ink.mean(axis=0) - ink).mean()


def test_pictures_are_predicted_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, pictures = tmp_path / "digits.nloom", tmp_path / "in.csv"
    document(capsys, "train", "template:digits", "--output", path)
    data = core.dataset("digits")
    ink = data.input_scaling.undo(data.inputs[:40]).reshape(40, 64).astype(int)
    np.savetxt(pictures, ink, fmt="%d", delimiter=",")
    outputs = document(capsys, "predict", path, "--input", pictures)[1]["outputs"]
    right = np.argmax(outputs, axis=1) == np.argmax(data.targets[:40], axis=1)
    assert right.mean() > 0.9


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "none.nloom"], "none.nloom cannot be opened"),
        (["train", "template:none"], "There is no template 'none'"),
        (["new", "none", "x.nloom"], "There is no template 'none'"),
        (["new", "xor", "x.txt"], "'x.txt' cannot be written here; choose a name that ends in .nloom."),
        (["train", FAST, "--output", "x.nloom.json"], "'x.nloom.json' cannot be written here"),
        (["train", FAST, "--output", "none/x.nloom"], "There is no folder 'none'"),
        (["train", FAST, "--epochs", "0"], "Invalid value for '--epochs'"),
        (["train", FAST, "--seed", "-1"], "Invalid value for '--seed'"),
        (
            ["train", FAST, "--seed", str(2**53 + 1)],
            "The seed is 9,007,199,254,740,993; it must be at most 9,007,199,254,740,992.",
        ),
        (["train", FAST, "--steps", "many"], "Invalid value for '--steps'"),
        (["train"], "Missing argument 'FILE'"),
        (["train", FAST, "--nothing"], "No such option"),
        (["dance"], "No such command 'dance'"),
        (["predict", FAST, "--input", "none.csv"], "has no trained values for h1/weight"),
        (["predict", FAST, "--input", "none.csv"], f"neuroloom train {FAST} --output TRAINED.nloom"),
        (["predict", "template:worked-example", "--input", "none.csv"], "There is no table 'none.csv'"),
        (["predict", "template:worked-example"], "Missing option '--input'"),
    ],
)
def test_bad_arguments_are_one_sentence(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_names_no_dataset_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "odd.nloom"
    training = core.TrainingSettings(dataset=core.DatasetChoice(key="none"))
    core.save_project(core.Project(core.Diagram(training=training)), path)
    code, _, err = said(capsys, "check", path)
    assert code == 2
    assert err.startswith("There is no dataset 'none'")


def test_the_verbs_are_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys)
    assert code == 0
    assert all(verb in out for verb in cli.VERBS)
    epilog = " ".join(out.split())
    assert "Without a command the window opens; neuroloom FILE opens a project in it." in epilog
    assert "neuroloom render FILE OUT" in epilog
    assert {command.callback.__name__ for command in cli.app.registered_commands if command.callback} == set(cli.VERBS)


def test_a_watched_run_shows_its_progress(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    code, out, err = said(capsys, "train", FAST, "--steps", 20, "--json")
    assert code == 0
    assert json.loads(out)["steps"] == 20
    assert "Training" in err


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "core.cli", "templates"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert cli.main(["templates"]) == 2
    monkeypatch.undo()
    assert capsys.readouterr().err == "The result is lost: No space left on device.\n"


def test_a_process_without_standard_output_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["templates"]) == 0


def test_the_module_is_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["neuroloom", "templates"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(cli.__file__, run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("single-neuron ")


def test_help_and_lists_load_no_numerics() -> None:
    code = (
        "import sys; from core.cli import main; main(['templates']); main(['--help']);"
        "print([name for name in ('numpy', 'polars', 'PySide6', 'pyqtgraph') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_ctrl_c_ends_a_run_between_two_steps(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = Trainer.events

    def pressed_after_three(trainer: Trainer, stop: Callable[[], bool]) -> Iterator[TrainingEvent]:
        for number, event in enumerate(events(trainer, stop)):
            yield event
            if number == 3:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Trainer, "events", pressed_after_three)
    out_path = tmp_path / "out.nloom"
    before = signal.getsignal(signal.SIGINT)
    code, found = document(capsys, "train", "template:digits", "--output", out_path)
    assert (code, found["stopped"]) == (130, "interrupted")
    assert found["steps"] > 0
    assert core.load_project(out_path).parameters
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(os.name == "nt", reason="a single process cannot be sent Ctrl-C on Windows")
def test_a_process_that_gets_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    out_path = tmp_path / "out.nloom"
    # By the time that the progress bar is asked for, Ctrl-C is being listened to.
    announced = (
        "import sys; from core import cli; progress = cli._progress\n"
        "cli._progress = lambda *a: (print('running', file=sys.stderr, flush=True), progress(*a))[1]\n"
        "sys.exit(cli.main())"
    )
    verb = ["train", "template:sine", "--epochs", "100000000", "--json", "--output", str(out_path)]
    with subprocess.Popen(
        [sys.executable, "-c", announced, *verb], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "running\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    assert json.loads(out)["stopped"] == "interrupted"
    assert core.load_project(out_path).parameters


def test_ctrl_c_before_the_run_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def press(anything: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_open", press)
    assert said(capsys, "train", FAST) == (130, "", "")
    # Before the arguments have been read, nobody has turned it into an exit code yet.
    monkeypatch.setattr(typer.main, "get_command", press)
    assert said(capsys, "train", FAST) == (130, "", "")
