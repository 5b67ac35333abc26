"""Prove that the grader is right: everything goes through the real grader, as a student would hand it in."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.course import Assignment, Course, load_course
from autograder.examples import ExamplesTask
from autograder.grading import Grader
from autograder.handin import as_bytes, solution, solved, with_answers
from autograder.lint import lint_question
from autograder.marking import open_sandbox
from autograder.mutants import FILE, equivalents, mutants
from autograder.question import Question
from autograder.result import ItemResult, Result
from autograder.sandbox import Sandbox
from autograder.task import Program, Task
from autograder.terminal import table

# Programs that no task may give a point for, whatever it asks; `{name}` is the function or class.
HOSTILE = {
    "returns None": "def {name}(*args, **kw):\n    return None\n",
    "returns text": "def {name}(*args, **kw):\n    return 'right'\n",
    "always equal": (
        "class Equal:\n    def __eq__(self, other):\n        return True\n    def __array__(self, *args, **kw):\n"
        "        return np.zeros(1)\n\ndef {name}(*args, **kw):\n    return Equal()\n"
    ),
    "raises": "def {name}(*args, **kw):\n    raise RuntimeError('boom')\n",
    "recurses": "def {name}(*args, **kw):\n    return {name}(*args, **kw)\n",
    "ends the process": "import os\n\ndef {name}(*args, **kw):\n    os._exit(0)\n",
    "never ends": "def {name}(*args, **kw):\n    while True:\n        pass\n",
    "prints a lot": "def {name}(*args, **kw):\n    print('x' * 10_000_000)\n",
}
HOSTILE_SECONDS = 0.5  # for one of their calls: the one that never ends takes all of it, case after case


CLAIMS = {
    "solution": "the solution gets full marks",
    "untouched": "the untouched exercise gets 0, 'not attempted' everywhere",
    "misconception": "the misconception is rejected by its own name and message",
    "alternative": "the accepted alternative gets full marks",
    "hostile": "the hostile program earns nothing and harms nothing",
    "mutant": "the changed reference loses points",
    "equivalent": "the changed reference that computes the same is listed with its reason",
    "option": "the wrong answer is named",
    "lint": "the question is well made",
}


@dataclass(frozen=True)
class Proof:
    """One claim about the grader that was tried. `problem` is empty if it holds."""

    assignment: str
    kind: str
    claim: str
    problem: str = ""


def verify(course: Course, name: str, sandbox: Sandbox, with_mutants: bool = True) -> Iterator[Proof]:
    """Try every claim about the assignment `name`, one proof each, in a fixed order."""
    assignment = course.assignment(name)
    prover = Prover(
        assignment,
        Grader(assignment, sandbox, replace(course.limits, call_seconds=min(2.0, course.limits.call_seconds))),
    )
    yield prover.solution()
    yield prover.untouched()
    for task in assignment.tasks:
        for program in task.misconceptions:
            yield prover.rejects(task, program)
        for program in task.alternatives:
            yield prover.accepts(task, program)
        for what, source in HOSTILE.items():
            yield prover.earns_nothing(task, what, source.format(name=task.id))
    yield from prover.questions()
    for question in assignment.questions:
        problems = lint_question(question, course.beliefs)
        yield Proof(name, "lint", question.id, "; ".join(problems))
    if with_mutants:
        yield from prover.mutants(equivalents(course.folder(name)))


def verify_all(course: Course, names: Sequence[str], workers: int, with_mutants: bool = True) -> Iterator[Proof]:
    """`verify` for several assignments side by side, each in a process and a sandbox of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(names)), mp_context=context) as pool:
        jobs = [pool.submit(_verify_alone, course.root, name, with_mutants) for name in names]
        for job in as_completed(jobs):
            yield from job.result()


def _verify_alone(root: Path, name: str, with_mutants: bool) -> list[Proof]:
    course = load_course(root)
    with open_sandbox(course) as sandbox:
        return list(verify(course, name, sandbox, with_mutants))


