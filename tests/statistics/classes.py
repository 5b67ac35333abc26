"""Simulated classes: students of some ability answer questions with four options."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from autograder.statistics.estimates import Array, Estimate, resampled
from autograder.statistics.item_figures import choice_figures, item_figures
from autograder.statistics.scores import Scores
from autograder.statistics.verdicts import ItemChoice, ItemFinding, Measured, findings

OPTIONS = 4
RESAMPLES = 300  # enough to tell how often something is said
NOBODY = Estimate(0.0, 0.0, 0.0)


def all_counted(points: Array, most: Array | None = None) -> Scores:
    """Points of items that are all part of the total."""
    items = points.shape[1]
    return Scores(points, np.ones(items) if most is None else most, np.ones(items, dtype=bool))


def answers(chance: np.random.Generator, students: int, items: int) -> tuple[np.ndarray, np.ndarray]:
    """The option that each student chose (students x items), and the right ones. Students know an answer by a
    two-parameter logistic model; who doesn't takes a wrong option, of which some appeal more to the stronger ones."""
    ability = chance.standard_normal(students)
    key = chance.integers(0, OPTIONS, items)
    chosen = np.empty((students, items), dtype=int)
    for item in range(items):
        slope, difficulty = chance.lognormal(0.2, 0.35), chance.normal(-0.6, 0.8)
        knows = chance.random(students) < 1 / (1 + np.exp(-slope * (ability - difficulty)))
        wrong = [option for option in range(OPTIONS) if option != key[item]]
        appeal = chance.normal(0, 0.8, len(wrong)) + np.outer(ability, chance.normal(0, 0.4, len(wrong)))
        taken = (appeal + chance.gumbel(size=appeal.shape)).argmax(axis=1)
        chosen[:, item] = np.where(knows, key[item], np.array(wrong)[taken])
    return chosen, key


def findings_of(chosen: np.ndarray, key: Collection[int]) -> list[tuple[ItemFinding, ...]]:
    """What is said of each item when it is marked by this key."""
    students, items = chosen.shape
    keys = list(key)
    scores, weights = all_counted((chosen == np.array(keys)).astype(float)), resampled(students, times=RESAMPLES)
    options = [(item, option) for item in range(items) for option in range(OPTIONS)]
    columns = np.stack([chosen[:, item] == option for item, option in options], axis=1).astype(float)
    each = choice_figures(scores, [item for item, _ in options], columns, weights)
    choices: list[list[ItemChoice]] = [[] for _ in range(items)]
    for (item, option), figures, column in zip(options, each, columns.T, strict=True):
        choices[item].append(ItemChoice("ABCD"[option], option == keys[item], int(column.sum()), figures))
    return [
        findings(Measured(students, figures, choices[item], "option", NOBODY, NOBODY))
        for item, figures in enumerate(item_figures(scores, weights))
    ]
