"""`autograder verify`: prove the grader, and print what doesn't hold."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict

from autograder.course.course import Course
from autograder.report.terminal import json_line
from autograder.verify.prove import ProofCounts, verify_all


def verify(course: Course, names: Sequence[str], *, with_mutants: bool, as_json: bool) -> int:
    """Prove the named assignments, or all; the exit code is 1 if a claim doesn't hold."""
    counts = ProofCounts()
    for proof in verify_all(course, course.chosen(names), os.cpu_count() or 1, with_mutants):
        counts.add(proof)
        if as_json:
            print(json_line(json.dumps(asdict(proof), ensure_ascii=False)), flush=True)
        elif proof.problem:
            print(f"✗ {proof.assignment} {proof.kind}: {proof.claim}: {proof.problem}", flush=True)
    if not as_json:
        print(counts.text())
    return 1 if counts.failed else 0
