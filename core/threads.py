"""One thread for matrix products, unless the user says otherwise.

With two, every product of a small network waits for a partner thread, and waits long when the window wants to draw at the same time:
on two cores a run was measured at a thirtieth of its speed. The libraries read their limit once, when NumPy is imported, so
this must come before.
"""

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS")


def use_one_blas_thread() -> None:
    """Hold every BLAS that NumPy may come with to one thread; a variable that is set already stays as it is."""
    for name in VARIABLES:
        os.environ.setdefault(name, "1")
