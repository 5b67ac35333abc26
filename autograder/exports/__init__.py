"""What is written for other systems: questions for their quizzes, grades for their tables."""
