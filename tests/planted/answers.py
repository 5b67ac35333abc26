"""What each student of the class writes into an assignment."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping

from autograder.answers.question import Question
from autograder.course.course import Assignment
from autograder.course.examples_task import ExamplesTask
from autograder.course.solved_notebook import right_answer, solution
from autograder.course.task import Task
from tests.planted.copied_code import OWN_CODE, copied
from tests.planted.facts import ASSIGNMENTS, FACTS, TEXT
from tests.planted.handwriting import in_own_hand
from tests.planted.people import Person
from tests.planted.texts import PASSED_ON, free_text

Answers = Mapping[str, str]
SHOWN = 0.6  # who holds the planted misconception shows it in this share of the items where it can be shown


def answers(person: Person, assignment: Assignment) -> Answers:
    """The text of each answer cell that isn't left alone."""
    chance = random.Random(f"{person.id} {assignment.name}")
    if person.id in FACTS.copied:
        return _of_the_pair(person, assignment)
    if person.id == FACTS.behind:
        chosen = _everything_right(assignment)
        first = next(iter(chosen))
        return chosen if assignment.name == ASSIGNMENTS[0] else {first: chosen[first]}
    written = {id: text for id in assignment.items if (text := _answer(person, assignment, id, chance)) is not None}
    if person.id in FACTS.holders:
        written |= _held(assignment, chance)
    if TEXT in written:
        alike = person.id in FACTS.equal_texts
        written[TEXT] = PASSED_ON if alike else free_text(person.ability, random.Random(f"{person.id} writes"))
    return written


def _of_the_pair(person: Person, assignment: Assignment) -> Answers:
    """The same answers to questions, as chance gives them to the first; the code of the first, or what the second made
    of it. The text is each one's own."""
    chance = random.Random(f"{FACTS.copied[0]} {assignment.name}")
    first = Person(FACTS.copied[0], "", "", 0.8)
    written = {question.id: _answer(first, assignment, question.id, chance) for question in assignment.questions}
    own = {id: text for id, text in OWN_CODE.items() if id in assignment.items}
    code = own if person.id == first.id else {id: copied(text) for id, text in own.items()}
    text = {TEXT: free_text(0.8, random.Random(f"{person.id} writes"))} if TEXT in assignment.items else {}
    return {id: text for id, text in written.items() if text is not None} | code | text


def _everything_right(assignment: Assignment) -> dict[str, str]:
    tasks = {task.id: solution(assignment, task.id) for task in assignment.tasks}
    return tasks | {question.id: _key(assignment, question) for question in assignment.questions}


def _answer(person: Person, assignment: Assignment, id: str, chance: random.Random) -> str | None:
    """What the student writes there, or None: how likely it is right follows from ability and difficulty (a logistic
    curve, as in item response theory)."""
    item = assignment.items[id]
    bad = id == FACTS.bad_key.question
    difficulty = random.Random(f"difficulty of {id}").uniform(-2.6, -0.2)
    if chance.random() < _logistic((2.2 if bad else 1.5) * (person.ability - (-0.3 if bad else difficulty))):
        return _right(assignment, item, chance)
    if chance.random() < _logistic(-2.2 - person.ability):
        return None
    return _wrong(item, chance)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _right(assignment: Assignment, item: Task | ExamplesTask | Question, chance: random.Random) -> str:
    if isinstance(item, Question):
        return _key(assignment, item)
    return in_own_hand(
        chance.choice([solution(assignment, item.id), *(one.source for one in item.alternatives)]), chance
    )


def _key(assignment: Assignment, question: Question) -> str:
    """What is really right, whatever the class's course takes for it."""
    bad = FACTS.bad_key
    truly = (assignment.name, question.id) == (bad.assignment, bad.question)
    return f"{question.id} = {bad.right!r}" if truly else right_answer(question)


def _wrong(item: Task | ExamplesTask | Question, chance: random.Random) -> str:
    """A wrong answer, but none that shows the planted misconception; some are much more common than others."""
    if not isinstance(item, Question):
        programs = [program for program in item.wrong_programs if program.id != FACTS.misconception]
        weights = [max(1, 4 - place) for place in range(len(programs))]
        return in_own_hand(chance.choices(programs, weights)[0].source, chance)
    if item.kind == "free":
        return item.weak
    shown = _shows(item)
    letters = [letter for letter, option in item.lettered() if not option.correct and letter not in shown]
    if item.id == FACTS.bad_key.question:
        letters = [letter for letter, _ in item.lettered() if letter != FACTS.bad_key.right]
    if item.kind == "multi":
        return f"{item.id} = {''.join(sorted({*item.key, *letters[:1]}))!r}"
    values = [*letters, *(wrong.value for wrong in item.wrong if wrong.value not in shown)]
    return f"{item.id} = {chance.choice(values)!r}"


def _held(assignment: Assignment, chance: random.Random) -> Answers:
    """Answers that show the planted misconception: to one item at least where there is any."""
    can_show = {}
    for item in assignment.items.values():
        if isinstance(item, Question):
            texts = [f"{item.id} = {value!r}" for value in _shows(item)]
        else:
            programs = [program.source for program in item.wrong_programs if program.id == FACTS.misconception]
            texts = [in_own_hand(source, chance) for source in programs]
        if texts:
            can_show[item.id] = texts[0]
    if not can_show:
        return {}
    always = chance.choice(list(can_show))
    return {id: text for id, text in can_show.items() if id == always or chance.random() < SHOWN}


def _shows(question: Question) -> list[str | float]:
    """The wrong options and numbers that show the planted misconception."""
    letters = [letter for letter, option in question.lettered() if option.misconception == FACTS.misconception]
    return [*letters, *(wrong.value for wrong in question.wrong if wrong.misconception == FACTS.misconception)]
