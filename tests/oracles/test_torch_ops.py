"""Every op beside the same function in PyTorch: values and gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.ops import activations, attention, embedding, joins, losses, normalisation, positional, sequence, structure
from core.ops.delay import Delay
from core.ops.evaluate import evaluate
from core.ops.linear import Linear
from core.ops.neuron_ranks import NeuronRanks
from core.ops.noise import Constant, GaussianNoise, Noise, Sample
from core.ops.op import Array, LossOp, Op
from core.ops.part import Part
from core.ops.perceptron import PerceptronStep
from core.ops.radial import RadialBasis
from core.ops.recurrent.at_end import AtEnd
from core.ops.recurrent.gru import Gru
from core.ops.recurrent.lstm import Lstm
from core.ops.recurrent.padding_mask import PaddingMask
from core.ops.recurrent.rnn import Rnn
from core.ops.repeat import Repeat
from core.ops.rows import Rows
from core.ops.time_loop import TimeLoop
from tests.core.ops.cases import CASES, Case
from tests.core.ops.recurrent_reference import run
from tests.gradients import differentiated
from tests.oracles.torch_pictures import PICTURE_TWINS

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
functional = torch.nn.functional

torch.set_num_threads(1)

pytestmark = pytest.mark.oracle


def linear(op: Linear, parameters: list[Any], x: Any) -> Any:
    (block,) = parameters
    return functional.linear(x, block[:, : x.shape[-1]], block[:, -1] if op.bias else None)


def features(x: Any) -> int:
    """The axis of the features where the batch comes first: PyTorch's channels, or the last axis of a sequence."""
    return 2 if x.ndim == 3 else 1


def answers(x: Any) -> Any:
    """(answers, classes): one row for each step of a sequence and each place of a picture."""
    return x.movedim(features(x), -1).flatten(0, -2)


def class_weights(op: Any, like: Any) -> Any:
    return torch.tensor(op.class_weights, dtype=like.dtype) if op.class_weights else None


def targets_as_shares(op: Any, parameters: list[Any], logits: Any, target: Any) -> Any:
    return functional.cross_entropy(answers(logits), answers(target), weight=class_weights(op, logits))


def shares(op: Any, parameters: list[Any], p: Any, target: Any) -> Any:
    weights = class_weights(op, p)
    return -(answers(target) * torch.log(answers(p)) * (1 if weights is None else weights)).sum(-1).mean()


def of_two(op: Any, target: Any) -> Any:
    """How much each value counts."""
    no, yes = op.class_weights or (1.0, 1.0)
    return no + (yes - no) * target


def yes_or_no(op: Any, parameters: list[Any], p: Any, target: Any) -> Any:
    return functional.binary_cross_entropy(p, target.detach(), weight=of_two(op, target.detach()))


def yes_or_no_logits(op: Any, parameters: list[Any], z: Any, target: Any) -> Any:
    no, yes = op.class_weights or (1.0, 1.0)
    weight = torch.full_like(target, no)
    ratio = torch.full_like(target, yes / no)
    return functional.binary_cross_entropy_with_logits(z, target, weight=weight, pos_weight=ratio)


def class_hinge(op: Any, parameters: list[Any], scores: Any, target: Any) -> Any:
    return functional.multi_margin_loss(answers(scores), answers(target).argmax(-1))


def share_divergence(op: Any, parameters: list[Any], p: Any, target: Any) -> Any:
    return functional.kl_div(torch.log(answers(p)), answers(target), reduction="batchmean")


def normal_divergence(op: Any, parameters: list[Any], mean: Any, log_variance: Any) -> Any:
    normal = torch.distributions.Normal
    divergence = torch.distributions.kl_divergence(
        normal(mean, torch.exp(log_variance / 2)), normal(torch.zeros_like(mean), torch.ones_like(mean))
    )
    return answers(divergence).sum(-1).mean()


def hinge(op: Any, parameters: list[Any], y: Any, target: Any) -> Any:
    return functional.relu(1 - (2 * target - 1) * y).mean()


def batch_normalisation(op: normalisation.BatchNormalisation, parameters: list[Any], x: Any) -> Any:
    (scale, shift), (mean, variance) = parameters[0], parameters[1].detach()
    turned = x.movedim(2, 1) if x.ndim == 3 else x
    return functional.batch_norm(turned, mean, variance, scale, shift, eps=op.epsilon).movedim(1, features(x))


