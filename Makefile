# Two commands: `make run` and `make test`. Each first installs what it needs.
.PHONY: run test test-postgresql check bench docs lock words clean
.DEFAULT_GOAL := run
PYTHON ?= python3
BIN := .venv/bin

run:  ## install, build, migrate, make the demo family, serve on http://127.0.0.1:8000
	@$(PYTHON) tools/bootstrap.py run
	@$(BIN)/quietdays serve --demo

test:  ## lint, types, layers, front-end tests, then every Python and browser test
	@$(PYTHON) tools/bootstrap.py test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -q -n 2 -m "not browser and not slow"
	@$(BIN)/pytest -q -n 2 -m "browser or slow"

test-postgresql:  ## the tests that use a database once more, on a PostgreSQL of their own
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/python -m tests.on_postgresql -q -n 2 -m "not slow" --ignore=tests/browser

check:  ## the quick part: lint, types, layers and the tests without a browser
	@$(PYTHON) tools/bootstrap.py test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -q -n 2 -m "not browser and not slow"

.PHONY: lint
lint:
	@! grep -n "://" requirements.lock requirements-dev.lock requirements-node.lock
	@! grep -n '"resolved"' frontend/package-lock.json
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent types && PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent

bench:  ## speed as a ratio to a named limit or peer, never a bare time
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/python -m bench

lock:  ## resolve the lock files again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -o requirements.lock pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --group dev -o requirements-dev.lock pyproject.toml

docs:  ## the documentation site, into build/docs
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs build/docs
	@echo "build/docs/index.html"

words:  ## bring the catalogues of the languages up to date with the code
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/python tools/catalogues.py update

clean:  ## remove what was installed and built; never the data
	rm -rf build .venv frontend/node_modules src/quietdays/web/static/built staticfiles
