"""Which pairs of a class have more in common than two who work alone, judged by the class itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.similarity.common_code import Bits

FEWEST = 12  # students with code of their own: below, quartiles tell too little for a threshold
CLASSES = 50  # of honest classes one in so many would have a pair above the threshold, if likeness had no longer tail
LEAST_OWN = 20.0  # bits: whoever wrote less of their own is compared as if it were so much
LEAST_BITS = 60.0  # that two must have in common to be named, however little it is that anybody wrote
NARROWEST = 0.5  # the least spread that is believed of a class
_QUARTILES = (-math.log(math.log(4)), -math.log(math.log(2)), -math.log(math.log(4 / 3)))  # of a standard Gumbel


@dataclass(frozen=True)
class CodePair:
    """Two students, by id and in order. `bits`: what their code has in common beyond what the course and others
    explain; `share`: of what the one who wrote less has of that kind; `likeness` is share * sqrt(bits)."""

    first: str
    second: str
    bits: float
    share: float
    likeness: float


@dataclass(frozen=True)
class ClassLikeness:
    """The pairs of a class, the most alike first, as far as they are worth a look: `pairs` are above the threshold,
    `next` below it. `nearest` has the likeness of each student with code of their own to the one most like them.
    `threshold` is None in a class that is too small for one."""

    pairs: tuple[CodePair, ...]
    next: tuple[CodePair, ...]
    nearest: Mapping[str, float]
    threshold: float | None


def likeness(students: Sequence[str], bits: Bits, own: Bits, most: int = 10) -> ClassLikeness:
    """The pairs of the students, whose `bits` in common are an array (n, n), what each has of their `own` one (n,).

    The threshold: each student's likeness to the one most like them is the largest of many, so it is taken to be Gumbel
    distributed; location and scale come from the quartiles, which the few who worked together don't move. Its tail is
    longer where students come to the same few programs: in simulated classes in which all work alone, more than one in
    50 has a pair above the threshold (`benchmarks/similar_code.py`).
    """
    wrote = np.flatnonzero(own > 0)
    if len(wrote) < 2:
        return ClassLikeness((), (), {}, None)
    least = np.maximum(np.minimum(own[:, None], own[None, :]), LEAST_OWN)
    share = np.minimum(bits / least, 1.0)
    alike = share * np.sqrt(bits)
    nearest = alike[wrote].max(axis=1)
    threshold = _threshold(nearest) if len(wrote) >= FEWEST else None
    above = math.inf if threshold is None else threshold
    rows, columns = np.nonzero(np.triu(alike > min(above, np.sort(alike, axis=None)[-2 * most :][0]), 1))
    found = sorted(zip((-alike[rows, columns]).tolist(), rows.tolist(), columns.tolist(), strict=True))
    pairs = [_pair(students, i, j, bits, share, alike) for _, i, j in found]
    named = tuple(pair for pair in pairs if pair.likeness > above and pair.bits >= LEAST_BITS)
    others = [pair for pair in pairs if pair not in named]
    return ClassLikeness(
        named,
        tuple(others[:most]),
        {students[place]: float(value) for place, value in zip(wrote.tolist(), nearest, strict=True)},
        threshold,
    )


def _threshold(nearest: Bits) -> float:
    low, middle, high = np.quantile(nearest, (0.25, 0.5, 0.75))
    scale = max((high - low) / (_QUARTILES[2] - _QUARTILES[0]), NARROWEST)
    honest = 1 / CLASSES
    # Each pair is the nearest of two students, so that half as many largest values are independent.
    return float(middle + scale * (math.log(len(nearest) / 2 / honest) - _QUARTILES[1]))


def _pair(students: Sequence[str], i: int, j: int, bits: Bits, share: Bits, alike: Bits) -> CodePair:
    first, second = sorted((students[i], students[j]))
    return CodePair(first, second, float(bits[i, j]), float(share[i, j]), float(alike[i, j]))
