"""A class on a hub: each step as people click it, and what the system keeps from whom."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.course.course import load_course
from autograder.course.solved_notebook import solved
from autograder.course.source_notebook import Json
from tests.hub.clicks import open_assignment_list, open_formgrader
from tests.hub.conftest import HubInUse, set_up
from tests.hub.page import ROOT, commands
from tests.hub.people import Answer, Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.hub, pytest.mark.slow]
COURSE = load_course(ROOT)
FORMGRADER = "formgrader/api/assignment"
TAUGHT = "02_cumulative_average"  # the page's own example
SHARED = "01_state_updates"
CLICKED = "04_linear_attention"
ATTACKED = "03_recency"
LATER = "2100-01-01 00:00:00.000000 UTC"  # a hand-in that nbgrader would take for the last one


def pictures(folder: Path) -> Path:
    """Where screenshots go: a folder of the test, or the one that the environment variable PICTURES names."""
    return Path(os.environ.get("PICTURES", folder))


def what(assignment: str) -> dict[str, str]:
    return {"assignment_id": assignment, "course_id": "memory"}


def done(answer: Answer) -> Answer:
    assert answer["success"], answer
    return answer


def release(instructor: Desk, assignment: str) -> None:
    done(instructor.click(f"{FORMGRADER}/{assignment}/release"))


def save(student: Desk, assignment: str, notebook: Json) -> None:
    """What JupyterLab does when a notebook is saved."""
    path = f"api/contents/{assignment}/{assignment}.ipynb"
    student.click(path, {"type": "notebook", "content": notebook}, method="PUT")


def hand_in(student: Desk, assignment: str, notebook: Json | None = None) -> None:
    """Fetch, work and submit. Without a notebook the release is handed in as it is."""
    done(student.click("assignments/fetch", what(assignment)))
    if notebook:
        save(student, assignment, notebook)
    done(student.click("assignments/submit", what(assignment)))


def collect(instructor: Desk, assignment: str) -> str:
    return str(done(instructor.click(f"{FORMGRADER}/{assignment}/collect"))["log"])


def grade(hub: HubInUse, name: str, assignment: str) -> str:
    typed = hub.people[name].types(f"autograder grade {assignment}", hub.class_folder)
    assert typed.returncode == 0, typed.stdout + typed.stderr
    return typed.stdout


def scores(instructor: Desk, assignment: str) -> dict[str, float]:
    found = instructor.ask(f"formgrader/api/submissions/{assignment}")
    return {one["student"]: one["score"] for one in found if one["autograded"]}


def submissions(student: Desk, assignment: str) -> list[Json]:
    """What a student's Assignment List shows of what was handed in."""
    listed = done(student.ask("assignments", course_id="memory"))["value"]
    (mine,) = [one for one in listed if one["status"] == "submitted" and one["assignment_id"] == assignment]
    return list(mine["submissions"])


def test_an_assignment_goes_from_release_to_feedback_as_people_click_it(hub: HubInUse) -> None:
    ada, cleo, dan = hub.desk("ada"), hub.desk("cleo"), hub.desk("dan")
    release(ada, TAUGHT)
    hand_in(cleo, TAUGHT, solved(COURSE.assignment(TAUGHT)))
    hand_in(dan, TAUGHT)
    collect(ada, TAUGHT)
    typed = hub.people["ada"].types(commands("An assignment, from release to feedback"), hub.class_folder)
    assert "2 graded" in typed.stdout, typed.stderr
    full = COURSE.assignment(TAUGHT).max_points
    assert scores(ada, TAUGHT) == {"rmc-cleo": full, "rmc-dan": 0}
    done(ada.click(f"formgrader/api/submission/{TAUGHT}/rmc-cleo/autograde"))
    assert scores(ada, TAUGHT) == {"rmc-cleo": full, "rmc-dan": 0}
    done(ada.click(f"{FORMGRADER}/{TAUGHT}/generate_feedback"))
    done(ada.click(f"{FORMGRADER}/{TAUGHT}/release_feedback"))
    for student, told in ((cleo, f"{full:g} of {full:g} points"), (dan, f"0 of {full:g} points")):
        done(student.click("assignments/fetch_feedback", what(TAUGHT)))
        (submission,) = submissions(student, TAUGHT)
        page = student.ask(f"api/contents/{submission['local_feedback_path']}/{TAUGHT}.html")["content"]
        assert told in page

    others = hub.folder / "exchange" / "memory" / "feedback"
    assert hub.people["dan"].may_not(f"ls {others}")


