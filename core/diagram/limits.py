"""What a record may hold at most, so that whatever can be drawn can also be saved, and read back, within known memory.

The document refuses an edit beyond these limits with a sentence, and so does the reader of project files.
"""

import math
import re
from typing import Any

from core.diagram.records import Frame, Node, Note, Position, Record, TrainingSettings, Wire

MAX_NODES = 20_000
MAX_WIRES = 200_000
MAX_NOTES = 20_000
MAX_FRAMES = 20_000
MAX_COORDINATE = 1e6
MAX_TEXT = 4 * 1024
"""Bytes of UTF-8 in any text but that of a note."""
MAX_NOTE_TEXT = 64 * 1024
MAX_NESTING = 16
"""Levels of brackets in a project's JSON; a value of a hyperparameter begins at the fifth."""
MAX_INTEGER = 2**53
ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
KIND_PATTERN = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
PORT_PATTERN = KIND_PATTERN

_VALUE_DEPTH = 4


def record_problem(record: Record) -> str | None:
    """A sentence on what a record holds that it must not, or None."""
    if isinstance(record, TrainingSettings):
        return _training_problem(record)
    if not ID_PATTERN.fullmatch(record.id):
        return f"The id {record.id[:80]!r} must be 1 to 64 letters, digits, - or _."
    if isinstance(record, Wire):
        return _wire_problem(record)
    return position_problem(record.position, "position") or _PROBLEMS[type(record)](record)


def update_problem(before: Record, after: Record) -> str | None:
    """Like ``record_problem``, for a record that takes the place of a good one: of a node that was only moved, its place."""
    if (
        isinstance(before, Node)
        and isinstance(after, Node)
        and before.hyperparameters is after.hyperparameters
        and before.title is after.title
        and before.kind is after.kind
    ):
        return position_problem(after.position, "position")
    return record_problem(after)


def position_problem(position: Position, name: str) -> str | None:
    """A sentence on a pair of coordinates that is not finite or lies outside the canvas, or None."""
    for number in position:
        if not -MAX_COORDINATE <= number <= MAX_COORDINATE:
            return f"The {name} holds {number}; it must lie between -1,000,000 and 1,000,000."
    return None


def text_problem(text: str, limit: int = MAX_TEXT, name: str = "text") -> str | None:
    """A sentence on a text that is too long or not made of characters, or None."""
    if text.isascii():
        size = len(text)
    else:
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            return f"The {name} holds half of a character (a lone surrogate)."
    return f"The {name} is {size:,} bytes long; at most {limit:,} are allowed." if size > limit else None


def value_problem(value: Any, depth: int = _VALUE_DEPTH) -> str | None:
    """A sentence on a value that JSON cannot carry within the limits, or None; ``depth`` is the level it stands on."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return text_problem(value)
    if isinstance(value, int):
        return None if abs(value) <= MAX_INTEGER else "A whole number lies beyond 2 to the power of 53."
    if isinstance(value, float):
        return None if math.isfinite(value) else f"A number is {value}; it must be finite."
    if not isinstance(value, dict | list | tuple):
        return f"A value of type {type(value).__name__} cannot be kept in a diagram."
    if depth >= MAX_NESTING:
        return f"Values are nested more than {MAX_NESTING} levels deep."
    return _container_problem(value, depth)


def _container_problem(value: Any, depth: int) -> str | None:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            return "The keys of a table must be texts."
        inner = [*value.keys(), *value.values()]
    else:
        inner = list(value)
    return next((problem for item in inner if (problem := value_problem(item, depth + 1))), None)


def _node_problem(node: Node) -> str | None:
    if not KIND_PATTERN.fullmatch(node.kind):
        return f"The kind {node.kind[:80]!r} must be 1 to 64 letters, digits, -, . or _."
    return text_problem(node.title, name="title") or value_problem(node.hyperparameters, _VALUE_DEPTH - 1)


def _wire_problem(wire: Wire) -> str | None:
    for _, port in (wire.source, wire.target):
        if not PORT_PATTERN.fullmatch(port):
            return f"The port {port[:80]!r} must be 1 to 64 letters, digits, -, . or _."
    return None if 0 <= wire.order <= MAX_INTEGER else f"The order of a wire is {wire.order}; it must be from 0."


def _note_problem(note: Note) -> str | None:
    return text_problem(note.text, MAX_NOTE_TEXT, "note") or position_problem(note.size, "size")


def _frame_problem(frame: Frame) -> str | None:
    return text_problem(frame.title, name="title") or position_problem(frame.size, "size")


_PROBLEMS: dict[type, Any] = {Node: _node_problem, Note: _note_problem, Frame: _frame_problem}


def _training_problem(training: TrainingSettings) -> str | None:
    for name, number, low, high in _training_numbers(training):
        if not math.isfinite(number):
            return f"The {name} is {number}; it must be a finite number."
        if not low <= number <= high:
            bound = f"at least {low:,g}" if number < low else f"at most {high:,.0f}"
            return f"The {name} is {number:,}; it must be {bound}."
    metric = training.target.metric if training.target else ""
    texts = (training.dataset.key, training.optimizer.key, training.schedule.key, metric)
    problem = next((problem for text in texts if (problem := text_problem(text, name="key"))), None)
    return problem or value_problem(training.dataset.options, _VALUE_DEPTH - 1)


def _training_numbers(training: TrainingSettings) -> list[tuple[str, float, float, float]]:
    """(what it is called, number, least, most) for every number of the settings."""
    optimizer, schedule, regularization = training.optimizer, training.schedule, training.regularization
    numbers = [
        ("learning rate", optimizer.learning_rate, 0.0, math.inf),
        ("momentum", optimizer.momentum, 0.0, 1.0),
        ("beta1", optimizer.beta1, 0.0, 1.0),
        ("beta2", optimizer.beta2, 0.0, 1.0),
        ("rho", optimizer.rho, 0.0, 1.0),
        ("epsilon", optimizer.epsilon, 0.0, math.inf),
        ("weight decay", optimizer.weight_decay, 0.0, math.inf),
        ("history", optimizer.history, 1, MAX_INTEGER),
        ("factor of the schedule", schedule.factor, 0.0, math.inf),
        ("number of epochs between steps", schedule.every, 1, MAX_INTEGER),
        ("final share of the schedule", schedule.final, 0.0, 1.0),
        ("warm-up", schedule.warmup, 0.0, math.inf),
        ("L1 regularization", regularization.l1, 0.0, math.inf),
        ("L2 regularization", regularization.l2, 0.0, math.inf),
        ("max-norm", regularization.max_norm, 0.0, math.inf),
        ("largest gradient", training.clipping.value, 0.0, math.inf),
        ("largest gradient norm", training.clipping.norm, 0.0, math.inf),
        ("batch size", training.batch_size, 1, MAX_INTEGER),
        ("number of epochs", training.epochs, 0, MAX_INTEGER),
        ("seed", training.seed, 0, MAX_INTEGER),
        ("validation fraction", training.validation_fraction, 0.0, 1.0),
    ]
    if training.target is not None:
        numbers.append(("target", training.target.value, -math.inf, math.inf))
    if training.early_stopping is not None:
        numbers.append(("patience", training.early_stopping.patience, 1, MAX_INTEGER))
        numbers.append(("least improvement", training.early_stopping.min_improvement, 0.0, math.inf))
    return numbers
