"""The proof of the grader: it holds for the tiny course, and finds what is spoilt on purpose."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.check.question import Option, Question, RubricLine, WrongNumber
from autograder.cli import main
from autograder.course.course import Course, load_course
from autograder.sandbox.host.sandbox import Sandbox
from autograder.verify.lint import lint_question, lint_questions
from autograder.verify.mutants import mutants
from autograder.verify.prove import CLAIMS, Proof, balance, verify
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TINY = ROOT / "tests" / "fixtures" / "tiny_course"
Prove = Callable[..., list[Proof]]


@pytest.fixture
def prove(tmp_path: Path, sandbox: Sandbox) -> Prove:
    """The proofs that fail for the tiny course after one change of its files."""

    def prove(old: str, new: str, file: str = "tasks/row_means.py", with_mutants: bool = False) -> list[Proof]:
        root = Path(shutil.copytree(TINY, tmp_path / "course"))
        path = root / "solutions" / "01_tiny" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        proofs = verify(load_course(root), "01_tiny", sandbox, with_mutants)
        return [proof for proof in proofs if proof.problem]

    return prove


def test_every_claim_holds_for_the_tiny_course(tiny_course: Course, sandbox: Sandbox) -> None:
    proofs = list(verify(tiny_course, "01_tiny", sandbox))
    assert [proof for proof in proofs if proof.problem] == []
    kinds = {proof.kind for proof in proofs}
    assert kinds >= {"solution", "untouched", "misconception", "alternative", "hostile", "option", "mutant", "lint"}
    assert kinds >= {"nothing", "types"}


def test_a_misconception_that_is_right_is_found(prove: Prove) -> None:
    (proof,) = prove("    return x.sum(axis=1)\n", "    return x.mean(axis=1)\n")
    assert (proof.kind, proof.claim, proof.problem) == ("misconception", "row_means SUM_FOR_MEAN", "it got full marks")


def test_two_misconceptions_that_give_the_same_are_found(prove: Prove) -> None:
    *unnamed, distinct = prove("    return x.mean(axis=0)\n", "    return x.sum(axis=1)\n")
    assert {proof.claim for proof in unnamed} >= {"row_means SUM_FOR_MEAN", "row_means WRONG_AXIS"}
    assert distinct.kind == "distinct"
    assert "SUM_FOR_MEAN and WRONG_AXIS" in distinct.problem


def test_an_alternative_that_is_wrong_is_found(prove: Prove) -> None:
    (proof,) = prove("    return np.mean(x, axis=1)\n", "    return np.median(x, axis=0)\n")
    assert proof.kind == "alternative"


def test_a_hole_in_the_cases_is_found_by_a_mutant(prove: Prove) -> None:
    cases = prove(
        "    return x.sum(axis=1) / x.shape[1]\n",
        "    offset = 0 if len(x) < 100 else 1\n    return x.sum(axis=1) / x.shape[1] + offset\n",
        "notebook.py",
        with_mutants=True,
    )
    assert {proof.kind for proof in cases} == {"mutant", "equivalent"}
    assert any("add a case" in proof.problem for proof in cases)


def test_verify_as_a_command_fails_with_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "course"))
    questions = root / "solutions" / "01_tiny" / "questions.yaml"
    questions.write_text(questions.read_text().replace("correct: true", "correct: false"))
    assert main(["verify", "--quick", "--course", str(root)]) == 1
    out = capsys.readouterr().out
    assert "it has 0 right options" in out
    assert out.count(CLAIMS["balance"]) == 1


def test_mutants_cover_the_usual_slips_once_each() -> None:
    source = 'def f(x, y):\n    """Text."""\n    if x > 0:\n        y = y + x[1:]\n    return np.sum(y, axis=0) / 2\n'
    found = {(mutant.before, mutant.after) for mutant in mutants(source)}
    assert len(found) == len(list(mutants(source)))
    assert ("if x > 0:", "if x >= 0:") in found
    assert ("if x > 0:", "if True:") in found
    assert ("y = y + x[1:]", "y = y - x[1:]") in found
    assert ("y = y + x[1:]", "y += x[1:]") in found
    assert ("y = y + x[1:]", "y = y + x[2:]") in found
    assert ("y = y + x[1:]", "pass") in found
    assert ("return np.sum(y, axis=0) / 2", "return np.sum(y) / 2") in found
    assert ("return np.sum(y, axis=0) / 2", "return np.sum(x, axis=0) / 2") in found
    assert all(compile(mutant.source, "mutant", "exec") for mutant in mutants(source))
    assert not any("Text" in before for before, _ in found)


GOOD = Question(
    "q",
    "single",
    1.0,
    "?",
    ("S1",),
    "why",
    options=(Option("right one", True, None, "Yes."), Option("wrong one", False, "WRONG", "Try this.")),
)
NUMBER = Question(
    "n", "numeric", 1.0, "?", ("S1",), "why", answer=4.0, wrong=tuple(WrongNumber(v, "WRONG", "try") for v in (1, 2, 3))
)
BELIEFS = {"WRONG": "something wrong"}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (replace(GOOD, options=GOOD.options[:1] * 2), "2 right options"),
        (replace(GOOD, options=(GOOD.options[0], replace(GOOD.options[1], misconception=None))), "no misconception"),
        (replace(GOOD, options=(GOOD.options[0], replace(GOOD.options[1], feedback=" "))), "no feedback"),
        (replace(GOOD, options=(GOOD.options[0], replace(GOOD.options[1], misconception="X"))), "X is not among"),
        (replace(GOOD, kind="multi", options=GOOD.options[1:] * 2), "right and wrong options"),
        (replace(GOOD, topics=()), "no topic"),
        (replace(GOOD, points=0.0), "no points"),
        (replace(NUMBER, wrong=NUMBER.wrong[:2]), "fewer than three"),
        (replace(NUMBER, tolerance=0.6), "tolerance"),
        (Question("f", "free", 2.0, "?", ("S1",), "", rubric=(RubricLine("R", 1.0, ""),)), "adds up to 1"),
    ],
)
def test_lint_says_what_is_wrong_with_a_question(question: Question, says: str) -> None:
    assert says in "; ".join(lint_question(question, BELIEFS))


def test_lint_finds_nothing_in_good_questions() -> None:
    assert lint_question(GOOD, BELIEFS) == lint_question(NUMBER, BELIEFS) == []


def single(key: int, options: int) -> Question:
    """A question whose option number `key` is right, and the longest."""
    texts = ["right" if place == key else "slip" for place in range(options)]
    return replace(GOOD, options=tuple(Option(text, text == "right", "WRONG", "Try this.") for text in texts))


def test_lint_looks_at_where_the_keys_stand_and_how_long_they_are() -> None:
    assert lint_questions([single(0, 4)] * 10) == [
        "100% of the keys are A, where 25% would be even: move some options",
        *(f"0% of the keys are {letter}, where 25% would be even: move some options" for letter in "BCD"),
        "the key is the longest option in 10 of 10 questions: shorten some keys",
    ]


@pytest.mark.parametrize("options", [2, 3, 4])
def test_lint_finds_nothing_where_keys_are_spread_however_many_options_there_are(options: int) -> None:
    spread = [single(place % options, options) for place in range(12)]
    assert [problem for problem in lint_questions(spread) if "keys are" in problem] == []


def test_lint_of_a_course_passes_over_a_question_without_a_key() -> None:
    assert lint_questions([replace(GOOD, options=GOOD.options[1:] * 2)] * 10) == []


def test_the_whole_course_is_a_claim_of_its_own(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "course"))
    path = root / "solutions" / "01_tiny" / "questions.yaml"
    assert balance(load_course(root)).problem == ""
    (single,) = re.findall(r"(?ms)^- id: q1_2_one.*?(?=^- )", path.read_text())
    path.write_text("items:\n" + "".join(single.replace("q1_2_one", f"q1_{place}_one") for place in range(8)))
    proof = balance(load_course(root))
    assert (proof.kind, proof.problem.partition(",")[0]) == ("balance", "0% of the keys are A")


def test_the_keys_of_the_course_are_spread_and_not_the_longest(course: Course) -> None:
    assert lint_questions([question for name in course.names for question in course.assignment(name).questions]) == []
