"""What comes after `autograder grade`: nbgrader's feedback, exchange and export, and what people gave by hand."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.class_directory.paths import autograded_folder, feedback_folder
from autograder.classroom.grading_run import ClassReport, grade
from autograder.cli import main
from autograder.course.course import Course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.errors import ClassError
from autograder.gradebook.nbgrader_config import FILE, read_settings
from tests.classes import SUMS, TINY, class_with_extra_credit, hand_in, tiny
from tests.nbgrader_commands import ROOT, nbgrader

pytestmark = pytest.mark.slow

LATE = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
DUE = "--duedate=2027-03-01 23:59:00 UTC"


def add_to_config(root: Path, text: str) -> None:
    (root / FILE).write_text((root / FILE).read_text() + text)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def page(root: Path, student: str) -> Path:
    return feedback_folder(root, TINY, student) / f"{TINY}.html"


def score_on(page: Path) -> str:
    found = re.search(r"[0-9.]+ of [0-9.]+ points", page.read_text())
    assert found
    return found[0]


def wrong(root: Path) -> bytes:
    return as_bytes(with_answers(solved(tiny(root)), {"row_means": SUMS}))


def by_hand(root: Path, student: str, item: str, **columns: float) -> None:
    """Points given in formgrader, as its page saves them."""
    with Gradebook(read_settings(root).db_url) as book:
        given = book.find_grade(item, TINY, TINY, student)
        for column, value in columns.items():
            setattr(given, column, value)
        given.needs_manual_grade = given.manual_score is None and given.auto_score is None
        book.db.commit()


def counted(root: Path, student: str) -> tuple[float, float]:
    """The score and the penalty of a student."""
    with Gradebook(read_settings(root).db_url) as book:
        submission = book.find_submission(TINY, student)
        return submission.score, submission.late_submission_penalty


def test_feedback_goes_through_the_exchange_to_whoever_handed_in(root: Path, good: bytes) -> None:
    exchange, student = root.parent / "exchange", root.parent / "student"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    student.mkdir()
    add_to_config(root, f"c.Exchange.root = {str(exchange)!r}\n")
    course = read_settings(root).course_id
    (student / FILE).write_text(
        f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = {course!r}\n"
    )
    nbgrader(root, "release_assignment", TINY)
    nbgrader(student, "fetch_assignment", TINY)
    (student / TINY / f"{TINY}.ipynb").write_bytes(good)
    (student / TINY / "mine.csv").write_text("1,2\n")
    nbgrader(student, "submit", TINY)
    nbgrader(root, "collect", TINY)
    (who,) = [path.name for path in (root / "submitted").iterdir()]
    hand_in(root, "placed by hand", good)

    grade(root, TINY)
    secret = (root / "submitted" / who / TINY / "submission_secret.txt").read_text()
    assert (autograded_folder(root, TINY, who) / "submission_secret.txt").read_text() == secret
    assert (autograded_folder(root, TINY, who) / "mine.csv").read_text() == "1,2\n"
    nbgrader(root, "generate_feedback", TINY)
    nbgrader(root, "release_feedback", TINY)
    released = list((exchange / course / "feedback").iterdir())
    assert len(released) == 2
    assert "feedback ready to be fetched" in nbgrader(student, "list", "--cached")
    nbgrader(student, "fetch_feedback", TINY)
    (fetched,) = (student / TINY / "feedback").rglob("*.html")
    assert score_on(fetched) == "9 of 12 points"
    nbgrader(root, "export", "--to=grades.csv")
    with (root / "grades.csv").open() as file:
        assert {row["student_id"]: row["score"] for row in csv.DictReader(file)} == {
            who: "9.0",
            "placed by hand": "9.0",
        }


def test_the_autograded_folder_follows_the_submission_within_bounds(root: Path, good: bytes) -> None:
    handed_in = hand_in(root, "ada", good).parent
    (root / "source" / TINY / "data.csv").write_text("the course's")
    (handed_in / "data.csv").write_text("the student's")
    (handed_in / "plots").mkdir()
    (handed_in / "plots" / "one.png").write_bytes(b"png")
    (handed_in / "page.html").write_text("<script>alert(1)</script>")
    (handed_in / "link.txt").symlink_to(root / FILE)
    (handed_in / "linked").symlink_to(root / "source")
    (handed_in / f"{TINY}.html").mkdir()
    (handed_in / f"{TINY}.html" / "in.txt").write_text("where the feedback page goes")
    (handed_in / "submission_secret.txt").write_bytes(b"\xff")
    with (handed_in / "giant.bin").open("wb") as giant:
        giant.truncate(10**12)
    report = grade(root, TINY)
    folder = autograded_folder(root, TINY, "ada")
    course_files = {"check.py", "public.json", "data.csv"} & (files(root / "source" / TINY) | {"data.csv"})
    always = {f"{TINY}.ipynb", "timestamp.txt", "submission_secret.txt", *course_files}
    assert files(folder) == always | {"plots/one.png"}
    assert (folder / "data.csv").read_text() == "the course's"
    secret = (folder / "submission_secret.txt").read_text()
    assert re.fullmatch(r"[0-9a-f]{128}", secret)
    assert report.notes == (
        "ada: Not copied from submitted/ to autograded/: 'page.html'. Formgrader would run it as a page.",
        "ada: Not copied from submitted/ to autograded/: 'giant.bin'. At most 20 MB of a submission are copied.",
    )

    shutil.rmtree(handed_in)
    hand_in(root, "ada", good)
    (handed_in / "other").mkdir()
    (handed_in / "other" / "two.png").write_bytes(b"png")
    grade(root, TINY)
    assert files(folder) == always | {"other/two.png"}
    assert not (folder / "plots").exists()
    assert (folder / "submission_secret.txt").read_text() == secret, "what is released goes to the same place"
    nbgrader(root, "autograde", TINY, "--force")
    assert files(folder) == always | {"other/two.png"}


def test_feedback_that_is_outdated_is_removed_and_made_anew(root: Path, good: bytes) -> None:
    for student in ("ada", "bob"):
        hand_in(root, student, wrong(root))
    grade(root, TINY)
    nbgrader(root, "generate_feedback", TINY)
    assert score_on(page(root, "ada")) == "6 of 12 points"
    hand_in(root, "ada", good)
    report = grade(root, TINY)
    assert report.notes == ("The feedback of 1 student was outdated and is removed; make it anew.",)
    assert not page(root, "ada").exists()
    assert page(root, "bob").exists()
    by_hand(root, "bob", "q1_4_words", manual_score=2.0)
    assert grade(root, TINY).notes == ()
    nbgrader(root, "generate_feedback", TINY)
    assert score_on(page(root, "ada")) == "9 of 12 points"
    assert score_on(page(root, "bob")) == "8 of 12 points"


def test_a_late_penalty_follows_points_given_by_hand(root: Path, good: bytes) -> None:
    add_to_config(root, LATE)
    nbgrader(root, "db", "assignment", "add", TINY, DUE)
    for student in ("late", "timely"):
        hand_in(root, student, good)
    (root / "submitted" / "late" / TINY / "timestamp.txt").write_text("2027-03-02 10:00:00 UTC")
    grade(root, TINY)
    assert counted(root, "late") == (9.0, 9.0)
    by_hand(root, "late", "q1_4_words", manual_score=2.0)
    grade(root, TINY)
    assert counted(root, "late") == (11.0, 11.0), "nothing new was handed in, and yet"
    by_hand(root, "late", "q1_4_words", manual_score=3.0)
    nbgrader(root, "generate_feedback", TINY)
    assert score_on(page(root, "late")) == "0 of 12 points"
    assert counted(root, "late") == (12.0, 12.0)
    assert grade(root, TINY).notes == (), "the page is up to date"
    by_hand(root, "late", "q1_4_words", manual_score=1.0)
    nbgrader(root, "export", "--to=grades.csv")
    with (root / "grades.csv").open() as file:
        found = {row["student_id"]: (row["raw_score"], row["score"]) for row in csv.DictReader(file)}
    assert found == {"late": ("10.0", "0.0"), "timely": ("9.0", "9.0")}
    (root / FILE).write_text((root / FILE).read_text().replace(LATE, ""))
    report = grade(root, TINY)
    assert counted(root, "late") == (10.0, 0.0), "the rule is another one"
    assert report.notes == ("The feedback of 1 student was outdated and is removed; make it anew.",)
    assert report.graded == ()


def test_a_new_submission_without_a_time_is_not_late(root: Path, good: bytes) -> None:
    time = hand_in(root, "ada", good).with_name("timestamp.txt")
    time.write_text("2027-03-02 10:00:00 UTC")
    grade(root, TINY)
    time.unlink()
    grade(root, TINY)
    with Gradebook(read_settings(root).db_url) as book:
        assert book.find_submission(TINY, "ada").timestamp is None
    assert (autograded_folder(root, TINY, "ada") / "timestamp.txt").read_text() == ""


@pytest.fixture(scope="module")
def class_with_extra(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which the points of one task are extra, and a wrong answer to it that is graded."""
    root = class_with_extra_credit(tiny_course, tmp_path_factory.mktemp("extra"))
    notebook = with_answers(solved(tiny(root)), {"Counter": "class Counter:\n    pass"})
    hand_in(root, "ada", as_bytes(notebook))
    grade(root, TINY)
    return root


