"""The figures of items for the terminal and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from autograder.report.terminal import paragraph, printable, table
from autograder.review.item_analysis import AnalysedAssignment, AnalysedItem, GivenAnswer, most_doubtful_first
from autograder.statistics.estimates import Estimate
from autograder.statistics.verdicts import FEW, NOISY, alpha_says

DIGITS = 6  # of a figure in a record


def items_text(assignments: Sequence[AnalysedAssignment]) -> str:
    """The items of each assignment, the most doubtful first, and how reliable the totals are."""
    if not assignments:
        return "Nothing is graded yet that figures could be made of."
    return "\n\n".join(map(_text, assignments))


def _text(one: AnalysedAssignment) -> str:
    rows = [["item", "facility", "item-rest", "95 %", "what the figures say"]]
    for item in most_doubtful_first(one.items):
        rest = item.figures.item_rest
        says = [finding.says for finding in item.findings]
        figures = [_percent(item.figures.facility), _decimal(rest.value), _interval(rest)]
        rows.append([printable(item.asked.id), *figures, printable(says[0])])
    students = len(one.counted.students)
    lines = [f"{one.name}, {students} student{'' if students == 1 else 's'} counted", table(rows, right=(1, 2))]
    lines += [paragraph(sentence) for sentence in _sentences(one)]
    return "\n".join(lines)


def _sentences(one: AnalysedAssignment) -> list[str]:
    alpha, error = one.totals.alpha, one.totals.standard_error
    found = [f"Cronbach's alpha {_decimal(alpha.value)} ({_interval(alpha)}). {alpha_says(alpha)}"]
    if error is not None:
        found.append(f"Standard error of measurement: {error:.2f} of {one.totals.max_points:g} points.")
    if len(one.counted.students) < FEW:
        found.append(NOISY)
    for item, waiting in one.counted.waiting.items():
        found.append(f"{printable(item)} isn't counted until it is read: {waiting} wait.")
    return found


def items_record(one: AnalysedAssignment) -> list[dict[str, object]]:
    """The figures of each item for a program, in the order of the notebook; null where one isn't defined."""
    return [_record(item) for item in one.items]


def totals_record(one: AnalysedAssignment) -> dict[str, object]:
    """The figures of the totals for a program."""
    return {key: _plain(value) for key, value in asdict(one.totals).items()}


def _record(item: AnalysedItem) -> dict[str, object]:
    return {
        "id": item.asked.id,
        **{key: _plain(value) for key, value in asdict(item.figures).items()},
        "blank": _plain(asdict(item.blank)),
        "timeouts": _plain(asdict(item.timeouts)),
        "findings": [asdict(finding) for finding in item.findings],
        "answers": [_answer(answer) for answer in item.answers],
    }


def _answer(answer: GivenAnswer) -> dict[str, object]:
    figures = {key: _plain(value) for key, value in asdict(answer.figures).items()}
    return {
        "answer": answer.name,
        "right": answer.right,
        "misconception": answer.misconception,
        "students": answer.students,
        **figures,
    }


def _plain(value: object) -> object:
    """Numbers rounded, also those within."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _percent(estimate: Estimate) -> str:
    return "-" if estimate.value is None else f"{estimate.value:.0%}"


def _interval(estimate: Estimate) -> str:
    return "-" if estimate.low is None else f"{_decimal(estimate.low)} to {_decimal(estimate.high)}"
