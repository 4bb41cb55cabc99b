"""Op: one differentiable operation, which binds itself to preallocated arrays and gives back zero-argument calls.

Inside the engine arrays are features first and batch last: a value of sample shape ``(features,)`` is an
array ``(features, batch)``, so that a layer reads like the textbook's ``a = f(W x + b)``; a sequence is ``(time, features, batch)`` and a
picture ``(channels, height, width, batch)`` (``core.ops.layout``). Every value's storage has one more row than the value, kept at 1, so
that a bias is simply the last column of the weights.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Shape: TypeAlias = tuple[int, ...]
Call: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A named part of a parameter block, and how it starts.

    ``index`` cuts it out of the block; ``initializer`` is a key of ``core.ops.initializers``; ``fan_in`` and ``fan_out`` are
    the numbers of values that one unit reads and that read one unit. ``regularized`` is False for biases and their like, which
    weight decay and its like leave alone. ``shape`` is what the cut is reshaped to, where that is not the shape it has.
    """

    name: str
    index: tuple[slice | int, ...]
    initializer: str
    fan_in: int
    fan_out: int
    regularized: bool = True
    shape: Shape | None = None

    def cut(self, block: Array) -> Array:
        """This part of a block, or of the gradient of a block, as a view."""
        part = block[self.index]
        return part if self.shape is None else part.reshape(self.shape)


@dataclass(frozen=True, slots=True)
class ParameterBlock:
    """Numbers that an op keeps together in one contiguous array, with a named view of each part.

    ``trained`` is False for what an op remembers by itself, such as running means: it is saved and carried over like weights, no
    optimizer moves it, and its gradient stays 0.
    """

    shape: Shape
    views: tuple[ParameterView, ...]
    trained: bool = True


@dataclass(frozen=True, slots=True)
class Binding:
    """The arrays that one op works on; they stay the same for the life of a bound step.

    ``inputs[i]`` and ``output`` have shape ``sample shape + (batch,)`` and are C-contiguous; ``extended[i]`` is ``inputs[i]`` as
    ``(size + 1, batch)`` whose last row is 1. ``output_gradient`` is read, ``input_gradients[i]`` is overwritten (the binder adds up
    where a value has several readers); None means that nobody needs it. ``extended_gradients[i]`` is ``input_gradients[i]`` with one more
    row, which is nobody's. ``parameter_gradients`` are overwritten. ``written[i]`` says whether anybody wrote row ``i`` of
    ``output_gradient``; the others are 0, and None means all. ``slope`` is where an activation finds its slope worked out; None means that
    it does so itself.
    """

    inputs: tuple[Array, ...]
    extended: tuple[Array, ...]
    output: Array
    input_gradients: tuple[Array | None, ...]
    extended_gradients: tuple[Array | None, ...]
    output_gradient: Array | None
    parameters: tuple[Array, ...]
    parameter_gradients: tuple[Array, ...]
    training: bool
    random: np.random.Generator
    written: NDArray[np.bool_] | None = None
    slope: Array | None = None

    def gradient_path(self, index: int = 0) -> tuple[Array, Array] | None:
        """(gradient of the output, gradient of input ``index`` to be written), or None where nobody needs it."""
        upstream = self.input_gradients[index]
        return None if upstream is None or self.output_gradient is None else (self.output_gradient, upstream)

    def scratch(self, shape: Shape, dtype: Any = None) -> Array:
        """A private array of the op's own, in the dtype of the model unless told otherwise."""
        return np.empty(shape, dtype or self.output.dtype)

    def constant(self, value: float) -> Array:
        """A 0-d array: a ufunc takes it at a third of the price of a Python float."""
        return np.array(value, self.output.dtype)


@dataclass(frozen=True, slots=True)
class Bound:
    """What an op does in the forward pass and in the backward pass, in this order of calls.

    ``measure`` makes the number of a loss out of what ``forward`` left behind; it runs only when somebody asks for the number,
    for on a small network the number costs as much as a layer.
    """

    forward: tuple[Call, ...]
    backward: tuple[Call, ...] = ()
    measure: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Op(ABC):
    """A differentiable operation; its fields are its settings, so equal ops are interchangeable.

    ``smooth`` is False where the derivative jumps; gradient checks then keep away from the kinks. ``surrogate`` is True where the
    backward pass is on purpose not the derivative, as in the perceptron's own rule of learning. ``stepwise`` is True where a sequence
    gives the same as each of its steps of time by itself; only such an op can be part of a loop through time. ``elementwise`` is True where
    every value depends on the one in its place alone, without parameters or chance, so that rows can be cut and joined at will.
    ``reads_ones`` is False where ``bind`` leaves ``extended`` alone.
    """

    smooth: ClassVar[bool] = True
    surrogate: ClassVar[bool] = False
    stepwise: ClassVar[bool] = False
    elementwise: ClassVar[bool] = False
    reads_ones: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """The class name in snake_case: how the op is called in a printed plan."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).lower()

    @abstractmethod
    def output_shape(self, *inputs: Shape) -> Shape:
        """The sample shape of the output."""

    @abstractmethod
    def bind(self, arrays: Binding) -> Bound:
        """The calls of this op on these arrays."""

    def aliases(self, training: bool) -> bool:
        """Whether the output is input 0 itself, perhaps under another shape: then the model shares the memory and skips the op."""
        return False

    @property
    def first_row(self) -> int:
        """Where in input 0 an output begins that is a part of it (see ``aliases``)."""
        return 0

    @property
    def places(self) -> tuple[tuple[int, bool], ...]:
        """For an op whose output holds its inputs: in which row each begins, and whether a row of ones follows it.

        The model then lets the inputs live there, where it can; the op copies those that do not.
        """
        return ()

    def bind_weights(
        self, inputs: tuple[Array, ...], output_gradient: Array, parameter_gradients: tuple[Array, ...]
    ) -> tuple[Call, ...] | None:
        """The calls that write the gradients of the parameters for all steps of time at once, given sequences; None where it cannot.

        Such an op can be bound to a step of time with ``parameter_gradients`` left empty.
        """
        return None

    def macs(self, *inputs: Shape) -> int:
        """Multiply-adds per sample; 0 for what is not a matrix product."""
        return 0

    def scratch_values(self, *inputs: Shape) -> int:
        """About how many numbers the op keeps for each sample while it learns, beside its output and the gradients: rather more than less."""
        return 4 * math.prod(self.output_shape(*inputs))


@dataclass(frozen=True)
class LossOp(Op):
    """An op that compares a prediction (input 0) with a target (input 1, which needs no gradient).

    Where ``has_target`` is False all its inputs are predictions, each with a gradient. Its output is a 0-d array, the mean over the batch; its backward pass writes the gradient of ``weight`` times that mean.
    ``output_gradient`` is None. A loss that reads logits says so with ``from_logits``. Where a single answer means yes or no, it means yes
    above ``boundary``.
    """

    weight: float = 1.0
    reads_ones: ClassVar[bool] = False
    from_logits: ClassVar[bool] = False
    has_target: ClassVar[bool] = True
    boundary: ClassVar[float] = 0.5

    def output_shape(self, *inputs: Shape) -> Shape:
        return ()

    def scratch_values(self, *inputs: Shape) -> int:
        return 10 * math.prod(inputs[0])

    def merge(self, losses: Array, counts: Array) -> float:
        """The loss over several batches, given the loss and the number of samples of each."""
        with np.errstate(all="ignore"):
            return float(np.average(losses, weights=counts))
