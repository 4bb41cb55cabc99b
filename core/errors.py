"""The few errors that Neuroloom raises on purpose.

Every message is written for the person at the desk: what happened, what was expected, what was received, what to do.
A half-drawn diagram is not an error: it is described by Diagnostics (see ``core.compiler.diagnostics``).
"""


class NeuroloomError(Exception):
    """Anything that went wrong in a way that we foresaw; its text is fit for a person."""


class EditError(NeuroloomError):
    """A change does not fit the diagram it is applied to."""


class HyperparameterError(NeuroloomError):
    """A hyperparameter has the wrong type, or lies outside its range."""


class ProjectFileError(NeuroloomError):
    """A project file cannot be read or written.

    ``place`` is the JSON path of the fault (``$.nodes.h.kind``), or "" where the fault is the file as a whole.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{message.removesuffix('.')} (at {place})." if place else message)
        self.place = place


class DatasetError(NeuroloomError):
    """A dataset is unknown, or its options or its table do not make sense."""


class ModelError(NeuroloomError):
    """Arrays given to a model do not have the shapes that its plan asks for."""


class TrainingError(NeuroloomError):
    """A training run cannot start with these settings."""
