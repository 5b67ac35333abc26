"""What the course's texts say about the course is true: topics, points, times, names, numbers, links."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from autograder.answers.diagnose import OF_ALL_CASES
from autograder.answers.places import PLACES
from autograder.answers.question import Question
from autograder.answers.relations import RELATIONS
from autograder.cli import main
from autograder.commands.doctor import EXIT_CODES
from autograder.course.course import Assignment, Course, load_course
from autograder.course.task import Task
from autograder.marking.mark_files import open_sandbox
from autograder.marking.verdict import NAMES_OF_ASPECTS
from autograder.sandbox.records import WALL_FACTOR
from autograder.verify.prove import verify

TEXTS = Path(__file__).parents[1] / "course"
READINGS = sorted((TEXTS / "readings").glob("*.md"))
TOPICS = [f"S{number}" for number in range(1, 15)]
NEW = "08_running_maximum"  # the guide's example of a new assignment


@cache
def text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """What stands below a heading of a text, up to the next one of the same rank."""
    rank = heading.split()[0]
    after = text(name).split(f"\n{heading}\n", 1)[1]
    return re.split(rf"(?m)^{rank} ", after)[0]


def table(part: str) -> list[list[str]]:
    """The rows of the first table in a text, without its head."""
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def headings(assignment: Assignment) -> set[str]:
    lines = [line for cell in assignment.cells if cell.kind == "markdown" for line in cell.source.splitlines()]
    return {line.lstrip("#").strip() for line in lines if line.startswith("#")}


@pytest.fixture(scope="module")
def assignments(course: Course) -> list[Assignment]:
    return [course.assignment(name) for name in course.names]


@pytest.fixture(scope="module")
def topics() -> dict[str, list[str]]:
    """Sections, questions and tasks of the syllabus by topic."""
    part = section("syllabus.md", "## Topics, and where they are taught, asked and practised")
    return {row[0]: row[2:] for row in table(part)}


def test_every_topic_is_taught_asked_and_practised(topics: dict[str, list[str]]) -> None:
    assert list(topics) == TOPICS
    for topic, (sections, questions, tasks) in topics.items():
        assert re.match(r"\*\*\d\d\*\* \S", sections), topic
        assert names(questions), topic
        assert names(tasks), topic


def test_the_syllabus_lists_every_topic_of_every_question(
    topics: dict[str, list[str]], assignments: list[Assignment]
) -> None:
    listed = {(topic, name) for topic, (_, questions, _) in topics.items() for name in names(questions)}
    carried = {(topic, item.id) for assignment in assignments for item in assignment.questions for topic in item.topics}
    assert listed == carried


def test_the_syllabus_places_every_task(topics: dict[str, list[str]], assignments: list[Assignment]) -> None:
    listed = {name for _, _, tasks in topics.values() for name in names(tasks)}
    assert listed == {task.id for assignment in assignments for task in assignment.tasks}


def test_the_syllabus_names_sections_that_are_there(
    topics: dict[str, list[str]], assignments: list[Assignment]
) -> None:
    there = {f"**{assignment.name[:2]}** {heading}" for assignment in assignments for heading in headings(assignment)}
    listed = {place for sections, _, _ in topics.values() for place in sections.split("<br>")}
    assert listed <= there


def test_the_syllabus_counts_rightly(assignments: list[Assignment]) -> None:
    rows = table(section("syllabus.md", "## The seven notebooks"))
    told = {names(row[0])[0]: [float(cell) for cell in row[4:]] for row in rows[:-1]}
    counted = {}
    for assignment in assignments:
        extra = sum(item.points for item in assignment.items.values() if item.extra)
        counted[assignment.name] = [
            float(len(assignment.tasks)),
            float(len(assignment.questions)),
            assignment.max_points,
            extra,
        ]
    assert told == counted
    assert [float(cell) for cell in rows[-1][4:]] == [sum(column) for column in zip(*counted.values(), strict=True)]


def test_the_syllabus_gives_the_notebooks_own_times(assignments: list[Assignment]) -> None:
    rows = table(section("syllabus.md", "## The seven notebooks"))
    told = {names(row[0])[0]: row[3] for row in rows[:-1]}
    for assignment in assignments:
        prose = " ".join(cell.source for cell in assignment.cells if cell.kind == "markdown")
        found = re.search(r"(\d+(?:\s+to\s+\d+)?)\s+minutes", prose)
        assert found, assignment.name
        assert " ".join(found[1].split()) == told[assignment.name]


def test_there_is_a_reading_for_each_assignment(course: Course) -> None:
    assert [path.stem for path in READINGS] == list(course.names)


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_a_reading_is_short_and_says_how_it_counts(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    prose = re.sub(r"(?ms)^```.*?^```|\$\$.*?\$\$|\$[^$\n]*\$|^\|[^\n]*$", "", content)
    assert 600 <= len(prose.split()) <= 1000
    assert "counted from" in content or "Pairs are numbered from" in content or "ways to count" in content
    assert "\n## Sources\n" in content


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_the_numbers_of_a_reading_are_right(path: Path) -> None:
    blocks = re.findall(r"(?ms)^```python\n(>>> .*?)^```", path.read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        example = doctest.DocTestParser().get_doctest(block, {}, path.stem, str(path), 0)
        told: list[str] = []
        assert doctest.DocTestRunner().run(example, out=told.append).failed == 0, "".join(told)


def test_every_picture_is_small_shown_on_a_page_and_made_by_a_test() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (*TEXTS.rglob("*.md"), TEXTS.parent / "README.md"))
    for picture in (TEXTS / "images").glob("*.png"):
        assert picture.stat().st_size < 150_000, picture.name
        assert f"images/{picture.name})" in pages, picture.name
        assert picture.with_suffix(".txt").is_file(), f"{picture.name}: what does it show? `make pictures` says it"


def test_links_lead_somewhere() -> None:
    for path in TEXTS.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), f"{path.name}: {target}"


def test_references_stand_where_they_are_said_to(assignments: list[Assignment]) -> None:
    prose = {
        assignment.name[:2]: " ".join(cell.source for cell in assignment.cells if cell.kind == "markdown")
        for assignment in assignments
    }
    rows = [row for part in text("references.md").split("\n## ")[1:] for row in table(part)]
    for authors, _, _, used in rows:
        surname = re.sub(r" et al\.$", "", authors.split(",")[0]).split()[-1]
        for number in re.findall(r"\b\d\d\b", used):
            assert re.search(rf"\b{surname}\b", prose[number]), f"{surname} in {number}"


def shown_commands() -> Iterator[str]:
    """The subcommands of `autograder` that the guides' code shows."""
    for name in ("instructor_guide.md", "administrator_guide.md"):
        code = re.findall(r"(?ms)^```sh\n(.*?)^```", text(name)) + re.findall(r"`([^`\n]+)`", text(name))
        yield from re.findall(r"(?<![\w/.-])autograder ([a-z]+)", "\n".join(code))


