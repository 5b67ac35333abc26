"""Where the classes that were made by version 1 find what their `tasks.py` imports; new courses use
`autograder.authoring`."""

from autograder.course.examples import ExamplesSheet

__all__ = ["ExamplesSheet"]
