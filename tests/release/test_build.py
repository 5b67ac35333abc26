"""A release: built twice alike, and without anything that students may not know."""

from __future__ import annotations

import ast
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.answers.case import Case, Outcome
from autograder.check.public_json import decode
from autograder.course.course import Assignment, Course, load_course
from autograder.course.task import Task
from autograder.errors import CourseError
from autograder.release.build import build, release_files, release_notebook, stale
from autograder.release.public_side import encode, public_side

ROOT = Path(__file__).parents[2]
TINY = Path(__file__).parents[1] / "fixtures" / "tiny_course"
LONG = 20  # characters from which a line of code or a sentence is telling
REAL = load_course(ROOT)


@pytest.fixture
def copied(tmp_path: Path) -> Course:
    """A copy of the tiny course that a test may change."""
    return load_course(Path(shutil.copytree(TINY, tmp_path / "course")))


def sources(assignment: Assignment, kind: str = "code") -> list[str]:
    notebook = json.loads(release_files(assignment)[f"{assignment.name}.ipynb"])
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_a_second_build_has_nothing_to_do(copied: Course, tmp_path: Path) -> None:
    written = build(copied, tmp_path / "exercises")
    assert [path.name for path in written] == ["01_tiny.ipynb", "public.json", "check.py"]
    assert build(load_course(copied.root), tmp_path / "exercises") == []
    assert stale(copied, tmp_path / "exercises") == []


def test_what_disagrees_is_named_and_mended(copied: Course, tmp_path: Path) -> None:
    exercises = tmp_path / "exercises"
    build(copied, exercises)
    folder = exercises / "01_tiny"
    (folder / "public.json").write_text("{}")
    (folder / "check.py").unlink()
    (folder / "old.txt").write_text("left over")
    (folder / ".ipynb_checkpoints").mkdir()
    (exercises / "09_gone").mkdir()
    assert [Path(sentence.split()[0]).name for sentence in stale(copied, exercises)] == [
        *("public.json", "check.py", "old.txt", "09_gone")
    ]
    assert {path.name for path in build(copied, exercises)} == {"public.json", "check.py", "old.txt"}
    assert [Path(sentence.split()[0]).name for sentence in stale(copied, exercises)] == ["09_gone"]
    assert sorted(path.name for path in folder.iterdir()) == [
        *(".ipynb_checkpoints", "01_tiny.ipynb", "check.py", "public.json")
    ]


def test_the_student_keeps_signatures_and_answer_lines_and_cannot_delete_them() -> None:
    notebook = release_notebook(load_course(TINY).assignment("01_tiny"))
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"] if cell["metadata"]}
    counter = "".join(cells["Counter_answer"]["source"])
    assert re.findall(r"def \w+", counter) == ["def __init__", "def add"]
    assert counter.count("raise NotImplementedError(") == 2
    assert "Add k; returns the new count." in counter
    assert cells["q1_2_one_answer"]["source"] == "q1_2_one = None  # one letter in quotes"
    assert "Write your answer here" in cells["q1_4_words"]["source"]
    assert all(cell["metadata"]["deletable"] is False for cell in cells.values())
    assert cells["row_means"]["metadata"]["editable"] is False
    graded = {name: cell["metadata"]["nbgrader"].get("points") for name, cell in cells.items()}
    assert {name: points for name, points in graded.items() if points} == {
        **{"row_means": 3, "Counter": 2},
        **{"q1_1_number": 1, "q1_2_one": 1, "q1_3_many": 2, "q1_4_words": 3},
    }


def test_a_task_without_a_solution_region_is_refused(copied: Course, tmp_path: Path) -> None:
    notebook = copied.folder("01_tiny") / "notebook.py"
    lines = notebook.read_text().splitlines(keepends=True)
    notebook.write_text("".join(line for line in lines if "SOLUTION" not in line))
    with pytest.raises(CourseError, match=r"row_means needs a region ### BEGIN SOLUTION"):
        build(load_course(copied.root), tmp_path / "exercises")


def test_check_py_needs_only_numpy_and_the_standard_library() -> None:
    text = release_files(load_course(TINY).assignment("01_tiny"))["check.py"].decode()
    tree = ast.parse(text, feature_version=(3, 10))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported - sys.stdlib_module_names == {"numpy"}
    assert "Generated from the course's autograder" in text.splitlines()[2]


def test_public_data_survives_the_file() -> None:
    numbers = np.array([[1, 2], [3, 4]], dtype=np.int16)
    sent = (None, True, 3, 2.5, float("inf"), "text", [1, (2, [3])], {"a": numbers}, Outcome((float("nan"),)))
    back = decode(json.loads(json.dumps(encode(sent), allow_nan=False)))
    assert back[:7] == sent[:7]
    assert back[7]["a"].dtype == np.int16
    assert back[7]["a"].tolist() == numbers.tolist()
    assert np.isnan(back[8].values[0])
    with pytest.raises(TypeError, match="can't be written"):
        encode(object())


