# Casework: `make run` starts it, `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run setup test lint faults rights bench pins clean
# The first Python of this machine that is new enough.
FIND_PYTHON = for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done
PYTHON ?= $(shell $(FIND_PYTHON))
NEED_PYTHON = @test -n "$(PYTHON)" || { echo "Casework needs Python 3.11 or newer; this machine has: $$(python3 --version 2>&1 || echo none)"; exit 1; }
# Only from make's own command line: some shells export HOST as the machine's name.
HOST = 127.0.0.1
PORT = 8000
ARGS =

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: ## Set up what is missing and start the site: make run PORT=8000
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.run --host $(HOST) --port $(PORT)

setup: ## Only set up: Python packages, style sheets, fonts, translations
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.setup

test: ## Run the whole suite on every engine found: make test ARGS="-k ledger"
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.check $(ARGS)

faults: ## Try hard to break the promises (long; before a release)
	$(NEED_PYTHON)
	@CASEWORK_SIZE=L $(PYTHON) -m tools.check -m promise $(ARGS)

lint: ## Check style, types and layers
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.setup --dev --python-only
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports --no-logo

rights: ## Make the tables of rights anew, for review: make rights ARGS=living_aid
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.setup --dev --python-only
	@.venv/bin/python -m tests.security.permission_matrix --write $(ARGS)

bench: ## Measure what things cost beside hand-written SQL: make bench ARGS="--cases 200"
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.bench $(ARGS)

pins: ## Pin the Python packages again after a change of requirements*.in
	$(NEED_PYTHON)
	@$(PYTHON) -m tools.setup --dev --python-only
	@for f in requirements requirements-dev tools/npm; do .venv/bin/python -m uv pip compile --quiet --universal \
		--generate-hashes --python-version 3.11 --no-emit-index-url --custom-compile-command "make pins" $$f.in -o $$f.txt; done

clean: ## Remove what set-up made; keeps the database, files and keys in var/
	rm -rf .venv node_modules var/vendor var/npm var/stamps var/bytecode .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find casework tests tools -name __pycache__ -prune -exec rm -rf {} +
