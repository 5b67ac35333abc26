"""Texts of many people in groups that say alike things, so that a hundred are read as about twenty.

Without scikit-learn (the extra `review`), equal texts alone are found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

Width = Literal["narrow", "middle", "wide"]
CUTS: dict[Width, float] = {"narrow": 0.75, "middle": 0.86, "wide": 0.92}  # of the median distance between two texts
NEAR = 0.4  # a distance at which texts are copies of each other, whatever the others say
MOST_CHARACTERS = 5_000  # of a text that are looked at
_KEPT = set("/%-")  # punctuation that carries a meaning in 1/n, 50 % and -1


@dataclass(frozen=True)
class TextGroup:
    """Texts that say alike things, by their places in what was given: the most typical first, the least like it last.
    `equal`: they are the same but for case, spaces and punctuation."""

    members: tuple[int, ...]
    equal: bool


def groups_of(texts: Sequence[str], width: Width = "middle") -> tuple[TextGroup, ...]:
    """The texts in groups, each text in one, the largest group first; a text unlike all others is a group of its own.

    Two texts are as far apart as 1 - the cosine of their TF-IDF vectors of words and of 3 to 5 characters, with equal
    weights; groups are joined by average linkage, up to a share of the median distance: long texts on one question have
    more words in common than short ones. Narrow groups are more and purer. Nothing is understood: texts that differ by
    a "not" may be in one group.
    """
    equal = equal_texts(texts)
    written = [group for group in equal if plain(texts[group.members[0]])]
    if not finds_alike() or len(written) < 2:
        return equal
    found = _joined([plain(texts[group.members[0]]) for group in written], written, CUTS[width])
    empty = [group for group in equal if group not in written]
    return _largest_first([*found, *empty])


def equal_texts(texts: Sequence[str]) -> tuple[TextGroup, ...]:
    """The texts in groups that are the same but for case, spaces and punctuation; the largest group first."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(plain(text), []).append(place)
    return _largest_first([TextGroup(tuple(found), equal=True) for found in places.values()])


def finds_alike() -> bool:
    """Whether texts that are alike are found, too, and not equal ones alone: scikit-learn is installed."""
    return find_spec("sklearn") is not None


def plain(text: str) -> str:
    """The text in lower case, words separated by single spaces, without punctuation but for /, % and -."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("`", " ").replace("$", " ").replace("−", "-")
    return " ".join("".join(map(_plain_character, folded)).split())


def _plain_character(char: str) -> str:
    if char in "'’":
        return ""  # don't and dont are one word
    category = unicodedata.category(char)
    if category == "Cf":
        return ""  # of no width
    return " " if category[0] in "PCZ" and char not in _KEPT else char


def _joined(texts: Sequence[str], groups: Sequence[TextGroup], share: float) -> list[TextGroup]:
    """The groups of equal texts, of which each has one of the different `texts`, joined where these are alike."""
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    distances = _distances([text[:MOST_CHARACTERS] for text in texts])
    cut = max(NEAR, share * float(np.median(distances[np.triu_indices(len(texts), 1)])))
    tree = AgglomerativeClustering(n_clusters=None, distance_threshold=cut, metric="precomputed", linkage="average")
    joined: dict[int, list[int]] = {}
    for place, label in enumerate(tree.fit_predict(distances)):
        joined.setdefault(label, []).append(place)
    return [_one_group(places, groups, distances) for places in joined.values()]


def _one_group(places: Sequence[int], groups: Sequence[TextGroup], distances: Any) -> TextGroup:
    import numpy as np

    if len(places) == 1:
        return groups[places[0]]
    sizes = np.array([len(groups[place].members) for place in places])
    within = distances[np.ix_(places, places)]
    typical = int(np.argmin(within @ sizes))
    order = np.argsort(within[typical], kind="stable")
    return TextGroup(tuple(member for place in order for member in groups[places[place]].members), equal=False)


def _distances(texts: Sequence[str]) -> Any:
    """How far apart each two of n plain texts are: an array (n, n) of numbers from 0 to 1."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, lowercase=False, token_pattern=r"\S+")
    characters = TfidfVectorizer(sublinear_tf=True, lowercase=False, analyzer="char_wb", ngram_range=(3, 5))
    vectors = [one.fit_transform(texts) for one in (words, characters)]
    distances = np.clip(1 - sum((found @ found.T).toarray() for found in vectors) / len(vectors), 0, 1)
    np.fill_diagonal(distances, 0)
    return distances


def _largest_first(groups: Sequence[TextGroup]) -> tuple[TextGroup, ...]:
    return tuple(sorted(groups, key=lambda group: (-len(group.members), min(group.members))))
