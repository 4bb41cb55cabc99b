"""Whole networks of ours and the same in PyTorch, with the same weights."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from core.compiler.plan import Plan
from core.ops import losses
from core.ops.activations import Gelu, Relu, Sigmoid, Softmax, Tanh
from core.ops.op import Array, LossOp, Op
from tests.plans import PlanBuilder

ACTIVATIONS: dict[str, Op] = {"tanh": Tanh(), "relu": Relu(), "sigmoid": Sigmoid(), "gelu": Gelu()}


@dataclass(frozen=True)
class Network:
    """A stack of layers; ``loss`` is "squares", "binary" or "classes"."""

    sizes: tuple[int, ...]
    hidden: str
    loss: str

    def plan(self) -> Plan:
        """The plan as the compiler makes it, where losses read logits."""
        build = PlanBuilder()
        value = logits = build.input("x", (self.sizes[0],))
        for layer, units in enumerate(self.sizes[1:], 1):
            logits = value = build.linear(f"layer{layer}", value, units)
            if layer < len(self.sizes) - 1:
                value = build.apply(ACTIVATIONS[self.hidden], f"layer{layer}", value)
        answers: dict[str, tuple[LossOp, Op | None]] = {
            "squares": (losses.MeanSquaredError(), None),
            "binary": (losses.BinaryCrossEntropyFromLogits(), Sigmoid()),
            "classes": (losses.CategoricalCrossEntropyFromLogits(), Softmax()),
        }
        loss, answer = answers[self.loss]
        build.loss("loss", loss, logits, build.apply(answer, "answer", logits) if answer else logits)
        return build.plan()

    def data(self, samples: int) -> tuple[Array, Array]:
        """Random inputs, and targets of the right form."""
        generator = np.random.default_rng(5)
        inputs = generator.standard_normal((samples, self.sizes[0]))
        outputs = self.sizes[-1]
        if self.loss == "squares":
            return inputs, generator.standard_normal((samples, outputs))
        if self.loss == "binary":
            return inputs, generator.integers(0, 2, (samples, outputs)).astype(float)
        return inputs, np.eye(outputs)[generator.integers(0, outputs, samples)]

    def in_torch(self, torch: Any, parameters: Any) -> tuple[Any, Any]:
        """(module, criterion) with copies of these parameters, in their precision."""
        kinds = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}
        modules: list[Any] = []
        for layer, (fan_in, units) in enumerate(pairwise(self.sizes), 1):
            weight, bias = parameters[f"layer{layer}/weight"], parameters[f"layer{layer}/bias"]
            module = torch.nn.Linear(fan_in, units, dtype=torch.tensor(weight).dtype)
            with torch.no_grad():
                module.weight.copy_(torch.tensor(weight))
                module.bias.copy_(torch.tensor(bias))
            modules.append(module)
            if layer < len(self.sizes) - 1:
                modules.append(torch.nn.GELU() if self.hidden == "gelu" else kinds[self.hidden]())
        criteria = {
            "squares": torch.nn.MSELoss,
            "binary": torch.nn.BCEWithLogitsLoss,
            "classes": torch.nn.CrossEntropyLoss,
        }
        return torch.nn.Sequential(*modules), criteria[self.loss]()


NETWORKS = (
    Network((2, 8, 8, 1), "tanh", "binary"),
    Network((3, 16, 2), "gelu", "squares"),
    Network((7, 4, 10), "sigmoid", "classes"),
    Network((16, 32, 16, 5), "relu", "classes"),
)
