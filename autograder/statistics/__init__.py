"""Figures on items and tests: numbers in, numbers out. Nothing here knows of courses, classes or files."""
