"""`autograder read`: a page on this machine, on which the free texts of a class are read."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from autograder.gradebook.nbgrader_config import read_settings
from autograder.gradebook.students import students_of
from autograder.reading.page_answers import PageAnswers
from autograder.reading.page_data import PageData
from autograder.reading.page_server import PageServer
from autograder.reading.reading_session import ReadingSession, open_reading
from autograder.similarity.texts import finds_alike


def read(directory: Path, named: Sequence[str], port: int, *, show_names: bool, open_browser: bool) -> int:
    """Serve the page until Ctrl-C, then say how far the reading is. Raises ClassError or CourseError."""
    session = open_reading(directory, named)
    done, total = session.progress()
    if not total:
        print("Nothing is there to read: no text was handed in, or none is graded yet (`autograder grade`).")
        return 0
    page = PageData(_names(directory), show_names)
    with PageServer(PageAnswers(session, page), port) as server:
        with suppress(KeyboardInterrupt):
            print(_opening(server, done, total), flush=True)
            if open_browser:
                webbrowser.open(server.address)
            server.serve_forever(poll_interval=0.2)
        session.close()
    print(f"\n{_ending(session)}")
    return 0


def _names(directory: Path) -> dict[str, str]:
    found = {one.id: f"{one.first_name} {one.last_name}".strip() for one in students_of(read_settings(directory))}
    return {id: f"{name} ({id})" if name else id for id, name in found.items()}


def _opening(server: PageServer, done: int, total: int) -> str:
    how_far = (
        f"{done} of {total} texts are read. Read the others" if done < total else f"All {total} are read. See them"
    )
    lines = [f"{how_far} here (the address is yours alone):", ""]
    lines += [f"  {server.address}", ""]
    if not finds_alike():
        lines.append("Equal texts are grouped; texts that are alike, too, after `pip install scikit-learn`.")
    return "\n".join([*lines, "Everything is saved as you go. Ctrl-C ends it."])


def _ending(session: ReadingSession) -> str:
    done, total = session.progress()
    if done < total:
        return f"{done} of {total} texts are read. Run the same command again to go on."
    names = dict.fromkeys(asked.assignment for asked in session.questions.values())
    commands = "; ".join(f"nbgrader generate_feedback {name} --force" for name in names)
    return f"All {total} texts are read. Next: {commands}"
