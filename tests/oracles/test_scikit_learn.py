"""scikit-learn's multilayer perceptron beside ours: from the same weights, plain gradient descent walks the same path."""

from typing import Any

import numpy as np
import pytest

from core.diagram.records import OptimizerChoice
from core.model.model import Model
from core.training.optimizers import Optimizer
from tests.oracles.networks import Network

neural_network = pytest.importorskip("sklearn.neural_network", reason="scikit-learn, the oracle, is not installed")

STEPS = 60
RATE = 0.1

NETWORKS = (
    Network((3, 8, 1), "tanh", "squares"),
    Network((4, 6, 5, 1), "relu", "binary"),
    Network((7, 4, 5), "sigmoid", "classes"),
)


def learner_for(network: Network) -> Any:
    """A network of theirs that takes one full-batch step of plain gradient descent at a time, without penalty."""
    kind = neural_network.MLPRegressor if network.loss == "squares" else neural_network.MLPClassifier
    return kind(
        hidden_layer_sizes=network.sizes[1:-1],
        activation="logistic" if network.hidden == "sigmoid" else network.hidden,
        solver="sgd",
        alpha=0.0,
        batch_size=30,
        learning_rate_init=RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        random_state=0,
    )


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.loss)
def test_gradient_descent_walks_the_same_path(network: Network) -> None:
    inputs, targets = network.data(30)
    labels = targets.argmax(1) if network.loss == "classes" else targets.ravel()
    learner = learner_for(network)
    known = {} if network.loss == "squares" else {"classes": np.unique(labels)}
    learner.partial_fit(inputs, labels, **known)
    model = Model(network.plan(), dtype="float64")
    for layer, (weight, bias) in enumerate(zip(learner.coefs_, learner.intercepts_), 1):
        model.load({f"layer{layer}/weight": weight.T, f"layer{layer}/bias": bias})
    # What scikit-learn calls the squared error is half the square.
    half = 0.5 if network.loss == "squares" else 1.0
    optimizer = Optimizer(OptimizerChoice(key="sgd", learning_rate=RATE * half), model.vector, model.gradient_vector)
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
