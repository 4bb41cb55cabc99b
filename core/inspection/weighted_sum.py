"""The weighted sum of a neuron: the number that goes into its activation, which the network itself does not keep."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.inspection.snapshot import FloatArray


def weighted_sum(node: str, parameters: Mapping[str, FloatArray], inputs: Sequence[FloatArray]) -> float | None:
    """``z = sum_i w_i x_i + b`` of a node of one unit, for the values on its wires in their order.

    None where the node has no weights, more than one unit, or another number of inputs than weights.
    """
    weight = parameters.get(f"{node}/weight")
    if weight is None or weight.ndim != 2 or weight.shape[0] != 1 or not inputs:
        return None
    x = np.concatenate([np.asarray(value, float).reshape(-1) for value in inputs])
    if len(x) != weight.shape[1]:
        return None
    bias = parameters.get(f"{node}/bias")
    with np.errstate(invalid="ignore", over="ignore"):  # a diverged network has infinite weights
        total = np.asarray(weight[0], float) @ x
    return float(total) + (0.0 if bias is None else float(bias.reshape(-1)[0]))
