"""The questions that are exported in tests: the course's, and an assignment of texts that are hard to write down."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import combinations

from autograder.answers.question import LETTERS, Judged, Option, Question, RubricLine, WrongNumber, judge
from autograder.course.course import Assignment, Course

SIGNS = r"`a<b` & \"c\" ~ = # { } : \ \n % ->, ]]> <b>bold?</b> <script>alert(1)</script>"
ODD = (
    Question(
        id="q9_1_signs",
        kind="single",
        points=1.5,
        stem=f"What of $x<1$ and $\\alpha_{{i-1}}$ holds? {SIGNS}\n\n- one\n- two\n\n```\nif a:\n\n    b = '~'\n```",
        topics=("a b", "[c]"),
        why=f"{SIGNS} $y \\le 2$ \x07",
        options=(
            Option("%50% of it", False, "HALF", f"No: {SIGNS}"),
            Option(f"{SIGNS} $z$", True, None, "Yes: 100%"),
            Option("=T -> `x`\n\n- a list", False, "LIST", ""),
        ),
    ),
    Question(
        id="q9_2_all",
        kind="multi",
        points=3,
        stem="All of seven are right.",
        topics=(),
        why="",
        options=tuple(Option(f"Option {number}", True, None, f"Fine {number}") for number in range(7)),
    ),
    Question(
        id="q9_3_small",
        kind="numeric",
        points=2,
        stem="Give 1/3000 to two digits.",
        topics=("t",),
        why="1/3000",
        answer=1 / 3000,
        tolerance=1e-5,
        wrong=(WrongNumber(1e-7, "TINY", "Too small"), WrongNumber(-2 / 3, "SIGN", "Mind the sign")),
    ),
    Question(
        id="q9_4_text",
        kind="free",
        points=4,
        stem="Say why.",
        topics=(),
        why="",
        rubric=(RubricLine("A reason", 4, "4 for `x<y`"),),
        model="$a^2$",
        weak="No & no",
    ),
)


def odd_assignment(course: Course) -> Assignment:
    """An assignment of those texts, beside the course's own."""
    return Assignment("09_odd", "09 · A/B <odd> & $x$", course.mode, 1.0, (), {one.id: one for one in ODD})


def assignments(course: Course) -> list[Assignment]:
    """All assignments of the course, and the odd one."""
    return [*map(course.assignment, course.names), odd_assignment(course)]


def questions(course: Course) -> list[Question]:
    return [question for assignment in assignments(course) for question in assignment.questions]


def answers(question: Question) -> Iterator[str]:
    """Answers as students type them: every choice there is, numbers on both sides of each bound, roundings."""
    letters = LETTERS[: len(question.options)]
    if question.kind == "single":
        yield from letters
    elif question.kind == "multi":
        for count in (1, 2, len(letters) - 1, len(letters)):
            yield from ("".join(chosen) for chosen in combinations(letters, count))
    elif question.kind == "numeric":
        yield from dict.fromkeys(digits(number) for number in _numbers(question))
    else:
        yield "A text."


def _numbers(question: Question) -> Iterator[float]:
    for off in (0, 0.9, -0.9, 1.1, -1.1):
        yield question.answer + off * (question.tolerance or 1e-9)
    for wrong in question.wrong:
        yield wrong.value
        for decimals in range(1, 5):
            for way in (ROUND_HALF_UP, ROUND_DOWN):
                yield float(Decimal(repr(wrong.value)).quantize(Decimal(1).scaleb(-decimals), way))
    yield question.answer + 12345


def digits(number: float) -> str:
    return f"{Decimal(repr(float(number))):f}"


def judged(question: Question, answer: str) -> Judged:
    """What the notebook says of the answer."""
    return judge(question, float(answer) if question.kind == "numeric" else answer)


def hints(question: Question, answer: str) -> list[str]:
    """The feedback of the options that are chosen, or of the typical wrong number that is given."""
    options = dict(question.lettered())
    if options:
        return [options[letter].feedback for letter in answer if options[letter].feedback]
    verdict = judged(question, answer)
    return [verdict.message] if verdict.misconception else []


def near(one: float, other: float) -> bool:
    return math.isclose(one, other, abs_tol=1e-6)
