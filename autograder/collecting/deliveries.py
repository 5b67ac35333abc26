"""The notebooks of downloads: each with its student and its assignment, or the sentence why it has none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import cached_property, lru_cache
from itertools import takewhile
from pathlib import Path

from autograder.collecting.download import HANDED_IN_LETTER, Found, Refused, read_download
from autograder.collecting.own_collector import Collector
from autograder.collecting.platforms import NO_CLAIM, Claim, claim_of, stem_of, without_branch
from autograder.collecting.roster import Roster
from autograder.collecting.whose import Owner, is_assignment, owner_of, plain_owner, shared_names
from autograder.course.course import Course
from autograder.handed_in.submissions import EXPECTED
from autograder.marking.mark_files import which_assignment
from autograder.release.build import STUB
from autograder.submission.released_cells import Released, released_cells_of
from autograder.submission.submitted_notebook import Submission, read_submission


@dataclass(frozen=True)
class LeftOut:
    """A file that isn't collected, and the sentence why."""

    place: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Delivery:
    """A notebook that may be collected: whose it is, and what its platform says (`claim`). `digest` stands for its
    bytes; `untouched`: it holds nothing but what was handed out."""

    place: tuple[str, ...]
    digest: str
    owner: Owner
    assignment: str
    untouched: bool
    claim: Claim


@dataclass(frozen=True)
class Scan:
    """What downloads hold. `aside`: files that come with notebooks and aren't needed, or were not asked for."""

    deliveries: tuple[Delivery, ...]
    left_out: tuple[LeftOut, ...]
    aside: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Notebook:
    """A notebook while it is found out whose it is; `found` is without its data."""

    found: Found
    digest: str
    assignment: str | None
    untouched: bool
    claim: Claim | None = None


@dataclass(frozen=True)
class Scanner:
    """How downloads are looked at. `submitted` is the class's own folder, `zone` that of times that are written without
    one, `assignment` the only one that is asked for and what a notebook is that doesn't tell, `own` the class's
    collector, which is asked first."""

    course: Course
    roster: Roster
    submitted: Path
    zone: tzinfo
    assignment: str | None = None
    new_students: bool = False
    own: Collector | None = None

    @cached_property
    def _released(self) -> Callable[[str], Released]:
        return lru_cache(lambda name: released_cells_of(self.course.assignment(name)))

    def scan(self, downloads: Sequence[Path]) -> Scan:
        """Look at downloads one after the other; one notebook at a time is in memory. Raises OSError."""
        scans = [self._scan(path) for path in downloads]
        deliveries = [one for scan in scans for one in scan.deliveries]
        kept, confused = _people_apart(deliveries)
        left_out = [one for scan in scans for one in scan.left_out]
        return Scan(tuple(kept), (*left_out, *confused), tuple(place for scan in scans for place in scan.aside))

    def _scan(self, path: Path) -> Scan:
        read, others, left_out = self._read(path)
        together = self._shared_folders([one.found for one in read])
        notebooks = [replace(one, claim=self._claim(one.found, together)) for one in read]
        shared = shared_names([one.found.place for one in notebooks if one.claim is None], self.course.names)
        deliveries: list[Delivery] = []
        aside: list[tuple[str, ...]] = []
        for notebook in notebooks:
            made = self._delivery(notebook, shared)
            if isinstance(made, Delivery):
                deliveries.append(made)
            elif made:
                left_out.append(LeftOut(notebook.found.place, made))
            else:
                aside.append(notebook.found.place)
        for other in others:
            why = self._alone(other, together, notebooks)
            if why:
                left_out.append(LeftOut(other.place, why))
            else:
                aside.append(other.place)
        return Scan(tuple(deliveries), tuple(left_out), tuple(aside))

    def _read(self, path: Path) -> tuple[list[_Notebook], list[Found], list[LeftOut]]:
        """The notebooks of a download, its other files, and what can't be read."""
        notebooks: list[_Notebook] = []
        others: list[Found] = []
        left_out: list[LeftOut] = []
        for one in read_download(path, self.submitted):
            if isinstance(one, Refused):
                left_out.append(LeftOut(one.place, one.reason))
            elif one.data is None:
                others.append(one)
            else:
                notebooks.append(self._notebook(one, one.data))
        return notebooks, others, left_out

    def _notebook(self, found: Found, data: bytes) -> _Notebook:
        submission = read_submission(data, found.place[-1])
        assignment = self._assignment(found.place, self._claim(found), submission)
        untouched = assignment is not None and _is_untouched(submission, self._released(assignment))
        return _Notebook(replace(found, data=None), hashlib.sha256(data).hexdigest(), assignment, untouched)

    def _claim(self, found: Found, shared: Collection[str] = ()) -> Claim | None:
        own = self.own(found.place) if self.own and not found.letter else None
        return own or claim_of(found.place, found.letter, self.zone, shared)

    def _shared_folders(self, files: Sequence[Found]) -> set[str]:
        """The folders that lead to every notebook, if there is more than one, and not all are a student's."""
        if len(files) < 2:
            return set()
        claims = [claim for one in files if (claim := self._claim(one))]
        owners = {owner.id for claim in claims if isinstance(owner := owner_of(claim, self.roster, False), Owner)}
        if self.roster.is_known and len(owners) == 1 and len(claims) == len(files):
            return set()
        return set.intersection(*(set(one.place[1:-1]) for one in files))

    def _is_students(self, letter: tuple[str, ...]) -> bool:
        """Whether the e-mail at this place is among the files of a student, who may have written all that it says."""
        folders = [without_branch(folder) for folder in letter[1:-1]]
        return self._claim(Found(letter)) is not None or any(
            self.roster.by_text(folder) or self.roster.by_ending(folder) for folder in folders
        )

    def _assignment(self, place: tuple[str, ...], claim: Claim | None, submission: Submission) -> str | None:
        """By what the notebook says, else by its file's name, its cells, its folders; else what is asked for."""
        names = self.course.names
        stem = claim.stem if claim else stem_of(place[-1])
        found = which_assignment(names, stem, submission, self._released)
        folders = (name for part in reversed(place) for name in names if is_assignment(part, [name]))
        return found or next(folders, None) or self.assignment

    def _delivery(self, notebook: _Notebook, shared: set[str]) -> Delivery | str | None:
        """The delivery, or why there is none; None for an assignment that isn't asked for."""
        if notebook.assignment is None:
            known = ", ".join(self.course.names)
            return f"It can't be told which assignment it is. Name it with --assignment, one of {known}."
        if self.assignment not in (None, notebook.assignment):
            return None
        claim, place = notebook.claim, notebook.found.place
        if notebook.found.letter and self._is_students(_to_letter(place)):
            return HANDED_IN_LETTER
        if claim:
            owner = owner_of(claim, self.roster, self.new_students)
        else:
            owner = plain_owner(place, shared, self.course.names, self.roster, self.new_students)
        if isinstance(owner, str):
            return owner
        by = claim or NO_CLAIM
        return Delivery(place, notebook.digest, owner, notebook.assignment, notebook.untouched, by)

    def _alone(self, other: Found, shared: Collection[str], notebooks: Sequence[_Notebook]) -> str | None:
        """What is to be said of another file than a notebook; None if it isn't needed."""
        claim = self._claim(other, shared)
        if claim and claim.typed:
            return "A text was typed in; a notebook has to be handed in as a file."
        if other.place[-1] in EXPECTED:
            return None
        if claim:
            owner = claim.new_id, claim.apart
            beside = any((one.claim.new_id, one.claim.apart) == owner for one in notebooks if one.claim)
        else:
            beside = not _is_lonely(other.place, [one.found.place for one in notebooks])
        return None if beside else "It isn't a notebook, and there is none beside it."