def test_every_command_shown_exists(capsys: pytest.CaptureFixture[str]) -> None:
    shown = set(shown_commands())
    assert {"new", "grade", "verify", "doctor"} <= shown
    for command in sorted(shown):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command
    capsys.readouterr()


def parts_of(task: Task) -> str:
    return ", ".join(f"{part.name} {part.points:g}" for part in task.parts)


def test_the_guide_tells_how_each_task_is_graded(assignments: list[Assignment]) -> None:
    told = {names(row[0])[0]: row[1:] for row in table(section("instructor_guide.md", "### The tasks"))}
    tasks = [task for assignment in assignments for task in assignment.tasks]
    assert {name: float(row[0]) for name, row in told.items()} == {task.id: task.points for task in tasks}
    for task in tasks:
        if isinstance(task, Task):
            assert told[task.id][1:] == [parts_of(task), f"{task.tolerance.size:g} of the {task.tolerance.relative_to}"]


def named_here(assignment: Assignment) -> set[str]:
    found = {program.id for task in assignment.tasks for program in task.wrong_programs}
    questions = [item for item in assignment.items.values() if isinstance(item, Question)]
    found |= {option.misconception for item in questions for option in item.options if option.misconception}
    return found | {wrong.misconception for item in questions for wrong in item.wrong}


def test_the_misconceptions_to_expect_can_be_found(assignments: list[Assignment]) -> None:
    part = section("instructor_guide.md", "## Which misconceptions to expect")
    for assignment in assignments:
        own = part.split(f"### `{assignment.name}`", 1)[1].split("\n### ")[0]
        told = {name for name in names(own) if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}
        assert told, assignment.name
        assert told <= named_here(assignment), assignment.name


def test_the_guide_tells_every_name_that_needs_no_author() -> None:
    told = table(section("instructor_guide.md", "## How the diagnosis works"))
    relations = {relation.id for relation in RELATIONS}
    assert {name for row in told for name in names(row[1])} == {
        *relations,
        *OF_ALL_CASES,
        *PLACES,
        *NAMES_OF_ASPECTS.values(),
        "UNSTEADY",
        "OTHER_FORM",
    }


def test_the_administrator_guide_tells_limits_and_exit_codes(course: Course) -> None:
    told = section("administrator_guide.md", "## Limits")
    limits = {names(row[0])[0]: float(names(row[1])[0]) for row in table(told)}
    assert limits == {name: float(getattr(course.limits, name)) for name in course.limits.__dataclass_fields__}
    assert "3 × `submission_seconds` × submissions / workers" in told
    assert told.count(f"{WALL_FACTOR:g} times as long") == 2
    modes = table(section("administrator_guide.md", "## Is this machine fit to grade?"))
    codes = {row[0].strip("*"): int(row[1]) for row in modes}
    assert codes == {mode or "none": code for mode, code in EXIT_CODES.items()}


@pytest.fixture
def new_course(course: Course, tmp_path: Path) -> Course:
    """A course of one assignment: the guide's example, taken from the guide."""
    files = re.findall(r"(?ms)^`solutions/(\S+)`:\n\n```\w+\n(.*?)^```", text("instructor_guide.md"))
    (tmp_path / "solutions" / NEW / "tasks").mkdir(parents=True)
    settings = {"title": "New", "mode": course.mode, "misconceptions": dict(course.misconceptions)}
    (tmp_path / "solutions" / "course.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    for name, content in files:
        (tmp_path / "solutions" / name).write_text(content, encoding="utf-8")
    return load_course(tmp_path)


def test_the_guides_example_of_an_assignment_is_proved(new_course: Course) -> None:
    with open_sandbox(new_course) as sandbox:
        proofs = list(verify(new_course, NEW, sandbox))
    assert [f"{proof.claim}: {proof.problem}" for proof in proofs if proof.problem] == []
    assert {"solution", "untouched", "misconception", "alternative", "mutant", "option"} <= {
        proof.kind for proof in proofs
    }
