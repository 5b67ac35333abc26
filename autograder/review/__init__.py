"""A class as its instructor reviews it. `table` is for an instructor's own notebook."""

from autograder.review.dataframe import table

__all__ = ["table"]
