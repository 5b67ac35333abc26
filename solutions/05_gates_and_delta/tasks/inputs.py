"""Numbers to try the tasks with."""

import numpy as np


def some(seed, *shape):
    """Ordinary numbers of a shape, the same everywhere: rounded, so that they don't hang on a last digit."""
    return np.random.default_rng(seed).normal(size=shape).round(3)
