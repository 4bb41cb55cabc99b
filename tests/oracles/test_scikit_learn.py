"""scikit-learn's multilayer perceptrons beside ours: from the same weights, gradient descent and Adam walk the same paths."""

from typing import Any

import numpy as np
import pytest

from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.training.optimizers import Optimizer
from tests.oracles.networks import Network

neural_network = pytest.importorskip("sklearn.neural_network", reason="scikit-learn, the oracle, is not installed")

STEPS = 60
RATES = {"sgd": 0.1, "adam": 0.01}
NO_EPSILON = 1e-30
"""In Adam the two add epsilon at different places, so that only next to none of it gives the same path."""

NETWORKS = (
    Network((3, 8, 1), "tanh", "squares"),
    Network((4, 6, 5, 1), "relu", "binary"),
    Network((7, 4, 5), "sigmoid", "classes"),
)


def learner_for(network: Network, solver: str) -> Any:
    """A network of theirs that takes one full-batch step at a time, without penalty."""
    kind = neural_network.MLPRegressor if network.loss == "squares" else neural_network.MLPClassifier
    return kind(
        hidden_layer_sizes=network.sizes[1:-1],
        activation="logistic" if network.hidden == "sigmoid" else network.hidden,
        solver=solver,
        alpha=0.0,
        batch_size=30,
        learning_rate_init=RATES[solver],
        epsilon=NO_EPSILON,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        random_state=0,
    )


@pytest.mark.parametrize("solver", RATES)
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.loss)
def test_training_walks_the_same_path(network: Network, solver: str) -> None:
    inputs, targets = network.data(30)
    labels = targets.argmax(1) if network.loss == "classes" else targets.ravel()
    learner = learner_for(network, solver)
    known = {} if network.loss == "squares" else {"classes": np.unique(labels)}
    learner.partial_fit(inputs, labels, **known)
    if solver == "adam":
        learner._optimizer = type(learner._optimizer)(
            [*learner.coefs_, *learner.intercepts_], RATES["adam"], epsilon=NO_EPSILON
        )
    model = Model(network.plan(), dtype="float64")
    for layer, (weight, bias) in enumerate(zip(learner.coefs_, learner.intercepts_), 1):
        model.load({f"layer{layer}/weight": weight.T, f"layer{layer}/bias": bias})
    # What scikit-learn calls the squared error is half the square.
    half = 0.5 if network.loss == "squares" else 1.0
    scale = half if solver == "sgd" else 1.0  # Adam does not mind.
    choice = OptimizerChoice(key=solver, learning_rate=RATES[solver] * scale, epsilon=NO_EPSILON)
    optimizer = Optimizer(choice, model.vector, model.gradient_vector)
    ours, theirs = [], []
    for _ in range(STEPS):
        ours.append(half * model.loss_and_gradients({"x": inputs}, {"loss": targets})[0])
        for call in optimizer.calls:
            call()
        learner.partial_fit(inputs, labels, **known)
        theirs.append(learner.loss_)
    assert ours[-1] < ours[0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    for layer, weight in enumerate(learner.coefs_, 1):
        np.testing.assert_allclose(model.parameters[f"layer{layer}/weight"], weight.T, rtol=1e-7, atol=1e-10)
