"""The answers of a network as a CSV table: a column for each output, and the likeliest class where there are classes."""

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset, FloatArray, step_name
from core.ops.losses import BinaryCrossEntropy, BinaryCrossEntropyFromLogits
from core.training.metrics import judged_by

_OF_PROBABILITIES = (BinaryCrossEntropy, BinaryCrossEntropyFromLogits)


def in_user_units(plan: Plan, data: Dataset, answers: FloatArray) -> FloatArray:
    """Answers as they come from the network -> in the units of what they are compared with: the targets, or the inputs themselves."""
    scaling = data.input_scaling if _gives_inputs_back(plan) else data.target_scaling
    return scaling.undo(answers)


def answer_table(plan: Plan, data: Dataset, rows: list[list[float]]) -> str:
    """The table for answers of shape (samples, outputs), in the units of the data; names first, then a line for each sample.

    Where classes are asked for, a last column names the likeliest one; where they are at every step, a column for each step.
    """
    known = _column_names(plan, data)
    names = known if len(known) == len(rows[0]) else tuple(str(number) for number in range(len(rows[0])))
    lines = [[_quoted(name) for name in names], *([f"{value:.7g}" for value in row] for row in rows)]
    if data.task == "classes" and known is names and not _gives_inputs_back(plan):
        for line, answers in zip(lines, [_answer_names(data), *(_likeliest(data, row) for row in rows)]):
            line.extend(map(_quoted, answers))
    return "".join(",".join(line) + "\n" for line in lines)


def _gives_inputs_back(plan: Plan) -> bool:
    """Whether the answers are compared with the samples themselves, as in an autoencoder."""
    judge = judged_by(plan)
    return judge is not None and judge.compares_inputs


def _answer_names(data: Dataset) -> list[str]:
    steps = len(data.target_names) // len(data.class_names)
    return ["answer"] if steps == 1 else [step_name("answer", step) for step in range(1, steps + 1)]


def _likeliest(data: Dataset, row: list[float]) -> list[str]:
    """The likeliest class, or that of each step in turn."""
    classes = len(data.class_names)
    groups = (row[start : start + classes] for start in range(0, len(row), classes))
    return [data.class_names[group.index(max(group))] for group in groups]


def _column_names(plan: Plan, data: Dataset) -> tuple[str, ...]:
    """What the answers are called; one that was trained to be the probability of a class says of which."""
    if _gives_inputs_back(plan):
        return data.feature_names
    if data.task == "binary" and all(isinstance(plan.steps[loss.step].op, _OF_PROBABILITIES) for loss in plan.losses):
        return tuple(f"probability of {name}" for name in data.target_names)
    return data.target_names


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
