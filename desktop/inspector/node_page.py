"""One node: its title, its settings, the curve of its activation, its formula with and without numbers, its weights, its help."""

from typing import Any

import numpy as np

from core.catalogue.activation import ActivationKind, activation_kinds
from core.catalogue.hyperparameters import HyperparameterField, fields, parse
from core.catalogue.kind import NodeKind, SourceKind
from core.compiler.compile import Compilation
from core.compiler.data_spec import data_spec_for
from core.diagram import edits
from core.diagram.records import Node
from core.errors import HyperparameterError
from core.inspection.snapshot import Snapshot
from core.ops.activations import Identity
from core.ops.elementwise import Activation
from core.ops.op import Op
from desktop.document_bridge import DocumentBridge
from desktop.forms.numbers import count_text
from desktop.forms.text_field import TextField
from desktop.formula.view import FormulaLine, FormulaView
from desktop.inspector import readings
from desktop.inspector.curve_view import CurveView
from desktop.inspector.form import HyperparameterForm
from desktop.inspector.heading import Heading, caption
from desktop.inspector.names import (
    activation_op,
    function_latex,
    is_activation_field,
    node_title,
    pretty_name,
    subscript,
)
from desktop.inspector.numbers_in_formula import named_formula, numeric_lines
from desktop.inspector.page import Page, muted_label
from desktop.inspector.weight_image import WeightImage
from desktop.inspector.weight_list import WeightLine, WeightList

FORMULA, NUMBERS = 16.0, 13.0


