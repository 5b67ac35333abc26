"""What is to be collected: for each student and assignment one notebook, and what it does to the one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.collecting.deliveries import Delivery, LeftOut, Scan
from autograder.collecting.kept import Kept, folder_of, kept_notebooks, leads_out, read_kept
from autograder.errors import ClassError
from autograder.handed_in.hand_in_time import TIMESTAMP, ExchangeTimes
from autograder.handed_in.layout import Layout

# "timed": the notebook is there already, and its time wasn't known.
Change = Literal["new", "replaced", "timed", "unchanged"]
WRITTEN: tuple[Change, ...] = ("new", "replaced", "timed")
_TAKE_IT = "Collect it with --replace to take it in any case; the one that is there is kept in collected/."


@dataclass(frozen=True)
class Placement:
    """One submission, and what collecting it does."""

    delivery: Delivery
    change: Change


@dataclass(frozen=True)
class Plan:
    """What collecting would do. `passed_over`: copies and older versions of what is collected or is there."""

    placements: tuple[Placement, ...]
    left_out: tuple[LeftOut, ...]
    passed_over: tuple[LeftOut, ...]
    aside: tuple[tuple[str, ...], ...]

    @property
    def to_write(self) -> tuple[Placement, ...]:
        return tuple(placement for placement in self.placements if placement.change in WRITTEN)


def make_plan(layout: Layout, times: ExchangeTimes, scan: Scan, replace: bool) -> Plan:
    """Decide for each student and assignment. `replace`: also where it isn't known which is newer, but never by an
    older one. Raises ClassError for a class that can't be read."""
    groups: dict[tuple[str, str], list[Delivery]] = {}
    for one in scan.deliveries:
        groups.setdefault((one.assignment, one.owner.id), []).append(one)
    placements: list[Placement] = []
    left_out = list(scan.left_out)
    passed_over: list[LeftOut] = []
    for key in sorted(groups):
        best, others = _choose(groups[key])
        if best is None:
            left_out += others
            continue
        passed_over += others
        decided = _decide(layout, times, best, replace)
        if isinstance(decided, Placement):
            placements.append(decided)
        else:
            why, is_older = decided
            (passed_over if is_older else left_out).append(LeftOut(best.place, why))
    return Plan(tuple(placements), tuple(left_out), tuple(passed_over), scan.aside)


def _choose(group: Sequence[Delivery]) -> tuple[Delivery | None, list[LeftOut]]:
    """The notebook to collect and what is said of the others; None, if it can't be told."""
    best = _latest(_answered(_different(group)))
    if len(best) == 1:
        taken = "/".join(best[0].place)
        return best[0], [LeftOut(one.place, _why_not(one, best[0], taken)) for one in group if one is not best[0]]
    return None, [LeftOut(one.place, _undecided(one, best)) for one in group]


def _undecided(one: Delivery, best: Sequence[Delivery]) -> str:
    others = ", ".join("/".join(other.place) for other in best if other is not one)
    return f"It can't be told whether this or {others} counts. Remove what doesn't, and collect again."


def _different(group: Sequence[Delivery]) -> list[Delivery]:
    """One of each content: the one with a time, and with the plainest name."""
    ranked = sorted(group, key=lambda one: (one.claim.when is None, len(one.place[-1]), one.place))
    return list({one.digest: one for one in reversed(ranked)}.values())[::-1]


def _answered(group: list[Delivery]) -> list[Delivery]:
    return [one for one in group if not one.untouched] or group[:1]


def _latest(group: list[Delivery]) -> list[Delivery]:
    """The newest by their times, or by the order of one platform; all, if they have none; of those in
    one folder the one with the assignment's own name, as the others are copies."""
    times = [one.claim.when for one in group]
    if all(times):
        newest = max(time for time in times if time)
        return [one for one in group if one.claim.when == newest]
    orders = [one.claim.order for one in group]
    if len({one.claim.platform for one in group}) == 1 and None not in orders:
        last = max(order for order in orders if order is not None)
        return [one for one in group if one.claim.order == last]
    named = [one for one in group if one.place[-1] == f"{one.assignment}.ipynb"]
    beside = len({one.place[:-1] for one in group}) == 1
    return named if beside and len(named) == 1 else group


def _why_not(one: Delivery, best: Delivery, taken: str) -> str:
    if one.digest == best.digest:
        return f"It is the same as {taken}."
    if one.untouched:
        return f"Nothing is answered in it; {taken} is taken in its place."
    if (one.claim.when and best.claim.when) or None not in (one.claim.order, best.claim.order):
        return f"It is older than {taken}."
    return f"{taken} has the assignment's own name and is taken in its place."


def _decide(layout: Layout, times: ExchangeTimes, one: Delivery, replace: bool) -> Placement | tuple[str, bool]:
    """What collecting it does, or why it isn't collected, and whether that is since it is the older one."""
    folder = folder_of(layout, one.owner.id, one.assignment)
    if leads_out(layout, folder, one.assignment):
        return f"{layout.shown(folder)} is a link that leads out of the class. Remove the link.", False
    if blocked := next((path for path in (folder.parent, folder) if path.exists() and not path.is_dir()), None):
        return f"{layout.shown(blocked)} is a file where a folder is needed. Move it away.", False
    for path in (folder / f"{one.assignment}.ipynb", folder / TIMESTAMP):
        if path.is_dir() and not path.is_symlink():
            return f"{layout.shown(path)} is a folder where a file is needed. Move it away.", False
    try:
        kept = read_kept(layout, times, one.owner.id, one.assignment)
    except OSError as error:
        raise ClassError(f"What is in {folder} can't be read: {error.strerror}.") from error
    if kept is None:
        return Placement(one, "new")
    if kept.digest == one.digest:
        return Placement(one, "timed" if one.claim.when and kept.when is None else "unchanged")
    newer = _is_newer(one, kept)
    if newer or (newer is None and replace):
        return Placement(one, "replaced")
    there = layout.shown(kept_notebooks(folder, one.assignment)[0])
    if newer is None:
        return f"{there} is another one, and it isn't known which is newer. {_TAKE_IT}", False
    return f"It isn't newer than {there}, which stays.", True


def _is_newer(one: Delivery, kept: Kept) -> bool | None:
    """None if it isn't known."""
    if one.claim.when and kept.when:
        return one.claim.when > kept.when
    record = kept.record
    if record and record.platform == one.claim.platform and record.order is not None and one.claim.order is not None:
        return one.claim.order > record.order
    return None