def test_people_press_the_buttons_that_the_page_names(hub: HubInUse, browser: Browser, tmp_path: Path) -> None:
    formgrader = open_formgrader(browser, hub.address, hub.people["ada"])
    row = formgrader.locator("tr").filter(has_text=CLICKED)
    row.locator(".release a").click()
    formgrader.get_by_text("Successfully released").wait_for()
    formgrader.get_by_role("button", name="OK").click()
    assignments = open_assignment_list(browser, hub.address, hub.people["cleo"])
    for button, after in (("Fetch", "#fetched_assignments_list"), ("Submit", "#submitted_assignments_list")):
        item = assignments.locator(".list_item").filter(has_text=CLICKED)
        item.get_by_role("button", name=button).click()
        assignments.locator(after).get_by_text(CLICKED).first.wait_for()
        assignments.screenshot(path=pictures(tmp_path) / f"hub_{button.lower()}.png")
    row.locator(".collect a").click()
    formgrader.get_by_text("Successfully collected").wait_for()
    formgrader.screenshot(path=pictures(tmp_path) / "hub_formgrader.png")
    assert (hub.class_folder / "submitted" / "rmc-cleo" / CLICKED / f"{CLICKED}.ipynb").is_file()


def test_a_second_instructor_goes_on_where_the_first_stopped(hub: HubInUse) -> None:
    ada, ben, cleo, dan = (hub.desk(name) for name in ("ada", "ben", "cleo", "dan"))
    release(ada, SHARED)
    hand_in(cleo, SHARED)
    hand_in(dan, SHARED)
    collect(ada, SHARED)
    assert "2 graded" in grade(hub, "ada", SHARED)
    save(cleo, SHARED, solved(COURSE.assignment(SHARED)))
    done(cleo.click("assignments/submit", what(SHARED)))
    assert "Updating submission: rmc-cleo" in collect(ben, SHARED)
    assert "1 graded" in grade(hub, "ben", SHARED)
    full = COURSE.assignment(SHARED).max_points
    assert scores(ada, SHARED) == {"rmc-cleo": full, "rmc-dan": 0}
    for instructor in (ben, ada, ben):
        done(instructor.click(f"formgrader/api/submission/{SHARED}/rmc-dan/autograde"))
        done(instructor.click(f"{FORMGRADER}/{SHARED}/generate_feedback"))
        done(instructor.click(f"{FORMGRADER}/{SHARED}/release_feedback"))
    assert "0 graded" in grade(hub, "ada", SHARED)
    assert scores(ben, SHARED) == {"rmc-cleo": full, "rmc-dan": 0}