def layer_normalisation(op: normalisation.LayerNormalisation, parameters: list[Any], x: Any) -> Any:
    scale, shift = parameters[0]
    if x.ndim == 4:
        return functional.group_norm(x, 1, scale, shift, op.epsilon)
    return functional.layer_norm(x, scale.shape, scale, shift, op.epsilon)


def one_hot(op: embedding.OneHot, parameters: list[Any], x: Any) -> Any:
    return embedded(torch.eye(op.count, dtype=x.dtype), x) + 0 * x.reshape(len(x), -1)[:, :1].sum()


def embedded(table: Any, x: Any) -> Any:
    """Rows of a table to which a row of zeros is added for whatever is not in the vocabulary."""
    index = x.detach().reshape(len(x), -1).long()
    index[(index < 0) | (index >= len(table))] = len(table)
    rows = functional.embedding(index, torch.cat([table, torch.zeros_like(table[:1])]))
    return rows[:, 0] if x.shape[1:] == (1,) else rows


def attention_weights(op: attention.AttentionWeights, parameters: list[Any], q: Any, k: Any, *mask: Any) -> Any:
    q, k = (x.unflatten(2, (op.heads, -1)).movedim(2, 1) for x in (q, k))
    scores = q @ k.transpose(2, 3) / (q.shape[-1] ** 0.5 if op.scaled else 1)
    seen = torch.ones_like(scores[:1], dtype=bool).tril() if op.causal else torch.ones_like(scores[:1], dtype=bool)
    if mask:
        seen = seen & (mask[0].transpose(1, 2)[:, None] != 0)
    weights = torch.softmax(scores.masked_fill(~seen, -torch.inf).masked_fill(~seen.any(-1, keepdim=True), 0.0), -1)
    return weights * seen


def attend(op: attention.Attend, parameters: list[Any], weights: Any, value: Any) -> Any:
    return (weights @ value.unflatten(2, (weights.shape[1], -1)).movedim(2, 1)).movedim(1, 2).flatten(2)


def positional_encoding(op: positional.PositionalEncoding, parameters: list[Any], x: Any) -> Any:
    place = torch.arange(x.shape[1], dtype=torch.float64)[:, None]
    axis = torch.arange(x.shape[2], dtype=torch.float64)[None, :]
    angle = place / 10_000 ** ((axis - axis % 2) / x.shape[2])
    waves = torch.where(axis % 2 == 0, angle.sin(), angle.cos()).to(x.dtype).expand(x.shape)
    return torch.cat([x, waves], 2) if op.beside else x + waves


def over_positions(op: activations.PositionSoftmax, parameters: list[Any], x: Any) -> Any:
    return torch.softmax(x, 1) if x.ndim == 3 else torch.softmax(x.flatten(2), 2).reshape(x.shape)


def prelu(op: activations.PRelu, parameters: list[Any], x: Any) -> Any:
    return functional.prelu(x.movedim(features(x), 1), parameters[0]).movedim(1, features(x))


def lines(x: Any) -> Any:
    """Pictures line by line from top to bottom, the channels innermost."""
    return x.permute(0, 2, 3, 1).flatten(2)


def radial(op: RadialBasis, parameters: list[Any], x: Any) -> Any:
    centre, width = parameters
    return torch.exp(-(torch.cdist(x, centre) ** 2) / (2 * width**2))


def delay(op: Delay, parameters: list[Any], x: Any) -> Any:
    kept = max(x.shape[1] - op.steps, 0)
    early = torch.full_like(x[:, : x.shape[1] - kept], op.initial)
    return torch.cat([early, x[:, :kept]], 1)