def _to_letter(place: tuple[str, ...]) -> tuple[str, ...]:
    """The place of the e-mail that a file was attached to."""
    return next(place[: at + 1] for at, name in enumerate(place) if name.lower().endswith(".eml"))


def _is_lonely(place: tuple[str, ...], notebooks: Sequence[tuple[str, ...]]) -> bool:
    """Whether a file is in a folder of its own: beside, above and below it is no notebook, in other folders are."""
    folder = place[:-1]
    if any(one[:-1] == folder[: len(one) - 1] for one in notebooks):
        return False
    levels = zip(folder, *(one[:-1] for one in notebooks), strict=False)
    shared = sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, levels))
    return shared < len(folder) and not any(one[: shared + 1] == folder[: shared + 1] for one in notebooks)


def _people_apart(deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[LeftOut]]:
    """Those that surely are one person's; where a platform tells two people apart and their name doesn't, neither."""
    people: dict[tuple[str, str, str, str], set[str]] = {}
    for one in deliveries:
        people.setdefault(_name_in(one), set()).add(one.claim.apart)
    sure = [one for one in deliveries if len(people[_name_in(one)]) == 1]
    confused = [LeftOut(one.place, _mixed_up(one, people[_name_in(one)])) for one in deliveries if one not in sure]
    return sure, confused


def _name_in(one: Delivery) -> tuple[str, str, str, str]:
    """What a platform calls a person in one download and one assignment."""
    return one.place[0], one.claim.platform, one.owner.id, one.assignment


def _mixed_up(one: Delivery, numbers: set[str]) -> str:
    some = ", ".join(sorted(numbers)[:5]) + (", ..." if len(numbers) > 5 else "")
    return (
        f"{one.claim.platform} has {len(numbers)} people named {one.owner.id}, with the numbers {some}. Put each file "
        "into a folder named after its student's id, and collect these folders."
    )


def _is_untouched(submission: Submission, released: Released) -> bool:
    """Whether nothing stands in it that wasn't handed out."""
    lines = {line.strip() for cell in submission.cells for line in cell.source.splitlines()}
    return bool(submission.cells) and lines <= {*released.lines, STUB, ""}
