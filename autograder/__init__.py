"""An autograder for courses in notebooks: student code answers, it never judges."""

__version__ = "0.5.0"
