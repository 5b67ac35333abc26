"""What a class keeps beside what nbgrader keeps, and where."""
