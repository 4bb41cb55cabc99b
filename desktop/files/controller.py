"""Opening and saving: what the File menu does, and the questions that it asks before anything is lost.

Every question is a dialog with a continuation, never a nested event loop: ``keep_or_lose(then)`` calls ``then`` once the
open document is saved, discarded, or needs neither.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.errors import NeuroloomError
from desktop.document_bridge import DocumentBridge
from desktop.files import questions
from desktop.settings import Settings
from desktop.training.controller import TrainingController

if TYPE_CHECKING:
    from core.storage.project import Project

UNTITLED = "Untitled"
WITHOUT_WEIGHTS = "Saved the drawing. Trained weights are kept only in .nloom files."

Then = Callable[[], None]


class FileController(QObject):
    """The file behind the open document; a file is read whole before it replaces what is open."""

    saved = Signal()
    """The document was written to its file."""
    opened = Signal()
    """Another document is open."""
    unsaved_changed = Signal(bool)
    """Whether closing now would lose something."""
    notice = Signal(str)
    """A sentence for the person: what a file does not hold."""

    def __init__(
        self, window: QWidget, bridge: DocumentBridge, controller: TrainingController, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._controller = controller
        self._settings = settings
        self._name = UNTITLED
        self._saved_step = 0
        self._was_unsaved = False
        bridge.clean_changed.connect(lambda _clean: self._tell_unsaved())
        controller.run_ended.connect(lambda _ended: self._tell_unsaved())
        controller.state_changed.connect(lambda _state: self._tell_unsaved())
        controller.training_event.connect(lambda _event: self._tell_unsaved())
        controller.history_cleared.connect(self._tell_unsaved)

    @property
    def name(self) -> str:
        """What the title says: the name of the file or of the template."""
        return self._bridge.path.name if self._bridge.path is not None else self._name

    @property
    def is_unsaved(self) -> bool:
        """Whether closing now would lose something: an edit, or training."""
        return not self._bridge.is_clean or self._is_trained

    def new_empty(self) -> None:
        """An empty canvas, once the open document is safe."""
        self.keep_or_lose(lambda: self._show(_empty_project(), None, UNTITLED))

    def new_from_template(self, key: str, title: str = "") -> None:
        """A copy of a template, without a file of its own, once the open document is safe."""

        def load() -> None:
            from core.templates import template, templates

            name = title or next((info.title for info in templates() if info.key == key), key)
            self._attempt(f"The template “{name}” cannot be opened.", lambda: self._show(template(key), None, name))

        self.keep_or_lose(load)

    def open(self) -> None:
        """Ask for a file and open it."""
        questions.choose_file_to_open(self._window, self._settings.last_folder, self.open_path)

    def open_path(self, path: Path) -> None:
        """Open a file, once the open document is safe; a bad file gets one sentence and changes nothing."""
        self.keep_or_lose(lambda: self.load(path))

    def load(self, path: Path) -> None:
        """Open a file in place of the open document, without a question."""

        def read() -> None:
            from core.storage.project import load_project

            project = load_project(path)
            self._show(project, path, path.name)
            self._remember(path)
            if project.read_only:
                questions.tell(self._window, f"“{path.name}” can be looked at, but not saved.", project.notice)

        self._attempt(f"“{path.name}” cannot be opened.", read)

    def save(self, then: Then | None = None) -> None:
        """Write the document to its file; asks for one where there is none, and before someone else's work is lost."""
        path = self._bridge.path
        if path is None:
            self.save_as(then)
            return

        def ask() -> None:
            questions.ask_changed_on_disk(
                self._window, path.name, lambda: self.write(path, then), lambda: self.save_as(then)
            )

        self._attempt(_cannot_save(path), lambda: self._write(path, then, check=True), ask)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a file and write the document to it."""
        suggestion = self._bridge.path or self._settings.last_folder / f"{self._name}{questions.PROJECT_SUFFIX}"
        questions.choose_file_to_save(self._window, suggestion, lambda path: self.write(path, then))

    def write(self, path: Path, then: Then | None = None) -> None:
        """Write the document with its parameters to a file, without a question; ``then`` follows if that worked."""
        self._attempt(_cannot_save(path), lambda: self._write(path, then, check=False))

    def keep_or_lose(self, then: Then) -> None:
        """Call ``then`` once nothing can be lost, or the person has said that it may be."""
        if not self.is_unsaved:
            then()
            return
        why = (
            "Closing it now loses your changes."
            if not self._bridge.is_clean
            else "It was trained; closing it now loses what it has learned."
            if self._bridge.path is None
            else "It was trained since it was saved; closing it now loses what it has learned."
        )
        questions.ask_unsaved(self._window, self.name, why, lambda: self.save(then), then)

    @property
    def _is_trained(self) -> bool:
        return self._controller.step_count != self._saved_step

    def show_restored(self, project: "Project", path: Path | None, name: str) -> None:
        """Show what a crash left, as an unsaved document of the file that it came from."""
        self._show(project, path, name or UNTITLED, unsaved=True)

    def _show(self, project: "Project", path: Path | None, name: str, *, unsaved: bool = False) -> None:
        self._name = name
        self._bridge.open_project(project, path, unsaved=unsaved)
        self._saved_step = self._controller.step_count
        self._tell_unsaved()
        self.opened.emit()

    def _write(self, path: Path, then: Then | None, *, check: bool) -> None:
        step = self._controller.step_count
        is_trained = step > 0 or self._bridge.parameters is not None
        self._bridge.save(path, self._controller.parameters(), check=check)
        self._saved_step = step
        self._remember(path)
        self._tell_unsaved()
        self.saved.emit()
        if is_trained and path.name.endswith(questions.TEXT_SUFFIX):
            self.notice.emit(WITHOUT_WEIGHTS)
        if then is not None:
            then()

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        self._settings.recent = [path, *(other for other in self._settings.recent if other != path)]
        self._settings.last_folder = path.parent

    def _attempt(self, headline: str, action: Then, if_changed: Then | None = None) -> None:
        """Do it, or say in one dialog why it did not work; what is open stays as it is then."""
        from core.storage.atomic import FileChangedError

        try:
            action()
        except FileChangedError as error:
            if if_changed is not None:
                if_changed()
            else:
                questions.tell(self._window, headline, str(error))
        except (NeuroloomError, OSError) as error:
            sentence = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            questions.tell(self._window, headline, sentence)

    def _tell_unsaved(self) -> None:
        unsaved = self.is_unsaved
        if unsaved != self._was_unsaved:
            self._was_unsaved = unsaved
            self.unsaved_changed.emit(unsaved)


def _cannot_save(path: Path) -> str:
    return f"“{path.name}” cannot be saved; the document is still open, and unsaved."


def _empty_project() -> "Project":
    from core.diagram.diagram import Diagram
    from core.storage.project import Project

    return Project(diagram=Diagram(), parameters=None)
