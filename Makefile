# make audit: the report of the bundled demo service.  make test: everything the tests need, then the tests.
# Nothing is installed outside this folder but, for `make test`, Chromium, Java and PostgreSQL where they are missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
TESTS ?= tests
PYTEST_OPTIONS ?= -n logical --dist loadfile

VENV := .venv
BIN := $(VENV)/bin
SPARK := \(pyspark\|py4j\)
DATACONTRACT := datacontract-cli[duckdb]>=1.2.8,<1.3
DATACONTRACT_LOCK := tests/contracts/datacontract.lock
# Names the folder and the interpreter, so that a clone that was moved is set up anew.
READY := $(VENV)/ready
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

.PHONY: help
help: ## this list
	@echo "make COMMAND, one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: audit
audit: setup ## sets up, then audits the demo service
	@$(BIN)/python -m cxaudit demo

.PHONY: test
test: setup browser engines datacontract ## sets up, then checks format, lint and types and runs the tests (TESTS=tests/readers for some)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest $(PYTEST_OPTIONS) $(TESTS)

FUZZ_EXAMPLES ?= 2000
.PHONY: fuzz
fuzz: setup ## throws hostile files at readers and contracts, new ones each time (FUZZ_EXAMPLES=2000 of each kind)
	@CXAUDIT_FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(BIN)/python -m pytest -n logical --durations=0 --durations-min=1 \
	  tests/readers/test_fuzzing*.py tests/contracts/test_fuzzing.py

.PHONY: lab
lab: setup ## opens the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

.PHONY: format
format: setup ## formats the code and mends what the linter can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: lock
lock: setup ## writes requirements.lock anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@$(BIN)/uv pip compile pyproject.toml --extra test --extra spark --extra postgres \
	  --universal --python-version 3.11 $(UPGRADE) \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock
	@echo '$(DATACONTRACT)' | $(BIN)/uv pip compile - --universal --python-version 3.11 $(UPGRADE) \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o $(DATACONTRACT_LOCK)

.PHONY: sql
sql: setup engines ## writes the SQL kept in docs/sql anew, after a definition changed
	@$(BIN)/python -W ignore::FutureWarning -m tests.engines.golden_sql

.PHONY: clean
clean: ## removes the environment and what tools left behind, never reports
	rm -rf $(VENV) dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

.PHONY: setup
setup: $(READY) ## makes the environment in .venv; instant when nothing changed
	@:

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$($(PYTHON) --version 2> /dev/null) || found="no $(PYTHON)"; \
	  echo "cxaudit needs Python 3.11 or newer. Found: $$found."; \
	  echo "Install one, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12"; exit 2; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$$($(PYTHON) --version) has no venv module. On Debian or Ubuntu: apt-get install python3-venv"; \
	  exit 2; } >&2
	@echo "Setting up in $(VENV): once, about half a minute, 1.4 GB"
	@$(PYTHON) -m venv --clear $(VENV)
	@# uv installs in a fraction of pip's time; its own version and hashes come from the lock too.
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	@# Spark, a quarter of it all, waits for `make engines`.
	@sed '/^$(SPARK)==/,/[^\\]$$/d' requirements.lock > $(VENV)/setup.txt
	@pip="$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check" && \
	if $$pip --require-hashes --only-binary :all: -r $(VENV)/uv.txt 2> /dev/null; \
	then install="$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python"; \
	else echo "  uv is not to be had here, and pip takes a minute longer" && install="$$pip"; fi && \
	$$install --require-hashes -r $(VENV)/setup.txt && \
	$$install --no-deps --no-build-isolation --editable .
	@printf '%s' "$(CURDIR)" > $@

# The report is tested in a real browser. BROWSER_PATH names one that is elsewhere.
.PHONY: browser
browser:
	@[ -x "$${BROWSER_PATH:-}" ] && exit 0; \
	for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do \
	  if command -v $$name > /dev/null; then exit 0; fi; \
	done; \
	admin=; [ "$$(id -u)" = 0 ] || admin="sudo -n"; \
	if command -v apt-get > /dev/null && $$admin true 2> /dev/null; then \
	  echo "Installing Chromium, which the report's tests use"; \
	  $$admin apt-get update -qq && \
	  $$admin env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null; \
	else \
	  echo "The tests open the report in Chromium, and it is missing here."; \
	  echo "Install it (Debian, Ubuntu: sudo apt-get install chromium), or set BROWSER_PATH to a Chromium or Chrome."; \
	  exit 2; \
	fi >&2

# The independent judge of contracts, in an environment of its own: its pins are not ours.
.PHONY: datacontract
datacontract: setup ## installs datacontract-cli, which the tests hold our contracts against
	@cmp -s $(DATACONTRACT_LOCK) $(VENV)/datacontract/installed.lock || { \
	  echo "Installing datacontract-cli in $(VENV)/datacontract: once, 430 MB" && \
	  rm -rf $(VENV)/datacontract && $(BIN)/uv venv --quiet --python $(BIN)/python $(VENV)/datacontract && \
	  $(BIN)/uv pip install --quiet --python $(VENV)/datacontract/bin/python \
	    --require-hashes -r $(DATACONTRACT_LOCK) && \
	  cp $(DATACONTRACT_LOCK) $(VENV)/datacontract/installed.lock; }

# The engines beside DuckDB. Without Java or PostgreSQL their tests are left out, and counted.
.PHONY: engines
engines: setup ## installs Spark, Java and PostgreSQL where they are missing, for the tests of engines
	@$(BIN)/python -c 'import pyspark' 2> /dev/null || { \
	  echo "Installing Spark in $(VENV): once, 450 MB" && \
	  sed -n '/^$(SPARK)==/,/[^\\]$$/p' requirements.lock > $(VENV)/spark.txt && \
	  $(BIN)/uv pip install --quiet --no-build-isolation --python $(BIN)/python \
	    --require-hashes -r $(VENV)/spark.txt; }
	@missing=; \
	command -v java > /dev/null || missing="default-jre-headless"; \
	command -v initdb > /dev/null || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || missing="$$missing postgresql"; \
	[ -n "$$missing" ] || exit 0; \
	admin=; [ "$$(id -u)" = 0 ] || admin="sudo -n"; \
	if command -v apt-get > /dev/null && $$admin true 2> /dev/null; then \
	  echo "Installing $$missing, which the tests of engines use"; \
	  $$admin apt-get update -qq && \
	  $$admin env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing > /dev/null; \
	else \
	  echo "Tests of Spark and PostgreSQL are left out where their programs are missing."; \
	  echo "Install them (Debian, Ubuntu: sudo apt-get install $$missing)."; \
	fi >&2
