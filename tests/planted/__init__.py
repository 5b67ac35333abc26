"""A class of 150 simulated students in which facts are hidden that an instructor wants to find.

    python -m tests.planted DIR

makes it in DIR, graded. `facts` says what is planted, `building` makes it.
"""
