"""The marked notebook: nbgrader reads the right points from it, people read the feedback, and nothing in it bites."""

from __future__ import annotations

import base64
import json
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, determine_grade

from autograder.course.course import Assignment, Course, load_course
from autograder.course.solved_notebook import as_bytes, solved, with_answers
from autograder.course.source_notebook import Json, marks_of
from autograder.marking.marker import MarkedSubmission, Marker
from autograder.release.build import release_notebook
from autograder.report.marked_notebook import LEFT_OUT, MOST_CODE, MOST_PICTURES, marked_notebook, unanswered
from autograder.report.sanitize import MOST_CHARACTERS, on_one_line, sanitized
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from tests.classes import GRADED, SUMS, TINY, by_id, damaged

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#x73;cript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#106avascript:alert(1))",
    "[a](javascript\\:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](<\tjava\tscript:alert(1)>)",
    "[a](\njavascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:alert(1))",
    "![a](https://example.org/seen.png)",
    "[![a](javascript:alert(1))](javascript:alert(2))",
    "![a](attachment:nothing.png)",
    "```mermaid\n</pre><script>alert(1)</script>\n```",
    "> ~~~~ mermaid\n> <img src=x onerror=alert(1)>\n> ~~~~",
    *(f"```{space}mermaid\n%%{{init: {{}}}}%%\n```" for space in "\xa0\x0b\x0c\x1f\u2003"),
    "$<script>alert(1)</script>$ and $$<script>alert(1)</script>$$",
    "\\begin{x}<script>alert(1)</script>\\end{x}",
    "`<b onclick=alert(1)>`\n\n    <script>alert(1)</script>",
    "<!-- <script>alert(1)</script> --><style>*{display:none}</style></div></div>",
]


@pytest.mark.parametrize("scheme", ["https", "javascript", "java\tscript", "java\nscript", "javascript\t"])
def test_no_formula_makes_a_link(scheme: str) -> None:
    # MathJax makes one of it where it sees the command, and browsers drop tabs and line ends from a scheme.
    assert "\\href" not in sanitized(f"$\\href{{{scheme}:alert(1)}}{{x}}$")


@pytest.fixture(scope="module")
def assignment(tiny_course: Course) -> Assignment:
    return tiny_course.assignment(TINY)


@pytest.fixture(scope="module")
def release(assignment: Assignment) -> Json:
    return release_notebook(assignment)


@pytest.fixture(scope="module")
def mark(tiny_course: Course, assignment: Assignment) -> Iterator[Callable[[bytes], MarkedSubmission]]:
    with Sandbox(tiny_course.limits, forbidden=[tiny_course.root]) as sandbox:
        grader = Marker(assignment, sandbox, tiny_course.limits)
        yield lambda data: grader.mark(read_submission(data, f"{TINY}.ipynb"), executed=True)


def page_of(notebook: Json) -> BeautifulSoup:
    """The notebook as nbconvert shows it, the way formgrader and the feedback pages do."""
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(nbformat.from_dict(notebook))
    return BeautifulSoup(html[html.index("<body") :], "html.parser")


def with_cell(assignment: Assignment, cell: Json) -> bytes:
    notebook = solved(assignment)
    return as_bytes(notebook | {"cells": [*notebook["cells"], {"metadata": {}, **cell}]})


def png(width: int, height: int) -> str:
    """The beginning of a picture, as base64."""
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return base64.b64encode(header + bytes(20)).decode()


def outputs_text(cell: Json) -> str:
    return json.dumps(cell["outputs"])


