"""The README promises that a kind of node fits into one file: here its own example is that file."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np

from core.catalogue import registry
from core.ops.activations import activation_curve

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_example_kind_of_the_readme_works(tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "arctangent_of_the_readme.py"
    file.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[file.stem]
    with registry.registered(module.ArctangentKind()) as kind:
        assert registry.find_kind("arctangent") is kind
        z = np.linspace(-3, 3, 101)
        y, slope = activation_curve(kind.op(None), z)
        assert np.allclose(y, np.arctan(z), rtol=1e-14)
        step = 1e-6
        higher, lower = (activation_curve(kind.op(None), z + sign * step)[0] for sign in (1, -1))
        assert np.allclose(slope, (higher - lower) / (2 * step), rtol=1e-5)


def test_every_file_that_the_readme_points_to_is_there():
    root = Path(__file__).parents[2]
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (root / link).exists()] == []
