"""What Today says of odd lines in hand-ins, and of texts that are the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from markupsafe import Markup

from autograder.report.terminal import printable
from autograder.site.page.records import Column, Concern, Content, DataTable
from autograder.site.sources import Sources, item_name
from autograder.site.to_do import ASSIGNMENT, STUDENT, counted

BEGINNING = 160  # characters of a text


def odd_code(sources: Sources) -> Iterator[Concern]:
    """Lines that reach for the grading rather than for the answer."""
    rows: list[tuple[Content, ...]] = []
    for name, looked in reversed(list(sources.looked.items())):
        for student in sources.people.in_order(looked):
            for line in looked[student].odd:
                text = Markup("<code>{}</code>").format(printable(line.text))
                rows.append((sources.student(student, name), name, f"This line {line.does}.", text))
    if rows:
        notebooks = len({(row[0], row[1]) for row in rows})
        columns = (STUDENT, ASSIGNMENT, Column("Worth a look"), Column("The line"))
        yield Concern(
            "odd",
            counted(notebooks, "notebook has lines worth a look", "notebooks have lines worth a look"),
            "They reach for the grading rather than for the answer, or only look as if they did.",
            "They earned nothing: points are decided where a notebook's code can't reach. Ask what the line is for.",
            details=DataTable("odd-table", "Lines worth a look", columns, tuple(rows)),
        )


def same_texts(sources: Sources) -> Iterator[Concern]:
    """Long texts that several students gave in the same words."""
    rows: list[tuple[Content, ...]] = []
    sentences = []
    for name, looked in reversed(list(sources.looked.items())):
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for student in sources.people.in_order(looked):
            for item, text in looked[student].texts.items():
                groups[item, text].append(student)
        for (item, text), students in sorted(groups.items(), key=lambda group: -len(group[1])):
            if len(students) > 1:
                links = tuple(sources.student(student, f"{name}-{item}") for student in students)
                short = text if len(text) <= BEGINNING else f"{text[:BEGINNING]} …"
                rows.append((f"{item_name(item)}, {name}", len(students), links, printable(short)))
                sentences.append(f"{len(students)} gave the same text to {item_name(item)} of {name}")
    if rows:
        columns = (Column("Question"), Column("Students", True), Column("Who"), Column("The text, in small letters"))
        yield Concern(
            "same-texts",
            counted(len(rows), "text was given by several students", "texts were given by several students"),
            f"{'; '.join(sentences[:2])}.",
            "The same but for case, spaces and punctuation. Texts under 15 words and the course's own don't count. "
            "Talk to them before you conclude anything.",
            details=DataTable("same-texts-table", "Texts in the same words", columns, tuple(rows)),
        )
