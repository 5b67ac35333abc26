"""Prove that the grader is right: everything goes through the real one, as a student would hand it in."""

from __future__ import annotations

import itertools
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.answers.places import PLACES
from autograder.answers.question import Question, is_written
from autograder.course.course import Assignment, Course, load_course
from autograder.course.course_files import EQUIVALENTS, read_equivalents, read_questions
from autograder.course.examples_task import ExamplesTask
from autograder.course.program import Program, program_of
from autograder.course.solved_notebook import as_bytes, solution, solved, with_answers
from autograder.course.source_notebook import Json
from autograder.course.task import Task
from autograder.marking.mark_files import open_sandbox
from autograder.marking.marker import Marker
from autograder.marking.side_by_side import ALONE, Turns, shared_turns
from autograder.release.build import release_notebook
from autograder.report.terminal import table
from autograder.result import ItemResult, Result
from autograder.sandbox.host.sandbox import Sandbox
from autograder.submission.submitted_notebook import read_submission
from autograder.verify.hostile import HOSTILE
from autograder.verify.lint import lint_question, lint_questions
from autograder.verify.mutants import mutants
from autograder.verify.twists import ALSO_TRUE, applies, squeezed, twists
from autograder.verify.variations import NOTHING, emptied, other_types

HOSTILE_SECONDS = 0.5  # for a call of a hostile program: the one that never ends takes all of it, task after task

CLAIMS = {
    "solution": "the solution gets full marks",
    "untouched": "the untouched exercise gets 0, 'not attempted' everywhere",
    "nothing": "a body that does nothing gets 0, 'not attempted'",
    "types": "right values of other types get full marks",
    "misconception": "the misconception is rejected by its own name and message",
    "distinct": "no two known wrong programs of a task give the same in every case",
    "relation": "a mistake that looks alike in every task is named",
    "edge": "a right program that loses the axes of length 1 loses one part",
    "alternative": "the accepted alternative gets full marks",
    "hostile": "the hostile program earns nothing and harms nothing",
    "mutant": "the changed reference loses points",
    "equivalent": "the changed reference that computes the same is listed with its reason",
    "option": "the wrong answer is named",
    "lint": "the question is well made",
    "balance": "the right options of the course stand at all letters and aren't the longest",
}


@dataclass(frozen=True)
class Proof:
    """One claim about the grader that was tried. `problem` is empty if it holds."""

    assignment: str
    kind: str
    claim: str
    problem: str = ""


def verify(
    course: Course, name: str, sandbox: Sandbox, with_mutants: bool = True, turns: Turns = ALONE
) -> Iterator[Proof]:
    """Try every claim about the assignment `name`, one proof each, in a fixed order."""
    assignment = course.assignment(name)
    prover = Prover(
        assignment,
        Marker(assignment, sandbox, replace(course.limits, call_seconds=min(1.0, course.limits.call_seconds))),
        turns,
    )
    yield prover.solution()
    yield prover.untouched()
    for body in NOTHING:
        yield prover.nothing(body)
    for task in assignment.tasks:
        for program in task.wrong_programs:
            yield prover.rejects(task, program)
        for program in task.alternatives:
            yield prover.accepts(task, program)
        for definition in HOSTILE:
            yield prover.earns_nothing(task, program_of(definition, task.id))
        if isinstance(task, Task):
            yield prover.distinct(task)
            yield from prover.relations(task)
            yield from prover.edges(task)
            yield from prover.types(task)
    yield from prover.questions()
    for question in assignment.questions:
        problems = lint_question(question, course.misconceptions)
        yield Proof(name, "lint", question.id, "; ".join(problems))
    if with_mutants:
        yield from prover.mutants(read_equivalents(course.folder(name)))


def verify_all(course: Course, names: Sequence[str], workers: int, with_mutants: bool = True) -> Iterator[Proof]:
    """`verify` for several assignments side by side, each in a process and a sandbox of its own.

    What only the whole course can show is tried when all of its assignments are.
    """
    context = multiprocessing.get_context("spawn")
    with shared_turns() as turns, ProcessPoolExecutor(min(workers, len(names)), mp_context=context) as pool:
        jobs = [pool.submit(_verify_one, course.root, name, with_mutants, turns) for name in names]
        try:
            for job in as_completed(jobs):
                yield from job.result()
        finally:
            pool.shutdown(cancel_futures=True)  # where nobody wants more of it
    if set(names) == set(course.names):
        yield balance(course)


def balance(course: Course) -> Proof:
    """The claim about the questions of all assignments taken together."""
    questions = [question for name in course.names for question in read_questions(course.folder(name))]
    return Proof("all", "balance", "all questions", "; ".join(lint_questions(questions)))


def _verify_one(root: Path, name: str, with_mutants: bool, turns: Turns) -> list[Proof]:
    course = load_course(root)
    with open_sandbox(course) as sandbox:
        return list(verify(course, name, sandbox, with_mutants, turns))


