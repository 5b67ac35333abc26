"""The proof that the grader is right about a course."""
