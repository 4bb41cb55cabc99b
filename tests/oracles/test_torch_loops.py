"""Loops through delays against PyTorch's automatic derivatives of the same recurrence, written out step by step."""

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.diagram.diagram import Diagram
from core.model.model import Model
from tests.drawn_cells import cell_spec, hand_drawn_lstm, hand_wired_lstm_with_peepholes
from tests.gradients import error
from tests.loops import LOOPS, samples, shuffled

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")
torch.set_num_threads(1)
pytestmark = pytest.mark.oracle

FORWARD, BACKWARD = 1e-12, 1e-10

CURVES = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": torch.nn.functional.softplus,
    "relu": torch.relu,
    "linear": lambda z: z,
}
DRAWINGS = {
    **{name: make() for name, make in LOOPS.items()},
    "hand_drawn_lstm": (hand_drawn_lstm(4), cell_spec(7, 3)),
    "hand_wired_lstm": (hand_wired_lstm_with_peepholes(), cell_spec(7, 3)),
}


class Walk:
    """Runs a diagram one step of time after the other; what a node puts out is worked out when somebody asks for it."""

    def __init__(
        self, diagram: Diagram, widths: dict[str, int], parameters: dict[str, "torch.Tensor"], x: "torch.Tensor"
    ):
        self.diagram, self.widths, self.parameters, self.x = diagram, widths, parameters, x
        self.known: dict[tuple[str, int], torch.Tensor] = {}

    def value(self, key: str, time: int) -> "torch.Tensor":
        if (key, time) not in self.known:
            self.known[key, time] = self.compute(key, time)
        return self.known[key, time]

    def compute(self, key: str, time: int) -> "torch.Tensor":
        kind, settings = self.diagram.nodes[key].kind, self.diagram.nodes[key].hyperparameters
        sources = [wire.source[0] for wire in self.diagram.incoming(key)]
        if kind == "input":
            return self.x[:, time]
        if kind == "delay":
            earlier = time - settings.get("steps", 1)
            if earlier < 0:
                return torch.full((len(self.x), self.widths[key]), settings.get("initial", 0.0), dtype=self.x.dtype)
            return self.value(sources[0], earlier)
        read = [self.value(source, time) for source in sources]
        if kind == "add":
            return sum(read)
        if kind == "multiply":
            return torch.stack(read).prod(0)
        if kind == "concatenate":
            return torch.cat(read, 1)
        if kind in CURVES:
            return CURVES[kind](read[0])
        total = torch.cat(read, 1) @ self.parameters[f"{key}/weight"].T + self.parameters.get(f"{key}/bias", 0.0)
        return CURVES[settings.get("activation", "sigmoid" if kind == "neuron" else "linear")](total)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawn_loop_agrees_with_pytorch(name: str) -> None:
    diagram, spec = DRAWINGS[name]
    model = shuffled(Model(compile_diagram(diagram, spec).plan, dtype="float64"))
    inputs, targets = samples(spec)
    loss, gradients = model.loss_and_gradients(inputs, targets)
    outputs = model.forward(inputs)
    parameters = {key: torch.tensor(view, requires_grad=True) for key, view in model.parameters.items()}
    widths = {key: values.shape[-1] for key, values in outputs.items()}
    walk = Walk(diagram, widths, parameters, torch.tensor(inputs["x"]))
    answer = next(wire.source[0] for wire in diagram.incoming("loss"))
    steps = inputs["x"].shape[1]
    prediction = torch.stack([walk.value(answer, time) for time in range(steps)], 1)
    expected = torch.nn.functional.mse_loss(prediction, torch.tensor(targets["loss"]))
    assert error(outputs[answer], prediction.detach().numpy()) < FORWARD
    assert loss == pytest.approx(expected.item(), rel=FORWARD)
    expected.backward()
    for key, gradient in gradients.items():
        # PyTorch gives None where nothing depends on a parameter.
        wanted = np.zeros_like(gradient) if parameters[key].grad is None else parameters[key].grad.numpy()
        assert error(gradient, wanted) < BACKWARD, key