TWINS: dict[type[Op], Callable[..., Any]] = {
    Linear: linear,
    activations.Identity: lambda op, p, x: x.clone(),
    activations.Step: lambda op, p, x: (x >= 0).to(x.dtype) + 0 * x,
    activations.Sigmoid: lambda op, p, x: torch.sigmoid(x),
    activations.Tanh: lambda op, p, x: torch.tanh(x),
    activations.Relu: lambda op, p, x: torch.relu(x),
    activations.LeakyRelu: lambda op, p, x: functional.leaky_relu(x, op.slope),
    activations.Elu: lambda op, p, x: functional.elu(x, op.alpha),
    activations.Softplus: lambda op, p, x: functional.softplus(x, threshold=100),
    activations.Gelu: lambda op, p, x: functional.gelu(x),
    activations.Silu: lambda op, p, x: functional.silu(x),
    activations.Softmax: lambda op, p, x: torch.softmax(x, features(x)),
    activations.PositionSoftmax: over_positions,
    # functional.hardsigmoid multiplies by a sixth in single precision, whatever the precision of its input.
    activations.HardSigmoid: lambda op, p, x: functional.relu6(x + 3) / 6,
    activations.Softsign: lambda op, p, x: functional.softsign(x),
    activations.Selu: lambda op, p, x: functional.selu(x),
    activations.PRelu: prelu,
    activations.Mish: lambda op, p, x: functional.mish(x),
    activations.Sine: lambda op, p, x: torch.sin(x),
    activations.Gaussian: lambda op, p, x: torch.exp(-x * x),
    activations.Absolute: lambda op, p, x: torch.abs(x),
    activations.Square: lambda op, p, x: torch.square(x),
    structure.Flatten: lambda op, p, x: (x.permute(0, 2, 3, 1) if op.pictures else x).flatten(1),
    sequence.AsSequence: lambda op, p, x: x[..., None] if x.ndim == 2 else lines(x) if x.ndim == 4 else x.clone(),
    structure.Concatenate: lambda op, p, *xs: torch.cat(xs, features(xs[0])),
    structure.Add: lambda op, p, *xs: sum(xs[1:], xs[0].clone()),
    structure.Multiply: lambda op, p, *xs: torch.stack(xs).prod(0),
    joins.Subtract: lambda op, p, x, y: x - y,
    joins.Divide: lambda op, p, x, y: x / y,
    joins.Maximum: lambda op, p, *xs: torch.stack(xs).amax(0),
    joins.Average: lambda op, p, *xs: torch.stack(xs).mean(0),
    joins.Dot: lambda op, p, x, y: (x * y).sum(features(x), keepdim=True),
    RadialBasis: radial,
    GaussianNoise: lambda op, p, x: x.clone(),
    Sample: lambda op, p, mean, log_variance: mean.clone(),
    Rows: lambda op, p, x: x[:, op.start : op.stop].clone(),
    Part: lambda op, p, x: x.narrow(features(x), op.start, op.stop - op.start).clone(),
    Repeat: lambda op, p, x: x[:, None].expand(-1, op.times, -1).clone(),
    Delay: delay,
    structure.Dropout: lambda op, p, x: functional.dropout(x, op.rate, training=False).clone(),
    normalisation.BatchNormalisation: batch_normalisation,
    normalisation.LayerNormalisation: layer_normalisation,
    embedding.OneHot: one_hot,
    embedding.Embedding: lambda op, p, x: embedded(p[0], x),
    attention.AttentionWeights: attention_weights,
    attention.Attend: attend,
    positional.PositionalEncoding: positional_encoding,
    **dict.fromkeys((Rnn, Gru, Lstm), lambda op, p, x, *others: run(torch, op, p, x, *others)),
    AtEnd: lambda op, p, x: x[:, 0 if op.first else -1].clone(),
    PaddingMask: lambda op, p, x: (x != op.padding).any(2, keepdim=True) + 0 * x.sum(2, keepdim=True),
    losses.MeanSquaredError: lambda op, p, y, t: functional.mse_loss(y, t),
    losses.RootMeanSquaredError: lambda op, p, y, t: functional.mse_loss(y, t).sqrt(),
    losses.MeanAbsoluteError: lambda op, p, y, t: functional.l1_loss(y, t),
    losses.Huber: lambda op, p, y, t: functional.huber_loss(y, t, delta=op.delta),
    losses.LogCosh: lambda op, p, y, t: torch.log(torch.cosh(y - t)).mean(),
    losses.Hinge: hinge,
    losses.ClassHinge: class_hinge,
    losses.NormalDivergence: normal_divergence,
    losses.ShareDivergence: share_divergence,
    losses.BinaryCrossEntropy: yes_or_no,
    losses.BinaryCrossEntropyFromLogits: yes_or_no_logits,
    losses.CategoricalCrossEntropy: shares,
    losses.CategoricalCrossEntropyFromLogits: targets_as_shares,
    **PICTURE_TWINS,
}