@dataclass(frozen=True)
class Prover:
    """Hands in variations of the solved notebook of one assignment."""

    assignment: Assignment
    marker: Marker
    turns: Turns

    def solution(self) -> Proof:
        result = self._mark({})
        lost = [item.id for item in result.items if item.points < item.max_points and item.verdict != "needs_review"]
        return self._proof("solution", "full marks", f"lost points: {', '.join(lost)}" if lost else "")

    def untouched(self) -> Proof:
        result = self._handed_in(release_notebook(self.assignment))
        odd = [f"{item.id} is {item.verdict}" for item in result.items if item.verdict != "not_attempted"]
        if result.points:
            odd.append(f"it earned {result.points:g} points")
        return self._proof("untouched", "0 points, nothing attempted", "; ".join([*odd, *result.problems]))

    def nothing(self, body: str) -> Proof:
        tasks = {task.id: emptied(solution(self.assignment, task.id), body) for task in self.assignment.tasks}
        found = [item for item in self._mark(tasks).items if item.id in tasks]
        odd = [f"{item.id} is {item.verdict}" for item in found if item.points or item.verdict != "not_attempted"]
        return self._proof("nothing", body, "; ".join(odd))

    def types(self, task: Task) -> Iterator[Proof]:
        """Whether others go on with what comes back isn't asked: they may need it as the task describes it."""
        for program in other_types(task, solution(self.assignment, task.id)):
            item, _ = self._alone(task.id, program.source)
            lost = item.points < item.max_points
            problem = (
                f"it got {item.points:g} of {item.max_points:g}: {item.message} {item.shown or ''}" if lost else ""
            )
            yield self._proof("types", f"{task.id} {program.id}", problem)

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

    def earns_nothing(self, task: Task | ExamplesTask, program: Program) -> Proof:
        item, problem = self._impatient()._alone(task.id, program.source)
        if item.points:
            problem = f"it earned {item.points:g} points"
        return self._proof("hostile", f"{task.id} {program.id}", problem)

    def distinct(self, task: Task) -> Proof:
        pairs = itertools.combinations(task.misconceptions, 2)
        same = [
            f"{one.id} and {other.id}"
            for one, other in pairs
            if all(task.compared.alike(name, outcome, other.outcomes[name]) for name, outcome in one.outcomes.items())
        ]
        problem = f"the same values in every case: {', '.join(same)}. Add a case, or make them one" if same else ""
        return self._proof("distinct", task.id, problem)

    def relations(self, task: Task) -> Iterator[Proof]:
        """Each relation is named, or the task's own name for it, but where a twist changes or returns nothing. Of where
        a result is wrong, several statements may be true."""
        own = {program.id for program in task.wrong_programs}
        for program in twists(task, solution(self.assignment, task.id)):
            item, _ = self._alone(task.id, program.source)
            if item.verdict in ("correct", "error", "timeout") or not applies(program.id, task):
                continue
            true = {program.id, ALSO_TRUE.get(program.id), *own, *(PLACES if program.id in PLACES else ())}
            named = item.misconception in true
            problem = "" if named else f"it was found to be {item.misconception or item.verdict}: {item.message}"
            yield self._proof("relation", f"{task.id} {program.id}", problem)

    def edges(self, task: Task) -> Iterator[Proof]:
        for program in squeezed(task, solution(self.assignment, task.id)):
            item, problem = self._alone(task.id, program.source)
            lost = [part.name for part in item.parts if part.points < part.max_points]
            more = f"it lost {', '.join(lost)}" if len(lost) > 1 else ""
            yield self._proof("edge", f"{task.id} {program.id}", problem or more)

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
            yield self._proof("equivalent", " ".join(claim), f"{EQUIVALENTS} lists it, but it doesn't get full marks")

    def _impatient(self) -> Prover:
        limits = replace(self.marker.limits, call_seconds=min(HOSTILE_SECONDS, self.marker.limits.call_seconds))
        return replace(self, marker=Marker(self.assignment, self.marker.sandbox, limits))

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
        return self._handed_in(notebook)

    def _handed_in(self, notebook: Json) -> Result:
        submission = read_submission(as_bytes(notebook), f"{self.assignment.name}.ipynb")
        return self.turns.mark(self.marker, submission).result

    def _proof(self, kind: str, claim: str, problem: str) -> Proof:
        return Proof(self.assignment.name, kind, claim, problem)


def _wrong_answers(question: Question) -> Iterator[tuple[object, str]]:
    """Answers that show one misconception each. A selection of just one wrong option shows that option's."""
    for letter, option in question.lettered():
        if option.misconception and question.kind == "single":
            yield letter, option.misconception
    for wrong in question.wrong:
        others = [question.answer, *(other.value for other in question.wrong if other is not wrong)]
        yield wrong.value, wrong.misconception
        for form in _written_forms(wrong.value):
            if all(abs(form - wrong.value) < abs(form - other) for other in others):
                yield form, wrong.misconception


def _written_forms(number: float) -> list[float]:
    """The number as people write it: with three or four digits, rounded and cut."""
    forms = {float(f"{number:.{digits}g}") for digits in (3, 4)}
    forms |= {float(f"{number:.16e}"[: digits + 1 + (number < 0)] + f"{number:.16e}"[-4:]) for digits in (3, 4)}
    return sorted(form for form in forms if form != number and is_written(form, number))


@dataclass
class ProofCounts:
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
