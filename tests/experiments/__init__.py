"""Experiments of the literature, run with this engine: which network can learn what, over many seeds."""
