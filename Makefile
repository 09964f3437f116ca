# Every job a user has, one target each. `make` alone shows them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests wait for browsers and kernels a third of their time: half as many processes more than there are cores.
SPREAD = -n $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 ))) --dist loadfile
QUICK := "not slow and not browser and not whole"
NOTEBOOKS := $(wildcard START_HERE.ipynb case_studies/*.ipynb case_studies/*/*.ipynb case_studies/*/*/*.ipynb lib/woozle/notebook/template/*.ipynb)
# The cases that come with woozle; others are yours.
OURS := $(shell sed -n "s/^  - //p" case_studies/index.yaml)
YOURS := $(filter-out $(OURS),$(patsubst data/%/datapackage.json,%,$(wildcard data/*/datapackage.json)))
GIVEN = $(if $(AS_OF),--as-of $(AS_OF)) $(if $(TIME_ZONE),-p time_zone=$(TIME_ZONE))
# Compiled modules are kept, whatever the machine says: else each process compiles woozle anew.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help reports serve publish reproduce vega test quick ingest big lab desk assignments grade docs notebooks check lock release describe weights fonts clean distclean

help: ## show this help
	@echo "woozle: reproducible case studies of misinformation"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make reports CASES=dprk_troops_2024 AS_OF=2024-06-26 TIME_ZONE=Asia/Seoul JOBS=2 PDF=1"
	@echo "                                         only these cases, as of a moment, in the days of Seoul, two at once,"
	@echo "                                         as PDF too"
	@echo "  PYTHON=/path/to/python3 make reports   another Python (3.11 or later)"

reports: $(VENV)/run.stamp ## build every report into reports/; only what changed is built
	@$(BIN)/woozle reports $(CASES) $(GIVEN) $(if $(JOBS),--jobs $(JOBS)) $(if $(PDF),--pdf)

serve: $(VENV)/run.stamp ## show the reports in a browser, and build again on change
	@$(BIN)/woozle serve $(CASES)

# What a job needs to be told is asked before anything is installed.
NEEDED_DIR := a new folder: make publish DIR=folder
NEEDED_CASE := the case: make desk CASE=my_case
NEEDED_SUBMISSIONS := the folder or zip file of what was handed in: make grade SUBMISSIONS=folder
NEEDED_VERSION := the version: make release VERSION=0.2.0
needs-%:
	@$(if $($*),:,echo "Name $(NEEDED_$*)" >&2; exit 2)

publish: needs-DIR $(VENV)/run.stamp ## write the reports for a static host: make publish DIR=folder
	@$(BIN)/woozle publish "$(DIR)" $(CASES) $(GIVEN)

reproduce: $(VENV)/run.stamp ## build twice under different conditions and compare every byte
	@$(BIN)/python tools/reproduce.py $(CASES)

test: $(VENV)/dev.stamp ## run the tests (ALL=1: the slowest too; COVER=1: with the coverage of the quick ones)
	@$(if $(COVER),$(BIN)/python -m pytest -q $(SPREAD) -m $(QUICK) --cov --cov-report=term:skip-covered)
	@$(BIN)/python -m pytest $(SPREAD) $(if $(ALL),,-m "not slow$(if $(COVER), and (browser or whole))")
	@$(if $(YOURS),echo "The comparison of all cases is not tested against its stored figures: it holds yours too ($(YOURS)).",:)
	@$(BIN)/python -m pytest -o addopts= -q $(SPREAD) --nbval --nbval-sanitize-with tests/notebooks/sanitize.cfg case_studies/evidence.ipynb $(addprefix case_studies/,assignments $(OURS) $(if $(YOURS),,comparison))

quick: $(VENV)/dev.stamp ## run what takes a minute: before each commit
	@$(BIN)/python -m pytest -q $(SPREAD) -m $(QUICK)

ingest: $(VENV)/ingest.stamp ## install what reads web pages, PDFs, archives and bibliographies
	@echo "Now: $(BIN)/woozle import PATH --as CASE"

big: $(VENV)/big.stamp ## install what collections of many posts need
	@echo "Now: $(BIN)/woozle collect PATH -o posts.parquet"

lab: $(VENV)/lab.stamp ## open JupyterLab, at START_HERE.ipynb
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) START_HERE.ipynb

desk: needs-CASE $(VENV)/lab.stamp ## open the coding desk: make desk CASE=my_case (CODER=ab SECOND=1: a second coding)
	@$(BIN)/woozle code "$(CASE)" $(if $(CODER),--coder "$(CODER)") $(if $(SECOND),--second)