@pytest.mark.parametrize("name", REAL.names)
def test_the_public_side_survives_the_file(name: str) -> None:
    sent = encode(public_side(REAL.assignment(name)))
    assert encode(decode(json.loads(json.dumps(sent)))) == sent


def assignments() -> Iterator[Any]:
    yield pytest.param((TINY, "01_tiny"), id="tiny")
    for name in REAL.names:
        yield pytest.param((ROOT, name), id=name)


@pytest.fixture(scope="module", params=list(assignments()))
def released(request: pytest.FixtureRequest) -> tuple[Assignment, str, list[str], Any]:
    """An assignment in a graded course: all text of its release as one string, its lines of code, its public side."""
    root, name = request.param
    assignment = (REAL if root == ROOT else load_course(root)).assignment(name)
    assert assignment.mode == "graded"
    files = release_files(assignment)
    public = json.loads(files["public.json"])
    strings = [text for value in _execution(public) if isinstance(text := value, str)]
    code = [*sources(assignment), files["check.py"].decode()]
    lines = [line.strip() for text in (*code, *strings) for line in text.splitlines()]
    text = " ".join("\n".join([*code, *strings, *sources(assignment, "markdown")]).split())
    return assignment, text, lines, public


def _execution(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _execution(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _execution(item)


def test_no_line_of_a_solution_or_of_a_wrong_program_is_released(
    released: tuple[Assignment, str, list[str], Any],
) -> None:
    assignment, _, lines, _ = released
    secret = [line for cell in assignment.cells for line in _solution_lines(cell.source)]
    kept = {line.strip() for cell in assignment.cells for line in _other_lines(cell.source)}
    for task in assignment.tasks:
        for program in (*task.wrong_programs, *task.alternatives):
            secret += program.source.splitlines()[1:]
    own = (line.strip() for line in secret)
    telling = {line for line in own if len(line) >= LONG and not line.startswith(("import ", "from "))} - kept
    assert telling & set(lines) == set()


def _solution_lines(source: str) -> list[str]:
    return "\n".join(re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, re.DOTALL)).splitlines()


def _other_lines(source: str) -> list[str]:
    """The lines that students see anyway, signatures and docstrings among them."""
    return re.sub(r"### BEGIN SOLUTION\n.*?### END SOLUTION", "", source, flags=re.DOTALL).splitlines()


def test_no_key_and_no_feedback_of_a_question_is_released(released: tuple[Assignment, str, list[str], Any]) -> None:
    assignment, text, _, public = released
    for question in assignment.questions:
        assert set(public["items"][question.id]) <= {"is", "kind", "points", "letters"}
        hidden = [question.why, question.model, question.weak]
        hidden += [option.feedback for option in question.options] + [wrong.feedback for wrong in question.wrong]
        for sentence in (" ".join(part.split()) for part in hidden):
            assert len(sentence) < LONG or sentence not in text


def test_no_hidden_input_and_no_hidden_value_is_released(released: tuple[Assignment, str, list[str], Any]) -> None:
    assignment, text, _, public = released
    for task in (task for task in assignment.tasks if isinstance(task, Task)):
        item = public["items"][task.id]
        shown = [case for case in task.cases if case.public]
        assert set(item["expected"]) == {case["name"] for case in item["cases"]} == {case.name for case in shown}
        inputs = {numbers for case in shown for numbers in _telling(_inputs(case))}
        values = {numbers for case in shown for numbers in _telling(task.expected[case.name].values)}
        for case in task.cases:
            if not case.public:
                assert (_telling(_inputs(case)) - inputs) & _released_numbers(item) == set(), case.name
                secret = _telling(task.expected[case.name].values) - values - inputs
                # What a wrong program gives in a visible case may be what is right in a hidden one.
                assert secret & _released_numbers({**item, "misconceptions": []}) == set(), case.name
                assert not any(numbers in text for numbers in _telling(_inputs(case)) - inputs), case.name


def _inputs(case: Case) -> list[Any]:
    return [step.args for step in case.steps]


def _telling(value: Any) -> set[str]:
    """The numbers of each array in `value`, as `public.json` would hold them; arrays like ones and zeros left out."""
    arrays = (found for found in _execution(value) if isinstance(found, np.ndarray) and len(set(found.flat)) > 3)
    return {str(encode(array)["numbers"]) for array in arrays}


def _released_numbers(value: Any) -> set[str]:
    return {str(found["numbers"]) for found in _execution(value) if isinstance(found, dict) and "numbers" in found}


def test_a_practice_release_judges_but_still_holds_no_model_answer(copied: Course) -> None:
    settings = copied.root / "solutions" / "course.yaml"
    settings.write_text(settings.read_text().replace("mode: graded", "mode: practice"))
    assignment = load_course(copied.root).assignment("01_tiny")
    public = release_files(assignment)["public.json"].decode()
    assert "do the first three vanish?" in public
    assert "billionaire" not in public
