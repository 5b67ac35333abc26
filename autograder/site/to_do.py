"""What of a class waits for its instructor: texts to read, hand-ins to grade, notebooks with problems or that couldn't
be read, who is late, who handed in nothing, who isn't on the roster, who is falling behind; odd lines, and texts that
are the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from autograder.report.class_tables import column_heads
from autograder.report.terminal import duration, printable
from autograder.result import Result
from autograder.review.falling_behind import RULE, falling_behind
from autograder.site.page.layout import counted_points
from autograder.site.page.records import Column, Concern, Content, DataTable
from autograder.site.sources import Sources, item_name
from autograder.statistics.percentage import percent

BEGINNING = 160  # characters of a text
MOST_ALIKE = 6  # students with the same text who are named in a sentence
NAMED = 3  # students in a sentence
MOST_PROBLEMS = 4  # of one notebook
STUDENT, ASSIGNMENT = Column("Student"), Column("Assignment")


def texts_to_read(sources: Sources) -> Iterator[Concern]:
    """The answers that wait for a person, by item."""
    rows: list[tuple[Content, ...]] = []
    for one in sources.assignments:
        again = Counter(answer.item for answer in one.waiting if answer.again)
        for item, count in sorted(Counter(answer.item for answer in one.waiting).items()):
            rows.append((one.name, item_name(item), count, again[item] or None))
    total = sum(len(one.waiting) for one in sources.assignments)
    if total:
        names = [one.name for one in sources.assignments if one.waiting]
        columns = (ASSIGNMENT, Column("Item"), Column("Answers", True), Column("Of these changed since", True))
        yield Concern(
            "texts",
            counted(total, "answer waits to be read", "answers wait to be read"),
            f"In {listed(names)}.",
            "The command opens them in the browser, one question after the other.",
            details=DataTable("texts-table", "What waits, by item", columns, tuple(rows)),
            command="\n".join(f"autograder read {name}" for name in names),
        )


def not_graded(sources: Sources) -> Iterator[Concern]:
    """What was handed in and isn't graded yet."""
    found = [(one.name, student) for one in sources.assignments for student in one.in_state("ungraded")]
    if found:
        names = list(dict.fromkeys(name for name, _ in found))
        yield Concern(
            "ungraded",
            counted(len(found), "hand-in isn't graded yet", "hand-ins aren't graded yet"),
            f"In {listed(names)}: {some_of(sources, [student for _, student in found])}.",
            details=_by_student(sources, "ungraded", "Handed in, not graded", found),
            command="\n".join(f"autograder grade {name}" for name in names),
        )


def unreadable_notebooks(sources: Sources) -> Iterator[Concern]:
    """Whose notebook couldn't be read at all, and what it cost."""
    found = [(each, one) for each in sources.assignments for one in each.students if one.unreadable]
    if not found:
        return
    costs = [(each.max_points or 0.0) - (one.points or 0.0) for each, one in found]
    rows = []
    for (each, one), cost in zip(found, costs, strict=True):
        texts = " ".join(printable(sources.told(text)) for text in (one.result.problems if one.result else ()))
        rows.append((sources.student(one.student, each.name), each.name, cost, texts))
    names = list(dict.fromkeys(each.name for each, _ in found))
    columns = (STUDENT, ASSIGNMENT, Column("Points that it cost", True), Column("What the grader noticed"))
    who = some_of(sources, [one.student for _, one in found])
    yield Concern(
        "unreadable",
        counted(len(found), "notebook couldn't be read", "notebooks couldn't be read"),
        f"{who}, in {listed(names)}: it cost {counted_points(sum(costs))}{' in all' if len(found) > 1 else ''}.",
        "Ask for the file, and put it in the place of the one in submitted/. The command then grades it.",
        details=DataTable("unreadable-table", "What couldn't be read, and why", columns, tuple(rows)),
        command="\n".join(f"autograder grade {name}" for name in names),
    )


