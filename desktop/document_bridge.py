"""Between the document, which knows no Qt, and the panels, which know nothing else: changes become Qt signals.

The bridge holds what is open: the document, the data that it trains on, the parameters that came with the file, and the
path. It compiles the diagram once per turn of the event loop however many changes came, and not at all for changes
that only move things.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.catalogue.ports import ports_of
from core.compiler.compile import Compilation, compile_diagram
from core.compiler.data_spec import data_spec_for
from core.diagram.change import Change
from core.diagram.diagram import Diagram
from core.diagram.document import DiagramDocument
from core.diagram.records import DatasetChoice, Node, Record, TrainingSettings, Wire
from core.errors import NeuroloomError

if TYPE_CHECKING:
    from core.datasets.dataset import Dataset
    from core.storage.project import Project

_NEVER = -1
"""A state that no document is ever in."""

Parameters = Mapping[str, NDArray[np.floating[Any]]]


class DocumentBridge(QObject):
    """The open document as Qt signals; panels read it here, and change it by ``apply`` alone."""

    changed = Signal(object)
    """A Change was applied, undone or redone."""
    replaced = Signal()
    """Another document is open now: read everything anew."""
    history_changed = Signal()
    """What can be undone or redone is different, or called differently."""
    compiled = Signal(object)
    """A Compilation of the diagram as it stands now."""
    clean_changed = Signal(bool)
    """Whether the document is as it was last saved."""
    path_changed = Signal()
    """The file behind the document is another one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = DiagramDocument(ports=ports_of)
        self._unsubscribe = self._document.subscribe(self._on_change)
        self._path: Path | None = None
        self._parameters: dict[str, NDArray[np.floating[Any]]] | None = None
        self._project: Project | None = None
        self._choice: DatasetChoice | None = None
        self._dataset: Dataset | None = None
        self._dataset_problem = ""
        self._compilation: Compilation | None = None
        self._was_clean = True
        self._compile_timer = QTimer(self)
        self._compile_timer.setSingleShot(True)
        self._compile_timer.setInterval(0)
        self._compile_timer.timeout.connect(self._announce_compilation)

    @property
    def document(self) -> DiagramDocument:
        """The document with its history."""
        return self._document

    @property
    def diagram(self) -> Diagram:
        """The diagram as it stands now."""
        return self._document.diagram

    @property
    def path(self) -> Path | None:
        """The file that the document was opened from or last saved to, or None."""
        return self._path

    @property
    def parameters(self) -> dict[str, NDArray[np.floating[Any]]] | None:
        """The trained parameters that came with the project, by name, or None."""
        return self._parameters

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was last saved."""
        return self._document.is_clean

    @property
    def is_read_only(self) -> bool:
        """Whether a newer version wrote the file, so that saving it here would lose what it says."""
        return self._project is not None and self._project.read_only

    @property
    def dataset(self) -> "Dataset | None":
        """The data that the diagram asks for, made once per choice; None where the choice does not work."""
        choice = self.diagram.training.dataset
        if choice != self._choice:
            self._choice = choice
            self._dataset, self._dataset_problem = _load_dataset(choice)
        return self._dataset

    @property
    def dataset_problem(self) -> str:
        """Why there is no dataset, as a sentence, or "" where there is one."""
        _ = self.dataset
        return self._dataset_problem

    @property
    def compilation(self) -> Compilation:
        """The compilation of the diagram as it stands now."""
        if self._compilation is None:
            dataset = self.dataset
            spec = None if dataset is None else data_spec_for(self.diagram, dataset)
            self._compilation = compile_diagram(self.diagram, spec)
        return self._compilation

    def apply(self, change: Change, label: str, merge_key: str | None = None) -> None:
        """Apply a change as one undo step called ``label``; steps of one ``merge_key`` in a row become one.

        Raises EditError, with a sentence for the person, if the change does not fit.
        """
        if change:
            self._document.apply(change, label, merge_key)

    def undo(self) -> None:
        """Take back the last step, if there is one."""
        if self._document.can_undo:
            self._document.undo()

    def redo(self) -> None:
        """Do again what was last taken back, if there is anything."""
        if self._document.can_redo:
            self._document.redo()

    def open_project(self, project: "Project", path: Path | None, *, unsaved: bool = False) -> None:
        """Make a project the open document; ``path`` is None for a fresh one that was never saved.

        ``unsaved`` says that it differs from what is in the file, as after a crash.
        """
        self._unsubscribe()
        self._document = DiagramDocument(project.diagram, ports_of)
        self._unsubscribe = self._document.subscribe(self._on_change)
        self._project = project
        self._path = path
        self._parameters = None if project.parameters is None else dict(project.parameters)
        self._compilation = None
        if unsaved:
            self._document.mark_clean(_NEVER)
        self._was_clean = not unsaved
        self.replaced.emit()
        self.path_changed.emit()
        self.clean_changed.emit(self._was_clean)
        self.history_changed.emit()
        self._announce_compilation()

    def project(self, parameters: Parameters | None = None) -> "Project":
        """What a file would hold now: the diagram with ``parameters``, or with those that came with it."""
        from core.storage.project import Project

        kept = self._parameters if parameters is None else dict(parameters)
        before = self._project
        return Project(
            diagram=self.diagram,
            parameters=kept,
            extras={} if before is None else dict(before.extras),
            read_only=before is not None and before.read_only,
            notice="" if before is None else before.notice,
        )

    def save(self, path: Path, parameters: Parameters | None = None, *, check: bool = False) -> None:
        """Write the document to a file, and take that as the saved state.

        With ``check``, FileChangedError is raised if someone else has changed the file since it was read or written here.
        A change made while the file was written leaves the document modified. Raises ProjectFileError or OSError; then
        the file and the document are as they were.
        """
        from core.storage.project import save_project

        before = self._project.fingerprint if check and self._project is not None and path == self._path else ""
        state = self._document.state
        project = self.project(parameters)
        project.fingerprint = save_project(project, path, expected=before or None)
        self._project = project
        self._parameters = project.parameters
        if path != self._path:
            self._path = path
            self.path_changed.emit()
        self._document.mark_clean(state)
        self._tell_history()

    def _on_change(self, change: Change) -> None:
        if _matters_to_compiler(change):
            self._compilation = None
            self._compile_timer.start()
        self.changed.emit(change)
        self._tell_history()

    def _tell_history(self) -> None:
        clean = self._document.is_clean
        if clean != self._was_clean:
            self._was_clean = clean
            self.clean_changed.emit(clean)
        self.history_changed.emit()

    def _announce_compilation(self) -> None:
        self.compiled.emit(self.compilation)


def _load_dataset(choice: DatasetChoice) -> "tuple[Dataset | None, str]":
    from core.datasets.registry import dataset

    try:
        return dataset(choice.key, **choice.options), ""
    except NeuroloomError as error:
        return None, str(error)


def _matters_to_compiler(change: Change) -> bool:
    """Whether a change can make the compiler say something else: notes, frames and positions cannot."""
    if any(isinstance(record, Node | Wire | TrainingSettings) for record in (*change.added, *change.removed)):
        return True
    return any(_meaning(update.before) != _meaning(update.after) for update in change.updated)


def _meaning(record: Record) -> object:
    if isinstance(record, Node):
        return record.kind, record.title, record.hyperparameters
    if isinstance(record, TrainingSettings):
        return record.dataset
    return record if isinstance(record, Wire) else None
