"""The `check()` of a student's notebook. With `answers/` it is shipped as one file, which needs numpy alone."""