def notebooks_with_problems(sources: Sources) -> Iterator[Concern]:
    """Whose notebook had something wrong with it."""
    found = [
        (student, one.name, texts)
        for one in sources.assignments
        for student in sources.people.in_order(each.student for each in one.students if not each.unreadable)
        if student in one.results and (texts := _problems(one.results[student]))
    ]
    if found:
        rows = [
            (sources.student(student, name), name, sources.told(text))
            for student, name, texts in found
            for text in texts
        ]
        columns = (STUDENT, ASSIGNMENT, Column("What the grader noticed"))
        yield Concern(
            "problems",
            counted(len(found), "notebook has problems", "notebooks have problems"),
            f"{some_of(sources, [student for student, *_ in found])}.",
            "What could be read of them was graded. Look whether something got lost that you want to count.",
            details=DataTable("problems-table", "What was wrong with whose notebook", columns, tuple(rows)),
        )


def grader_notes(sources: Sources) -> Iterator[Concern]:
    """What the grader says of the class as a whole, such as submissions in a wrong place."""
    rows = [(one.name, sources.told(note)) for one in sources.assignments for note in one.notes]
    if rows:
        columns = (ASSIGNMENT, Column("What to know or to mend"))
        yield Concern(
            "notes",
            counted(len(rows), "note on files and grades", "notes on files and grades"),
            "Something may lie in the wrong place or be out of date.",
            "Each note says what to do.",
            details=DataTable("notes-table", "What the grader noticed in the class", columns, tuple(rows)),
        )


def not_on_the_roster(sources: Sources) -> Iterator[Concern]:
    """Who handed in, where the class has a roster that doesn't know them."""
    found = [(one.name, student) for one in sources.assignments for student in one.in_state("graded", "ungraded")]
    unknown = [(name, student) for name, student in found if student in sources.not_on_roster]
    students = sources.people.in_order(sources.not_on_roster)
    if students:
        yield Concern(
            "roster",
            counted(len(students), "student isn't on the roster", "students aren't on the roster"),
            f"They handed in, but no name is known of them: {some_of(sources, students)}.",
            "A folder may be spelt wrongly, or the roster may be older than they are. The command brings a roster in.",
            details=_by_student(sources, "roster", "Handed in without being on the roster", unknown),
            command="nbgrader db student import students.csv",
        )


def handed_in_late(sources: Sources) -> Iterator[Concern]:
    """Who was late, by how much, and what it costs."""
    found = [
        (each.name, one)
        for each in sources.assignments
        for one in sorted(each.students, key=lambda one: -one.late)
        if one.late
    ]
    if found:
        rows = [
            (sources.student(one.student, name), name, duration(one.late), one.late_penalty or None)
            for name, one in found
        ]
        columns = (STUDENT, ASSIGNMENT, Column("Late by", True), Column("Points taken off", True))
        cost = "Points were taken off, as your rule has it." if any(row[3] for row in rows) else "It cost no points."
        yield Concern(
            "late",
            counted(len(found), "hand-in was late", "hand-ins were late"),
            f"{some_of(sources, [one.student for _, one in found])}.",
            cost,
            details=DataTable("late-table", "Late hand-ins", columns, tuple(rows)),
        )


def handed_in_nothing(sources: Sources) -> Iterator[Concern]:
    """Who handed in nothing, of the assignments that somebody handed in."""
    rows: list[tuple[Content, ...]] = []
    for one in (each.without(sources.not_on_roster) for each in sources.assignments):
        missing = sources.people.in_order(one.in_state("missing"))
        if missing and len(missing) < len(one.students):
            share = percent(len(missing) / len(one.students))
            who = tuple(sources.student(student, one.name) for student in missing)
            rows.append((one.name, len(missing), share, who))
    if rows:
        newest, *earlier = reversed(rows)
        others = counted(len(earlier), "earlier assignment is", "earlier assignments are")
        columns = (ASSIGNMENT, Column("Students", True), Column("Share", True), Column("Who"))
        yield Concern(
            "missing",
            f"{newest[1]} of {len(set(sources.students) - sources.not_on_roster)} handed in nothing",
            f"For {newest[0]}{f'; {others} missing from some, too' if earlier else ''}.",
            details=DataTable("missing-table", "Who handed in nothing", columns, tuple(rows)),
        )