def extra(root: Path) -> tuple[float | None, bool]:
    """The extra credit of the extra item, and whether it waits for a person."""
    with Gradebook(read_settings(root).db_url) as book:
        found = book.find_grade("Counter", TINY, TINY, "ada")
        return found.extra_credit, found.needs_manual_grade


def again(root: Path) -> ClassReport:
    return grade(root, TINY)


def everything_again(root: Path) -> ClassReport:
    return grade(root, TINY, everything=True)


def handed_in_again(root: Path) -> ClassReport:
    hand_in(root, "ada", as_bytes(solved(tiny(root))))
    return grade(root, TINY)


def by_nbgrader_and_again(root: Path) -> ClassReport:
    nbgrader(root, "autograde", TINY, "--force")
    return handed_in_again(root)


@pytest.mark.parametrize(
    ("how", "waits"),
    [(again, False), (everything_again, False), (handed_in_again, True), (by_nbgrader_and_again, True)],
)
def test_extra_credit_given_by_hand_stays(
    class_with_extra: Path, tmp_path: Path, how: Callable[[Path], ClassReport], waits: bool
) -> None:
    root = Path(shutil.copytree(class_with_extra, tmp_path / "class"))
    assert extra(root) == (0.0, False)
    by_hand(root, "ada", "Counter", extra_credit=1.5)
    by_hand(root, "ada", "row_means", extra_credit=0.5)
    report = how(root)
    assert extra(root) == (1.5, waits)
    assert report.moved == ()
    told = {one.item: one.again for one in report.waiting}
    assert told == ({"Counter": True, "row_means": True, "q1_4_words": False} if waits else {"q1_4_words": False})


