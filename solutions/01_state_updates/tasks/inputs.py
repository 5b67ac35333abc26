"""Rules that both tasks are tried with."""

from autograder.authoring import Function

LEAKY = Function("lambda h, x: 0.5 * h + x")
RESET = Function("lambda h, x: h * x + 1")
