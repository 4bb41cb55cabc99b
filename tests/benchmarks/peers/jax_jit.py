"""JAX with everything of a step in one compiled function, on one thread."""

import importlib
import importlib.util
import os
from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np

from tests.benchmarks.workloads import RATE, Data, Workload

ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def jax_jit(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """Only for the two recurrent networks, where XLA has loops to fuse."""
    if workload.form not in ("rnn", "lstm") or not importlib.util.find_spec("jax"):
        return None
    os.environ.setdefault("XLA_FLAGS", ONE_THREAD)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    jax = importlib.import_module("jax")
    numpy = importlib.import_module("jax.numpy")
    cell = _rnn if workload.form == "rnn" else _lstm
    features, hidden = workload.sizes
    generator = np.random.default_rng(0)
    shapes = {"weight": (features + hidden, hidden * (1 if workload.form == "rnn" else 4)), "answer": (hidden, 1)}
    weights = {
        name: numpy.asarray(generator.standard_normal(shape).astype(np.float32) * 0.1) for name, shape in shapes.items()
    }
    weights |= {"bias": numpy.zeros(shapes["weight"][1]), "answer_bias": numpy.zeros(1)}

    def loss(values: Any, samples: Any, targets: Any) -> Any:
        start = numpy.zeros((samples.shape[0], hidden))
        carried = start if workload.form == "rnn" else (start, start)
        last, _ = jax.lax.scan(lambda state, x: cell(numpy, jax, values, state, x), carried, samples.swapaxes(0, 1))
        output = last if workload.form == "rnn" else last[0]
        return ((output @ values["answer"] + values["answer_bias"] - targets) ** 2).mean()

    @jax.jit  # type: ignore[untyped-decorator]
    def step(values: Any, samples: Any, targets: Any) -> Any:
        number, gradients = jax.value_and_grad(loss)(values, samples, targets)
        return jax.tree.map(lambda value, gradient: value - RATE * gradient, values, gradients), number

    batches = cycle([(numpy.asarray(x), numpy.asarray(t)) for x, t in zip(data.inputs, data.targets)])
    state = [weights]

    def run(count: int) -> None:
        for _, (samples, targets) in zip(range(count), batches):
            state[0], number = step(state[0], samples, targets)
            float(number)

    return run


def _rnn(numpy: Any, jax: Any, values: Any, state: Any, x: Any) -> Any:
    state = numpy.tanh(numpy.concatenate([x, state], 1) @ values["weight"] + values["bias"])
    return state, None


def _lstm(numpy: Any, jax: Any, values: Any, state: Any, x: Any) -> Any:
    output, cell = state
    gates = numpy.concatenate([x, output], 1) @ values["weight"] + values["bias"]
    enter, forget, candidate, leave = numpy.split(gates, 4, 1)
    cell = jax.nn.sigmoid(forget) * cell + jax.nn.sigmoid(enter) * numpy.tanh(candidate)
    return (jax.nn.sigmoid(leave) * numpy.tanh(cell), cell), None