@dataclass(frozen=True)
class Prover:
    """Hands in variations of the solved notebook of one assignment."""

    assignment: Assignment
    grader: Grader

    def solution(self) -> Proof:
        result = self._mark({})
        lost = [item.id for item in result.items if item.points < item.max_points and item.verdict != "needs_review"]
        return self._proof("solution", "full marks", f"lost points: {', '.join(lost)}" if lost else "")

    def untouched(self) -> Proof:
        from autograder.build import release_notebook  # brings nbgrader, which takes seconds to import

        result = self.grader.mark(as_bytes(release_notebook(self.assignment)), "untouched.ipynb").result
        odd = [f"{item.id} is {item.verdict}" for item in result.items if item.verdict != "not_attempted"]
        if result.points:
            odd.append(f"it earned {result.points:g} points")
        return self._proof("untouched", "0 points, nothing attempted", "; ".join([*odd, *result.problems]))

    def rejects(self, task: Task | ExamplesTask, program: Program) -> Proof:
        item, problem = self._alone(task.id, program.source)
        if item.points >= item.max_points:
            problem = "it got full marks"
        elif item.misconception != program.id:
            problem = f"it was found to be {item.misconception or item.verdict}: {item.message}"
        elif isinstance(task, Task) and item.message != program.message:
            problem = f"its message is another: {item.message}"
        return self._proof("misconception", f"{task.id} {program.id}", problem)

    def accepts(self, task: Task | ExamplesTask, program: Program) -> Proof:
        item, problem = self._alone(task.id, program.source)
        if item.verdict != "correct" or item.points != item.max_points:
            problem = (
                f"it got {item.points:g} of {item.max_points:g}: {item.verdict}, {item.message} {item.shown or ''}"
            )
        return self._proof("alternative", f"{task.id} {program.id}", problem)

    def earns_nothing(self, task: Task | ExamplesTask, what: str, source: str) -> Proof:
        item, problem = self._impatient()._alone(task.id, source)
        if item.points:
            problem = f"it earned {item.points:g} points"
        return self._proof("hostile", f"{task.id} {what}", problem)

    def questions(self) -> Iterator[Proof]:
        for question in self.assignment.questions:
            for answer, expected in _wrong_answers(question):
                item, problem = self._alone(question.id, f"{question.id} = {answer!r}")
                if item.points or item.misconception != expected:
                    problem = f"{item.points:g} points, {item.misconception or item.verdict} in place of {expected}"
                yield self._proof("option", f"{question.id} {answer!r}", problem)

    def mutants(self, known: Mapping[tuple[str, str, str], str]) -> Iterator[Proof]:
        """Every small change of a reference loses points, but for those listed as computing the same."""
        surviving = set()
        for task in self.assignment.tasks:
            for mutant in mutants(solution(self.assignment, task.id)):
                claim = (task.id, mutant.before, mutant.after)
                item, _ = self._alone(task.id, mutant.source)
                survives = item.points >= item.max_points
                if survives:
                    surviving.add(claim)
                problem = "" if not survives or claim in known else f"full marks for {mutant.after!r}: add a case"
                yield self._proof(
                    "equivalent" if survives and not problem else "mutant", f"{task.id}: {mutant.before}", problem
                )
        for claim in sorted(known.keys() - surviving):
            yield self._proof("equivalent", " ".join(claim), f"{FILE} lists it, but it doesn't get full marks")

    def _impatient(self) -> Prover:
        limits = replace(self.grader.limits, call_seconds=min(HOSTILE_SECONDS, self.grader.limits.call_seconds))
        return replace(self, grader=Grader(self.assignment, self.grader.sandbox, limits))

    def _alone(self, id: str, text: str) -> tuple[ItemResult, str]:
        """The item's result with `text` as its answer, and a problem if the other items were harmed by it."""
        result = self._mark({id: text})
        harmed = [
            item.id
            for item in result.items
            if item.id != id and item.verdict != "needs_review" and item.points < item.max_points
        ]
        return result.item(id), f"it harmed {', '.join(harmed)}" if harmed else ""

    def _mark(self, answers: dict[str, str]) -> Result:
        notebook = with_answers(solved(self.assignment), answers)
        return self.grader.mark(as_bytes(notebook), f"{self.assignment.name}.ipynb").result

    def _proof(self, kind: str, claim: str, problem: str) -> Proof:
        return Proof(self.assignment.name, kind, claim, problem)


def _wrong_answers(question: Question) -> Iterator[tuple[object, str]]:
    """Answers that show one misconception each. A selection of just one wrong option shows that option's."""
    for letter, option in question.lettered():
        if option.misconception and question.kind == "single":
            yield letter, option.misconception
    for wrong in question.wrong:
        yield wrong.value, wrong.misconception


@dataclass
class Report:
    """Counts proofs by kind."""

    held: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def add(self, proof: Proof) -> None:
        (self.failed if proof.problem else self.held)[proof.kind] += 1

    def text(self) -> str:
        kinds = sorted(self.held | self.failed)
        rows = [["claim", "holds", "fails"]]
        rows += [[CLAIMS[kind], str(self.held[kind]), str(self.failed[kind])] for kind in kinds]
        killed = self.held["mutant"]
        score = f"Mutation score: {killed / (killed + self.failed['mutant']):.1%}\n" if killed else ""
        end = f"{self.failed.total()} claims don't hold." if self.failed else "Every claim holds."
        return f"{table(rows, right=(1, 2))}\n{score}{end}"
