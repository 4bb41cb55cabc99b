"""Weighted sums, tables, norms, attention and cross-entropies: ops of ONNX that multiply or compare."""

import math

import numpy as np

from core.ops.attention import Attend, AttentionWeights
from core.ops.cross_entropies import CategoricalCrossEntropy, CategoricalCrossEntropyFromLogits
from core.ops.embedding import Embedding, OneHot
from core.ops.evaluate import evaluate
from core.ops.joins import Dot
from core.ops.linear import Linear
from core.ops.normalisation import BatchNormalisation, LayerNormalisation
from core.ops.op import Array
from core.ops.softmax import Softmax
from core.ops.structure import Add
from tests.oracles.onnx_nodes.case import Adapter, Case, Pairs, run

UNSEEN = -1e30
"""A score that leaves no weight, and that can be multiplied by 0."""


def gemm(case: Case) -> Pairs:
    """``alpha A B + beta C``: a linear layer with ``alpha B`` as weights, and ``beta C`` as bias or, where samples differ, added."""
    a, b, *more = case.given
    x, weight = (a if case.get("transA", 0) else a.T), (b if case.get("transB", 0) else b.T)
    weight = case.get("alpha", 1.0) * weight
    plain = run(Linear(len(weight), bias=False), x, parameters=(weight,))
    if not more:
        return [(plain.T, case.outputs[0])]
    bias = case.get("beta", 1.0) * np.broadcast_to(more[0], case.outputs[0].shape)
    if np.ptp(bias, axis=0).any():
        return [(run(Add(), plain, bias.T).T, case.outputs[0])]
    block = np.column_stack([weight, bias[0]])
    return [(run(Linear(len(weight)), x, parameters=(block,)).T, case.outputs[0])]


def matmul(case: Case) -> Pairs:
    """Of two matrices a linear layer, of two rows a dot product; of stacks of matrices what attention does with its weights."""
    a, b = case.given
    if a.ndim == b.ndim == 1:
        return [(run(Dot(), a[:, None], b[:, None])[0, 0], case.outputs[0])]
    if a.ndim == b.ndim == 2:
        return [(run(Linear(b.shape[1], bias=False), a.T, parameters=(b.T,)).T, case.outputs[0])]
    left, right = np.atleast_2d(a), b if b.ndim > 1 else b[:, None]
    stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left, right = (np.broadcast_to(array, (*stack, *array.shape[-2:])) for array in (left, right))
    left, right = (array.reshape(-1, *array.shape[-2:]) for array in (left, right))
    product = run(Attend(), left.transpose(1, 2, 0)[None], right.transpose(1, 2, 0)).transpose(2, 0, 1)
    return [(product.reshape(case.outputs[0].shape), case.outputs[0])]


def batch_normalisation(case: Case) -> Pairs:
    """ONNX keeps ``momentum`` of what it had, and averages variances divided by N and not by N - 1."""
    x, scale, shift, mean, variance = case.given
    training = bool(case.get("training_mode", 0))
    kept, count = case.get("momentum", 0.9), x.size // x.shape[1]
    values = x.reshape(*x.shape[:2], -1)[..., None].transpose(1, 2, 3, 0)
    op = BatchNormalisation(case.get("epsilon", 1e-5), 1 - kept)
    running = np.array([mean, variance], float)
    block = np.array([scale, shift], float)
    output = evaluate(op, np.ascontiguousarray(values, float), parameters=(block, running), training=training).output
    pairs = [(output.transpose(3, 0, 1, 2).reshape(x.shape), case.outputs[0])]
    if training:
        before = kept * variance
        pairs += [
            (running[0], case.outputs[1]),
            (before + (running[1] - before) * (count - 1) / count, case.outputs[2]),
        ]
    return pairs


def layer_normalisation(case: Case) -> Pairs:
    """Over the axis and all that follow, as the features of a row; ONNX may give mean and deviation too."""
    x, scale, *shift = case.given
    axis = case.get("axis", -1) % x.ndim
    features = math.prod(x.shape[axis:])
    block = np.array([scale.reshape(-1), shift[0].reshape(-1) if shift else np.zeros(features)])
    output = run(LayerNormalisation(case.get("epsilon", 1e-5)), x.reshape(-1, features).T, parameters=(block,))
    return [(output.T.reshape(x.shape), case.outputs[0])]


def group_normalisation(case: Case) -> Pairs:
    """Each group of channels as a picture of its own, which layer normalisation takes as a whole."""
    x, scale, shift = case.given
    groups = case.attributes["num_groups"]
    op = LayerNormalisation(case.get("epsilon", 1e-5))
    parts = zip(np.split(np.moveaxis(x, 0, -1), groups), np.split(scale, groups), np.split(shift, groups))
    output = np.concatenate([run(op, part, parameters=(np.array(own),)) for part, *own in parts])
    return [(np.moveaxis(output, -1, 0), case.outputs[0])]


def gather(case: Case) -> Pairs:
    """Rows of a table: what is gathered along the axis, all other axes in a row."""
    data, indices = case.given
    axis = case.get("axis", 0)
    table = np.moveaxis(data, axis, 0).reshape(data.shape[axis], -1)
    op = Embedding(len(table), size=table.shape[1])
    found = run(op, indices.reshape(1, -1), parameters=(table,)).T
    shape = (*indices.shape, *np.delete(data.shape, axis))
    order = [*range(indices.ndim, indices.ndim + axis), *range(indices.ndim), *range(indices.ndim + axis, len(shape))]
    return [(found.reshape(shape).transpose(order), case.outputs[0])]


