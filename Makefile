# make demo, make test, make check: each sets itself up in .venv and needs only Python 3.11 or newer, pip and make.
PYTHON ?= python3
BIN := .venv/bin
# Each module of tests stays in one process, and the slow ones come first; four also on two cores, as much is waiting.
PYTEST := $(BIN)/pytest --numprocesses=4 --dist=loadfile --no-loadscope-reorder
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: setup demo test check lint unit verify bench forgery fuzz crash clean browser strangers test-browser pictures hub test-hub

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Making .venv with what a class needs: the grader, nbgrader, JupyterLab."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python .ci/install.py --editable .
	@touch $@

# What only the tests need comes on top.
.venv/tested: .venv/ready
	@echo "Adding what the tests need to .venv."
	@$(BIN)/python .ci/install.py --editable '.[dev]'
	@touch $@

demo: setup
	$(BIN)/autograder demo

test: browser strangers lint verify unit

# What is quick of it, before each commit.
check: lint
	$(PYTEST) -m "not slow"
	@echo "Left out, and part of make test: autograder build --check, autograder verify, and the slow tests in"
	@grep -rl --include="test_*.py" "^pytestmark = .*mark\.slow" tests | sort | sed "s/^/    /"

lint: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

verify: setup
	$(BIN)/autograder build --check
	$(BIN)/autograder verify

unit: .venv/tested
	$(PYTEST)

# Chromium for the tests in a browser: where this may install it, from Debian's packages.
browser:
	@tests/browser/install_chromium.sh || true  # then the tests say that they were skipped

# The quiz software that exported questions are tried with: where npm can install it.
strangers:
	@tests/exports/install_strangers.sh || true  # then the tests say that they were skipped

test-browser: .venv/tested
	@tests/browser/install_chromium.sh || { echo "The tests in a browser were skipped."; exit 77; }
	$(PYTEST) tests/browser

# The pictures in course/images/ that no longer show what the pages show are taken anew.
pictures: .venv/tested
	PICTURES=new $(PYTEST) tests/browser

bench: setup
	$(BIN)/python -m benchmarks.compare_nbgrader
	$(BIN)/python -m benchmarks.marking_cost
	$(BIN)/python -m benchmarks.isolation_cost
	$(BIN)/python -m benchmarks.review_site

# The long forms of what `make test` runs in short.
forgery: .venv/tested
	FORGERY=long $(BIN)/pytest tests/forgery

fuzz: .venv/tested
	$(BIN)/python -m tests.fuzz.messages --inputs 1000000
	$(BIN)/python -m tests.fuzz.notebooks --mutants 10000

crash: .venv/tested
	$(BIN)/python -m tests.crash.kill --kills 200

# What a server for a class runs on. Every account has to be able to run it: a Python in somebody's home won't do.
hub: .hub/ready

.hub/ready: pyproject.toml constraints.txt
	@echo "Making .hub with what a hub needs: the grader, JupyterLab, JupyterHub and its proxy."
	@/usr/bin/python3 -m venv .hub
	@.hub/bin/python .ci/install.py --editable '.[hub]'
	@npm install --silent --prefix .hub configurable-http-proxy@4.6.3
	@touch $@

# As root: makes accounts on this machine, and removes them again.
test-hub: .venv/tested hub
	$(BIN)/pytest tests/hub

clean:
	rm -rf .venv .hub .strangers build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
