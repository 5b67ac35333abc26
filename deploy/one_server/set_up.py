"""Make groups, accounts, class and exchange as classroom.toml says. Run it as root, again after each change of that.

What is there already is kept: accounts, class, exchange and all that people made.
"""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
import sys
from pathlib import Path

from classroom import BIN, Classroom, read_classroom

SHARED = """
# Several instructors work in this class.
c.CourseDirectory.groupshared = True
"""


def main() -> None:
    """Set up all of it. Ends with a sentence where it can't."""
    if os.geteuid() != 0:
        sys.exit("Run this as root: it makes accounts.")
    classroom = read_classroom()
    os.umask(0o022)
    make_group(classroom.instructor_group)
    make_group(classroom.student_group)
    for name in classroom.instructors:
        make_account(name, classroom.instructor_group)
    for name in classroom.students:
        make_account(name, classroom.student_group)
    make_folders(classroom)
    make_class(classroom)
    print(f"Set up: {classroom.class_folder}, {classroom.exchange}.")
    print("Next: give new accounts a password (passwd NAME), then start the hub.")


def make_group(name: str) -> None:
    """Make a group of the system, if it isn't there."""
    try:
        grp.getgrnam(name)
    except KeyError:
        subprocess.run(["groupadd", name], check=True)


def make_account(name: str, group: str) -> None:
    """Make an account with a home of its own, if it isn't there, and put it into the group."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--create-home", "--user-group", "--shell", "/bin/bash", name], check=True)
    subprocess.run(["usermod", "--append", "--groups", group, name], check=True)
    Path(pwd.getpwnam(name).pw_dir).chmod(0o700)  # often a home may be read by everybody


def make_folders(classroom: Classroom) -> None:
    """The folder itself, the hub's own, which is root's alone, and the exchange, in which instructors alone begin."""
    instructors = grp.getgrnam(classroom.instructor_group).gr_gid
    for folder, group, mode in (
        (classroom.folder, 0, 0o755),
        (classroom.hub_folder, 0, 0o700),
        (classroom.exchange, instructors, 0o2775),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, 0, group)
        folder.chmod(mode)


def make_class(classroom: Classroom) -> None:
    """The class, if it isn't there. All of it is the instructors', and nobody else's."""
    place = classroom.class_folder
    if not (place / "nbgrader_config.py").exists():
        command = [BIN / "autograder", "new", place, "--course-id", classroom.course_id]
        subprocess.run([*command, "--exchange", classroom.exchange], check=True, cwd=classroom.course)
        with (place / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(SHARED)
    subprocess.run(["chgrp", "--recursive", classroom.instructor_group, place], check=True)
    subprocess.run(["chmod", "--recursive", "u+rwX,g+rwX,o=", place], check=True)
    subprocess.run(["find", place, "-type", "d", "-exec", "chmod", "g+s", "{}", "+"], check=True)


if __name__ == "__main__":
    main()
