"""Streams that the three memories are tried with."""

import numpy as np

SEVEN = np.array([[4.0, 1.0], [0.0, 3.0], [8.0, -2.0], [2.0, 6.0], [-6.0, 0.5], [10.0, 5.0], [1.0, -4.0]])
COLUMN = np.array([[3.0], [-1.0], [0.5], [8.0], [4.0]])
WIDE = np.array([[1.5, -2.0, 0.0, 7.0], [0.5, 4.0, -1.0, 0.0], [3.0, 1.0, 6.5, -4.0], [2.0, 0.0, 5.0, 1.0]])
INTEGERS = np.array([[3, -1, 4], [1, 5, -9], [2, 6, 5], [3, 5, 8], [-9, 7, 9], [0, 0, 2]])
FROM_ZERO = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, -4.0], [7.0, 0.0], [0.0, 1.0]])
LONG = 100 + np.random.default_rng(3).normal(scale=20, size=(2_000, 2)).round(2)
