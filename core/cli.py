"""The headless commands: everything that ``neuroloom`` does without a window, on a machine with no screen.

Standard output carries the result alone (with ``--json`` exactly one document), standard error all else. What fails for a
reason that we foresaw is one sentence and exit code 2. NumPy and the rest of core are imported by the command that needs
them, so that help and lists come at once.
"""

import json
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import NeuroloomError, ProjectFileError, TrainingError
from core.threads import use_one_blas_thread

if TYPE_CHECKING:
    from core.compiler.compile import Compilation
    from core.compiler.diagnostics import Diagnostic
    from core.compiler.plan import Plan
    from core.datasets.dataset import Dataset
    from core.storage.project import Project
    from core.training.events import RunEnded
    from core.training.trainer import Trainer

VERBS = ("templates", "new", "check", "plan", "train", "predict")

EXIT_ERRORS = 1
EXIT_BAD = 2
EXIT_DIVERGED = 3
EXIT_INTERRUPTED = 130

USAGE_ERROR: Any = typer.BadParameter.__mro__[1]
"""The base of all usage errors, which is click's, and newer versions of typer carry click inside."""

TEMPLATE_PREFIX = "template:"

WINDOW = "Without a command the window opens; neuroloom FILE opens a project in it."
EPILOG = (
    "The window, and neuroloom render FILE OUT, which draws a diagram as a picture (.png, .svg, .pdf), need the libraries "
    "of a desktop; the commands above need no screen."
)
"""What the same command does outside this module, which knows nothing of a window."""

app = typer.Typer(
    name="neuroloom",
    help=f"Draw a neural network, train it, and watch it learn. {WINDOW}",
    epilog=EPILOG,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
    pretty_exceptions_enable=False,
)

