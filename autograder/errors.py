"""The errors a user can meet. Each message says what was found and what to do."""


class AutograderError(Exception):
    """A problem that the person at the keyboard can mend; the command line prints it without a traceback."""


class CourseError(AutograderError):
    """The course's own files contradict themselves or miss something."""


class ClassError(AutograderError):
    """The class directory isn't as it should be."""
