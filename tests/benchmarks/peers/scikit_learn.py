"""scikit-learn's multilayer perceptrons, which have no loop of their own: one call of ``fit`` runs over enough batches."""

import importlib
import importlib.util
import warnings
from collections.abc import Callable

from tests.benchmarks.workloads import RATE, Data, Workload


def scikit_learn(workload: Workload, data: Data) -> Callable[[int], None] | None:
    """``fit`` for as many epochs as make up the steps."""
    if workload.form != "mlp" or not importlib.util.find_spec("sklearn"):
        return None
    network = importlib.import_module("sklearn.neural_network")
    exceptions = importlib.import_module("sklearn.exceptions")
    softmax = workload.output == "softmax"
    kind = network.MLPClassifier if softmax else network.MLPRegressor
    inputs, flat = data.flat_inputs, data.flat_targets
    targets = flat.argmax(1) if softmax else flat.ravel()
    epoch = len(data.inputs)

    def run(count: int) -> None:
        learner = kind(
            hidden_layer_sizes=workload.sizes[1:-1],
            activation=workload.hidden,
            solver=workload.optimizer,
            batch_size=data.batch,
            learning_rate_init=RATE,
            alpha=0.0,
            momentum=0.0,
            nesterovs_momentum=False,
            max_iter=max(1, count // epoch),
            tol=0.0,
            n_iter_no_change=10**9,
            shuffle=True,  # As ours does: every epoch deals the samples out afresh.
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", exceptions.ConvergenceWarning)
            learner.fit(inputs, targets)

    return run