class NodePage(Page):
    """The page of one node of a known kind; it serves all nodes of that kind."""

    def __init__(self, bridge: DocumentBridge, kind: NodeKind) -> None:
        super().__init__()
        self._bridge = bridge
        self.node_id = ""
        self.kind = kind
        self.heading = Heading(editable=True)
        declared = fields(type(kind))
        self._activation = next((field for field in declared if is_activation_field(field)), None)
        self.form = HyperparameterForm(declared, None if self._activation is None else self._activation.name)
        self.curve = CurveView()
        self.formula = FormulaView()
        self.weights = WeightList()
        self.images: dict[str, WeightImage] = {}
        top = (self.curve, self.form) if isinstance(kind, ActivationKind) else (self.form, self.curve)
        for widget in (self.heading, *top, self.formula, self.weights):
            self.column.addWidget(widget)
        self.form.setVisible(bool(declared))
        self._images_at = self.column.count()
        self.column.addWidget(self.form.rest)
        self.form.rest.setVisible(self._activation is not None and self._activation != declared[-1])
        self.column.addWidget(muted_label(kind.help))
        self.column.addStretch(1)
        self.heading.renamed.connect(self._rename)
        self.form.asked.connect(self._set)

    def turn_to(self, ids: tuple[str, ...]) -> None:
        (self.node_id,) = ids
        self.heading.field.setModified(False)
        self.form.forget()

    @property
    def node(self) -> Node:
        """The node as it stands now. Raises KeyError once it is deleted."""
        return self._bridge.diagram.nodes[self.node_id]

    def refresh(self) -> None:
        node = self.node
        self.heading.set_title(node.title, otherwise=node_title(node))
        self.form.set_values(node.hyperparameters)
        op = self._op(node)
        self.curve.set_op(op)
        self.curve.setVisible(op is not None)

    def show_compilation(self, compilation: Compilation) -> None:
        node = self.node
        words = [] if node_title(node) == self.kind.title else [self.kind.title]
        try:
            headline = self.kind.headline(parse(self.kind, node.hyperparameters))
        except HyperparameterError as error:
            self.form.refuse(str(error))
            headline = ""
        if headline and headline != node_title(node):
            words.append(headline)
        if self.node_id in compilation.node_parameters:
            words.append(count_text(compilation.node_parameters[self.node_id], "parameter"))
        macs = compilation.node_macs.get(self.node_id, 0)
        if macs > compilation.node_parameters.get(self.node_id, 0):  # else every weight is used once, as is plain
            words.append(count_text(macs, "multiply-add"))
        self.heading.set_caption(caption(*words))
        self._show_columns()

    def _show_columns(self) -> None:
        """Where data comes in: which columns there are to choose from, and whether one was named that is not there."""
        if not isinstance(self.kind, SourceKind) or not self.kind.columns_field:
            return
        field, dataset = self.form.field_widget(self.kind.columns_field), self._bridge.dataset
        if dataset is None or not isinstance(field, TextField):
            return
        names = dataset.feature_names if len(dataset.input_shape) == 1 else ()
        field.offer(names, f"all: {', '.join(names)}" if names else "all of the picture")
        problem = data_spec_for(self._bridge.diagram, dataset).problems.get(self.node_id, "")
        self.form.complain(self.kind.columns_field, problem)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        terms: tuple[readings.Term, ...] = ()
        if snapshot is not None:
            terms = readings.terms(
                self.kind, self._bridge.diagram, self._bridge.compilation, snapshot, self.node_id, self._bridge.dataset
            )
        self._show_curve(snapshot)
        self._show_formula(snapshot, terms)
        self._show_weights(snapshot, terms)
        self._show_images(snapshot, bool(terms))

    def _show_curve(self, snapshot: Snapshot | None) -> None:
        if self.curve.isHidden() or snapshot is None or not self._acts_on_each_value():
            self.curve.set_sums(None, None)
            return
        found = readings.sums(self.kind, self._bridge.diagram, snapshot, self.node_id)
        self.curve.set_sums(None if found is None else found.sample, None if found is None else found.batch)

    def _show_formula(self, snapshot: Snapshot | None, terms: tuple[readings.Term, ...]) -> None:
        if not terms or snapshot is None:
            self.formula.set_lines([FormulaLine(self.kind.formula, FORMULA)])
            return
        bias = readings.bias(snapshot, self.node_id)
        function = self._function()
        lines = [FormulaLine(named_formula(node_title(self.node), function, terms, bias is not None), FORMULA)]
        output = snapshot.activations.get(self.node_id)
        if output is not None and output.size == 1:
            total = sum(term.weight * term.value for term in terms) + (bias or 0.0)
            for text in numeric_lines(function, terms, bias, total, float(output.reshape(-1)[0])):
                lines.append(FormulaLine(text, NUMBERS))
        self.formula.set_lines(lines)

    def _show_weights(self, snapshot: Snapshot | None, terms: tuple[readings.Term, ...]) -> None:
        lines = [
            WeightLine(f"w{subscript(number)} from {pretty_name(term.source)}", term.weight)
            for number, term in enumerate(terms, start=1)
        ]
        bias = None if snapshot is None else readings.bias(snapshot, self.node_id)
        if terms and bias is not None:
            lines.append(WeightLine("bias", bias, signed_color=False))
        self.weights.set_lines(lines)
        self.weights.setVisible(bool(lines))

    def _show_images(self, snapshot: Snapshot | None, listed: bool) -> None:
        """Arrays of the node as pictures, unless they are already listed wire by wire."""
        prefix = f"{self.node_id}/"
        arrays: dict[str, Any] = {}
        if snapshot is not None and not listed:
            names = [name for name in snapshot.parameters if name.startswith(prefix)]
            arrays = {name.removeprefix(prefix): snapshot.parameters[name] for name in names}
        for name, values in arrays.items():
            if name not in self.images:
                self.images[name] = WeightImage(name)
                self.column.insertWidget(self._images_at + len(self.images) - 1, self.images[name])
            self.images[name].set_values(np.asarray(values))
        for name, image in self.images.items():
            image.setVisible(name in arrays)

    def _op(self, node: Node) -> Activation | None:
        """The activation that this node applies, as it is set; None where it applies none."""
        try:
            settings = parse(self.kind, node.hyperparameters)
        except HyperparameterError:
            return None
        if isinstance(self.kind, ActivationKind):
            op: Op = self.kind.op(settings)
        elif self._activation is not None:
            op = activation_op(getattr(settings, self._activation.name))
        else:
            return None
        return op if isinstance(op, Activation) else None

    def _acts_on_each_value(self) -> bool:
        if isinstance(self.kind, ActivationKind):
            return self.kind.elementwise
        key = self._chosen_activation()
        return not key or activation_kinds()[key].elementwise

    def _chosen_activation(self) -> str:
        if self._activation is None:
            return ""
        return str(self.node.hyperparameters.get(self._activation.name, self._activation.default))

    def _function(self) -> str:
        """What the formula calls the activation; "" for the linear one."""
        key = self._chosen_activation()
        return "" if not key or isinstance(activation_op(key), Identity) else function_latex(key)

    def _rename(self, title: str) -> None:
        self._bridge.apply(edits.set_title(self._bridge.diagram, self.node_id, title), "Rename")

    def _set(self, name: str, value: Any, stepped: bool) -> None:
        field = next(field for field in self.form.declared if field.name == name)
        sentence = refusal(self.kind, self.node, field, value)
        if sentence:
            self.form.refuse(sentence)
            self.form.set_values(self.node.hyperparameters)
            return
        change = edits.set_hyperparameter(self._bridge.diagram, self.node_id, name, value)
        merge_key = f"{self.node_id} {name}" if stepped else None
        self._bridge.apply(change, f"Set {field.title.lower()} of {node_title(self.node)}", merge_key)


def refusal(kind: NodeKind, node: Node, field: HyperparameterField, value: Any) -> str:
    """Why a kind does not take this value, as a sentence; "" where it does. Other settings that are wrong do not count."""
    try:
        parse(kind, {field.name: value})
    except HyperparameterError as error:
        return str(error)
    return ""
