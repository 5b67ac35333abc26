"""What the learning platforms write into the names of a download: whose file it is, whether it is late, its order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from autograder.collecting.letter import Letter


@dataclass(frozen=True)
class Claim:
    """What a name says of a file. `texts` may each mean the student (name, user name, address); `number` is the
    student's in the platform; `new_id` is the id of a student whom nobody knows yet; `apart` tells two people of one
    name apart within one download; `order` is larger for what was uploaded later to the same platform; `stem` is the
    name that the student's file had, without its ending."""

    platform: str
    texts: tuple[str, ...]
    number: str = ""
    new_id: str = ""
    apart: str = ""
    stem: str = ""
    late: bool = False
    order: int | None = None
    when: datetime | None = None
    clock: str = ""
    typed: bool = False


EMAIL = "e-mail"
NO_CLAIM = Claim("names of folders and files", ())


@dataclass(frozen=True)
class Platform:
    """How a platform names the files, or the folders, of a download; `source` is where this is known from."""

    name: str
    pattern: re.Pattern[str]
    source: str


CANVAS = Platform(
    "Canvas",
    re.compile(
        r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?:anon_(?P<anonymous>[A-Za-z0-9]+)|(?P<number>[0-9]+))_"
        r"(?:(?P<order>[0-9]+)_(?P<file>.+)|(?P<typed>text|link)\.html)"
    ),
    "Canvas, lib/content_zipper.rb (get_filename, sanitize_file_name, add_upload_submission): the sortable name in "
    "small letters without spaces and signs (a group's name for a group), LATE, the user's id or anon_ and a code, the "
    "attachment's id, the file's name. Text and links that were typed in are NAME_ID_text.html and NAME_ID_link.html.",
)
MOODLE = Platform(
    "Moodle",
    re.compile(r"(?P<name>[^_]+)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?"),
    "Moodle, mod/assign/classes/downloader.php (get_student_prefix, load_submissionplugin_filelist): the full name "
    "without underscores, or the group's, or Participant where marking is blind; a number that stands for the person "
    "in this assignment alone; a folder, or before Moodle 3.1 and by choice a file whose name follows.",
)
BLACKBOARD = Platform(
    "Blackboard",
    re.compile(
        r".+?_(?P<name>[^_]+)_attempt_(?P<when>[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{2})(?:_(?P<file>.*)|\.txt)"
    ),
    "nbgrader, plugins/zipcollect.py (FileNameCollectorPlugin.named_regexp): the assignment, the user name, the time "
    "of the attempt by the platform's clock, the file's name. A file .txt beside it holds what was typed in.",
)
_ENDING = re.compile(r"\.ipynb(\.json|\.txt)?$|\.zip$|\.html$|\.eml$", re.IGNORECASE)
# What a second copy of a name is called by browsers and Windows, macOS, JupyterLab, Google Drive.
_COPY = re.compile(r" ?\([0-9]{1,3}\)$| copy( [0-9]{1,3})?$|-Copy[0-9]{1,3}$|^(Copy of|Kopie von|Copie de|Copia de) ")
_CANVAS_COPY = re.compile(r"-[0-9]{1,2}$")  # Canvas numbers a student's files of one name
_SUBMISSIONS = re.compile(r"(?P<slug>.+)-submissions")
# GitHub's own button packs a repository with the name of its branch.
_BRANCH = re.compile(r"-(main|master)$")


def stem_of(name: str) -> str:
    """A file's name without its ending and without what marks a copy: "a (1).ipynb" is "a"."""
    stem, before = _ENDING.sub("", name), ""
    while stem != before:
        stem, before = _COPY.sub("", stem).strip(), stem
    return stem


def without_branch(name: str) -> str:
    """The name of a repository that GitHub packed with the name of its branch."""
    return _BRANCH.sub("", name)


def claim_of(place: Sequence[str], letter: Letter | None, zone: tzinfo, shared: Collection[str] = ()) -> Claim | None:
    """What a platform says of the file at `place`, by the outermost name that it wrote; None where none did. `shared`
    are folders that all files are in, such as Course_2027_03_01, which no platform wrote for one of them."""
    if letter:
        clock = "" if letter.when is None else "the mail server's" if letter.by_server else "the sender's own"
        name, address = letter.name, letter.address
        return Claim(EMAIL, (address, name), new_id=address, stem=stem_of(place[-1]), when=letter.when, clock=clock)
    telling = [at for at in range(1, len(place)) if at == len(place) - 1 or place[at] not in shared]
    claims = (claim for at in telling for claim in _claims_at(place, at, zone))
    return next(claims, None)


def _claims_at(place: Sequence[str], at: int, zone: tzinfo) -> Iterator[Claim]:
    """What the name number `at` of a path says, if a platform wrote it."""
    name = place[at]
    last = stem_of(place[-1]) if at + 1 < len(place) else ""
    if found := MOODLE.pattern.fullmatch(name):
        yield _moodle(found, last)
    elif found := BLACKBOARD.pattern.fullmatch(name):
        when = datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S") if _is_time(found["when"]) else None
        utc = when.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) if when else None
        user, typed = found["name"], found["file"] is None
        stem = last or stem_of(found["file"] or "")
        yield Claim("Blackboard", (user,), new_id=user, stem=stem, when=utc, clock="Blackboard's", typed=typed)
    elif found := CANVAS.pattern.fullmatch(name):
        yield _canvas(found, last)
    elif (found := _SUBMISSIONS.fullmatch(place[at - 1])) and name.startswith(f"{found['slug']}-"):
        # gh-classroom, clone/student-repos: the folder SLUG-submissions holds the repositories SLUG-USER.
        user = without_branch(name).removeprefix(f"{found['slug']}-")
        yield Claim("GitHub Classroom", (user,), new_id=user, stem=last)


def _canvas(found: re.Match[str], last: str) -> Claim:
    number = found["number"] or ""
    code = number or f"anon_{found['anonymous']}"
    texts = (found["name"],) if found["name"] else ()
    return Claim(
        "Canvas",
        texts,
        number=number,
        new_id="_".join((*texts, code)),
        apart=code,
        stem=last or _CANVAS_COPY.sub("", stem_of(found["file"] or "")),
        late=bool(found["late"]),
        order=int(found["order"][:18]) if found["order"] else None,
        typed=bool(found["typed"]),
    )


def _moodle(found: re.Match[str], last: str) -> Claim:
    name = found["name"].strip()
    typed = found["kind"] == "onlinetext"
    stem = last or stem_of(found["file"] or "")
    return Claim("Moodle", (name,), new_id=name, apart=found["number"] or "", stem=stem, typed=typed)


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return False
    return True
