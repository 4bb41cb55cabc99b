"""The answers of a network as a CSV table: a column for each output, and the likeliest class where there are classes."""

from core.compiler.plan import Plan
from core.datasets.dataset import Dataset
from core.ops.losses import BinaryCrossEntropy, BinaryCrossEntropyFromLogits

_OF_PROBABILITIES = (BinaryCrossEntropy, BinaryCrossEntropyFromLogits)


def answer_table(plan: Plan, data: Dataset, rows: list[list[float]]) -> str:
    """The table for answers of shape (samples, outputs), in the units of the data; names first, then a line for each sample."""
    known = _column_names(plan, data)
    names = known if len(known) == len(rows[0]) else tuple(str(number) for number in range(len(rows[0])))
    lines = [[_quoted(name) for name in names], *([f"{value:.7g}" for value in row] for row in rows)]
    if data.task == "classes":
        answers = [data.class_names[row.index(max(row))] for row in rows]
        for line, answer in zip(lines, ["answer", *answers]):
            line.append(_quoted(answer))
    return "".join(",".join(line) + "\n" for line in lines)


def _column_names(plan: Plan, data: Dataset) -> tuple[str, ...]:
    """What the answers are called; one that was trained to be the probability of a class says of which."""
    if data.task == "binary" and all(isinstance(plan.steps[loss.step].op, _OF_PROBABILITIES) for loss in plan.losses):
        return tuple(f"probability of {name}" for name in data.target_names)
    return data.target_names


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
