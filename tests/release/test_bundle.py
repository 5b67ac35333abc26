"""One importable file is made of a few modules: what would not work as one file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import BundleError
from autograder.release.bundle import bundle

FIRST = '"""First."""\n\nimport math\n\nHALF = math.pi / 2\n'
SECOND = "from math import tau\n\nfrom autograder.first import HALF\n\n\ndef quarter():\n    return HALF / 2, tau\n"


def bundled(folder: Path, **modules: str) -> str:
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return bundle(tuple(modules), folder)


def test_modules_stand_one_after_the_other_without_the_package(tmp_path: Path) -> None:
    text = bundled(tmp_path, first=FIRST, second=SECOND)
    assert "autograder.first" not in text
    namespace: dict[str, object] = {}
    exec(text, namespace)
    quarter = namespace["quarter"]
    assert callable(quarter)
    assert quarter()[0] == pytest.approx(0.785398, abs=1e-6)


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ("import math\n\nHALF = 1\n", "second and first both define HALF"),
        ("from autograder.third import X\n\nY = X\n", r"second needs X of autograder\.third, which isn't shipped"),
        ("from autograder.first import HALF as H\n\nY = H\n", "an import of the package must keep its name: HALF"),
    ],
)
def test_what_would_not_work_as_one_file_is_refused(tmp_path: Path, second: str, says: str) -> None:
    with pytest.raises(BundleError, match=says):
        bundled(tmp_path, first=FIRST, second=second)


def test_a_module_can_not_stand_before_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="second needs HALF"):
        bundled(tmp_path, second=SECOND, first=FIRST)