File = Annotated[str, typer.Argument(metavar="FILE", help="A project (.nloom, .nloom.json) or template:KEY.")]
TABLE = "The inputs: a row for each sample, with all steps of a sequence or all lines of a picture side by side."
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Output = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Where to write the result; else it is only printed.")
]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command with these arguments (those of the process by default); the exit code."""
    use_one_blas_thread()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A console that knows few letters shows a question mark rather than an error.
            stream.reconfigure(errors="replace")
    arguments = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="neuroloom", standalone_mode=False)
        print(end="", flush=True)
        return code or 0
    except OSError as error:
        # Whoever read our output has gone, as "| head" does, or the disk is full; what is left must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return (
            EXIT_ERRORS if isinstance(error, BrokenPipeError) else _complain(f"The result is lost: {error.strerror}.")
        )
    except NeuroloomError as error:
        return _complain(str(error))
    except USAGE_ERROR as error:
        return _complain(error.format_message())
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED


def _show_version(wanted: bool) -> None:
    if wanted:
        from core.version import version

        print(f"neuroloom {version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """What can stand before a command; its help is that of the program."""


@app.command()
def templates(as_json: AsJson = False) -> int:
    """List the templates."""
    from core.templates import templates as all_templates

    rows = [asdict(info) for info in all_templates()]
    if as_json:
        return _print_json(rows)
    width = max(len(row["key"]) for row in rows)
    for row in rows:
        print(f"{row['key']:{width}}  {row['goal']}")
    return 0


@app.command()
def new(
    key: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The key of a template.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.nloom", help="The project to write.")],
) -> int:
    """Write a template as a project of your own; a file of that name is kept as OUT.nloom~."""
    from core.storage.project import save_project
    from core.templates import template

    project = template(key.removeprefix(TEMPLATE_PREFIX))
    _check_output(out, (".nloom", ".nloom.json"))
    replaced = out.exists()
    save_project(project, out)
    if replaced:
        print(f"{out} was there already and is replaced; the old one is kept as {out.name}~.", file=sys.stderr)
    return 0


@app.command()
def check(file: File, as_json: AsJson = False) -> int:
    """Compile a project and say what is wrong with it."""
    compilation, _ = _compiled(_open(file))
    if as_json:
        _print_json(
            {
                "errors": [_diagnostic(item) for item in compilation.errors],
                "warnings": [_diagnostic(item) for item in compilation.warnings],
                "parameters": compilation.parameter_count,
                "macs": compilation.macs,
            }
        )
    else:
        for item in (*compilation.errors, *compilation.warnings):
            fixes = "; ".join(fix.title for fix in item.fixes)
            print(f"{item.severity}: {item.message}" + (f" [{fixes}]" if fixes else ""))
        print(f"{compilation.parameter_count:,} parameters, {compilation.macs:,} multiply-adds a sample.")
    return EXIT_ERRORS if compilation.errors else 0


@app.command()
def plan(file: File, as_json: AsJson = False) -> int:
    """Print the steps that a diagram is compiled to."""
    compilation, _ = _compiled(_open(file))
    if compilation.plan is None:
        return _explain(compilation)
    if as_json:
        return _print_json({"steps": compilation.plan.rows()})
    print(compilation.plan.table())
    return 0


@app.command()
def train(
    file: File,
    epochs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Train for N epochs; else for as many as the project says (200 if new)."),
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop after N steps.")] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Start from fresh weights of this seed, and split the data by it."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="TRAINED.nloom", help="Where to keep the trained network; else what is learned is lost."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Train a network; Ctrl-C stops it and still writes the output."""
    from core.diagram.edits import set_training
    from core.diagram.limits import record_problem
    from core.model.model import Model
    from core.storage.project import save_project
    from core.training.trainer import Trainer

    if output is not None:
        _check_output(output, (".nloom",))
    project = _open(file)
    if output is not None and project.read_only:
        raise ProjectFileError(f"What is learned here cannot be saved. {project.notice} Leave out --output.")
    if seed is not None:
        diagram = project.diagram.apply(set_training(project.diagram, seed=seed))
        if problem := record_problem(diagram.training):
            raise TrainingError(problem)
        project = replace(project, diagram=diagram, parameters=None)
    settings = project.diagram.training
    compilation, data = _compiled(project)
    if compilation.plan is None:
        return _explain(compilation)
    model = Model(compilation.plan, seed=settings.seed)
    model.load(project.parameters or {})
    trainer = Trainer(model, data, settings, max_steps=steps, max_epochs=epochs)
    ended = _run(trainer, epochs or settings.epochs, steps)
    if output is not None:
        # What the optimizer remembered belongs to the run before.
        save_project(replace(project, parameters=model.copy_parameters(), optimizer_state=None), output)
    _report(ended, compilation.parameter_count, output, as_json)
    return {"diverged": EXIT_DIVERGED, "interrupted": EXIT_INTERRUPTED}.get(ended.stopped, 0)


@app.command()
def predict(
    file: File,
    table: Annotated[Path, typer.Option("--input", metavar="TABLE.csv", help=TABLE)],
    output: Output = None,
    as_json: AsJson = False,
) -> int:
    """Run a trained network on the rows of a table, in the units of the data."""
    from core.answer_table import answer_table, in_user_units
    from core.datasets.csv_table import read_table
    from core.model.model import Model

    project = _open(file)
    compilation, data = _compiled(project)
    if compilation.plan is None:
        return _explain(compilation)
    model = Model(compilation.plan)
    loaded = model.load(project.parameters or {})
    missing = next((name for name in model.parameters if name not in loaded), None)
    if missing is not None:
        raise ProjectFileError(
            f"{file} has no trained values for {missing}; train it first: neuroloom train {file} --output TRAINED.nloom"
        )
    rows = read_table(table).columns(data.feature_names)
    scaled = data.input_scaling.apply(rows.reshape(len(rows), *data.input_shape))
    node = str(compilation.plan.answer)  # there is one, for without a loss there is no plan
    outputs = model.forward(_input_arrays(compilation.plan, scaled), nodes=[node])[node]
    answers = in_user_units(compilation.plan, data, outputs).astype(float)
    if as_json:
        _print_json({"outputs": answers.tolist()})
    text = answer_table(compilation.plan, data, answers.reshape(len(answers), -1).tolist())
    if output is not None:
        # Only the storage package opens a user's file for writing.
        from core.storage.atomic import write_atomically

        write_atomically(output, text.encode())
    elif not as_json:
        print(text, end="")
    return 0


