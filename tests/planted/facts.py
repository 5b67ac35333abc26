"""What is planted in the class, and who is concerned."""

from __future__ import annotations

from dataclasses import dataclass

from tests.planted.people import Person, people

STUDENTS = 150
AVERAGE, ATTENTION, CAPSTONE = "02_cumulative_average", "04_linear_attention", "07_capstone_recall"
ASSIGNMENTS = (AVERAGE, ATTENTION, CAPSTONE)
DUE = {AVERAGE: "2026-04-20", ATTENTION: "2026-05-11", CAPSTONE: "2026-06-01"}
TEXT = "q7_6_evaluate"


@dataclass(frozen=True)
class BadKey:
    """A question whose key in the class's course is the option `key`; what is really right is `right`."""

    assignment: str
    question: str
    key: str
    right: str


@dataclass(frozen=True)
class Facts:
    """What an instructor shall find.

    - `bad_key`: strong students choose what is really right, and get nothing for it.
    - `copied`: the code of the second is that of the first, in all assignments: renamed, and in another order.
    - `equal_texts`: who handed in one and the same text.
    - `misconception`, held by `holders`, a third of the class, and shown in two assignments.
    - `behind`: does well first, then little, then nothing.
    - `cheat`: writes what shall deceive the grader.
    - `late`, `damaged`: by student and assignment. `stranger`: who isn't on the roster.
    """

    bad_key: BadKey
    copied: tuple[str, str]
    equal_texts: tuple[str, ...]
    misconception: str
    holders: tuple[str, ...]
    behind: str
    cheat: str
    late: tuple[tuple[str, str], ...]
    damaged: tuple[str, str]
    missing: tuple[tuple[str, str], ...]
    stranger: str


ROSTER = people(STUDENTS)
STRANGER = Person("guest.217", "", "", 0.3)


def _facts() -> Facts:
    """Each fact takes the next students from one list, so that nobody is in two of them."""
    shuffled = iter([ROSTER[(37 * place + 11) % STUDENTS].id for place in range(STUDENTS)])  # 37 and 150: no divisor

    def take(number: int) -> tuple[str, ...]:
        return tuple(next(shuffled) for _ in range(number))

    first, second = take(2)
    equal_texts, (behind, cheat, damaged) = take(5), take(3)
    late = ((AVERAGE, 3), (ATTENTION, 2), (CAPSTONE, 4))
    missing = ((AVERAGE, 2), (ATTENTION, 3), (CAPSTONE, 3))
    return Facts(
        bad_key=BadKey(AVERAGE, "q2_3_count", key="D", right="B"),
        copied=(first, second),
        equal_texts=tuple(sorted(equal_texts)),
        misconception="RECENCY_EVERYWHERE",
        behind=behind,
        cheat=cheat,
        damaged=(damaged, ATTENTION),
        late=tuple((student, name) for name, number in late for student in take(number)),
        missing=tuple((student, name) for name, number in missing for student in take(number)),
        stranger=STRANGER.id,
        holders=tuple(sorted(take(STUDENTS // 3))),
    )


FACTS = _facts()