def test_the_graders_own_extra_credit_moves(class_with_extra: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(class_with_extra, tmp_path / "class"))
    report = handed_in_again(root)
    assert [(one.item, one.old, one.new) for one in report.moved] == [("Counter", 0.0, 2.0)]
    nbgrader(root, "autograde", TINY, "--force")
    assert extra(root) == (2.0, False)


@pytest.mark.parametrize("moved", [False, True], ids=["deleted", "another db_url"])
def test_a_gradebook_that_vanished_is_told_before_a_new_one_is_made(root: Path, good: bytes, moved: bool) -> None:
    hand_in(root, "ada", good)
    grade(root, TINY)
    if moved:
        add_to_config(root, f"c.CourseDirectory.db_url = 'sqlite:///{root.resolve()}/other.db'\n")
    else:
        (root / "gradebook.db").unlink()
    expected = r"holds nothing of what was graded before \(01_tiny\).*`autograder grade 01_tiny --all` fills a new one"
    with pytest.raises(ClassError, match=expected):
        grade(root, TINY)
    assert not (root / ("other.db" if moved else "gradebook.db")).exists()
    shutil.copytree(root / "course" / "solutions" / TINY, root / "course" / "solutions" / "02_never_graded")
    with pytest.raises(ClassError, match=r"holds nothing of what was graded before \(01_tiny\)"):
        grade(root, "02_never_graded")
    assert grade(root, TINY, everything=True).graded == ("ada",)
    assert grade(root, TINY).unchanged == ("ada",)


def test_names_that_are_there_are_kept(root: Path, good: bytes) -> None:
    (root / "students.csv").write_text("id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\n")
    nbgrader(root, "db", "student", "import", "students.csv")
    hand_in(root, "ada", good)
    grade(root, TINY)
    with Gradebook(read_settings(root).db_url) as book:
        assert book.find_student("ada").last_name == "Lovelace"


def test_what_is_printed_as_next_fits_what_waits(root: Path, good: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    feedback = f"nbgrader generate_feedback {TINY} --force"

    def said() -> list[str]:
        assert main(["grade", TINY, "--class", str(root)]) == 0
        return capsys.readouterr().out.splitlines()[-3:-1]

    hand_in(root, "ada", good)
    assert said() == [
        "1 answer waits to be read.",
        f"Next: autograder read {TINY} (or jupyter lab, menu Nbgrader > Formgrader > Manual grading); then {feedback}",
    ]
    by_hand(root, "ada", "q1_4_words", manual_score=2.0)
    assert said() == ["", f"Next: {feedback}"]
    hand_in(root, "ada", wrong(root))
    assert said()[0] == "Points given by hand are kept, and wait to be looked at again: ada, q1_4_words."
    nbgrader(root, *feedback.split()[1:])
    assert score_on(page(root, "ada")) == "8 of 12 points"
    by_hand(root, "ada", "q1_4_words", manual_score=2.0)
    by_hand(root, "ada", "row_means", manual_score=1.0)
    hand_in(root, "ada", good)
    assert said()[1].startswith(f"Next: autograder read {TINY} for texts, jupyter lab, menu Nbgrader > Formgrader")
    by_hand(root, "ada", "q1_4_words", manual_score=2.0)
    assert said()[1] == f"Next: jupyter lab, menu Nbgrader > Formgrader > Manual grading; then {feedback}"


IDLE = """
import sys
from autograder.cli import main
main(["grade", "01_tiny", "--class", sys.argv[1]])
print([name for name in ("nbgrader", "nbformat", "nbconvert", "autograder.authoring") if name in sys.modules])
"""


def test_a_run_with_nothing_to_do_loads_nothing_that_takes_seconds(root: Path, good: bytes) -> None:
    add_to_config(root, LATE)
    nbgrader(root, "db", "assignment", "add", TINY, DUE)
    hand_in(root, "late", good).with_name("timestamp.txt").write_text("2027-03-02 10:00:00 UTC")
    hand_in(root, "damaged", b"no notebook")
    grade(root, TINY)
    done = subprocess.run([sys.executable, "-c", IDLE, str(root)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "0 graded" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
