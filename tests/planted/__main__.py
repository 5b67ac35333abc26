"""`python -m tests.planted DIR`: make the class in DIR, and say what is planted."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

from autograder.course.course import find_course
from tests.planted.building import planted_class
from tests.planted.facts import FACTS

if __name__ == "__main__":
    root = Path(sys.argv[1])
    for name, report in planted_class(find_course(Path(__file__).parent), root).items():
        print(f"{name}: {len(report.results)} graded in {report.seconds:.0f} s")
    for field in dataclasses.fields(FACTS):
        print(f"{field.name}: {getattr(FACTS, field.name)}")
