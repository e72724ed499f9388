# Every target makes the environment it needs. Bare Python 3.11-3.13, make and git are enough.
# Start with `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help venv venv-bench demo test lint format types contracts pytest serve airflow lock clean bench

# Bytecode halves every start; machines that forbid it pay two to three times over.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
# One thread a process: the work is many small matrices, and tests share the machine.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export GX_ANALYTICS_ENABLED := false
export G7WARN_DATA ?= $(CURDIR)/../shared/data

PYTHON := .venv/bin/python
ARGS ?=
JSON ?=
say = @printf '\033[1m==> %s\033[0m\n'

help: ## this list
	@printf 'g7warn: early warning of stress in critical-minerals markets\n\n'
	@grep -hE '^[a-z-]+%?:.*## ' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /\t/' \
		| while IFS=$$'\t' read -r target text; do printf '  make %-12s %s\n' "$$target" "$$text"; done
	@printf '\nFirst: make demo. Variables: ARGS="..." passes arguments on, G7WARN_... are the settings.\n'

venv: ## make .venv from the hashed pins (again only when the pins change)
	@bash requirements/install.sh dev

venv-bench:
	@bash requirements/install.sh bench

demo: venv ## run the real DAGs on simulated data (or G7WARN_MIRROR) and show the graded alerts
	@$(PYTHON) ops/demo.py $(ARGS)

test: lint types contracts pytest ## all gates: style, types, import contracts, then the tests

lint: venv ## style and formatting
	$(say) 'ruff: style'
	@$(PYTHON) -m ruff check --quiet . && $(PYTHON) -m ruff format --quiet --check . && echo 'clean'

format: venv ## put the code into the project's format
	@$(PYTHON) -m ruff check --fix . && $(PYTHON) -m ruff format .

types: venv ## static types, strict
	$(say) 'mypy: types'
	@$(PYTHON) -m mypy

contracts: venv ## which layer may import which
	$(say) 'import-linter: layers'
	@$(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-cache | sed -n '/^Each layer/,$$p'

pytest: venv ## the tests alone; ARGS="-k nickel" picks some
	$(say) 'pytest: tests (real publishers'"'"' files: $(G7WARN_DATA))'
	@$(PYTHON) -m pytest $(ARGS)

serve: venv ## the archive and the members' pages on http://127.0.0.1
	@.venv/bin/g7warn serve $(ARGS)

airflow: venv ## a local Airflow with the DAGs: loopback only, Ctrl-C stops it
	@$(PYTHON) ops/launcher.py $(ARGS)

bench: bench-quality bench-speed ## the main benchmarks, against their peers
bench-%: venv-bench ## one benchmark of bench/; JSON=FILE keeps its figures
	@test -e 'bench/$*.py' || { echo "no bench/$*.py; there are: $$(cd bench 2>/dev/null && ls *.py | tr '\n' ' ')" >&2; exit 2; }
	$(say) 'bench: $*'
	@$(PYTHON) 'bench/$*.py' $(if $(JSON),--json '$(JSON)') $(ARGS)

lock: venv ## renew requirements/*.txt from pyproject.toml (needs the package index)
	@bash requirements/lock.sh $(ARGS)

clean: ## remove the environment and everything generated; the data under var/ stay
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find g7warn tests dags bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
