"""Another processor computes other last digits. They are no difference; anything else is."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.course import load_course
from autograder.release.build import build, stale
from autograder.release.json_differences import differences
from autograder.release.public_side import encode
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TINY = ROOT / "tests" / "fixtures" / "tiny_course"
OLD_KERNELS = {"x86_64": "Nehalem", "aarch64": "ARMV8"}  # OpenBLAS's names; another linear algebra doesn't read them


def on_an_older_processor() -> dict[str, str]:
    """This environment, but numpy uses none of the features of this processor that it could do without."""
    numpy_itself = importlib.import_module("numpy._core._multiarray_umath")
    has = numpy_itself.__cpu_features__
    taken = [name for name in numpy_itself.__cpu_dispatch__ if has[name]]  # it refuses to be told of others
    kernel = OLD_KERNELS.get(platform.machine())
    blas = {"OPENBLAS_CORETYPE": kernel} if kernel else {}
    return os.environ | blas | ({"NPY_DISABLE_CPU_FEATURES": ",".join(taken)} if taken else {})


def check_on_an_older_processor(course: Path) -> tuple[int, str]:
    code = "import sys; from autograder.cli import main; sys.exit(main())"
    command = [sys.executable, "-W", "error", "-c", code, "build", "--check", "--course", str(course)]
    done = subprocess.run(command, capture_output=True, text=True, env=on_an_older_processor())
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_release_is_up_to_date_on_an_older_processor_too() -> None:
    assert check_on_an_older_processor(ROOT) == (0, "exercises/ agrees with solutions/.\n")


def test_one_changed_number_is_found_on_an_older_processor_too(tmp_path: Path) -> None:
    course = Path(shutil.copytree(TINY, tmp_path / "course"))
    build(load_course(course), course / "exercises")
    public = course / "exercises" / "01_tiny" / "public.json"
    public.write_text(public.read_text().replace('"numbers":[2.0,2.5,2.5]', '"numbers":[2.0,2.500002,2.5]', 1))
    code, said = check_on_an_older_processor(course)
    assert code == 1
    assert said.splitlines()[0] == (
        f"{public} isn't what solutions/01_tiny gives now: one value differs at "
        "items.row_means.expected.three rows of two.values[0].numbers[1] (2.500002 there, 2.5 now)."
    )


def test_other_last_digits_are_left_as_they_are(tmp_path: Path) -> None:
    course = load_course(TINY)
    build(course, tmp_path)
    public = tmp_path / "01_tiny" / "public.json"
    written = public.read_text().replace("[2.0,2.5,2.5]", "[2.0000000000000004,2.5,2.4999999999999996]")
    public.write_text(written)
    assert stale(course, tmp_path) == []
    assert build(course, tmp_path) == []
    assert public.read_text() == written


@pytest.mark.parametrize("damage", ["", "{", "{}", " {text}", '{text}{{"is":"Public"}}'])
def test_a_damaged_file_is_written_anew(damage: str, tmp_path: Path) -> None:
    course = load_course(TINY)
    build(course, tmp_path)
    public = tmp_path / "01_tiny" / "public.json"
    text = public.read_text()
    public.write_text(damage.replace("{text}", text))
    assert [sentence.split()[0] for sentence in stale(course, tmp_path)] == [str(public)]
    assert build(course, tmp_path) == [public]
    assert public.read_text() == text


def outcome(*numbers: float, dtype: str = "float64") -> Any:
    return {"is": "Outcome", "values": [encode(np.array(numbers, dtype=dtype))]}


ROUNDED = [
    pytest.param(outcome(0.1 + 0.2), outcome(0.3), id="the last digit"),
    pytest.param(outcome(1e-17, 1.0), outcome(0.0, 1.0), id="noise in place of 0"),
    pytest.param(outcome(3e-17), outcome(-2e-17), id="nothing but noise"),
    pytest.param(outcome(1e-5, 1e9), outcome(-1e-5, 1e9), id="noise beside a large number"),
    pytest.param(outcome(1e-30), outcome(1e-30 * (1 + 1e-10)), id="a small number's last digits"),
    pytest.param(outcome(0.34679383452834717), outcome(0.3467938345394494), id="a difference quotient"),
    pytest.param(outcome(1.1, dtype="float32"), outcome(1.1 + 2e-7, dtype="float32"), id="a float32"),
    pytest.param({"is": "Outcome", "values": [0.1 + 0.2]}, {"is": "Outcome", "values": [0.3]}, id="a number alone"),
    pytest.param({"is": "Case", "args": [[1e-17, 2.0]]}, {"is": "Case", "args": [[0.0, 2.0]]}, id="in a list"),
]


@pytest.mark.parametrize(("held", "fresh"), ROUNDED)
def test_a_rounding_is_no_difference(held: Any, fresh: Any) -> None:
    assert list(differences(held, fresh)) == []


CHANGED = [
    pytest.param(outcome(0.3 + 1e-6), outcome(0.3), id="a millionth"),
    pytest.param(outcome(1e-6 + 1e-12, 1.0), outcome(1e-6, 1.0), id="a millionth of a small number"),
    pytest.param(outcome(2.0 + 2e-6, dtype="float32"), outcome(2.0, dtype="float32"), id="a millionth of a float32"),
    pytest.param(outcome(1.0), outcome(-1.0), id="a sign"),
    pytest.param(outcome(1e-9), outcome(0.0), id="a small number in place of 0"),
    pytest.param(outcome(float("inf")), outcome(1e308), id="no number"),
    pytest.param(outcome(1.0), outcome(1.0, 1.0), id="how many"),
    pytest.param(outcome(1.0), outcome(1.0, dtype="float32"), id="the type"),
    pytest.param(outcome(1, dtype="int64"), outcome(2, dtype="int64"), id="a count"),
    pytest.param({"is": "Outcome", "values": [1]}, {"is": "Outcome", "values": [1.0]}, id="an integer"),
    pytest.param({"is": "Outcome", "values": [1]}, {"is": "Outcome", "values": [True]}, id="a truth"),
    pytest.param({"is": "Outcome", "trace": "rc"}, {"is": "Outcome", "trace": "cr"}, id="a text"),
    pytest.param({"is": "Outcome"}, {"is": "Outcome", "grew": True}, id="a field"),
    pytest.param({"is": "Tolerance", "size": 1e-15}, {"is": "Tolerance", "size": 2e-15}, id="what an author wrote"),
]


@pytest.mark.parametrize(("held", "fresh"), CHANGED)
def test_a_change_is_a_difference(held: Any, fresh: Any) -> None:
    assert list(differences(held, fresh))
    assert list(differences(fresh, held))
