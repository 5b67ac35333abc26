from __future__ import annotations

import io
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.commands.taking_out.export_questions import FORMS
from autograder.course.course import Course
from autograder.exports.questions.question_export import LONG_NUMBERS, NO_IMAGES
from tests.conftest import ROOT


@pytest.mark.parametrize("form", FORMS)
def test_an_export_says_what_it_wrote_and_what_is_lost_of_which_question(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out"
    assert main(["export", form, "--course", str(ROOT), "--output", str(path), "01", "07"]) == 0
    said = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert f"wrote {path}: 12 questions of 2 assignments (6 single, 1 multi, 4 numeric, 1 free)" in said
    assert "The file holds the right answers: keep it from students." in said
    assert "The names of misconceptions stay here" in said
    assert "Questions: all but q7_6_evaluate." in said
    assert "is wrong or refused. Questions: q1_5_trace, q7_2_pigeon, q7_3_mse, q7_4_bits." in said
    assert "Questions: q1_3_reach." in said
    assert ("GIFT has no place for points" in said) == (form == "gift")
    assert path.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_course_gives_the_same_bytes(form: str, course: Course) -> None:
    chosen = [course.assignment("02_cumulative_average")]
    first, second = (FORMS[form][0](course, chosen).content for _ in range(2))
    assert first == second
    if form.startswith("qti"):
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_image_beside_the_notebook_and_an_endless_number_are_told(course: Course) -> None:
    chosen = course.assignment("02_cumulative_average")
    pictured = replace(chosen.questions[1], stem="What does ![a curve](images/curve.png) show?")
    endless = replace(chosen.questions[0], answer=1 / 3)
    given = replace(chosen, items={pictured.id: pictured, endless.id: endless})
    for write, _, _ in FORMS.values():
        lost = {loss.says: loss.ids for loss in write(course, [given]).losses}
        assert lost[NO_IMAGES] == (pictured.id,)
        assert lost[LONG_NUMBERS] == (endless.id,)
        assert not {NO_IMAGES, LONG_NUMBERS} & {loss.says for loss in write(course, [chosen]).losses}


def test_only_what_is_named_is_written(tmp_path: Path) -> None:
    path = tmp_path / "q.gift"
    assert main(["export", "gift", "--course", str(ROOT), "--output", str(path), "02"]) == 0
    assert set(re.findall(r"::q(\d)_", path.read_text())) == {"2"}


def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny_course: Course
) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "q.gift"
    assert main(["export", "gift", "--course", str(tiny_course.root), "--output", str(path)]) == 2
    assert f"{path} can't be written" in capsys.readouterr().err


def test_an_assignment_without_questions_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny_course: Course
) -> None:
    root = Path(shutil.copytree(tiny_course.root, tmp_path / "course"))
    folder = root / "solutions" / "01_tiny"
    (folder / "questions.yaml").write_text("items: []\n")
    cells = (folder / "notebook.py").read_text().split("# %%")
    (folder / "notebook.py").write_text("# %%".join(cell for cell in cells if 'question="' not in cell))
    path = tmp_path / "q.gift"
    assert main(["export", "gift", "--course", str(root), "--output", str(path)]) == 2
    assert "there is nothing to export" in capsys.readouterr().err
    assert not path.exists()
