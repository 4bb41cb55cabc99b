"""The peers of the engine benchmark: the same network on the same batches, each in its own best idiom, on one thread.

``PEERS[name](workload, data)`` gives a function that takes so many steps of training, or None where the peer is not installed or has no
such network.
"""

from collections.abc import Callable
from typing import TypeAlias

from tests.benchmarks.peers.javascript import convnetjs, playground
from tests.benchmarks.peers.jax_jit import jax_jit
from tests.benchmarks.peers.ours import neuroloom
from tests.benchmarks.peers.prototype import prototype
from tests.benchmarks.peers.pytorch import pytorch
from tests.benchmarks.peers.scikit_learn import scikit_learn
from tests.benchmarks.peers.textbook import textbook
from tests.benchmarks.workloads import Data, Workload

Steps: TypeAlias = Callable[[int], None]
Start: TypeAlias = Callable[[Workload, Data], Steps | None]

PEERS: dict[str, Start] = {
    "torch": pytorch,
    "sklearn": scikit_learn,
    "jax": jax_jit,
    "prototype": prototype,
    "textbook": textbook,
    "convnetjs": convnetjs,
    "playground": playground,
}

OURS: Start = neuroloom
