"""Curves, joins and shares: ops of ONNX that work value by value, or over one axis."""

import numpy as np

from core.ops.curves import Absolute, Sine
from core.ops.joins import Average, Divide, Maximum, Subtract
from core.ops.op import Array, Op
from core.ops.rectifiers import Elu, LeakyRelu, PRelu, Relu, Selu
from core.ops.smooth_rectifiers import Gelu, Mish, Silu, Softplus
from core.ops.softmax import Softmax
from core.ops.squashing import HardSigmoid, Sigmoid, Softsign, Tanh
from core.ops.structure import Add, Dropout, Multiply
from tests.oracles.onnx_nodes.case import Adapter, Case, Pairs, rows, run

CURVES: dict[str, Op] = {
    "Abs": Absolute(),
    "Gelu": Gelu(),
    "HardSigmoid": HardSigmoid(),
    "Mish": Mish(),
    "Relu": Relu(),
    "Selu": Selu(),
    "Sigmoid": Sigmoid(),
    "Sin": Sine(),
    "Softplus": Softplus(),
    "Softsign": Softsign(),
    "Swish": Silu(),
    "Tanh": Tanh(),
}

JOINS: dict[str, Op] = {
    "Add": Add(),
    "Sub": Subtract(),
    "Mul": Multiply(),
    "Div": Divide(),
    "Max": Maximum(),
    "Mean": Average(),
    "Sum": Add(),
}


def curve(case: Case) -> Pairs:
    return _alike(case, CURVES[case.op])


def leaky_relu(case: Case) -> Pairs:
    return _alike(case, LeakyRelu(case.get("alpha", 0.01)))


def elu(case: Case) -> Pairs:
    return _alike(case, Elu(case.get("alpha", 1.0)))


def hard_swish(case: Case) -> Pairs:
    """``x`` times its hard sigmoid."""
    (x,) = case.given
    return [(run(Multiply(), rows(x), run(HardSigmoid(), rows(x))), rows(case.outputs[0]))]


def prelu(case: Case) -> Pairs:
    """Slopes that differ along the last axes, which are the features then."""
    x, slope = case.given
    features = slope.size
    turned = x.reshape(-1, features).T
    op = PRelu(each=True)
    return [(run(op, turned, parameters=(slope.reshape(-1),)), case.outputs[0].reshape(-1, features).T)]


def join(case: Case) -> Pairs:
    return [(run(JOINS[case.op], *map(rows, case.given)), rows(case.outputs[0]))]


def softmax(case: Case) -> Pairs:
    axis = case.get("axis", -1)
    return [(run(Softmax(), _axis_first(case.given[0], axis)), _axis_first(case.outputs[0], axis))]


def dropout(case: Case) -> Pairs:
    """Outside training, and in training with a rate of 0; the mask, which ONNX gives too, we keep for ourselves."""
    x, *more = case.given
    rate = float(more[0]) if more else case.get("ratio", 0.5)
    training = len(more) > 1 and bool(more[1])
    return [(run(Dropout(rate), rows(x), training=training), rows(case.outputs[0]))]


def _alike(case: Case, op: Op) -> Pairs:
    return [(run(op, rows(case.given[0])), rows(case.outputs[0]))]


def _axis_first(array: Array, axis: int) -> Array:
    """(the axis, everything else)."""
    return np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)


ADAPTERS: dict[str, Adapter] = {
    **dict.fromkeys(CURVES, curve),
    **dict.fromkeys(JOINS, join),
    "LeakyRelu": leaky_relu,
    "Elu": elu,
    "HardSwish": hard_swish,
    "PRelu": prelu,
    "Softmax": softmax,
    "Dropout": dropout,
}
