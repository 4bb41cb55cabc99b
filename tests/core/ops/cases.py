"""Every op with points to try it at; a test makes sure that none is missing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.ops import activations, losses, structure
from core.ops.linear import Linear
from core.ops.op import Array, Op, Shape
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
    """One class of the last sample axis for each sample."""
    classes = generator.integers(0, shape[-1], (*shape[:-1], BATCH))
    return np.moveaxis(np.eye(shape[-1])[classes], -1, -2).copy()


@dataclass(frozen=True)
class Case:
    """An op, the sample shapes of its inputs and of its parameters, and how to draw points for the inputs."""

    op: Op
    shapes: tuple[Shape, ...]
    draw: Draw = normal
    parameters: tuple[Shape, ...] = ()
    training: bool = False

    @property
    def tolerance(self) -> float:
        """How exact its gradients must be."""
        return SMOOTH if self.op.smooth else KINKED

    def points(self, seed: int) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """(inputs, parameters) in float64."""
        generator = np.random.default_rng(seed)
        inputs = self.draw(generator, self.shapes)
        return inputs, tuple(generator.standard_normal(shape) for shape in self.parameters)

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
)

CASES = (
    Case(Linear(3), ((5,),), parameters=((3, 6),)),
    Case(Linear(5), ((5,),), parameters=((5, 6),)),
    Case(Linear(1), ((1,),), parameters=((1, 2),)),
    Case(Linear(3, bias=False), ((5,),), parameters=((3, 5),)),
    Case(Linear(3), ((4, 5),), parameters=((3, 6),)),
    Case(Linear(1), ((4, 3),), parameters=((1, 4),)),
    Case(Linear(2, bias=False), ((3, 4),), parameters=((2, 4),)),
    Case(Linear(1, bias=False), ((1, 1),), parameters=((1, 1),)),
    *(Case(op, ((6,),)) for op in ACTIVATIONS),
    *(Case(op, ((2, 3, 2),)) for op in ACTIVATIONS),
    Case(structure.Flatten(), ((2, 3),)),
    Case(structure.Flatten(pictures=True), ((2, 3, 4),)),
    Case(structure.Concatenate(), ((2,), (3,), (1,))),
    Case(structure.Concatenate(), ((1, 2, 2), (3, 2, 2))),
    Case(structure.Concatenate(), ((2, 1), (2, 3))),
    Case(structure.Add(), ((3,),)),
    Case(structure.Add(), ((3,), (3,), (3,))),
    Case(structure.Multiply(), ((3,),)),
    Case(structure.Multiply(), ((3,), (3,), (3,))),
    Case(structure.Dropout(0.4), ((5,),)),
    Case(structure.Dropout(0.4), ((5,),), training=True),
    Case(structure.Dropout(0.0), ((5,),), training=True),
    *(Case(op, ((3,), (3,)), draw) for op, draw in LOSSES),
    *(Case(op, ((2, 3), (2, 3)), draw) for op, draw in LOSSES),
    Case(losses.CategoricalCrossEntropyFromLogits(weight=0.3), ((40,), (40,)), logits_of_classes),
)
