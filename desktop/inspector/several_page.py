"""Several nodes at once: the settings that all of them have, each changed for all of them in one step."""

from collections import Counter
from typing import Any

from core.catalogue.hyperparameters import HyperparameterField, fields
from core.catalogue.kind import NodeKind
from core.catalogue.registry import find_kind
from core.compiler.compile import Compilation
from core.diagram import edits
from core.diagram.records import Node
from desktop.document_bridge import DocumentBridge
from desktop.forms.numbers import count_text
from desktop.inspector.form import SEVERAL, HyperparameterForm
from desktop.inspector.heading import Heading, caption
from desktop.inspector.names import kind_title
from desktop.inspector.node_page import refusal
from desktop.inspector.page import Page, muted_label


class SeveralPage(Page):
    """The page of two or more nodes of these kinds."""

    def __init__(self, bridge: DocumentBridge, kinds: list[NodeKind | None]) -> None:
        super().__init__()
        self._bridge = bridge
        self._ids: tuple[str, ...] = ()
        self.heading = Heading()
        self.form = HyperparameterForm(common_fields(kinds))
        self.column.addWidget(self.heading)
        self.column.addWidget(self.form)
        if not self.form.declared:
            self.column.addWidget(muted_label("These nodes have no setting in common."))
        self.column.addStretch(1)
        self.form.asked.connect(self._set)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        self._ids = ids
        self.heading.set_title(f"{len(ids)} nodes")
        self.form.forget()

    def refresh(self) -> None:
        values: dict[str, Any] = {}
        for field in self.form.declared:
            found = {repr(node.hyperparameters.get(field.name, field.default)) for node in self._nodes()}
            first = self._nodes()[0].hyperparameters.get(field.name, field.default)
            values[field.name] = first if len(found) == 1 else SEVERAL
        self.form.set_values(values)

    def show_compilation(self, compilation: Compilation) -> None:
        counts = Counter(kind_title(node) for node in self._nodes())
        words = [f"{count} × {title}" for title, count in counts.most_common(4)]
        parameters = sum(compilation.node_parameters.get(node, 0) for node in self._ids)
        self.heading.set_caption(caption(*words, count_text(parameters, "parameter")))

    def _nodes(self) -> list[Node]:
        table = self._bridge.diagram.nodes
        return [table[node] for node in self._ids if node in table]

    def _kind(self, node: Node) -> NodeKind | None:
        return find_kind(node.kind)

    def _set(self, name: str, value: Any, stepped: bool) -> None:
        field = next(field for field in self.form.declared if field.name == name)
        for node in self._nodes():
            kind = self._kind(node)
            sentence = "" if kind is None else refusal(kind, node, field, value)
            if sentence:
                self.form.refuse(sentence)
                self.refresh()
                return
        change = edits.set_hyperparameter(self._bridge.diagram, self._ids, name, value)
        merge_key = f"{' '.join(self._ids)} {name}" if stepped else None
        self._bridge.apply(change, f"Set {field.title.lower()} of {len(self._ids)} nodes", merge_key)


def common_fields(kinds: list[NodeKind | None]) -> tuple[HyperparameterField, ...]:
    """The hyperparameters that all kinds declare with the same type and range, in the order of the first kind."""
    if not kinds or any(kind is None for kind in kinds):
        return ()
    tables = [{field.name: field for field in fields(type(kind))} for kind in set(kinds) if kind is not None]
    first = kinds[0]
    assert first is not None
    return tuple(
        field for field in fields(type(first)) if all(_alike(field, table.get(field.name)) for table in tables)
    )


def _alike(field: HyperparameterField, other: HyperparameterField | None) -> bool:
    if other is None or field.kind != other.kind:
        return False
    same_range = (field.minimum, field.maximum) == (other.minimum, other.maximum)
    return same_range and set(field.choices) == set(other.choices)
