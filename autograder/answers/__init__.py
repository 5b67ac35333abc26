"""Answers: what is asked in a case, what came back, whether it is right, and what a wrong one did."""
