"""Items: a table of all of them, the most doubtful first, and what of it stands on Today."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from autograder.review.item_analysis import AnalysedItem, most_doubtful_first
from autograder.site.item_page import item_link, item_page
from autograder.site.page.figure_text import decimal, interval, share_text
from autograder.site.page.records import Column, Concern, Content, DataTable, Link, Page
from autograder.site.sources import Sources, item_name
from autograder.site.to_do import counted
from autograder.statistics.percentage import INTERVAL
from autograder.statistics.verdicts import FEW, NOISY

PATH = "items.html"
Sort = Callable[[Sequence[AnalysedItem]], list[AnalysedItem]]


@dataclass(frozen=True)
class ItemOrder:
    """An order of the table. Each has a page of its own, as no page of the site runs anything."""

    path: str
    by: str
    sort: Sort


def _lowest_first(figure: Callable[[AnalysedItem], float | None]) -> Sort:
    """By a figure; items of which it isn't defined come last."""

    def sort(items: Sequence[AnalysedItem]) -> list[AnalysedItem]:
        return sorted(items, key=lambda item: (figure(item) is None, figure(item) or 0.0))

    return sort


ORDERS = (
    ItemOrder(PATH, "doubt", most_doubtful_first),
    ItemOrder("items-course.html", "place in the course", list),
    ItemOrder(
        "items-facility.html", "facility, the hardest first", _lowest_first(lambda one: one.figures.facility.value)
    ),
    ItemOrder("items-rest.html", "item-rest correlation", _lowest_first(lambda one: one.figures.item_rest.value)),
    ItemOrder("items-blank.html", "share left blank", _lowest_first(lambda one: -(one.blank.value or 0.0))),
)


def items_pages(sources: Sources) -> Iterator[Page]:
    """The table of all items in each order, and a page for each item."""
    items = [item for one in sources.analysed for item in one.items]
    for order in ORDERS:
        values = _values(sources, items, order)
        if order.path == PATH:
            yield Page(PATH, "Items", "items.html.j2", values, entry="Items")
        else:
            yield Page(order.path, f"Items by {order.by}", "items.html.j2", values, under=PATH)
    held = {one.id: one for one in sources.held}
    for each in sources.analysed:
        for item in each.items:
            yield item_page(each, item, held, PATH)


def keys_to_check(sources: Sources) -> Iterator[Concern]:
    """The questions whose key the figures speak against."""
    for item in (item for one in sources.analysed for item in one.items):
        for finding in item.findings:
            if finding.kind == "key":
                name = item_name(item.asked.id)
                sentence = f"In {item.assignment}. {finding.says}"
                more = "What is established is the figure, not its cause: look at the options and who chose them."
                yield Concern(
                    f"key-{item.assignment}-{item.asked.id}",
                    f"Check the key of {name}",
                    sentence,
                    more,
                    links=(Link(f"The figures of {name}", item_link(item).path),),
                )
                break


def doubtful_items(sources: Sources) -> Iterator[Concern]:
    """The other items that one would look at again."""
    items = most_doubtful_first([item for one in sources.analysed for item in one.items])
    found = [item for item in items if item.findings[0].is_doubt and item.findings[0].kind != "key"]
    if found:
        rows = tuple((item_link(item), item.assignment, item.findings[0].says) for item in found)
        columns = (Column("Item"), Column("Assignment"), Column("What the figures say"))
        yield Concern(
            "items",
            counted(len(found), "item is worth a second look", "items are worth a second look"),
            "By what the rest of the test says of those who get it right.",
            details=DataTable("items-table", "Items to look at, the most doubtful first", columns, rows),
            links=(Link("All items", PATH),),
        )


def _values(sources: Sources, items: Sequence[AnalysedItem], order: ItemOrder) -> dict[str, object]:
    few = any(len(one.counted.students) < FEW for one in sources.analysed)
    return {
        "lead": _drop_first(items),
        "noisy": NOISY if few else "",
        "orders": tuple(Link(one.by, one.path) for one in ORDERS),
        "chosen": order,
        "table": _table(order.sort(items)) if items else None,
        "numbers": _numbers(items) if any(item.unnamed for item in items) else None,
        "left_out": _left_out(sources),
    }


def _drop_first(items: Sequence[AnalysedItem]) -> str:
    """Which one would be dropped first."""
    if not items:
        return "Nothing is graded yet that figures could be made of."
    first = most_doubtful_first(items)[0]
    if not first.findings[0].is_doubt:
        return "No item is in doubt: there is none that one would drop."
    return f"If one had to be dropped: {item_name(first.asked.id)} of {first.assignment}. {first.findings[0].says}"


def _table(items: Sequence[AnalysedItem]) -> DataTable:
    short = _short_names({item.assignment for item in items})
    timeouts = any(item.timeouts.value for item in items)
    rows: tuple[tuple[Content, ...], ...] = tuple(
        (
            item_link(item),
            item.findings[0].says,
            short.get(item.assignment, item.assignment),
            share_text(item.figures.facility),
            decimal(item.figures.item_rest.value),
            interval(item.figures.item_rest),
            decimal(item.figures.upper_lower.value),
            share_text(item.blank),
            *((share_text(item.timeouts),) if timeouts else ()),
        )
        for item in items
    )
    columns = (
        Column("Item"),
        Column("What the figures say"),
        Column("Assignment"),
        Column("Facility", True),
        Column("Item-rest", True),
        Column(INTERVAL, True),
        Column("Upper − lower", True),
        Column("Blank", True),
        *((Column("Out of time", True),) if timeouts else ()),
    )
    return DataTable("items", f"{len(items)} items", columns, rows)


def _short_names(assignments: Collection[str]) -> dict[str, str]:
    """What stands before the first underscore, such as 02, if that tells them apart."""
    short = {name: name.partition("_")[0] for name in assignments}
    return short if len(set(short.values()) - {""}) == len(short) else {}


def _numbers(items: Sequence[AnalysedItem]) -> DataTable:
    """Wrong numbers that are worth a name."""
    rows = tuple(
        (item_link(item), item.assignment, answer.name, answer.students, share_text(answer.figures.share))
        for item in items
        for answer in item.unnamed
    )
    columns = (Column("Item"), Column("Assignment"), Column("Number", True), Column("Students", True))
    return DataTable("numbers", "Wrong numbers without a name", (*columns, Column("Share", True)), rows)


def _left_out(sources: Sources) -> list[str]:
    """Sentences on who and what isn't counted."""
    found = []
    for one in sources.analysed:
        count = one.counted
        if count.answered_nothing:
            found.append(f"{one.name}: {counted(count.answered_nothing, 'hand-in', 'hand-ins')} without any answer.")
        if count.unread:
            found.append(
                f"{one.name}: {counted(count.unread, 'student', 'students')} of whom an answer waits to be read."
            )
        for item, waiting in count.waiting.items():
            answers = counted(waiting, "answer waits", "answers wait")
            found.append(f"{one.name}: all of {item_name(item)}, until it is read; {answers}.")
    return found
