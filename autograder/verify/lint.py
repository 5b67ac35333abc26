"""What makes a question fair can partly be checked by rule (after Haladyna, Downing and Rodriguez 2002)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograder.answers.question import LETTERS, Question


def lint_question(question: Question, misconceptions: Mapping[str, str]) -> list[str]:
    """Sentences about what is wrong with one question; empty if nothing is."""
    checks = {"single": _lint_choice, "multi": _lint_choice, "numeric": _lint_number, "free": _lint_free}
    problems = list(checks[question.kind](question))
    named = [option.misconception for option in question.options] + [wrong.misconception for wrong in question.wrong]
    problems += [f"{id} is not among the course's misconceptions" for id in named if id and id not in misconceptions]
    if not question.topics:
        problems.append("it names no topic")
    if question.points <= 0:
        problems.append("it gives no points")
    return problems


def _lint_choice(question: Question) -> Iterator[str]:
    keys = len(question.key)
    if question.kind == "single" and keys != 1:
        yield f"it has {keys} right options"
    if question.kind == "multi" and not 0 < keys < len(question.options):
        yield "a selection needs right and wrong options"
    texts = [option.text.strip().lower() for option in question.options]
    if len(set(texts)) < len(texts):
        yield "two options are the same"
    for letter, option in question.lettered():
        if not option.feedback.strip():
            yield f"option {letter} has no feedback"
        if not option.correct and not option.misconception:
            yield f"option {letter} names no misconception"
        if option.text.strip().lower() in ("all of the above", "none of the above"):
            yield f"option {letter} is '{option.text}'"


def _lint_number(question: Question) -> Iterator[str]:
    if len(question.wrong) < 3:
        yield "it has fewer than three typical wrong numbers"
    for wrong in question.wrong:
        if abs(wrong.value - question.answer) <= 2 * question.tolerance:
            yield f"the wrong number {wrong.value:g} is within twice the tolerance of the answer"
        if not wrong.feedback.strip():
            yield f"the wrong number {wrong.value:g} has no feedback"


def _lint_free(question: Question) -> Iterator[str]:
    total = sum(line.points for line in question.rubric)
    if total != question.points:
        yield f"its rubric adds up to {total:g} points, it gives {question.points:g}"
    if not question.model.strip() or not question.weak.strip():
        yield "it needs a model answer and a weak one, for calibration"


def lint_questions(questions: Sequence[Question]) -> list[str]:
    """Sentences about the questions of a whole course taken together: where the keys stand, and how long they are.

    Both are held against what chance would give; of few questions nothing can be said.
    """
    singles = [question for question in questions if question.kind == "single" and len(question.key) == 1]
    if len(singles) < 8:
        return []
    problems = []
    for letter in LETTERS:
        keys = sum(question.key == (letter,) for question in singles)
        by_chance = sum(1 / len(question.options) for question in singles if letter in dict(question.lettered()))
        if by_chance >= 2 and not 0.4 * by_chance <= keys <= 1.8 * by_chance:
            share, even = keys / len(singles), by_chance / len(singles)
            problems.append(f"{share:.0%} of the keys are {letter}, where {even:.0%} would be even: move some options")
    longest = sum(_key_is_longest(question) for question in singles)
    if longest > 1.6 * sum(1 / len(question.options) for question in singles):
        problems.append(f"the key is the longest option in {longest} of {len(singles)} questions: shorten some keys")
    return problems


def _key_is_longest(question: Question) -> bool:
    *_, second, longest = sorted(len(option.text) for option in question.options)
    key = next(option for option in question.options if option.correct)
    return len(key.text) == longest > second
