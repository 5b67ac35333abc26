"""How much code students have in common that the class and the course don't explain, in bits.

What two students share is cut into runs of eight tokens. A run is worth -log2 of the probability of its last token,
after the seven before it, for someone who has read what the course and everybody else wrote: a model of tokens with
contexts that get shorter where the longer one is unknown (interpolated as by Witten and Bell, IEEE Trans. Inf. Theory
37, 1991). So a short standard solution is worth next to nothing, since it is known; of a rarer one that some others
have as well, only the choice of it counts, not each of its lines; and a run that nobody else has counts in full. Runs
without their order, as in Schleimer, Wilkerson and Aiken's winnowing (SIGMOD 2003), don't mind that code is moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.similarity.tokens import numbered

Numbers = NDArray[np.uint64]
Counts = NDArray[np.int64]
Bits = NDArray[np.float64]

RUN = 8
ORDERS = (1, 2, 3, 4, 6, RUN)  # how many tokens the model looks at, the last one with them
MOST_TOKENS = 20_000  # of a student's notebook
ESCAPE = 0.2  # the weight of the shorter context: this many sightings
LEAST, MOST = 0.5, 6.0  # bits of a run: below, it was to be expected; nothing is worth more than the most
STUDENT_BITS = np.uint64(20)
_STEP, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True)
class CommonCode:
    """What notebooks have in common: `bits` has a row and a column for each, and zeros on the diagonal; `own` is what
    each holds that the course and others don't explain, shared or not. `runs` are those that two share and that
    count, in order."""

    bits: Bits
    own: Bits
    runs: Numbers


def tokens_of(cells: Sequence[str]) -> Numbers:
    """The tokens of a notebook's cells; a 0 stands before each cell."""
    found: list[int] = []
    for cell in cells:
        found += (0, *numbered(cell))
        if len(found) > MOST_TOKENS:
            break
    return np.array(found[:MOST_TOKENS], dtype=np.uint64)


def runs_of(tokens: Numbers) -> Numbers:
    """A number for the run of tokens that ends at each token; 0 where none does, as a cell begins too close before."""
    runs = _shortened(_hashes(tokens)[RUN])
    runs[~_ends_a_run(tokens)] = 0
    return runs


def common_code(notebooks: Sequence[Numbers], expected: Sequence[Numbers], known: Sequence[Numbers]) -> CommonCode:
    """What each two of the notebooks have in common. What is in the `expected` code, given or the reference, counts for
    nothing; the `known` programs are other right or wrong ones, which anybody may have come to alone."""
    owned = _Sightings.of(notebooks)
    runs, starts, counts = np.unique(owned.keys >> STUDENT_BITS, return_index=True, return_counts=True)
    worth = _worth(owned, _Sightings.of([*expected, *known]), starts, at_most_from_one(len(notebooks)))
    worth[(worth < LEAST) | np.isin(runs, _Sightings.of(expected).keys >> STUDENT_BITS)] = 0.0
    own = np.bincount(owned.students, np.repeat(worth, counts), len(notebooks)).astype(np.float64)
    shared = (worth > 0) & (counts > 1)
    bits = _pairs(owned.students, starts[shared], counts[shared], worth[shared], len(notebooks))
    return CommonCode(bits, own, runs[shared])


