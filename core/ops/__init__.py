"""The numerics: pairs of forward and backward on arrays, which know NumPy and nothing of diagrams."""
