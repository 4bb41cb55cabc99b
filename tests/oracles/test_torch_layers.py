"""Whole layers beside PyTorch's: multi-head attention, and batch normalisation over several steps of training."""

from typing import Any

import numpy as np
import pytest

from core.compiler.compile import compile_diagram
from core.compiler.data_spec import DataSpec
from core.diagram.diagram import Diagram
from core.model.model import Model
from core.ops.op import Array
from tests.diagrams import node

torch = pytest.importorskip("torch", reason="PyTorch, the oracle, is not installed")

torch.set_num_threads(1)

pytestmark = pytest.mark.oracle

BATCH, STEPS, OTHERS = 3, 4, 5


def attention_model(
    ports: tuple[str, ...], features: dict[str, int], **settings: Any
) -> tuple[Model, dict[str, Array]]:
    """A model of one attention node with an input for each port, and samples for them; masks show the first step at least."""
    generator = np.random.default_rng(1)
    nodes = [node(port, "input") for port in ports]
    nodes += [
        node("tested", "multi_head_attention", **settings),
        node("seen", "flatten"),
        node("loss", "mean_squared_error"),
    ]
    wires: list[Any] = [(port, ("tested", port)) for port in ports]
    wires += [(("tested", "output"), "loss"), (("tested", "weights"), "seen")]
    steps = {"query": STEPS, "mask": OTHERS if "key" in ports else STEPS}
    shapes = {port: (steps.get(port, OTHERS), features.get(port, 1)) for port in ports}
    compilation = compile_diagram(Diagram.build(nodes, wires), DataSpec(shapes, {"loss": shapes["query"]}))
    model = Model(compilation.plan, seed=4, dtype="float64")
    model.vector[:] = generator.normal(0, 0.5, len(model.vector))
    samples = {port: generator.normal(size=(BATCH, *shape)) for port, shape in shapes.items()}
    if "mask" in ports:
        samples["mask"] = generator.integers(0, 2, samples["mask"].shape).astype(float)
        samples["mask"][:, 0] = 1
    return model, samples


def attention_in_torch(model: Model, heads: int, features: dict[str, int]) -> Any:
    """``torch.nn.MultiheadAttention`` with the same weights."""
    width, key = features["query"], features.get("key", features["query"])
    value = features.get("value", key)
    module = torch.nn.MultiheadAttention(width, heads, kdim=key, vdim=value, batch_first=True, dtype=torch.float64)
    ours = {name.removeprefix("tested/"): torch.tensor(view) for name, view in model.parameters.items()}
    inner = ("query", "key", "value")
    theirs = {"in_proj_bias": torch.cat([ours[f"{name}.bias"] for name in inner])}
    if key == value == width:
        theirs["in_proj_weight"] = torch.cat([ours[f"{name}.weight"] for name in inner])
    else:
        theirs |= {f"{name[0]}_proj_weight": ours[f"{name}.weight"] for name in inner}
    theirs |= {f"out_proj.{part}": ours[f"output.{part}"] for part in ("weight", "bias")}
    module.load_state_dict(theirs)
    return module


