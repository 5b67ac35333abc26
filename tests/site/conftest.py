"""A small class's pages, as a browser would read them."""

from __future__ import annotations

from tests.review.conftest import graded_class, term

__all__ = ["graded_class", "term"]
