"""`autograder new`: make a class directory."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.new_class import new_class
from autograder.course.course import Course


def new(course: Course, directory: Path) -> int:
    """Make the class and say what to do next. Raises ClassError or CourseError."""
    new_class(course, directory)
    print(f"Made the class directory {directory}.")
    print('Names: nbgrader\'s pages show "None, None" until you import them, now or later:')
    print(f"  cd {directory} && nbgrader db student import students.csv    (id,first_name,last_name,email)")
    print(f"Next: hand out {directory}/release/, collect into {directory}/submitted/STUDENT/ASSIGNMENT/,")
    print(f"then: cd {directory} && autograder grade ASSIGNMENT && jupyter lab (menu Nbgrader > Formgrader)")
    return 0