assignments: $(VENV)/classroom.stamp ## write a zip file for each student: make assignments ROSTER=class/roster.csv
	@$(BIN)/woozle classroom release --roster "$(or $(ROSTER),class/roster.csv)"

grade: needs-SUBMISSIONS $(VENV)/classroom.stamp ## grade what was handed in: make grade SUBMISSIONS=folder-or-zip (ASSIGNMENT=2 STUDENT=ada)
	@$(BIN)/woozle classroom grade "$(SUBMISSIONS)" --roster "$(or $(ROSTER),class/roster.csv)" $(if $(JOBS),--jobs $(JOBS)) \
	  $(foreach one,$(ASSIGNMENT),--assignment $(one)) $(foreach one,$(STUDENT),--student $(one))

docs: $(VENV)/dev.stamp ## build the documentation into docs/_build/html; broken links are errors
	@rm -rf docs/_generated  # pages of what has another name now
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo docs/_build/html/index.html

notebooks: $(VENV)/run.stamp ## run all notebooks and store their outputs in them
	@$(BIN)/python tools/write_templates.py
	@$(BIN)/woozle notebooks $(CASES)

check: $(VENV)/dev.stamp ## check the data packages, and style, types and imports of the code
	@for case in $(wildcard data/*/); do $(BIN)/woozle check $$case || exit 1; done
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check --line-length 100 $(NOTEBOOKS)
	@$(BIN)/ruff format --check --line-length 100 $(NOTEBOOKS)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/basedpyright

lock: $(VENV)/dev.stamp ## resolve the requirements anew, into requirements*.lock
	@sh tools/lock.sh $(BIN)/uv

release: needs-VERSION $(VENV)/dev.stamp ## check, build and tag a version: make release VERSION=0.2.0
	@$(BIN)/python tools/release.py "$(VERSION)"

describe: $(VENV)/dev.stamp ## bring datapackage.json and CODEBOOK.md of each case, and the pages on measures and formats, up to date
	@$(BIN)/woozle describe
	@$(BIN)/python tools/document_measures.py
	@$(BIN)/python tools/document_formats.py

weights: $(VENV)/dev.stamp ## fit the weights of the proposals anew on the coded cases
	@$(BIN)/python tools/fit_weights.py

vega: $(VENV)/run.stamp ## bundle the charts' script anew (after vl-convert changed)
	@$(BIN)/python tools/bundle_vega.py

fonts: $(VENV)/dev.stamp ## cut the fonts anew (needs Debian's fonts-noto-core and fonts-noto-cjk)
	@$(BIN)/python tools/subset_fonts.py

clean: ## remove reports and caches; your own work in mine/ and the environment stay
	@rm -rf data/.*.lock reports docs/_build docs/_generated docs/tutorial.ipynb .pytest_cache .ruff_cache .hypothesis build lib/*.egg-info
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	@rm -rf $(VENV)

# The environment. Each stamp is written last, so that an interrupted set-up never passes for a whole one.
$(VENV)/run.stamp: requirements.lock pyproject.toml tools/environment.sh
	@sh tools/environment.sh "$(PYTHON)" $(VENV) requirements.lock run.stamp

$(VENV)/ingest.stamp: requirements-ingest.lock pyproject.toml tools/environment.sh | $(VENV)/run.stamp
	@sh tools/environment.sh "$(PYTHON)" $(VENV) requirements-ingest.lock ingest.stamp

$(VENV)/big.stamp: requirements-big.lock pyproject.toml tools/environment.sh | $(VENV)/run.stamp
	@sh tools/environment.sh "$(PYTHON)" $(VENV) requirements-big.lock big.stamp

$(VENV)/lab.stamp: requirements-lab.lock pyproject.toml tools/environment.sh | $(VENV)/run.stamp
	@sh tools/environment.sh "$(PYTHON)" $(VENV) requirements-lab.lock lab.stamp

$(VENV)/classroom.stamp: requirements-classroom.lock pyproject.toml tools/environment.sh | $(VENV)/run.stamp
	@sh tools/environment.sh "$(PYTHON)" $(VENV) requirements-classroom.lock classroom.stamp

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml tools/environment.sh | $(VENV)/run.stamp
	@sh tools/environment.sh "$(PYTHON)" $(VENV) requirements-dev.lock dev.stamp