WITHOUT_TWIN = {
    Constant: "reads nothing, so there is no gradient",
    Noise: "reads nothing, and is random",
    PerceptronStep: "its backward pass is not the derivative",
    NeuronRanks: "compared with the neurons it is made of",
    TimeLoop: "compared with the loop step by step",
}

DETERMINISTIC = [case for case in CASES if not case.training and type(case.op) in TWINS]


def twin(case: Case, inputs: tuple[Array, ...], parameters: tuple[Array, ...], gradient: Array) -> list[Array]:
    """(output, gradients by inputs, gradients by parameters) as PyTorch sees them, in our layout."""
    tensors = [torch.tensor(np.moveaxis(array, -1, 0).copy(), requires_grad=True) for array in inputs]
    trained = [torch.tensor(array, requires_grad=True) for array in parameters]
    output = TWINS[type(case.op)](case.op, trained, *tensors)
    if isinstance(case.op, LossOp):
        (case.op.weight * output).backward()
        tensors = differentiated(case.op, tuple(tensors))
        return [output.detach().numpy(), *(np.moveaxis(tensor.grad.numpy(), 0, -1) for tensor in tensors)]
    output.backward(torch.tensor(np.moveaxis(gradient, -1, 0).copy()))
    by_inputs = [np.moveaxis(gradient_of(tensor), 0, -1) for tensor in tensors]
    return [np.moveaxis(output.detach().numpy(), 0, -1), *by_inputs, *(gradient_of(tensor) for tensor in trained)]


def gradient_of(tensor: Any) -> Array:
    """0 where PyTorch knows none: for whole numbers, masks and running statistics."""
    return np.zeros(tensor.shape, tensor.detach().numpy().dtype) if tensor.grad is None else tensor.grad.numpy()


def test_every_op_has_a_twin() -> None:
    assert {type(case.op) for case in CASES} == set(TWINS) | set(WITHOUT_TWIN)


@pytest.mark.parametrize(("dtype", "forward", "backward"), [(np.float64, 1e-12, 1e-10), (np.float32, 1e-5, 1e-5)])
@pytest.mark.parametrize("scale", [1.0, 20.0])
@pytest.mark.parametrize("case", DETERMINISTIC, ids=str)
def test_op_agrees(case: Case, scale: float, dtype: Any, forward: float, backward: float) -> None:
    generator = np.random.default_rng(9)
    inputs, parameters = case.points(9)
    if case.draw.__name__ in ("normal", "logits_of_two", "logits_of_classes"):
        inputs = (inputs[0] * scale, *inputs[1:])
    inputs, parameters = (tuple(array.astype(dtype) for array in arrays) for arrays in (inputs, parameters))
    gradient = generator.standard_normal((*case.op.output_shape(*case.shapes), inputs[0].shape[-1])).astype(dtype)
    ours = evaluate(
        case.op, *inputs, parameters=parameters, output_gradient=None if isinstance(case.op, LossOp) else gradient
    )
    theirs = twin(case, inputs, parameters, gradient)
    checked = differentiated(case.op, ours.input_gradients)
    np.testing.assert_allclose(ours.output, theirs[0], rtol=forward, atol=forward)
    for mine, other in zip([*checked, *ours.parameter_gradients], theirs[1:], strict=True):
        np.testing.assert_allclose(mine, other, rtol=backward, atol=backward * max(1.0, np.abs(other).max()))


@pytest.mark.parametrize(
    "op",
    [
        activations.Relu(),
        activations.LeakyRelu(0.2),
        activations.Elu(0.7),
        activations.Sigmoid(),
        activations.Tanh(),
        activations.Softplus(),
        activations.Silu(),
        activations.Gelu(),
        activations.HardSigmoid(),
        activations.Softsign(),
        activations.Selu(),
        activations.Mish(),
        activations.Gaussian(),
        activations.Absolute(),
    ],
    ids=str,
)
def test_edges_agree(op: Op) -> None:
    edges = np.array([[-1e3, -100.0, -20.0, -3.0, -1.0, -1e-12, -0.0, 0.0, 1e-12, 1.0, 3.0, 20.0, 100.0, 1e3]])
    ours = evaluate(op, edges, output_gradient=np.ones_like(edges))
    theirs = twin(Case(op, ((1,),)), (edges,), (), np.ones_like(edges))
    np.testing.assert_allclose(ours.output, theirs[0], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(ours.input_gradients[0], theirs[1], rtol=1e-10, atol=1e-14)
