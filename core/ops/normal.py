"""The cumulative distribution of the normal law, for arrays; NumPy has no error function.

Around each of 161 centres, an eighth apart from -10 to 10, the function is its Taylor polynomial of degree 10. The remainder is
below 1e-17, so what is left is rounding. The derivatives are Hermite polynomials times the density (Abramowitz and Stegun,
26.2.31); the values at the centres come from the standard library's ``erfc``.
"""

import math
from functools import cache, partial

import numpy as np

from core.ops.elementwise import at_least, at_most
from core.ops.op import Array, Binding, Call

REACH = 10
PER_UNIT = 8
DEGREE = 10


def normal_cdf_calls(arrays: Binding, z: Array, out: Array) -> tuple[Call, ...]:
    """``out = P(X <= z)`` for a standard normal X; exactly 0 and 1 beyond +-10, NaN where ``z`` is NaN."""
    near, offset, term = (arrays.scratch(z.shape) for _ in range(3))
    index = arrays.scratch(z.shape, np.intp)
    reach, per_unit = arrays.constant(REACH), arrays.constant(PER_UNIT)
    first = arrays.constant(REACH * PER_UNIT)
    powers = _coefficients().astype(z.dtype)
    calls: list[Call] = [
        at_least(z, -reach, near),
        at_most(near, reach, near),
        partial(np.multiply, near, per_unit, offset),
        partial(np.rint, offset, term),
        partial(np.subtract, offset, term, offset),
        partial(np.divide, offset, per_unit, offset),
        partial(np.add, term, first, term),
        # A NaN becomes any index here, and NaN again through the offset.
        partial(np.copyto, index, term, casting="unsafe"),
        partial(np.take, powers[DEGREE], index, out=out, mode="clip"),
    ]
    for power in range(DEGREE - 1, -1, -1):
        calls += [
            partial(np.multiply, out, offset, out),
            partial(np.take, powers[power], index, out=term, mode="clip"),
            partial(np.add, out, term, out),
        ]
    return tuple(calls)


@cache
def _coefficients() -> Array:
    """(DEGREE + 1, centres): the Taylor coefficients around each centre, the outermost two constant 0 and 1."""
    centres = np.arange(-REACH * PER_UNIT, REACH * PER_UNIT + 1) / PER_UNIT
    table = np.zeros((DEGREE + 1, len(centres)))
    table[0] = [math.erfc(-centre / math.sqrt(2)) / 2 for centre in centres]
    density = np.exp(-centres * centres / 2) / math.sqrt(2 * math.pi)
    before, hermite = np.zeros_like(centres), np.ones_like(centres)
    for power in range(1, DEGREE + 1):
        sign = -1 if power % 2 == 0 else 1
        table[power] = sign * hermite * density / math.factorial(power)
        before, hermite = hermite, centres * hermite - (power - 1) * before
    table[:, 0] = 0
    table[:, -1] = np.eye(DEGREE + 1)[0]
    return table
