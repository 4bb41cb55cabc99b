"""Neuroloom without its window: diagrams, models, training, files."""

from core.threads import use_one_blas_thread

use_one_blas_thread()  # Before anything imports NumPy.