def one_hot(case: Case) -> Pairs:
    indices, depth, (off, on) = case.given
    hot = run(OneHot(int(depth.item())), indices.reshape(1, -1))
    filled = (off + (on - off) * hot).reshape(-1, *indices.shape)
    return [(np.moveaxis(filled, 0, case.get("axis", -1)), case.outputs[0])]


def attention(case: Case) -> Pairs:
    """Weights, and the mean with these weights; what is past comes first, and several heads may share a key and a value."""
    query, key, value = (_heads(array, case, name) for array, name in zip(case.given, ("q", "kv", "kv")))
    if (past := case.input(4)) is not None:
        key, value = np.concatenate([past, key], 2), np.concatenate([case.inputs[5], value], 2)
    heads, size = query.shape[1], query.shape[3]
    key, value = (np.repeat(array, heads // key.shape[1], 1) for array in (key, value))
    query = query * case.get("scale", 1 / math.sqrt(size))
    if (mask := case.input(3)) is not None:
        query, key = _with_mask(query, key, mask)
    op = AttentionWeights(heads, causal=bool(case.get("is_causal", 0)), scaled=False)
    lengths = case.input(6)
    seen = () if lengths is None else ((np.arange(key.shape[2])[:, None, None] < lengths).astype(float),)
    weights = run(op, _sequence(query), _sequence(key), *seen)
    output = np.moveaxis(run(Attend(), weights, _sequence(value)), -1, 0)
    if case.outputs[0].ndim == 4:
        output = output.reshape(*output.shape[:2], heads, -1).swapaxes(1, 2)
    pairs = [(output, case.outputs[0])]
    if case.get("qk_matmul_output_mode", 0) == 3:
        pairs.append((np.moveaxis(weights, -1, 0), case.outputs[-1]))
    return pairs


def _with_mask(query: Array, key: Array, mask: Array) -> tuple[Array, Array]:
    """What a mask adds to the scores, as the product of further features: of the query a 1 for each step, of the key the mask's column."""
    steps, others = query.shape[2], key.shape[2]
    added = np.where(mask, 0, UNSEEN) if mask.dtype == bool else np.maximum(mask, UNSEEN)
    added = np.pad(added, [(0, 0)] * (mask.ndim - 1) + [(0, others - mask.shape[-1])], constant_values=UNSEEN)
    columns = np.broadcast_to(added, (*key.shape[:2], steps, others)).swapaxes(2, 3)
    ones = np.broadcast_to(np.eye(steps), (*query.shape[:3], steps))
    return np.concatenate([query, ones], 3), np.concatenate([key, columns], 3)


def _sequence(array: Array) -> Array:
    """(steps, features of all heads, batch) from (batch, heads, steps, features of a head)."""
    return array.transpose(2, 1, 3, 0).reshape(array.shape[2], -1, len(array))


def cross_entropy(case: Case) -> Pairs:
    """ONNX divides by the weights of the answers, and not by their number, and does not count those that are ignored."""
    scores, labels, *weights = case.given
    classes = scores.shape[1]
    z = np.moveaxis(scores, 1, 0).reshape(classes, -1)
    answers = labels.reshape(-1)
    target = run(OneHot(classes), answers[None]) * (answers != case.get("ignore_index", np.iinfo(np.int64).min))
    class_weights = tuple(float(number) for number in weights[0]) if weights else ()
    from_logits = case.op == "SoftmaxCrossEntropyLoss"
    op = (CategoricalCrossEntropyFromLogits if from_logits else CategoricalCrossEntropy)(class_weights=class_weights)
    read = z if from_logits else np.exp(z.astype(float))
    reduction = case.get("reduction", "mean")
    if reduction == "none":
        each = [run(op, read[:, place, None], target[:, place, None]) for place in range(len(answers))]
        loss = np.array(each).reshape(labels.shape)
    else:
        counted = (np.array(class_weights or (1.0,) * classes)[:, None] * target).sum()
        loss = run(op, read, target) * len(answers) / (counted if reduction == "mean" else 1)
    pairs = [(loss, case.outputs[0])]
    if len(case.outputs) > 1:
        log_shares = np.log(run(Softmax(), z)).reshape(classes, len(scores), *scores.shape[2:])
        pairs.append((np.moveaxis(log_shares, 0, 1), case.outputs[1]))
    return pairs


def _heads(array: Array, case: Case, name: str) -> Array:
    """(batch, heads, steps, features of a head)."""
    if array.ndim == 4:
        return array
    split = array.reshape(*array.shape[:2], case.attributes[f"{name}_num_heads"], -1)
    return split.swapaxes(1, 2)


ADAPTERS: dict[str, Adapter] = {
    "Gemm": gemm,
    "MatMul": matmul,
    "BatchNormalization": batch_normalisation,
    "LayerNormalization": layer_normalisation,
    "GroupNormalization": group_normalisation,
    "Gather": gather,
    "OneHot": one_hot,
    "Attention": attention,
    "SoftmaxCrossEntropyLoss": cross_entropy,
    "NegativeLogLikelihoodLoss": cross_entropy,
}
