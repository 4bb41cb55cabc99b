"""Neuroloom without its window: diagrams, the models they compile to, their training, and their files.

**From a drawing to a trained network.** A ``Diagram`` is pure data: frozen records of nodes and wires. ``compile_diagram``
sends it through a list of small passes and answers with a ``Plan``, or with Diagnostics: sentences for a student, each with
a fix where there is one. A ``Model`` binds a Plan to arrays, once; after that a training step is a row of calls without
arguments. A ``Trainer`` takes the steps and tells of them in frozen events.

**The rooms, from the bottom up.** ``errors`` holds the few errors that we raise on purpose. ``ops`` is the mathematics:
each operation with its derivative beside it, on plain arrays, batch last. ``diagram`` is the document: records, a Change
that knows its inverse, edits that make Changes, and DiagramDocument with its history. ``catalogue`` declares the kinds of
node, one file each; palette, inspector, file format and compiler learn everything from there. ``compiler`` turns diagrams
into Plans. ``model`` runs a Plan and never hears of diagrams. ``datasets`` are the samples, with names, units and the scaling
to undo. ``training`` has update rules, batches, metrics and the Trainer. ``inspection`` looks into a model for the live
views. ``storage`` reads and writes projects, and is the only room that opens a user's file for writing. ``templates`` are the
projects that come along, and ``cli`` the commands that need no screen. Beside them ``capacity`` says how much may be taken on
at once, and ``threads`` keeps matrix products to one thread; both know nothing else. ``answer_table`` is how ``cli`` writes
predictions.

**Who may know whom.** ``cli -> templates -> storage -> training, inspection -> model -> compiler -> catalogue -> diagram, ops,
datasets -> errors``: each may import what stands to its right. Nothing here imports Qt or ``desktop``; import contracts and a
test run without Qt hold that line.

**What to rely on.** One change path: a diagram is edited by ``DiagramDocument.apply`` alone, and undo is the inverse of the
Change. One place per kind: no module outside ``catalogue/kinds`` knows a kind by its key. One flat vector: all parameters of a
model are views into it, so an optimizer is a few calls and a snapshot one copy. One seed: the same seed, data and settings
give the same bits. Outside the engine arrays are batch first and channels last. A loop of wires is legal through a Delay
alone: it runs one step of time after the other, and everything else on all of them at once.

The names below are the public ones; each is imported when it is first asked for, so that ``import core`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.catalogue.kind import NodeKind
    from core.catalogue.registry import all_kinds, find_kind
    from core.compiler.compile import Compilation, compile_diagram
    from core.compiler.data_spec import DataSpec, data_spec_for
    from core.compiler.diagnostics import Diagnostic
    from core.compiler.plan import Plan
    from core.datasets.dataset import Dataset
    from core.datasets.registry import dataset, dataset_keys
    from core.diagram.change import Change
    from core.diagram.diagram import Diagram
    from core.diagram.document import DiagramDocument
    from core.diagram.records import (
        ClippingChoice,
        DatasetChoice,
        EarlyStoppingChoice,
        Frame,
        Node,
        Note,
        OptimizerChoice,
        RegularizationChoice,
        ScheduleChoice,
        TargetChoice,
        TrainingSettings,
        Wire,
    )
    from core.errors import (
        DatasetError,
        EditError,
        HyperparameterError,
        ModelError,
        NeuroloomError,
        ProjectFileError,
        TrainingError,
    )
    from core.model.model import Model
    from core.storage.project import Project, load_project, save_project
    from core.templates import TemplateInfo, template
    from core.training.events import Diverged, EpochEnded, RunEnded, RunStarted, StepsTaken
    from core.training.trainer import Trainer

_HOMES = {
    "catalogue.kind": ("NodeKind",),
    "catalogue.registry": ("all_kinds", "find_kind"),
    "compiler.compile": ("Compilation", "compile_diagram"),
    "compiler.data_spec": ("DataSpec", "data_spec_for"),
    "compiler.diagnostics": ("Diagnostic",),
    "compiler.plan": ("Plan",),
    "datasets.dataset": ("Dataset",),
    "datasets.registry": ("dataset", "dataset_keys"),
    "diagram.change": ("Change",),
    "diagram.diagram": ("Diagram",),
    "diagram.document": ("DiagramDocument",),
    "diagram.records": (
        "ClippingChoice",
        "DatasetChoice",
        "EarlyStoppingChoice",
        "Frame",
        "Node",
        "Note",
        "OptimizerChoice",
        "RegularizationChoice",
        "ScheduleChoice",
        "TargetChoice",
        "TrainingSettings",
        "Wire",
    ),
    "errors": (
        "DatasetError",
        "EditError",
        "HyperparameterError",
        "ModelError",
        "NeuroloomError",
        "ProjectFileError",
        "TrainingError",
    ),
    "model.model": ("Model",),
    "storage.project": ("Project", "load_project", "save_project"),
    "templates": ("TemplateInfo", "template"),
    "training.events": ("Diverged", "EpochEnded", "RunEnded", "RunStarted", "StepsTaken"),
    "training.trainer": ("Trainer",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Change",
    "ClippingChoice",
    "Compilation",
    "DataSpec",
    "Dataset",
    "DatasetChoice",
    "DatasetError",
    "Diagnostic",
    "Diagram",
    "DiagramDocument",
    "Diverged",
    "EarlyStoppingChoice",
    "EditError",
    "EpochEnded",
    "Frame",
    "HyperparameterError",
    "Model",
    "ModelError",
    "NeuroloomError",
    "Node",
    "NodeKind",
    "Note",
    "OptimizerChoice",
    "Plan",
    "Project",
    "ProjectFileError",
    "RegularizationChoice",
    "RunEnded",
    "RunStarted",
    "ScheduleChoice",
    "StepsTaken",
    "TargetChoice",
    "TemplateInfo",
    "Trainer",
    "TrainingError",
    "TrainingSettings",
    "Wire",
    "all_kinds",
    "compile_diagram",
    "data_spec_for",
    "dataset",
    "dataset_keys",
    "find_kind",
    "load_project",
    "save_project",
    "template",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'core' has no attribute {name!r}")
    value = getattr(import_module(f"core.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
