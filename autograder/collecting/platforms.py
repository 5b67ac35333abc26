"""What the learning platforms write into the names of a download: whose file it is, whether it is late, its order."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
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


_ENDING = re.compile(r"\.ipynb(\.json|\.txt)?$|\.zip$|\.html$|\.eml$", re.IGNORECASE)
# What a second copy of a name is called by browsers and Windows, macOS, JupyterLab, Google Drive.
_COPY = re.compile(r" ?\([0-9]{1,3}\)$| copy( [0-9]{1,3})?$|-Copy[0-9]{1,3}$|^(Copy of|Kopie von|Copie de|Copia de) ")
_CANVAS_COPY = re.compile(r"-[0-9]{1,2}$")  # Canvas numbers a student's files of one name
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
        return _of_letter(letter, stem_of(place[-1]))
    for at in range(1, len(place)):
        is_file = at == len(place) - 1
        for platform in PLATFORMS:
            if not is_file and place[at] in shared and not platform.with_parent:
                continue
            text = f"{place[at - 1]}/{place[at]}" if platform.with_parent else place[at]
            if found := platform.pattern.fullmatch(text):
                claim = platform.read(found, zone)
                return claim if is_file else replace(claim, stem=stem_of(place[-1]))
    return None


def _of_letter(letter: Letter, stem: str) -> Claim:
    clock = "" if letter.when is None else "the mail server's" if letter.by_server else "the sender's own"
    texts = letter.address, letter.name
    return Claim(EMAIL, texts, new_id=letter.address, stem=stem, when=letter.when, clock=clock)


def _canvas(found: re.Match[str], _zone: tzinfo) -> Claim:
    number = found["number"] or ""
    code = number or f"anon_{found['anonymous']}"
    texts = (found["name"],) if found["name"] else ()
    return Claim(
        "Canvas",
        texts,
        number=number,
        new_id="_".join((*texts, code)),
        apart=code,
        stem=_CANVAS_COPY.sub("", stem_of(found["file"] or "")),
        late=bool(found["late"]),
        order=int(found["order"][:18]) if found["order"] else None,
        typed=bool(found["typed"]),
    )


def _moodle(found: re.Match[str], _zone: tzinfo) -> Claim:
    name = found["name"].strip()
    typed = found["kind"] == "onlinetext"
    number, stem = found["number"] or "", stem_of(found["file"] or "")
    return Claim("Moodle", (name,), new_id=name, apart=number, stem=stem, typed=typed)


def _blackboard(found: re.Match[str], zone: tzinfo) -> Claim:
    try:
        when = datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
        utc = when.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # such as the 30th of February
        utc = None
    user, stem = found["name"], stem_of(found["file"] or "")
    clock = "Blackboard's" if utc else ""
    return Claim("Blackboard", (user,), new_id=user, stem=stem, when=utc, clock=clock)


def _github(found: re.Match[str], _zone: tzinfo) -> Claim:
    user = without_branch(found["user"])
    return Claim("GitHub Classroom", (user,), new_id=user)


@dataclass(frozen=True)
class Platform:
    """How a platform names the files or folders of a download, and what that says; `source` is where this is known
    from. `with_parent`: the pattern is of the folder's name and the one in it."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], tzinfo], Claim]
    source: str
    with_parent: bool = False


PLATFORMS = (
    Platform(
        re.compile(
            r"(?P<name>[^_]+)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?"
        ),
        _moodle,
        "Moodle, mod/assign/classes/downloader.php (get_student_prefix, load_submissionplugin_filelist): the full name "
        "without underscores, or the group's, or Participant where marking is blind; a number that stands for the "
        "person in this assignment alone; a folder, or before Moodle 3.1 and by choice a file whose name follows.",
    ),
    Platform(
        re.compile(
            r".+?_(?P<name>[^_]+)_attempt_(?P<when>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<file>.*)|\.txt)",
        ),
        _blackboard,
        "nbgrader, plugins/zipcollect.py (FileNameCollectorPlugin.named_regexp): the assignment, the user name, the "
        "time of the attempt by the platform's clock, the file's name. A file .txt beside it tells of the attempt.",
    ),
    Platform(
        re.compile(
            r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?:anon_(?P<anonymous>[A-Za-z0-9]+)|(?P<number>[0-9]+))_"
            r"(?:(?P<order>[0-9]+)_(?P<file>.+)|(?P<typed>text|link)\.html)"
        ),
        _canvas,
        "Canvas, lib/content_zipper.rb (get_filename, sanitize_file_name, add_upload_submission): the sortable name in "
        "small letters without spaces and signs (a group's name for a group), LATE, the user's id or anon_ and a code, "
        "the attachment's id, the file's name. What was typed in is NAME_ID_text.html, a link NAME_ID_link.html.",
    ),
    Platform(
        re.compile(r"(?P<slug>[^/]+)-submissions/(?P=slug)-(?P<user>[^/]+)"),
        _github,
        "gh-classroom, cmd/gh-classroom/clone/student-repos/student-repos.go: the folder SLUG-submissions holds the "
        "repositories, which GitHub Classroom calls SLUG-USER.",
        with_parent=True,
    ),
)