def gradients_of(module: Any) -> dict[str, Array]:
    """The gradients under our names."""
    found: dict[str, Array] = {}
    for index, name in enumerate(("query", "key", "value")):
        width = module.embed_dim
        part = slice(index * width, (index + 1) * width)
        found[f"tested/{name}.bias"] = module.in_proj_bias.grad[part].numpy()
        whole = module.in_proj_weight
        own = getattr(module, f"{name[0]}_proj_weight").grad if whole is None else whole.grad[part]
        found[f"tested/{name}.weight"] = own.numpy()
    found |= {f"tested/output.{part}": getattr(module.out_proj, part).grad.numpy() for part in ("weight", "bias")}
    return found


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    ("ports", "features", "heads"),
    [
        (("query",), {"query": 6}, 1),
        (("query",), {"query": 6}, 3),
        (("query", "mask"), {"query": 6}, 2),
        (("query", "key"), {"query": 6, "key": 6}, 2),
        (("query", "key", "value"), {"query": 4, "key": 3, "value": 2}, 2),
        (("query", "key", "value", "mask"), {"query": 4, "key": 3, "value": 5}, 4),
        (("query",), {"query": 1}, 1),
    ],
)
def test_multi_head_attention_agrees(
    ports: tuple[str, ...], features: dict[str, int], heads: int, causal: bool
) -> None:
    model, samples = attention_model(ports, features, heads=heads, head_size=features["query"] // heads, causal=causal)
    module = attention_in_torch(model, heads, features)
    query = torch.tensor(samples["query"])
    key = torch.tensor(samples["key"]) if "key" in samples else query
    value = torch.tensor(samples["value"]) if "value" in samples else key
    hidden = torch.ones(STEPS, key.shape[1], dtype=torch.bool).triu(1) if causal else None
    padding = torch.tensor(samples["mask"][..., 0] == 0) if "mask" in samples else None
    output, weights = module(query, key, value, key_padding_mask=padding, attn_mask=hidden, average_attn_weights=False)
    ours = model.forward(samples)
    np.testing.assert_allclose(ours["tested"], output.detach().numpy(), rtol=1e-12, atol=1e-12)
    seen = ours["seen"].reshape(BATCH, STEPS, -1, heads)
    np.testing.assert_allclose(np.moveaxis(seen, -1, 1), weights.detach().numpy(), rtol=1e-12, atol=1e-12)
    target = np.random.default_rng(7).normal(size=output.shape)
    loss, gradients = model.loss_and_gradients(samples, {"loss": target})
    expected = torch.nn.functional.mse_loss(output, torch.tensor(target))
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for name, gradient in gradients_of(module).items():
        np.testing.assert_allclose(gradients[name], gradient, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("shape", [(3,), (4, 3), (4, 5, 3)])
@pytest.mark.parametrize(("momentum", "epsilon"), [(0.1, 1e-5), (0.7, 0.01)])
def test_batch_normalisation_agrees_step_after_step(shape: tuple[int, ...], momentum: float, epsilon: float) -> None:
    nodes = [
        node("x", "input"),
        node("norm", "batch_normalisation", momentum=momentum, epsilon=epsilon),
        node("loss", "mean_squared_error"),
    ]
    spec = DataSpec({"x": shape}, {"loss": shape})
    model = Model(compile_diagram(Diagram.build(nodes, [("x", "norm"), ("norm", "loss")]), spec).plan, dtype="float64")
    kind = torch.nn.BatchNorm2d if len(shape) == 3 else torch.nn.BatchNorm1d
    module = kind(3, eps=epsilon, momentum=momentum, dtype=torch.float64)
    generator = np.random.default_rng(2)
    model.parameters["norm/scale"][:] = generator.normal(size=3)
    model.parameters["norm/shift"][:] = generator.normal(size=3)
    with torch.no_grad():
        module.weight.copy_(torch.tensor(model.parameters["norm/scale"]))
        module.bias.copy_(torch.tensor(model.parameters["norm/shift"]))
    for _ in range(5):
        x, target = generator.normal(2, 3, (6, *shape)), generator.normal(size=(6, *shape))
        module.zero_grad()
        output = module(torch.tensor(x).movedim(-1, 1)).movedim(1, -1)
        expected = torch.nn.functional.mse_loss(output, torch.tensor(target))
        expected.backward()
        loss, gradients = model.loss_and_gradients({"x": x}, {"loss": target}, training=True)
        assert loss == pytest.approx(expected.item(), rel=1e-12)
        np.testing.assert_allclose(gradients["norm/scale"], module.weight.grad.numpy(), rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(gradients["norm/shift"], module.bias.grad.numpy(), rtol=1e-10, atol=1e-12)
    running = {"running_mean": module.running_mean, "running_variance": module.running_var}
    for name, theirs in running.items():
        np.testing.assert_allclose(model.parameters[f"norm/{name}"], theirs.numpy(), rtol=1e-12)
    module.eval()
    x = generator.normal(2, 3, (6, *shape))
    output = module(torch.tensor(x).movedim(-1, 1)).movedim(1, -1)
    np.testing.assert_allclose(model.forward({"x": x})["norm"], output.detach().numpy(), rtol=1e-12, atol=1e-12)