@pytest.mark.parametrize("oddity", range(17))
def test_nbgrader_reads_every_score_whatever_was_handed_in(
    oddity: int, assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    name, data = list(damaged(assignment).items())[oddity]
    marked = mark(data)
    notebook = nbformat.from_dict(marked_notebook(marked, release))
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    for grade_id in GRADED:
        cell, item = by_id(notebook, grade_id), marked.result.item(grade_id)
        score, most = determine_grade(cell)
        assert (score, most) == (None if item.verdict == "needs_review" else item.points, item.max_points), name
        kinds = [output["output_type"] for output in cell.get("outputs", [])]
        assert kinds == (["execute_result"] if cell["cell_type"] == "code" else []), name
    for released in release["cells"]:
        marks = marks_of(released)
        if marks.get("locked"):
            cell = by_id(notebook, marks["grade_id"])
            assert cell["source"] == released["source"]
            assert compute_checksum(cell) == cell["metadata"]["nbgrader"]["checksum"]
    if marked.result.problems:
        assert "What the grader noticed" in notebook.cells[0].source
    solution = "x.sum(axis=1) / x.shape[1]"
    assert solution not in json.dumps(marked_notebook(mark(b""), release)), "a missing answer must not be filled in"


def test_an_honest_notebook_keeps_its_order_answers_and_outputs(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    handed_in = solved(assignment)
    notebook = marked_notebook(mark(as_bytes(handed_in)), release)
    assert [cell["source"] for cell in notebook["cells"]] == [cell["source"] for cell in handed_in["cells"]]
    printed = next(cell for cell in notebook["cells"] if cell["source"].startswith("print(np.array"))
    assert printed["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "6\n"}]
    assert by_id(notebook, "row_means")["outputs"][0]["data"]["text/plain"] == "3.0"
    assert unanswered(notebook, release) == frozenset()


def test_a_named_misconception_is_told_side_by_side(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    notebook = marked_notebook(mark(damaged(assignment)["wrong"]), release)
    cell = by_id(notebook, "row_means")
    shown = BeautifulSoup(cell["outputs"][0]["data"]["text/html"], "html.parser").get_text()
    told = "These are sums. Divide by the number of columns."
    for text in (told, "three rows of two", "expected", "yours", "of 3 points"):
        assert text in shown
    assert cell["source"] == 'check("row_means")'
    assert by_id(notebook, "row_means_answer")["source"] == SUMS


def test_nothing_of_a_hidden_case_is_told(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    spy = "def row_means(x):\n    print('SEEN', x.tolist())\n    raise ValueError(str(x.tolist()))"
    data = as_bytes(with_answers(solved(assignment), {"row_means": spy}))
    written = json.dumps(marked_notebook(mark(data), release))
    assert "1.5, 2.5" in written, "the visible case may be shown"
    for hidden in ("7.25", "3.125", "one column", "[[1, 2], [9, 4]]"):
        assert hidden not in written


def test_missing_and_copied_cells_are_named(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    lost = marked_notebook(mark(damaged(assignment)["deleted checks"]), release)
    places = [cell["source"].splitlines()[0] for cell in lost["cells"]]
    assert places.index("### Cells that were missing") == len(places) - 5
    copies = marked_notebook(mark(damaged(assignment)["copied cells"]), release)
    notes = [cell["source"] for cell in copies["cells"] if cell["source"].startswith("*A copy of the cell*")]
    assert "*A copy of the cell* `row_means`*: only the last one counts.*" in notes


def test_what_is_there_twice_is_told_in_one_sentence_and_noted_where_it_is_graded(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    good, other = solved(assignment), with_answers(solved(assignment), {"row_means": SUMS})
    twice = mark(as_bytes(good | {"cells": [*other["cells"], *good["cells"]]}))
    count = len([cell for cell in good["cells"] if marks_of(cell)])
    assert twice.result.problems == (
        f"{count} cells are there twice; the last copies count, of a text the last that is written. "
        "These differ: row_means_answer.",
    )
    cells = marked_notebook(twice, release)["cells"]
    noted = [cell["source"] for cell in cells if cell["source"].startswith("*A copy of the cell*")]
    assert len(noted) == len(GRADED) + len(("row_means_answer", "Counter_answer", "q1_1", "q1_2", "q1_3"))
    assert not any("setup" in note or "_stem" in note or "plot" in note for note in noted)


def test_a_page_shows_the_feedback_and_no_bare_number(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    page = page_of(marked_notebook(mark(as_bytes(solved(assignment))), release))
    assert len(page.select('[role="group"]')) == len(GRADED) - 1
    assert not [pre for pre in page.find_all("pre") if pre.get_text().strip() in ("3.0", "2.0", "1.0")]


def test_unanswered_cells_are_known_as_such(release: Json, mark: Callable[[bytes], MarkedSubmission]) -> None:
    untouched = marked_notebook(mark(as_bytes(release)), release)
    assert unanswered(untouched, release) == {"row_means_answer", "Counter_answer", "q1_4_words"}
    spaces = marked_notebook(mark(as_bytes(with_answers(release, {"q1_4_words": " \n "}))), release)
    assert determine_grade(nbformat.from_dict(by_id(spaces, "q1_4_words")))[0] == 0


def test_a_plot_keeps_the_students_own_picture(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:

    def shown(text: str, place: str = "no plot, only a place") -> list[Json]:
        notebook = solved(assignment)
        cell = next(cell for cell in notebook["cells"] if place in cell["source"])
        cell["outputs"] = [{"output_type": "display_data", "data": {"image/png": text}, "metadata": {}}]
        marked = marked_notebook(mark(as_bytes(notebook)), release)
        return next(cell["outputs"] for cell in marked["cells"] if place in cell["source"])

    assert shown(png(4_000, 3_000))[0]["data"]["image/png"] == png(4_000, 3_000)
    assert shown(png(40, 30) + '"><script>alert(1)</script>') == []
    assert shown(png(40, 4_001)) == [], "a page would take long to show it"
    assert shown(png(40, 30), by_id(release, "setup")["source"]) == [], "the setup draws nothing"


def test_hostile_text_does_nothing_in_a_page(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    kinds = ("markdown", "raw")
    cells: list[Json] = [{"cell_type": kind, "source": text, "metadata": {}} for text in HOSTILE for kind in kinds]
    cells += [{"cell_type": "markdown", "source": "```mermaid", "metadata": {"raw_mimetype": "text/html"}}]
    words = "<script>alert('words')</script> **[x](javascript:alert(1))**"
    notebook = with_answers(solved(assignment), {"q1_4_words": words})
    marked = mark(as_bytes(notebook | {"cells": [*notebook["cells"], *cells]}))
    names = ["<img src=x onerror=alert(1)>.py", "[a](javascript:alert(1))", "`$x$` *b* <script>"]
    marked = replace(marked, result=replace(marked.result, problems=tuple(f"A file {name}." for name in names)))
    page = page_of(marked_notebook(marked, release))
    plain = page_of(marked_notebook(mark(as_bytes(solved(assignment))), release))
    ours = {tag.name for tag in plain.find_all(True)}
    added = {tag.name for tag in page.find_all(True)} - ours
    assert added <= {"h3", "a", "blockquote", "em", "code", "pre", "ul", "li", "strong", "span"}
    assert not page.find_all(class_=["mermaid", "jp-Mermaid"])
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        target = "".join(char for char in str(tag.get("href") or tag.get("src") or "") if char > " ").lower()
        assert not target.startswith(("javascript:", "vbscript:", "data:", "attachment:")), target
    assert "A file [a](javascript:alert(1))." in page.get_text().replace("\u200b", "")


def test_html_in_the_courses_own_text_is_kept_and_only_there(tiny_course: Course, tmp_path: Path) -> None:
    aside = "<details><summary>An aside</summary>Sums.</details>"
    root = Path(shutil.copytree(tiny_course.root, tmp_path / "course"))
    source = root / "solutions" / TINY / "notebook.py"
    source.write_text(source.read_text().replace("# Sums, counters and questions.", f"# {aside}"))
    changed = load_course(root).assignment(TINY)
    release, notebook = release_notebook(changed), solved(changed)
    own = {"cell_type": "markdown", "metadata": {}, "source": f"{aside} Mine."}
    with Sandbox(tiny_course.limits) as sandbox:
        submission = read_submission(as_bytes(notebook | {"cells": [*notebook["cells"], own]}), f"{TINY}.ipynb")
        page = page_of(marked_notebook(Marker(changed, sandbox, tiny_course.limits).mark(submission), release))
    assert [tag.get_text() for tag in page.find_all("summary")] == ["An aside"]


def test_sanitized_text_looks_the_same() -> None:
    text = "If $a<b$ & c&d then `x<y>` and <b>, data: [1](https://example.org) ![p](q) &amp;\n\n- one\n- two!"
    assert sanitized(text).replace("\u200b", "") == text
    assert sanitized("A mean of 2, 4 and 9: it is $\\bar{x} < 6$.") == "A mean of 2, 4 and 9: it is $\\bar{x} < 6$."
    assert "Cut here" in sanitized("x" * (MOST_CHARACTERS + 1))
    assert on_one_line("a\n# b") == "a \\# b"


def test_a_notebook_that_prints_too_much_stays_small(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    loud = [{"cell_type": "code", "source": "print('x' * 90_000)", "metadata": {}, "outputs": []}] * 15
    wordy = [{"cell_type": "markdown", "source": "word " * 4_000, "metadata": {}}] * 15
    notebook = solved(assignment)
    data = as_bytes(notebook | {"cells": [*notebook["cells"], *loud, *wordy]})
    marked = mark(data)
    written = marked_notebook(marked, release)
    assert len(json.dumps(written)) < 1_500_000
    assert marked.result.points == 9
    assert json.dumps(written).count("Left out: this notebook holds too much") > 5


def test_a_notebook_with_too_much_code_stays_small(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    own = [{"cell_type": "code", "source": f"# {place}\n#{'+1' * 40_000}", "metadata": {}} for place in range(6)]
    short = [{"cell_type": "code", "source": "# short", "metadata": {}}]
    notebook = with_answers(solved(assignment), {"row_means": SUMS + "\n#" + "x" * 150_000})
    written = marked_notebook(mark(as_bytes(notebook | {"cells": [*own, *notebook["cells"], *short]})), release)
    sources = [cell["source"] for cell in written["cells"]]
    assert sum(map(len, sources)) < MOST_CODE + 20_000
    assert sum("(Cut here: it has 80,00" in source for source in sources) == 5
    assert "(Cut here: it has 150," in by_id(written, "row_means_answer")["source"]
    assert sources[-1] == "# short", "the long cells are cut, not the others"
    for released in release["cells"]:
        if marks_of(released).get("locked"):
            assert by_id(written, released["metadata"]["nbgrader"]["grade_id"])["source"] == released["source"]


def test_unanswered_cells_are_known_as_such_among_too_much_code(
    release: Json, mark: Callable[[bytes], MarkedSubmission]
) -> None:
    own = [{"cell_type": "code", "source": "#" * 20, "metadata": {}}] * 1_500
    own += [{"cell_type": "code", "source": "#" * 10_000, "metadata": {}}] * 30
    written = marked_notebook(mark(as_bytes(release | {"cells": [*own, *release["cells"]]})), release)
    assert unanswered(written, release) == {"row_means_answer", "Counter_answer", "q1_4_words"}


@pytest.mark.parametrize(("sides", "most"), [((9, 9), MOST_PICTURES), ((8_000, 2_000), 4)])
def test_a_notebook_holds_so_many_pictures_and_no_more(
    assignment: Assignment, release: Json, mark: Callable[[bytes], MarkedSubmission], sides: tuple[int, int], most: int
) -> None:
    marked = mark(with_cell(assignment, {"cell_type": "code", "source": "1", "outputs": []}))
    place = len(marked.submission.cells) - 1
    data = {"text/plain": "", "image/png": png(*sides)}
    picture: Json = {"output_type": "display_data", "data": data, "metadata": {}}
    marked = replace(marked, outputs={**marked.outputs, place: (picture,) * (MOST_PICTURES + 7)})
    shown = marked_notebook(marked, release)["cells"][-1]["outputs"]
    assert sum("image/png" in output["data"] for output in shown) == most
    assert shown[-1]["data"] == {"text/plain": LEFT_OUT}
