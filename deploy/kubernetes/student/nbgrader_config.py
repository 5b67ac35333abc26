"""What a student's server knows of the class: its name, and where assignments are taken and handed in."""

c = get_config()  # noqa: F821  (nbgrader defines it)
c.CourseDirectory.course_id = "memory"
c.CourseDirectory.groupshared = True  # else nbgrader wants an exchange in which every student may write and rename
c.Exchange.root = "/srv/course/exchange"
