# Every target calls plain commands; README shows them for machines without make.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501
ARGS ?=

.PHONY: run test install check bench vendor picture

run: .venv/.installed
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/.installed-dev
	$(BIN)/python -m pytest $(ARGS)

install: .venv/.installed-dev

check: .venv/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m content check

bench: .venv/.installed-dev
	$(BIN)/python -m tests.bench $(ARGS)

# Fetch the vendored front-end files again and compare their checksums.
vendor: .venv/.installed-dev
	$(BIN)/python -m sim.pages.vendor $(ARGS)

# Take README's picture again.
picture: .venv/.installed-dev
	$(BIN)/python -m tests.browser.picture

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@
