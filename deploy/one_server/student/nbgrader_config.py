"""What a student's server knows of the class: its name, and where assignments are taken and handed in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from classroom import read_classroom

c = get_config()  # noqa: F821  (nbgrader defines it)
c.CourseDirectory.course_id = read_classroom().course_id
c.Exchange.root = str(read_classroom().exchange)
c.CourseDirectory.groupshared = True  # else nbgrader wants an exchange in which every student may write and rename