def test_two_instructors_dont_grade_at_once(hub: HubInUse) -> None:
    with (hub.class_folder / ".grading.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = hub.people["ben"].types(f"autograder grade {SHARED}", hub.class_folder)
    assert refused.returncode
    assert "Another grader" in refused.stderr


def test_a_file_that_only_the_first_instructor_may_write_is_told_with_what_mends_it(hub: HubInUse) -> None:
    lock = hub.class_folder / ".grading.lock"
    lock.touch()
    shutil.chown(lock, "rmc-ada")
    lock.chmod(0o644)
    try:
        refused = hub.people["ben"].types(f"autograder grade {SHARED}", hub.class_folder)
    finally:
        lock.chmod(0o664)
    assert refused.returncode
    assert "groupshared = True" in refused.stderr
    assert f"chmod -R g+rwX {hub.class_folder}" in refused.stderr


def test_who_comes_gets_in_and_who_leaves_stays_out(hub: HubInUse) -> None:
    settings = hub.course / "deploy" / "one_server" / "classroom.toml"
    settings.write_text(settings.read_text().replace("'rmc-dan'", "'rmc-dan', 'rmc-eve'"))
    set_up(hub.course, [hub.people["eve"]])
    eve = hub.desk("eve")
    assert not eve.ask("api/contents")["content"]
    subprocess.run(["gpasswd", "--delete", "rmc-eve", "rmc-students"], check=True)
    with pytest.raises(PermissionError):
        Desk(hub.people["eve"], hub.address)
    eve.stop()
    refused = eve.client.get("/hub/spawn/rmc-eve")
    assert refused.status_code == 403


def test_an_instructor_who_is_not_root_grades_in_isolation(hub: HubInUse) -> None:
    found = hub.people["ada"].types("autograder doctor --json", hub.class_folder)
    assert json.loads(found.stdout)["isolation"] in ("full", "fallback"), found.stdout


def test_only_a_students_own_files_are_collected(hub: HubInUse) -> None:
    """Each of these was taken by nbgrader's own collector: the solutions as dan's work, and dan's work as cleo's."""
    ada, cleo, dan = hub.desk("ada"), hub.desk("cleo"), hub.people["dan"]
    release(ada, ATTACKED)
    hand_in(cleo, ATTACKED, solved(COURSE.assignment(ATTACKED)))
    hand_in(hub.desk("dan"), ATTACKED)
    solution = hub.class_folder / "source" / ATTACKED
    notebook = f"{ATTACKED}.ipynb"
    as_cleo, linked = f"rmc-cleo+{ATTACKED}+{LATER}+a", f"rmc-dan+{ATTACKED}+{LATER}+b"
    holding_link, nameless = f"rmc-dan+{ATTACKED}+{LATER.replace('2100', '2099')}+c", f"rmc-dan+{ATTACKED}+soon+d"
    put = dan.types(
        f"""
        set -e
        mkdir '{as_cleo}' '{holding_link}' '{nameless}'
        echo '{{}}' > '{as_cleo}/{notebook}'
        ln -s {solution} '{linked}'
        ln -s {solution / notebook} '{holding_link}/{notebook}'
        ln -s {solution} '{holding_link}/folder'
        """,
        hub.inbound,
    )
    assert not put.stderr
    log = collect(ada, ATTACKED)
    assert "belongs to rmc-dan, not to rmc-cleo" in log
    assert "isn't the student's own" in log
    assert "is no folder" in log
    assert "has a name that" in log
    submitted = hub.class_folder / "submitted"
    assert len(json.loads((submitted / "rmc-cleo" / ATTACKED / notebook).read_text())["cells"]) > 10
    assert not list((submitted / "rmc-dan").rglob(notebook))
    assert sorted(path.name for path in submitted.iterdir()) == ["rmc-cleo", "rmc-dan"]


def test_a_student_reads_neither_class_nor_others_nor_the_hubs_secrets(hub: HubInUse) -> None:
    dan, cleo = hub.people["dan"], hub.people["cleo"]
    for place in (hub.class_folder, hub.inbound, hub.folder / "hub", cleo.home, hub.people["ada"].home):
        assert dan.may_not(f"ls {place}"), place
    for file in (
        hub.class_folder / "gradebook.db",
        hub.class_folder / "source" / TAUGHT / f"{TAUGHT}.ipynb",
        hub.class_folder / "course" / "solutions" / TAUGHT / "notebook.py",
        hub.class_folder / "submitted" / "rmc-cleo" / TAUGHT / f"{TAUGHT}.ipynb",
        hub.folder / "hub" / "cookie_secret",
    ):
        assert dan.may_not(f"cat {file}"), file
    assert dan.may_not(f"touch {hub.folder / 'exchange' / 'another'}")
    assert dan.may_not(f"mv {hub.folder / 'exchange' / 'memory'} {hub.folder / 'exchange' / 'gone'}")


def test_a_student_enters_nobody_elses_server_and_finds_no_formgrader(hub: HubInUse) -> None:
    hub.desk("ada")
    dan = hub.desk("dan")
    assert dan.client.get("/user/rmc-ada/api/contents").status_code == 403
    assert dan.client.get(f"{dan.base}/formgrader").status_code == 404
    assert dan.client.get("/hub/admin").status_code == 403
    assert "@jupyter/nbgrader:formgrader" in dan.client.get(f"{dan.base}/lab").text.partition("disabledExtensions")[2]