def losing_ground(sources: Sources) -> Iterator[Concern]:
    """Who is falling behind, by a stated rule."""
    found = falling_behind(sources.begun, sources.not_on_roster)
    if not found:
        return
    rows: list[tuple[Content, ...]] = []
    for one in found:
        earlier = None if one.earlier is None else percent(one.earlier)
        rows.append((sources.student(one.student), earlier, percent(one.newest), len(one.missing) or None))
    columns = (
        STUDENT,
        Column("Earlier assignments", True),
        Column("The newest two", True),
        Column("Not handed in", True),
    )
    yield Concern(
        "behind",
        counted(len(found), "student is falling behind", "students are falling behind"),
        f"{some_of(sources, [one.student for one in found])}.",
        RULE,
        details=DataTable("behind-table", "Shares of the points, earlier and now", columns, tuple(rows)),
    )


def counted(number: int, one: str, more: str) -> str:
    """Such as "1 answer waits" or "2 answers wait"."""
    return f"{number} {one if number == 1 else more}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def some_of(sources: Sources, students: Iterable[str], most: int = NAMED) -> str:
    """The first of some students in a sentence, each once."""
    names = [sources.people.label(student) for student in dict.fromkeys(students)]
    more = len(names) - most
    return listed(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"


def _by_student(sources: Sources, id: str, caption: str, found: Iterable[tuple[str, str]]) -> DataTable:
    """A table of students, each with the assignments that are meant."""
    meant: dict[str, list[str]] = {}
    for name, student in found:
        meant.setdefault(student, []).append(name)
    rows = tuple((sources.student(student), ", ".join(meant[student])) for student in sources.people.in_order(meant))
    return DataTable(f"{id}-table", caption, (STUDENT, Column("Assignments")), rows)


def _problems(result: Result) -> list[str]:
    """What a notebook's result says of it, and which items ran into the limits."""
    stopped = [f"{item.id}: {item.message}" for item in result.items if item.verdict in ("timeout", "error")]
    found = [printable(text) for text in (*result.problems, *stopped)]
    more = len(found) - MOST_PROBLEMS
    return found if more <= 0 else [*found[:MOST_PROBLEMS], f"... and {more} more"]


def odd_code(sources: Sources) -> Iterator[Concern]:
    """Lines that reach for the grading rather than for the answer."""
    rows: list[tuple[Content, ...]] = []
    where: dict[str, set[str]] = defaultdict(set)
    for name, looked in reversed(list(sources.looked.items())):
        for student in sources.people.in_order(looked):
            for line in looked[student].odd:
                where[student].add(name)
                text = Markup("<code>{}</code>").format(printable(sources.told(line.text)))
                rows.append((sources.student(student, name), name, f"This line {line.does}.", text))
    if rows:
        heads = column_heads([one.name for one in sources.assignments])
        short = dict(zip([one.name for one in sources.assignments], heads, strict=True))
        places = [
            f"{sources.people.label(student)}, in {listed([head for name, head in short.items() if name in names])}"
            for student, names in where.items()
        ]
        more = f"; and {len(places) - NAMED} more" if len(places) > NAMED else ""
        who = counted(len(where), "student's", "students'")
        many = "notebook has" if sum(map(len, where.values())) == 1 else "notebooks have"
        columns = (STUDENT, ASSIGNMENT, Column("Worth a look"), Column("The line"))
        yield Concern(
            "odd",
            f"{who} {many} lines worth a look",
            f"{'; '.join(places[:NAMED])}{more}.",
            "They reach for the grading rather than for the answer, or only look as if they did. They earned nothing: "
            "points are decided where a notebook's code can't reach. Ask what the line is for.",
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
                rows.append((f"{item_name(item)}, {name}", len(students), links, printable(sources.told(short))))
                who = some_of(sources, students, MOST_ALIKE)
                sentences.append(f"{who} gave the same text to {item_name(item)} of {name}")
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
