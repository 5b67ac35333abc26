"""A class in which nobody is named: the same records under pseudonyms, in the order of these."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.class_directory.pseudonyms import pseudonyms
from autograder.result import Result
from autograder.review.people import People
from autograder.review.records import AssignmentReview, ClassReview, ReviewedStudent


def people_of(root: Path, found: ClassReview, *, pseudonymous: bool) -> People:
    """How the students of the class in `root` are shown; where `pseudonymous`, its key says as whom, and is made or
    extended. Raises ClassError."""
    if not pseudonymous:
        return People(found.roster)
    everybody = {*found.roster, *(one.student for each in found.assignments for one in each.students)}
    return People(found.roster, pseudonyms(root, everybody))


def under_pseudonyms(root: Path, found: ClassReview) -> ClassReview:
    """The class with pseudonyms in place of ids and without a roster, in the grader's sentences, too. What students
    wrote stays as it is. Raises ClassError where the key of pseudonyms can't be used."""
    people = people_of(root, found, pseudonymous=True)
    return ClassReview(found.course, {}, tuple(_assignment(one, people) for one in found.assignments))


def _assignment(one: AssignmentReview, people: People) -> AssignmentReview:
    shown = people.pseudonyms
    return replace(
        one,
        students=tuple(sorted((_student(each, people) for each in one.students), key=lambda each: each.student)),
        waiting=tuple(
            sorted((replace(each, student=shown[each.student]) for each in one.waiting), key=lambda each: each.student)
        ),
        notes=tuple(map(people.in_text, one.notes)),
    )


def _student(each: ReviewedStudent, people: People) -> ReviewedStudent:
    alone = _alone(people, each.student)
    result = _result(each.result, alone) if each.result else None
    return replace(each, student=people.pseudonyms[each.student], result=result)


def _result(result: Result, alone: People) -> Result:
    """The result of a student, whom its sentences may name, such as by the path of a file."""
    items = tuple(replace(item, message=alone.in_text(item.message)) for item in result.items)
    problems = tuple(map(alone.in_text, result.problems))
    return replace(result, notebook=alone.in_text(result.notebook), problems=problems, items=items)


def _alone(people: People, student: str) -> People:
    """The student as the only one: a sentence on somebody's work is searched for nobody else's names."""
    known = people.roster.get(student)
    return People({student: known} if known else {}, {student: people.pseudonyms[student]})