def _open(name: str) -> "Project":
    from core.storage.project import load_project
    from core.templates import template

    if name.startswith(TEMPLATE_PREFIX):
        return template(name.removeprefix(TEMPLATE_PREFIX))
    return load_project(name)


def _compiled(project: "Project") -> "tuple[Compilation, Dataset]":
    from core.compiler.compile import compile_diagram
    from core.compiler.data_spec import data_spec_for
    from core.datasets.registry import dataset

    choice = project.diagram.training.dataset
    data = dataset(choice.key, **choice.options)
    return compile_diagram(project.diagram, data_spec_for(project.diagram, data)), data


def _run(trainer: "Trainer", epochs: int, steps: int | None) -> "RunEnded":
    """The whole run, with a progress bar where somebody is watching."""
    from core.training.events import RunEnded

    with _stop_on_ctrl_c() as stop, _progress(trainer, epochs, steps) as show:
        for event in trainer.events(stop):
            show()
            last = event
    assert isinstance(last, RunEnded)
    return last


@contextmanager
def _stop_on_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Turns Ctrl-C into a flag for the length of a run, so that the run ends between two steps."""
    pressed = False

    def press(number: int, frame: object) -> None:
        nonlocal pressed
        pressed = True

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(trainer: "Trainer", epochs: int, steps: int | None) -> Iterator[Callable[[], None]]:
    """A bar on standard error if that is a terminal; what to call after every event."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Training", total=steps or epochs)
        yield lambda: bar.update(task, completed=trainer.step if steps else trainer.epoch)


def _report(ended: "RunEnded", parameters: int, output: Path | None, as_json: bool) -> None:
    if as_json:
        result = {name: value for name, value in asdict(ended).items() if name != "stopped"}
        _print_json({**result, "parameters": parameters, "stopped": ended.stopped})
        return
    print(f"{ended.steps:,} steps, {ended.epochs:,} epochs, {ended.seconds:.1f} s; ended by: {ended.stopped}.")
    print(f"Loss {ended.loss_first:.4g} -> {ended.loss_last:.4g}; on validation data {ended.validation_loss:.4g}.")
    print(f"{ended.metric} on validation data: {ended.metric_value:.4f}")
    if ended.diagnosis:
        print(ended.diagnosis, file=sys.stderr)
    if output is not None:
        print(f"Saved as {output}.")
    elif not ended.diagnosis:
        print("Not saved: add --output FILE to keep what was learned.", file=sys.stderr)


def _input_arrays(plan: "Plan", scaled: Any) -> dict[str, Any]:
    """The samples as each input node wants them."""
    return {
        binding.node: scaled if binding.columns is None else scaled[..., list(binding.columns)]
        for binding in plan.inputs
    }


def _diagnostic(item: "Diagnostic") -> dict[str, Any]:
    return {
        "code": item.code,
        "message": item.message,
        "nodes": list(item.nodes),
        "fixes": [fix.title for fix in item.fixes],
    }


def _explain(compilation: "Compilation") -> int:
    """Why a diagram cannot be run, on standard error."""
    _complain(compilation.errors[0].message)
    return EXIT_ERRORS


def _check_output(output: Path, suffixes: tuple[str, ...]) -> None:
    """Raises ProjectFileError before the work rather than after it; the JSON form has no room for trained weights."""
    if not output.name.endswith(suffixes):
        raise ProjectFileError(f"{str(output)!r} cannot be written here; choose a name that ends in {suffixes[0]}.")
    if not output.absolute().parent.is_dir():
        raise ProjectFileError(f"There is no folder {str(output.parent)!r} to write {output.name} to.")


def _print_json(document: Any) -> int:
    print(json.dumps(_finite(document), allow_nan=False))
    return 0


def _finite(value: Any) -> Any:
    """The same document with null for every number that JSON does not know."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _complain(message: str) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return EXIT_BAD


if __name__ == "__main__":
    sys.exit(main())
