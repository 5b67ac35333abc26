"""How well planted copies are found among students who work alone, beside copydetect where that is installed.

    python -m benchmarks.similar_code [--students 60] [--classes 2] [--sizes 20 40 100] [--honest 10]

Each class has one copy of each kind, made of a student's whole notebook, or (merged) of two. "On top" is the share of
planted pairs with more in common than every pair of honest students; "above" that of those above the threshold. The
second table has classes without copies: in how many of them a pair is above it.
"""

from __future__ import annotations

import argparse
import io
import random
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.course.course import Course, find_course
from autograder.similar_work.class_code import AlikeCode, CourseCode, alike_code, course_code
from autograder.similarity.common_code import Bits, tokens_of
from benchmarks.varied_code import COPIES, Answers, honest_class

Shares = Mapping[str, Sequence[bool]]
COPYDETECT_RUN, COPYDETECT_SAYS = 25, 0.33  # characters; its default threshold of the share that is copied


@dataclass(frozen=True)
class PlantedClass:
    """A class of an assignment; `pairs` are the planted ones by their kind, a copy behind the honest."""

    assignment: str
    code: CourseCode
    answers: Sequence[Answers]
    honest: int
    pairs: Mapping[str, Sequence[tuple[int, int]]]


def main() -> None:
    """Print shares of planted pairs that are found, false ones, and seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--classes", type=int, default=2, help="of each assignment")
    parser.add_argument("--sizes", type=int, nargs="*", default=[20, 40, 100])
    parser.add_argument("--honest", type=int, default=10, help="classes without copies, of each assignment and size")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    course = find_course(Path(__file__).parent)
    classes = list(planted_classes(course, args.students, args.classes))
    print(f"{len(classes)} classes of {args.students} and a copy of each kind")
    print(f"{'':24}{''.join(f'{kind:>12}' for kind in COPIES)}   seconds a class")
    ours(classes)
    if find_spec("copydetect"):
        copydetect(classes)
    else:
        print("copydetect isn't installed, so that there is nothing beside it (pip install copydetect)")
    for students in args.sizes:
        above = honest_classes(course, students, args.honest)
        print(
            f"{len(above)} classes of {students} without copies: {np.mean(above):.1%} have a pair above the threshold"
        )


def planted_classes(course: Course, students: int, each: int) -> Iterator[PlantedClass]:
    """Classes of each assignment with copies."""
    for name in course.names:
        assignment, (code, _) = course.assignment(name), course_code(course.folder(name))
        for seed in range(each):
            answers, chance = honest_class(assignment, students, seed), random.Random(f"{seed} {name}")
            whom = chance.sample(range(students), 2 * len(COPIES))
            pairs: dict[str, list[tuple[int, int]]] = {}
            for kind, copied in COPIES.items():
                two = [whom.pop(), whom.pop()]
                pairs[kind] = [(place, len(answers)) for place in (two if kind == "merged" else two[:1])]
                answers = [*answers, copied([answers[place] for place in two], chance)]
            yield PlantedClass(name, code, answers, students, pairs)


def ours(classes: Sequence[PlantedClass]) -> None:
    """What `autograder review` finds."""
    top: dict[str, list[bool]] = defaultdict(list)
    above: dict[str, list[bool]] = defaultdict(list)
    false: list[int] = []
    started = time.perf_counter()
    for one in classes:
        found = compared(one.answers, one.code)
        least = np.maximum(np.minimum.outer(found.common.own, found.common.own), 20.0)
        alike = np.sqrt(found.common.bits) * np.minimum(found.common.bits / least, 1)
        best = alike[: one.honest, : one.honest].max()
        named = {(int(pair.first), int(pair.second)) for pair in found.found.pairs}
        for kind, pairs in one.pairs.items():
            top[kind] += [bool(alike[pair] > best) for pair in pairs]
            above[kind] += [pair in named for pair in pairs]
        false.append(len(named - {pair for pairs in one.pairs.values() for pair in pairs}))
    seconds = (time.perf_counter() - started) / len(classes)
    row("ours, on top", top, f"{seconds:.2f}")
    row("ours, above", above, f"and {np.mean(false):.2f} honest pairs a class")


def copydetect(classes: Sequence[PlantedClass]) -> None:
    """The same of copydetect, with the given code as its boilerplate."""
    top: dict[str, list[bool]] = defaultdict(list)
    above: dict[str, list[bool]] = defaultdict(list)
    false: list[int] = []
    started = time.perf_counter()
    for one in classes:
        alike = copied_shares(one)
        honest = alike[: one.honest, : one.honest]
        for kind, pairs in one.pairs.items():
            top[kind] += [bool(alike[pair] > honest.max()) for pair in pairs]
            above[kind] += [bool(alike[pair] > COPYDETECT_SAYS) for pair in pairs]
        false.append(int((honest > COPYDETECT_SAYS).sum() // 2))
    seconds = (time.perf_counter() - started) / len(classes)
    row("copydetect, on top", top, f"{seconds:.2f}")
    row("copydetect, above", above, f"and {np.mean(false):.2f} honest pairs a class")


def copied_shares(one: PlantedClass) -> Bits:
    """The larger of the two shares that copydetect says are copied, of each two students."""
    from copydetect import CodeFingerprint, compare_files

    def read(text: str, known: Sequence[int] | NDArray[np.int64] = ()) -> CodeFingerprint:
        return CodeFingerprint("code.py", COPYDETECT_RUN, 1, fp=io.StringIO(text), boilerplate=known)

    given = np.array(sorted(read("\n".join(one.code.given)).hashes))
    prints = [read("\n\n".join(answers.values()), given) for answers in one.answers]
    shares = np.zeros((len(prints), len(prints)))
    for i, first in enumerate(prints):
        for j in range(i):
            shares[i, j] = shares[j, i] = np.nan_to_num(max(compare_files(first, prints[j])[1]))
    return shares


def honest_classes(course: Course, students: int, each: int) -> list[bool]:
    """Of classes in which everybody works alone: is a pair above the threshold?"""
    above = []
    for name in course.names:
        assignment, (code, _) = course.assignment(name), course_code(course.folder(name))
        for seed in range(100, 100 + each):
            above.append(bool(compared(honest_class(assignment, students, seed), code).found.pairs))
    return above


def compared(answers: Sequence[Answers], code: CourseCode) -> AlikeCode:
    """The code of a class compared; students are numbered."""
    ids = [f"{place:04}" for place in range(len(answers))]
    return alike_code(ids, [tokens_of(list(one.values())) for one in answers], code)


def row(name: str, shares: Shares, more: str) -> None:
    """Print a line of the table."""
    print(f"{name:24}{''.join(f'{np.mean(shares[kind]):12.0%}' for kind in COPIES)}   {more}")


if __name__ == "__main__":
    main()
