"""What a student gets as `check.py`: cases, comparison, questions and the feedback on them. It needs numpy alone."""
