import numpy as np

from autograder.authoring import ExamplesSheet

examples = ExamplesSheet(
    "cumulative_average_examples",
    points=3,
    valid_points=1,
    hidden="whether each expected output is right, and how many of twelve wrong programs your examples expose",
    of="cumulative_average",
    uses=("cumulative_average",),
    targets=[
        "SUM_FOR_MEAN",
        "OFF_BY_ONE",
        "DIVIDES_BY_ALL",
        "WRONG_AXIS",
        "FEATURES_MIXED",
        "HALF_AND_HALF",
        "FACTOR_FORGOTTEN",
        "EXCLUDES_CURRENT",
        "FUTURE_LEAK",
        "ONLY_FINAL",
        "INTEGER_TRUNCATION",
        "ALIASED_STATE",
    ],
)


@examples.wrong
def SUM_FOR_MEAN():
    """The expected outputs are running sums: they miss the division by the number of rows."""
    return [([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]], [[1, 2], [4, 8], [9, 9]])]


@examples.wrong
def OFF_BY_ONE():
    """The divisors are one too large: row 0 contains one row, so it is x[0] itself."""
    return [([[6.0], [3.0], [3.0]], [[3.0], [3.0], [3.0]])]


@examples.wrong
def DIVIDES_BY_ALL():
    """Every row of the expected output was divided by n; only the last one is a mean of n rows."""
    return [([[2.0, 4.0], [6.0, 0.0]], [[1.0, 2.0], [4.0, 2.0]])]


@examples.wrong
def WRONG_AXIS():
    """The expected output averages from left to right; time runs downwards, along axis 0."""
    return [(np.array([[2.0, 4.0], [6.0, 0.0]]), np.array([[2.0, 3.0], [6.0, 3.0]]))]


@examples.wrong
def HALF_AND_HALF():
    """From row 2 on, the expected output mixes the old mean and the new row half and half."""
    return [([[2.0], [4.0], [9.0]], [[2.0], [3.0], [6.0]])]


@examples.wrong
def EXCLUDES_CURRENT():
    """Row i of the expected output leaves out x[i] itself."""
    return [([[2.0, 1.0], [4.0, 1.0], [9.0, 4.0]], [[0, 0], [2.0, 1.0], [3.0, 1.0]])]


@examples.wrong
def FUTURE_LEAK():
    """The expected output averages from row i to the end; row i may use rows 0..i only."""
    return [
        ([[1.0, 1.0], [2.0, 2.0]], [[1.0, 1.0], [1.5, 1.5]]),
        ([[2.0], [4.0], [9.0]], [[5.0], [6.5], [9.0]]),
    ]


@examples.wrong
def INTEGER_TRUNCATION():
    """The fractions are cut off in the expected output: the mean of 1 and 2 is 1.5."""
    return [([[1, 5], [2, 5], [4, 2]], [[1, 5], [1, 5], [2, 4]])]


@examples.right
def by_a_program():
    x = np.array([[1, 4], [2, 0], [6, 1]])
    return [(x, cumulative_average(x))]


@examples.right
def one_telling_example():
    return [([[1, 4], [2, 0], [6, 1]], [[1, 4], [1.5, 2], [3, 1.667]])]


@examples.right
def several_as_arrays():
    x = np.array([[3, 1, 4], [1, 5, 9], [2, 6, 5], [3, 5, 8]])
    y = np.array([[2.5, 0.0], [1.0, -4.0], [7.0, 1.0]])
    return [
        (x, np.array([[3, 1, 4], [2, 3, 6.5], [2, 4, 6], [2.25, 4.25, 6.5]])),
        (y, np.array([[2.5, 0.0], [1.75, -2.0], [3.5, -1.0]])),
    ]


@examples.right
def nested_lists_one_idea_each():
    return [
        [[[5.0]], [[5.0]]],
        [[[1, 7], [2, 3]], [[1, 7], [1.5, 5]]],
        [[[8.0], [0.0], [4.0], [0.0]], [[8.0], [4.0], [4.0], [3.0]]],
        [[[0, 3]] * 3, [[0, 3]] * 3],
    ]
