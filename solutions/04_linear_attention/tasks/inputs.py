"""Queries, keys and values of several lengths."""

import numpy as np

# No expected number but an exact 0 is nearer to 0 than 0.05, and no sum of weights is below 0.3: that leaves float32
# and a small number in the divisor well within the tolerance.
Q5 = np.array([[0.9, -0.4, 0.3], [-1.2, 0.8, 1.5], [0.2, -0.9, -0.6], [1.4, 0.1, -1.1], [-0.5, 2.0, 0.7]])
K5 = np.array([[-0.7, 1.1, 0.4], [1.6, -0.3, -1.3], [0.5, 0.9, -0.8], [-1.0, -0.2, 1.8], [0.6, -1.4, 0.1]])
V5 = np.array([[4.0, 1.0], [-3.0, 2.5], [6.0, -1.5], [1.0, 7.0], [-8.0, 3.0]])
Q7 = np.array(
    [
        [0.3, 1.7, -0.8],
        [-0.6, 0.4, 2.1],
        [1.2, -1.5, 0.5],
        [0.0, 0.9, -0.3],
        [-1.1, -0.7, 1.3],
        [2.2, 0.6, -0.4],
        [-0.2, -1.9, 0.8],
    ]
)
K7 = np.array(
    [
        [1.0, -0.6, 0.7],
        [-1.3, 0.2, 1.9],
        [0.4, 1.5, -0.9],
        [-0.1, -0.8, 0.6],
        [1.8, 0.3, -1.2],
        [-0.5, 2.3, 0.0],
        [0.9, -1.0, -0.7],
    ]
)
V7 = np.array(
    [
        [2.0, 9.0, -4.0],
        [7.0, 1.0, -6.0],
        [3.0, 8.0, -2.0],
        [10.0, 4.0, -1.0],
        [1.0, 12.0, -9.0],
        [5.0, 2.0, -3.0],
        [8.0, 6.0, -7.0],
    ]
)
MANY = np.random.default_rng(4)
Q200, K200 = MANY.normal(size=(200, 4)).round(2), MANY.normal(size=(200, 4)).round(2)
V200 = (5 + MANY.normal(size=(200, 2))).round(2)
Q300, K300, V300 = (MANY.normal(size=(300, columns)).round(1) for columns in (3, 3, 2))