def at_most_from_one(students: int) -> int:
    """How many students may have a run from one of them, who is no witness then that others come to it alone: two in a
    small class, up to five in one of 100."""
    return min(5, max(2, students // 20))


@dataclass(frozen=True)
class _Sightings:
    """The runs of some notebooks, each once for a notebook, in order. `keys` are the run's number and the notebook's;
    `grams` and `contexts` have, by order, the number of the run's last tokens with and without the very last."""

    keys: Numbers
    grams: dict[int, Numbers]
    contexts: dict[int, Numbers]

    @property
    def students(self) -> Counts:
        return (self.keys & ((np.uint64(1) << STUDENT_BITS) - np.uint64(1))).astype(np.int64)

    @classmethod
    def of(cls, notebooks: Sequence[Numbers]) -> _Sightings:
        tokens = np.concatenate([np.zeros(1, np.uint64), *notebooks])
        owners = np.repeat(np.arange(len(notebooks), dtype=np.uint64), [len(one) for one in notebooks])
        hashes, ends = _hashes(tokens), np.flatnonzero(_ends_a_run(tokens))
        keys = (_shortened(hashes[RUN])[ends] << STUDENT_BITS) | owners[ends - 1]
        keys, first = np.unique(keys, return_index=True)
        places = ends[first]
        grams = {order: hashes[order][places] for order in ORDERS}
        return cls(keys, grams, {order: hashes[order - 1][places - 1] for order in ORDERS})


def _hashes(tokens: Numbers) -> dict[int, Numbers]:
    """By order, a number for the last tokens at each place."""
    found = {0: np.zeros(len(tokens), np.uint64)}
    for order in range(1, RUN + 1):
        before = np.concatenate([np.zeros(1, np.uint64), found[order - 1][:-1]])
        found[order] = (before[: len(tokens)] + np.uint64(1)) * _STEP + tokens
    return found


def _shortened(hashes: Numbers) -> Numbers:
    """The same in 44 bits, so that a student's number fits beside it."""
    return (hashes * _MIX) >> STUDENT_BITS


def _ends_a_run(tokens: Numbers) -> NDArray[np.bool_]:
    places = np.arange(len(tokens))
    cell_starts = np.maximum.accumulate(np.where(tokens == 0, places, -1))
    return np.asarray(places - cell_starts >= RUN)


def _worth(owned: _Sightings, known: _Sightings, places: Counts, copies: int) -> Bits:
    """The bits of the runs that are first sighted at the places. Of a run that the course has, those after what the
    course has before it, if they are fewer: whoever follows one of its programs goes on as that does."""
    chance = _chance([(owned, copies), (known, 0)], owned, places)
    runs = owned.grams[RUN][places]
    in_course = np.isin(runs, known.grams[RUN])
    chance[in_course] = np.maximum(chance[in_course], _chance([(known, 0)], owned, places[in_course]))
    return np.asarray(np.minimum(-np.log2(chance), MOST))


def _chance(seen_in: Sequence[tuple[_Sightings, int]], owned: _Sightings, places: Counts) -> Bits:
    """The probability of each run's last token after those before it, for someone who has read what it is `seen_in`,
    but for so many sightings of each."""
    chance = np.full(len(places), 1 / (len(np.unique(owned.grams[1])) + 1))
    for order in ORDERS:
        gram, context = owned.grams[order][places], owned.contexts[order][places]
        seen = sum(np.maximum(_count(one.grams[order], gram) - fewer, 0) for one, fewer in seen_in)
        of = sum(np.maximum(_count(one.contexts[order], context) - fewer, 0) for one, fewer in seen_in)
        chance = (seen + ESCAPE * chance) / (np.maximum(of, seen) + ESCAPE)
    return chance


def _count(numbers: Numbers, wanted: Numbers) -> Counts:
    numbers = np.sort(numbers)
    return np.searchsorted(numbers, wanted, "right") - np.searchsorted(numbers, wanted, "left")


def _pairs(students: Counts, starts: Counts, counts: Counts, worth: Bits, most: int) -> Bits:
    """The sum of what the runs are worth that two have in common. Runs of the same students are taken together."""
    bits = np.zeros((most, most))
    groups: dict[bytes, float] = {}
    for start, count, value in zip(starts.tolist(), counts.tolist(), worth.tolist(), strict=True):
        group = students[start : start + count].tobytes()
        groups[group] = groups.get(group, 0.0) + value
    several = list(groups.items())
    for begin in range(0, len(several), 2_000):
        part = several[begin : begin + 2_000]
        has = np.zeros((most, len(part)))
        for column, (group, value) in enumerate(part):
            has[np.frombuffer(group, np.int64), column] = np.sqrt(value)
        bits += has @ has.T
    np.fill_diagonal(bits, 0.0)
    return bits
