"""What nodes and their settings are called on screen, in one line and in a formula."""

import re

from core.catalogue.activation import activation_kinds
from core.catalogue.hyperparameters import HyperparameterField, parse
from core.catalogue.kind import Form, NodeKind, SourceKind
from core.catalogue.registry import find_kind
from core.diagram.records import Node
from core.errors import HyperparameterError
from core.ops.op import Op

_NUMBERED = re.compile(r"([A-Za-z]{1,3})_?(\d+)$")
_FUNCTION = re.compile(r"\s*(\\[A-Za-z]+|[A-Z])\s*(?:\\left)?\(")
_BRACES = re.compile(r"[{}\\]")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def node_title(node: Node) -> str:
    """A node's own title, else the columns or the id of a small node, else the title of its kind."""
    kind = find_kind(node.kind)
    if node.title or kind is None:
        return node.title or node.id
    if kind.form is Form.CARD:
        return kind.title
    return _columns(kind, node) or node.id


def kind_title(node: Node) -> str:
    """What a node's kind is called; its key where this version does not know it."""
    kind = find_kind(node.kind)
    return node.kind if kind is None else kind.title


def latex_name(text: str) -> str:
    """A name as a formula writes it: h3 is h with a 3 below; words stand upright."""
    plain = text.strip().translate(_PLAIN_DIGITS)
    found = _NUMBERED.fullmatch(plain)
    if found:
        letters = found[1] if len(found[1]) == 1 else rf"\mathrm{{{found[1]}}}"
        return f"{letters}_{{{found[2]}}}"
    if len(plain) == 1 and plain.isalpha():
        return plain
    return rf"\text{{{_BRACES.sub('', plain)}}}"


def pretty_name(text: str) -> str:
    """A name in plain text with its number set low: x₁ for x1; words stay as they are."""
    found = _NUMBERED.fullmatch(text.strip())
    return f"{found[1]}{subscript(int(found[2]))}" if found and len(found[1]) == 1 else text


def subscript(number: int) -> str:
    """A number in Unicode subscripts."""
    return str(number).translate(_SUBSCRIPTS)


def function_latex(key: str) -> str:
    """How a formula calls an activation: by the sign that its own formula defines, else by its title."""
    kind = activation_kinds()[key]
    found = _FUNCTION.match(kind.formula)
    return found[1] if found else rf"\operatorname{{{kind.title}}}"


def activation_op(key: str) -> Op:
    """The op of an activation, as it is when nobody sets anything."""
    kind = activation_kinds()[key]
    return kind.op(parse(kind, {}))


def is_activation_field(field: HyperparameterField) -> bool:
    """Whether a hyperparameter chooses an activation."""
    return bool(field.choices) and set(field.choices) <= set(activation_kinds())


def choice_title(key: str) -> str:
    """What a choice is called: activations as their nodes are, others by their key with spaces."""
    kind = activation_kinds().get(key)
    if kind is not None:
        return kind.title
    return key.replace("_", " ").replace("-", " ").capitalize()


def _columns(kind: NodeKind, node: Node) -> str:
    if not isinstance(kind, SourceKind):
        return ""
    try:
        return ", ".join(kind.columns(parse(kind, node.hyperparameters)))
    except HyperparameterError:
        return ""
