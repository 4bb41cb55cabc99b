"""What the machine can do at best: the matrix product, and which library makes it."""

import os
import platform
import statistics
from contextlib import suppress
from importlib import metadata
from time import perf_counter

import numpy as np

SIDE = 512
PACKAGES = ("torch", "scikit-learn", "jax")


def gemm_gflops(rounds: int = 15) -> float:
    """Billions of operations a second of a product of two square float32 matrices, the median of some rounds."""
    generator = np.random.default_rng(0)
    left, right = generator.standard_normal((2, SIDE, SIDE)).astype(np.float32)
    out = np.empty_like(left)
    rates = []
    for _ in range(rounds):
        begun = perf_counter()
        np.dot(left, right, out)
        rates.append(2 * SIDE**3 / (perf_counter() - begun) / 1e9)
    return statistics.median(rates)


def versions() -> str:
    """What the figures were taken with: versions, BLAS, its kernel and its threads."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    found = []
    for package in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{package} {metadata.version(package)}")
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {', '.join(found) or 'no peers'}\n"
        f"BLAS: {blas['name']} {blas['version']}, {blas.get('openblas configuration', 'unknown kernel')}, "
        f"threads {os.environ.get('OPENBLAS_NUM_THREADS', '?')}, kernel {os.environ.get('OPENBLAS_CORETYPE', 'automatic')}"
    )
