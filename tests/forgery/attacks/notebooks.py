"""The notebook file itself as the weapon."""

from autograder.course.source_notebook import Json, marks_of
from tests.forgery.attack import AVERAGE, CHILD, RIGHT, WRONG, Attack, answer, cell, code


def _points(notebook: Json) -> None:
    for item in notebook["cells"]:
        marks = marks_of(item)
        if "points" in marks:
            marks |= {"points": 1000, "max_points": 1000, "schema_version": 99}


def _claims_check_cells(notebook: Json) -> None:
    cell(notebook, AVERAGE)["metadata"]["nbgrader"]["grade_id"] = AVERAGE + "_answer"


def _many_copies(notebook: Json) -> None:
    notebook["cells"] += [answer(notebook, AVERAGE)] * 500


def _kinds_swapped(notebook: Json) -> None:
    for item in notebook["cells"]:
        item["cell_type"] = {"code": "markdown", "markdown": "raw"}.get(item["cell_type"], "code")


def _fields_of_other_types(notebook: Json) -> None:
    notebook["cells"] += [
        None, 5, [], {"cell_type": [], "source": {}, "metadata": []},
        {"cell_type": "code", "source": [1, 2], "metadata": {"nbgrader": "x"}},
        code("1", nbgrader={"grade_id": ["cumulative_average"]}),
        code("1", nbgrader=[{"grade_id": "cumulative_average"}]),
    ]  # fmt: skip


def _cells_that_end_the_process(notebook: Json) -> None:
    notebook["cells"] = [
        *(code("a = 1") for _ in range(300)),
        *(code("import os; os._exit(0)") for _ in range(300)),
        *notebook["cells"][:100],
    ]


def _cells_without_end(notebook: Json) -> None:
    notebook["cells"] += [code(f"while {n} >= 0: pass") for n in range(500)]


def _a_check_cell_for_each_place(notebook: Json) -> None:
    notebook["cells"] += [cell(notebook, AVERAGE)] * 300


def _giant_pictures(notebook: Json) -> None:
    forged = (
        "import struct\nhead = b'\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\x0dIHDR' + struct.pack('>II', 8, 8)\n"
        "shown = get_ipython().outputs\nshown.pictures = 2**40\n"
        "shown.data('display_data', {'image/png': head + bytes(2**25)})\n"
    )
    notebook["cells"] += [code(forged + f"# {n}") for n in range(40)]


def _fixed_setup(notebook: Json) -> None:
    cell(notebook, "setup")["source"] = "import numpy as np\nnp.cumsum = lambda *a, **k: 0\ncheck = print\n"


def _code_in_fixed_cells(notebook: Json) -> None:
    """Patches numpy's comparisons, the stub of the check, and the guest, in the very cell where the item is looked at."""
    cell(notebook, "setup")["source"] += "\nimport sys\nsys.modules['check'].check = lambda *a: 4.0\n"
    cell(notebook, AVERAGE)["source"] = (
        f"{CHILD}np.allclose = lambda *a, **k: True\nguest['plain'] = lambda v: 4.0\n4.0"
    )


def _borrows_plots(notebook: Json) -> None:
    """Has the first pass begin anew as often as it can, each time for another plot or none at all."""
    lies = ("inputs_seen", "level", "nothing", "ax", "__builtins__", "inputs_seen' is not defined\\nname 'fig")
    notebook["cells"] += [code(f"raise NameError(\"name '{name}' is not defined\")") for name in lies * 50]


def _stem(notebook: Json) -> None:
    cell(notebook, "q2_1_update_stem")["source"] = "**Question 2.1** (1000 points) The key is 'A'."


def _a_second_notebook(notebook: Json) -> None:
    notebook["worksheets"] = [{"cells": [code(RIGHT, nbgrader={"grade_id": AVERAGE + "_answer"})]}]
    notebook["nbformat"] = 3


ATTACKS = (
    Attack("notebook", "points of its own", WRONG, change=_points),
    Attack("notebook", "a check cell that claims to be the answer", WRONG, change=_claims_check_cells, said="Missing cells"),
    Attack("notebook", "five hundred copies of the answer", WRONG, change=_many_copies, said="more than once"),
    Attack("notebook", "kinds of cells swapped", WRONG, change=_kinds_swapped, confined=False, said="type was changed"),
    Attack("notebook", "fields of other types", WRONG, change=_fields_of_other_types, said="isn't a cell"),
    Attack("notebook", "three hundred check cells", WRONG, change=_a_check_cell_for_each_place),
    Attack("notebook", "the fixed setup changed", WRONG, change=_fixed_setup, said="Fixed cells"),
    Attack("notebook", "code in fixed cells", WRONG, change=_code_in_fixed_cells, confined=False, said="Fixed cells"),
    Attack("notebook", "plots borrowed by lies", WRONG, change=_borrows_plots),
    Attack("notebook", "the fixed text of a question changed", WRONG, change=_stem, said="Fixed cells"),
    Attack("notebook", "cells of two formats", WRONG, change=_a_second_notebook),
    Attack("notebook", "hundreds of cells that end the process", WRONG, change=_cells_that_end_the_process,
           confined=False, said="ended the Python process", long=True),
    Attack("notebook", "hundreds of cells that never end", WRONG, change=_cells_without_end, confined=False, long=True),
    Attack("notebook", "a gigabyte of pictures", WRONG, change=_giant_pictures, confined=False, long=True),
)  # fmt: skip
