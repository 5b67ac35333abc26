"""`--long` for the whole forgery suite; pytest knows it when tests/forgery is named on the command line."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="all hostile submissions, not a selection (minutes)")
