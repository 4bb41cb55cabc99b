"""Every op with points to try it at; a test makes sure that none is missing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.ops import (
    activations,
    attention,
    embedding,
    joins,
    losses,
    noise,
    normalisation,
    positional,
    sequence,
    structure,
)
from core.ops.delay import Delay
from core.ops.layout import features_axis
from core.ops.linear import Linear
from core.ops.neuron_ranks import NeuronRanks
from core.ops.op import Array, LossOp, Op, Shape
from core.ops.part import Part
from core.ops.perceptron import PerceptronStep
from core.ops.radial import RadialBasis
from core.ops.ranks import RankedNeuron
from core.ops.repeat import Repeat
from core.ops.rows import Rows
from tests.core.ops.loops import LOOPS
from tests.core.ops.pictures import CONVOLUTIONS, EXTREMES, FUSED, SHAPED
from tests.core.ops.recurrent_cases import RECURRENT
from tests.gradients import KINKED, SMOOTH, keep_off

BATCH = 4
Draw = Callable[[np.random.Generator, tuple[Shape, ...]], tuple[Array, ...]]


def normal(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Standard normal numbers, off the kink at 0."""
    return tuple(keep_off(generator.standard_normal((*shape, BATCH))) for shape in shapes)


def apart(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """A prediction and a target that are nowhere equal."""
    target = generator.standard_normal((*shapes[1], BATCH))
    return keep_off(generator.standard_normal((*shapes[0], BATCH)), target), target


def probabilities(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Probabilities well inside 0 and 1, and targets of 0 and 1."""
    target = generator.integers(0, 2, (*shapes[1], BATCH)).astype(float)
    return generator.uniform(0.05, 0.95, (*shapes[0], BATCH)), target


def logits_of_two(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Logits, and targets between 0 and 1."""
    return 2 * generator.standard_normal((*shapes[0], BATCH)), generator.uniform(0, 1, (*shapes[1], BATCH))


def shares(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Positive numbers, and targets that are one-hot."""
    return generator.uniform(0.1, 0.9, (*shapes[0], BATCH)), one_hot(generator, shapes[1])


def logits_of_classes(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Logits, and targets that are no distribution at all: the gradient must be that of the formula."""
    return 2 * generator.standard_normal((*shapes[0], BATCH)), generator.uniform(0, 1, (*shapes[1], BATCH))


def one_hot(generator: np.random.Generator, shape: Shape) -> Array:
    """One class of the features for each sample, and for each step of a sequence or place of a picture."""
    axis = features_axis(len(shape) + 1)
    classes = generator.integers(0, shape[axis], (*shape[:axis], *shape[axis + 1 :], BATCH))
    return np.moveaxis(np.eye(shape[axis])[classes], -1, axis).copy()


def numbers(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Whole numbers from -1 to 5: a vocabulary, and what is not in it."""
    return tuple(generator.integers(-1, 6, (*shape, BATCH)).astype(float) for shape in shapes)


def masked(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """A query, a key and a mask that hides some steps of some samples, and all steps of the first."""
    mask = generator.integers(0, 2, (*shapes[2], BATCH)).astype(float)
    mask[..., 0] = 0
    return (*normal(generator, shapes[:2]), mask)


def weights(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Standard normal numbers for the parameters."""
    return tuple(generator.standard_normal(shape) for shape in shapes)


def centres_and_widths(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Centres anywhere, and widths that are not near 0."""
    return generator.standard_normal(shapes[0]), generator.uniform(0.5, 2, shapes[1])


def running(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Scales and shifts, and running statistics whose variance is positive."""
    return generator.standard_normal(shapes[0]), generator.uniform(0.5, 2, shapes[1])


def off_three(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Numbers on either side of the kinks at -3 and 3."""
    return tuple(keep_off(keep_off(3 * generator.standard_normal((*shape, BATCH)), 3.0), -3.0) for shape in shapes)


def away_from_zero(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Numbers of either sign whose reciprocals are small."""
    return tuple(keep_off(generator.standard_normal((*shape, BATCH)), margin=0.3) for shape in shapes)


def all_apart(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Inputs of one shape that are nowhere equal."""
    places = generator.permuted(np.arange(len(shapes) * BATCH * int(np.prod(shapes[0]))))
    return tuple((places / 10 - 1).reshape(len(shapes), *shapes[0], BATCH))


def two_shares(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Positive numbers twice."""
    return tuple(generator.uniform(0.1, 0.9, (*shape, BATCH)) for shape in shapes)


def off_corners(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Predictions whose errors are not 0.7 or -0.7, on either side of it."""
    target = generator.standard_normal((*shapes[1], BATCH))
    prediction = generator.standard_normal((*shapes[0], BATCH))
    return keep_off(keep_off(prediction, target + 0.7), target - 0.7), target


def off_margin(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Predictions on either side of the margin, for targets of 0 and 1."""
    target = generator.integers(0, 2, (*shapes[1], BATCH)).astype(float)
    return keep_off(2 * generator.standard_normal((*shapes[0], BATCH)), 2 * target - 1), target


def off_margins(generator: np.random.Generator, shapes: tuple[Shape, ...]) -> tuple[Array, ...]:
    """Scores of classes, none of which leads another by exactly 1."""
    count = BATCH * int(np.prod(shapes[0]))
    scores = generator.permuted(np.arange(count)) * 0.17 - 1
    return scores.reshape(*shapes[0], BATCH), one_hot(generator, shapes[1])


@dataclass(frozen=True)
class Case:
    """An op, the sample shapes of its inputs and of its parameters, and how to draw points for both.

    ``still`` are the inputs whose gradient is 0 because nothing moves with them, ``state`` the parameters that no optimizer moves.
    """

    op: Op
    shapes: tuple[Shape, ...]
    draw: Draw = normal
    parameters: tuple[Shape, ...] = ()
    training: bool = False
    draw_parameters: Draw = weights
    still: tuple[int, ...] = ()
    state: tuple[int, ...] = ()

    @property
    def tolerance(self) -> float:
        """How exact its gradients must be."""
        return SMOOTH if self.op.smooth else KINKED

    def points(self, seed: int) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """(inputs, parameters) in float64."""
        generator = np.random.default_rng(seed)
        inputs = self.draw(generator, self.shapes)
        return inputs, self.draw_parameters(generator, self.parameters)

    def places(self) -> list[tuple[str, int]]:
        """Where gradients are that somebody reads: ("input", 0), ("parameter", 0) ..."""
        compares = isinstance(self.op, LossOp) and self.op.has_target
        inputs = range(1 if compares else len(self.shapes))
        return [("input", index) for index in inputs if index not in self.still] + [
            ("parameter", index) for index in range(len(self.parameters)) if index not in self.state
        ]

    def __str__(self) -> str:
        return f"{self.op}-{'-'.join('x'.join(map(str, shape)) for shape in self.shapes)}"


ACTIVATIONS = (
    activations.Identity(),
    activations.Step(),
    activations.Sigmoid(),
    activations.Tanh(),
    activations.Relu(),
    activations.LeakyRelu(0.2),
    activations.LeakyRelu(1.5),
    activations.Elu(0.7),
    activations.Softplus(),
    activations.Gelu(),
    activations.Silu(),
    activations.Softmax(),
    activations.Softsign(),
    activations.Selu(),
    activations.Mish(),
    activations.Sine(),
    activations.Gaussian(),
    activations.Absolute(),
    activations.Square(),
)

LOSSES: tuple[tuple[Op, Draw], ...] = (
    (losses.MeanSquaredError(), normal),
    (losses.MeanSquaredError(weight=0.3), normal),
    (losses.RootMeanSquaredError(), normal),
    (losses.RootMeanSquaredError(weight=3.0), normal),
    (losses.MeanAbsoluteError(), apart),
    (losses.MeanAbsoluteError(weight=3.0), apart),
    (losses.BinaryCrossEntropy(), probabilities),
    (losses.BinaryCrossEntropy(weight=0.3), probabilities),
    (losses.BinaryCrossEntropyFromLogits(), logits_of_two),
    (losses.BinaryCrossEntropyFromLogits(weight=0.3), logits_of_two),
    (losses.CategoricalCrossEntropy(), shares),
    (losses.CategoricalCrossEntropy(weight=0.3), shares),
    (losses.CategoricalCrossEntropyFromLogits(), logits_of_classes),
    (losses.CategoricalCrossEntropyFromLogits(weight=0.3), logits_of_classes),
    (losses.BinaryCrossEntropy(0.3, (0.5, 3.0)), probabilities),
    (losses.BinaryCrossEntropyFromLogits(0.3, (0.5, 3.0)), logits_of_two),
    (losses.CategoricalCrossEntropy(0.3, (0.5, 2.0, 0.0)), shares),
    (losses.CategoricalCrossEntropyFromLogits(0.3, (0.5, 2.0, 0.0)), logits_of_classes),
    (losses.Huber(0.3, delta=0.7), off_corners),
    (losses.LogCosh(weight=0.3), normal),
    (losses.Hinge(weight=0.3), off_margin),
    (losses.ClassHinge(weight=0.3), off_margins),
    (losses.ShareDivergence(weight=0.3), shares),
)

BATCH_NORMALISATION = tuple(
    Case(
        normalisation.BatchNormalisation(momentum=0.3),
        (shape,),
        parameters=((2, features), (2, features)),
        training=training,
        draw_parameters=running,
        state=(1,),
    )
    for shape, features in (((3,), 3), ((1,), 1), ((5, 2), 2), ((1, 1), 1), ((2, 3, 4), 2))
    for training in (True, False)
)

NORMALISATION = (
    *BATCH_NORMALISATION,
    Case(normalisation.LayerNormalisation(), ((6,),), parameters=((2, 6),)),
    Case(normalisation.LayerNormalisation(0.1), ((5, 3),), parameters=((2, 3),)),
    Case(normalisation.LayerNormalisation(), ((2, 3, 4),), parameters=((2, 2),)),
)

EMBEDDING = (
    *(Case(embedding.OneHot(5), (shape,), numbers, still=(0,)) for shape in ((1,), (3,), (4, 1), (1, 1))),
    *(
        Case(embedding.Embedding(5, size=3), (shape,), numbers, parameters=((5, 3),), still=(0,))
        for shape in ((1,), (3,), (4, 1), (1, 1))
    ),
    Case(embedding.Embedding(1, size=1), ((3,),), numbers, parameters=((1, 1),), still=(0,)),
)

ATTENTION = (
    Case(attention.AttentionWeights(), ((3, 4), (5, 4))),
    Case(attention.AttentionWeights(2, causal=True, scaled=False), ((4, 4), (4, 4))),
    Case(attention.AttentionWeights(3), ((2, 3), (4, 3))),
    Case(attention.AttentionWeights(2), ((3, 4), (5, 4), (5, 1)), masked, still=(2,)),
    Case(attention.AttentionWeights(causal=True), ((4, 2), (4, 2), (4, 1)), masked, still=(2,)),
    Case(attention.Attend(), ((1, 3, 5), (5, 4))),
    Case(attention.Attend(), ((2, 3, 5), (5, 4))),
    Case(attention.Attend(), ((3, 1, 1), (1, 3))),
    *(
        Case(positional.PositionalEncoding(beside), (shape,))
        for shape in ((4, 5), (1, 1), (3, 2))
        for beside in (False, True)
    ),
)

WHOLE_RANKS = NeuronRanks(
    (2,), ((RankedNeuron((0, 1)), RankedNeuron((0, 1))), (RankedNeuron((3, 4), activation=activations.Tanh()),))
)
MIXED_RANKS = NeuronRanks(
    (2, 1),
    (
        (
            RankedNeuron((0, 1, 2), activation=activations.Tanh()),
            RankedNeuron((2, 0), bias=False, activation=activations.Tanh()),
            RankedNeuron((1,), activation=activations.Softplus()),
        ),
        (RankedNeuron((6, 4)), RankedNeuron((0, 4), activation=activations.Sigmoid()), RankedNeuron((5,), bias=False)),
    ),
)
"""Skip wires, wires out of order, several activations in a rank, neurons without a bias or an activation."""

CASES = (
    Case(Linear(3), ((5,),), parameters=((3, 6),)),
    Case(Linear(5), ((5,),), parameters=((5, 6),)),
    Case(Linear(1), ((1,),), parameters=((1, 2),)),
    Case(Linear(3, bias=False), ((5,),), parameters=((3, 5),)),
    Case(Rows(1, 4), ((6,),)),
    Case(WHOLE_RANKS, ((2,),), parameters=((1, 3), (1, 3), (1, 3))),
    Case(MIXED_RANKS, ((2,), (1,)), parameters=((1, 4), (1, 2), (1, 2), (1, 3), (1, 3), (1, 1))),
    Case(Linear(3), ((4, 5),), parameters=((3, 6),)),
    Case(Linear(1), ((4, 3),), parameters=((1, 4),)),
    Case(Linear(2, bias=False), ((3, 4),), parameters=((2, 4),)),
    Case(Linear(1, bias=False), ((1, 1),), parameters=((1, 1),)),
    *(Case(op, ((6,),)) for op in ACTIVATIONS),
    *(Case(op, ((2, 3, 2),)) for op in ACTIVATIONS),
    Case(activations.HardSigmoid(), ((6,),), off_three),
    Case(activations.HardSigmoid(), ((2, 3, 2),), off_three),
    Case(activations.PRelu(), ((6,),), parameters=((1,),)),
    Case(activations.PRelu(each=True), ((6,),), parameters=((6,),)),
    Case(activations.PRelu(), ((3, 2),), parameters=((1,),)),
    Case(activations.PRelu(each=True), ((3, 2),), parameters=((2,),)),
    Case(activations.PRelu(each=True), ((2, 3, 2),), parameters=((2,),)),
    Case(activations.Softmax(), ((3, 2),)),
    Case(activations.PositionSoftmax(), ((3, 2),)),
    Case(activations.PositionSoftmax(), ((2, 3, 2),)),
    Case(structure.Flatten(), ((2, 3),)),
    Case(structure.Flatten(pictures=True), ((2, 3, 4),)),
    *(Case(sequence.AsSequence(), (shape,)) for shape in ((3,), (3, 2), (1, 2, 3))),
    Case(sequence.AsSequence(pictures=True), ((2, 3, 4),)),
    Case(structure.Concatenate(), ((2,), (3,), (1,))),
    Case(structure.Concatenate(), ((1, 2, 2), (3, 2, 2))),
    Case(structure.Concatenate(), ((2, 1), (2, 3))),
    Case(structure.Concatenate(), ((4, 2), (4, 3))),
    Case(Repeat(3), ((2,),)),
    Case(Delay(), ((4, 2),)),
    Case(Delay(3, -0.5), ((4, 2),)),
    Case(Part(1, 3), ((4,),)),
    Case(Part(0, 1), ((3, 4),)),
    Case(Part(2, 3), ((3, 2, 2),)),
    *(Case(loop, shapes, parameters=parameters) for loop, shapes, parameters in LOOPS),
    *(Case(op, shapes, draw, parameters=parameters, still=still) for op, shapes, draw, parameters, still in RECURRENT),
    Case(structure.Add(), ((3,),)),
    Case(structure.Add(), ((3,), (3,), (3,))),
    Case(structure.Multiply(), ((3,),)),
    Case(structure.Multiply(), ((3,), (3,), (3,))),
    Case(joins.Subtract(), ((3,), (3,))),
    Case(joins.Divide(), ((3, 2), (3, 2)), away_from_zero),
    Case(joins.Maximum(), ((3,),)),
    Case(joins.Maximum(), ((3,), (3,), (3,)), all_apart),
    Case(joins.Average(), ((3,),)),
    Case(joins.Average(), ((3,), (3,), (3,))),
    Case(joins.Dot(), ((3,), (3,))),
    Case(joins.Dot(), ((2, 3), (2, 3))),
    Case(joins.Dot(), ((3, 2, 2), (3, 2, 2))),
    Case(PerceptronStep(), ((4,),)),
    Case(RadialBasis(3), ((2,),), parameters=((3, 2), (3,)), draw_parameters=centres_and_widths),
    Case(RadialBasis(1), ((4,),), parameters=((1, 4), (1,)), draw_parameters=centres_and_widths),
    Case(noise.Constant(2.5, 3), ()),
    Case(noise.Noise(3), (), training=True),
    Case(noise.Noise(3, mean=0.5, spread=2.0, even=True), (), training=True),
    Case(noise.GaussianNoise(0.3), ((5,),)),
    Case(noise.GaussianNoise(0.3), ((2, 3),), training=True),
    Case(noise.GaussianNoise(0.0), ((5,),), training=True),
    Case(noise.Sample(), ((3,), (3,)), still=(1,)),
    Case(noise.Sample(), ((3,), (3,)), training=True),
    Case(structure.Dropout(0.4), ((5,),)),
    Case(structure.Dropout(0.4), ((5,),), training=True),
    Case(structure.Dropout(0.0), ((5,),), training=True),
    *(Case(op, ((3,), (3,)), draw) for op, draw in LOSSES),
    *(Case(op, ((2, 3), (2, 3)), draw) for op, draw in LOSSES),
    *(Case(op, ((3, 1, 2), (3, 1, 2)), draw) for op, draw in LOSSES),
    Case(losses.ShareDivergence(), ((3,), (3,)), two_shares),
    Case(losses.NormalDivergence(weight=0.3), ((3,), (3,))),
    Case(losses.NormalDivergence(), ((2, 3), (2, 3))),
    Case(losses.CategoricalCrossEntropyFromLogits(weight=0.3), ((40,), (40,)), logits_of_classes),
    *NORMALISATION,
    *EMBEDDING,
    *ATTENTION,
    *(Case(op, (shape,), parameters=parameters) for op, shape, parameters in (*CONVOLUTIONS, *FUSED, *SHAPED)),
    *(Case(op, (shape,), all_apart) for op, shape, _ in EXTREMES),
)
