# Everything runs in .venv, which is made at the first use; PYTHON=python3.12 takes another one.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
USABLE := $(VENV)/.usable
READY := $(VENV)/.ready
NEEDS := pyproject.toml .ci/constraints.txt .ci/make-venv
LOWEST := .venv-lowest

.PHONY: help demo test check fix format lint types architecture cover lowest crash-test model corpus second-opinion fuzz clients bench browser profile readme man sbom clean

help:  ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

$(USABLE): $(NEEDS)
	@PYTHON=$(PYTHON) sh .ci/make-venv $(VENV) use
	@touch $@

$(READY): $(NEEDS)
	@PYTHON=$(PYTHON) sh .ci/make-venv $(VENV) work
	@touch $(USABLE) $@

demo: $(USABLE)  ## upload a sample spreadsheet into the built-in sandbox dialer
	@mkdir -p .demo
	BULK_LOADER_HOME=.demo $(BIN)/bulk-loader upload sample_files/leads.csv --sandbox \
		--data "idcustomer={id}:name={name}" --results .demo/leads.results.csv
	@echo; echo "The results file, .demo/leads.results.csv, begins like this:"
	@head -n 4 .demo/leads.results.csv
	@echo; echo "Go on with: $(BIN)/bulk-loader check sample_files/damaged.xlsx"

T ?=
test: $(READY)  ## pass the tests; T="tests/ledger -k doubt" for some of them
	$(BIN)/python -m pytest -n 3 $(T)

check: format lint types architecture cover lowest readme  ## all that must hold before a change lands

fix: $(READY)  ## format, and mend what ruff can mend
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

architecture: $(READY)
	$(BIN)/lint-imports --no-cache

cover: $(READY)  ## the tests with their branch coverage
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n 3 --cov --cov-branch --cov-report=term

# Not the experiments and the documents, nor the readers of cells, which are our own code: they say
# nothing of other versions. The second store is asked by its own tests alone.
$(LOWEST)/.ready: $(NEEDS) .ci/lowest_versions.py
	@PYTHON=$(PYTHON) sh .ci/make-venv $(LOWEST) lowest
	@touch $@

lowest: $(LOWEST)/.ready  ## the tests with the lowest versions that pyproject.toml allows
	$(LOWEST)/bin/python -m pytest -n 3 -k "not postgres or test_postgres" --ignore tests/tools --ignore tests/typing \
		--ignore tests/reading --ignore tests/spreadsheets --ignore tests/ledger/model \
		--ignore tests/test_architecture.py --ignore tests/test_readme.py --ignore tests/test_man_page.py

RUNS ?= 300
crash-test: $(READY)  ## kill uploads and their databases, lose ledgers, run rivals, and hold the results against the dialer
	$(BIN)/python -m tests.tools.crash --runs $(RUNS)

model: $(READY)  ## look through all that may happen to programs that share a ledger, in larger worlds than the tests
	$(BIN)/python -m tests.ledger.model
	LEDGER_EXAMPLES=1000 $(BIN)/python -m pytest -q tests/ledger/test_machine.py

corpus: $(READY)  ## read the odd files with this program and with others, and print the score
	$(BIN)/python -m tests.tools.dirty.score

DIR ?= tests/tools/dirty
second-opinion: $(READY)  ## read the spreadsheets in DIR=… with LibreOffice too, and print what differs and why
	$(BIN)/python -m tests.tools.second_opinion "$(DIR)"

SECONDS ?= 300
fuzz: $(READY)  ## read files damaged at random for SECONDS=300; what breaks it is kept in .fuzz/
	nice $(BIN)/python -m tests.tools.fuzz --seconds $(SECONDS)

# What is missing is told and made good by a recording, so nothing here may fail for it.
clients: $(READY)  ## send tasks to the sandbox with curl, Python, fetch, jQuery, Java and C#, and print its answers
	@if command -v npm >/dev/null; then \
		npm install --silent --no-audit --no-fund --prefix .clients jquery@3 jsdom@26 || true; fi
	$(BIN)/python -m tests.tools.clients

bench: $(READY)  ## measure the program beside what people would use instead
	$(BIN)/python -m tests.tools.bench

profile: $(READY)  ## a flame graph of an upload, in .bench/
	$(BIN)/python -m tests.tools.bench.profile

readme: $(READY)  ## do what the README says, in a copy of the project and an empty environment
	PYTHON=$(PYTHON) sh .ci/try-readme $(CURDIR)/$(BIN)

browser: $(READY)  ## open the pages in Chromium, and look for what keeps people from using them
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group browser -c .ci/constraints.txt
	@npm install --silent --no-save --prefix .browser axe-core@4
	$(BIN)/python -m pytest -n 3 tests/sandbox/test_browser.py tests/reports/test_browser.py tests/desk/test_browser.py

man: $(READY)  ## write the man page anew from the help texts
	$(BIN)/python .readme/make_man_page.py

sbom: $(READY)  ## write what the program consists of, as CycloneDX, into .sbom/
	PYTHON=$(PYTHON) sh .ci/write-sbom $(BIN)/python .sbom/bulk-loader.cdx.json

clean:  ## remove what was made
	rm -rf $(VENV) $(LOWEST) .browser .sbom .bench .rivals .fuzz .clients .demo dist build .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
