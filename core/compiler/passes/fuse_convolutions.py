"""Fuse convolutions: where a pool of 2 x 2 follows a convolution, training computes both as one op.

The pool keeps its slot, so that whatever reads it does not notice. The convolution and its activation stay in the plan for
everybody who looks at them; in training nothing depends on them any more.
"""

from collections.abc import Iterator
from dataclasses import replace

from core.compiler.draft import Draft
from core.compiler.plan import Plan, Step
from core.ops.activations import Identity, Relu, Sigmoid, Tanh
from core.ops.convolution import Convolution
from core.ops.convolution_pool import SQUARE, ConvolutionPool
from core.ops.elementwise import Activation
from core.ops.layout import PICTURE
from core.ops.pooling import ExtremePool

INCREASING = (Identity, Relu, Sigmoid, Tanh)
"""Activations of the largest value that are the largest activation."""


def fuse_convolutions(draft: Draft) -> None:
    """Add to ``plan``, if there is one, what training runs in place of pools."""
    if draft.plan is not None:
        draft.plan = replace(draft.plan, in_training=dict(_fused(draft.plan)))


def _fused(plan: Plan) -> Iterator[tuple[int, Step]]:
    """(index of a pool, the step for training) of every pool that can be part of the convolution before it."""
    maker = {step.output: step for step in plan.steps}
    reads: dict[int, int] = {}
    for step in plan.steps:
        for slot in step.inputs:
            reads[slot] = reads.get(slot, 0) + 1

    def before(step: Step) -> Step | None:
        """What makes the input of a step, if for this step alone."""
        return maker.get(step.inputs[0]) if reads[step.inputs[0]] == 1 else None

    no_activation: Activation = Identity()
    for index, step in enumerate(plan.steps):
        if isinstance(step.op, ExtremePool) and _takes_squares(step.op, plan.slots[step.inputs[0]].shape):
            source, activation = before(step), no_activation
            if source is not None and isinstance(source.op, INCREASING):
                activation, source = source.op, before(source)
            if source is not None and isinstance(source.op, Convolution):
                op = ConvolutionPool(source.op, activation, step.op)
                yield index, Step(op, source.node, source.inputs, step.output, source.parameters)


def _takes_squares(op: ExtremePool, shape: tuple[int, ...]) -> bool:
    """Whether the pool reads pictures in squares of 2 x 2, side by side and without padding."""
    window = op.window
    plain = (window.kernel, window.stride, window.dilation) == (SQUARE, SQUARE, 1)
    return plain and len(shape) == PICTURE and not any(window.pads(shape[1]) + window.pads(shape[2]))
