"""Every dataset in the table keeps what the table says of it."""

import re

import numpy as np
import pytest

from core.datasets.registry import DatasetInfo, dataset, dataset_keys
from core.errors import DatasetError

ALL = pytest.mark.parametrize("info", dataset_keys(), ids=lambda info: info.key)


def having(option: str) -> pytest.MarkDecorator:
    """The datasets that have an option of this name."""
    found = [info for info in dataset_keys() if option in {field.name for field in info.options}]
    return pytest.mark.parametrize("info", found, ids=lambda info: info.key)


@ALL
def test_info_and_data_agree(info: DatasetInfo) -> None:
    data = dataset(info.key)
    assert (data.key, data.title, data.task) == (info.key, info.title, info.task)
    assert info.goal.endswith(".")
    assert info.image == (len(data.input_shape) == 3)
    assert data.inputs.dtype == data.targets.dtype == np.float32
    assert np.isfinite(data.inputs).all()
    assert np.isfinite(data.targets).all()
    assert len(data.feature_names) == np.prod(data.input_shape)
    assert len(data.target_names) == np.prod(data.target_shape)
    assert len(data.feature_units) in (0, len(data.feature_names))
    assert len(data.target_units) in (0, len(data.target_names))


@ALL
def test_targets_fit_the_task(info: DatasetInfo) -> None:
    data = dataset(info.key)
    if info.task == "binary":
        assert data.target_shape[-1] == 1
        assert set(np.unique(data.targets)) <= {0.0, 1.0}
        assert len(data.class_names) == 2
    elif info.task == "classes":
        asked = data.targets.reshape(-1, data.target_shape[-1])
        asked = asked[asked.any(axis=1)]
        np.testing.assert_allclose(asked.sum(axis=1), 1.0)
        assert set(np.unique(data.targets)) in ({0.0, 1.0}, {0.0, 0.5, 1.0})
        assert len(data.class_names) == data.target_shape[-1]
        assert [name.split(" at ")[0] for name in data.target_names][: len(data.class_names)] == list(data.class_names)
    else:
        assert data.class_names == ()
        assert data.targets.std() > 0.0


@ALL
def test_scaling_is_undone(info: DatasetInfo) -> None:
    data = dataset(info.key)
    for scaling, values in ((data.input_scaling, data.inputs), (data.target_scaling, data.targets)):
        np.testing.assert_allclose(scaling.apply(scaling.undo(values)), values, atol=1e-6)


@having("seed")
def test_the_same_seed_draws_the_same_samples(info: DatasetInfo) -> None:
    noise = {"noise": 0.1} if "noise" in {field.name for field in info.options} else {}
    first, again, other = (dataset(info.key, **noise, seed=seed) for seed in (3, 3, 4))
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert first.targets.tobytes() == again.targets.tobytes()
    assert first.inputs.tobytes() + first.targets.tobytes() != other.inputs.tobytes() + other.targets.tobytes()


@having("samples")
def test_samples_says_how_many(info: DatasetInfo) -> None:
    assert len(dataset(info.key, samples=48)) == 48


@pytest.mark.parametrize(
    ("key", "options", "sentence"),
    [
        ("nothing", {}, "There is no dataset 'nothing'; choose one of sum, article,"),
        ("circle", {"radius": 2}, "Circle has no option 'radius'; its options are: samples, noise, seed."),
        ("iris", {"seed": 1}, "Iris has no option 'seed'; its options are: none."),
        ("circle", {"samples": 7}, "Circle: samples is 7; it must be a whole number from 8 to 20000."),
        ("circle", {"samples": 20_001}, "it must be a whole number from 8 to 20000."),
        ("circle", {"samples": 100.0}, "Circle: samples is 100.0; it must be a whole number"),
        ("circle", {"samples": True}, "Circle: samples is True; it must be a whole number"),
        ("circle", {"noise": 1.01}, "Circle: noise is 1.01; it must be a number from 0 to 1."),
        ("circle", {"noise": float("nan")}, "Circle: noise is nan; it must be a number"),
        ("circle", {"noise": "much"}, "Circle: noise is 'much'; it must be a number"),
        ("circle", {"seed": -1}, "Circle: seed is -1; it must be a whole number from 0"),
        ("xor", {"samples": 10}, "XOR: samples is 10; it must be a multiple of 4"),
        ("digits", {"first": 5, "last": 5}, "Handwritten digits: first is 5 and last is 5; last must be the larger"),
    ],
)
def test_bad_options_are_explained(key: str, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(DatasetError, match=re.escape(sentence)):
        dataset(key, **options)


def test_bounds_themselves_are_allowed() -> None:
    assert len(dataset("circle", samples=8, noise=0, seed=2**31 - 1)) == 8
    assert len(dataset("circle", samples=20_000, noise=1)) == 20_000
