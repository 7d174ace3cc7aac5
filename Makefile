# Two commands are all a fresh machine needs: `make plan` and `make test`. Each does its own set-up.
# Needs: Python 3.11 or newer (PYTHON=...), make, and a package index that pip can reach.

PYTHON ?= python3
BIN := .venv/bin
SAMPLES := datasets/adspend_datasets/samples
OUT ?= plans/sample

.PHONY: plan test coverage check gate bench tune samples lock format clean

plan: .venv/runtime  ## plan a day from the bundled sample reports
	$(BIN)/adspend plan $(SAMPLES)/qianchuan_standard.csv --shop $(SAMPLES)/shop.toml --date 2026-11-23 --out $(OUT)

test: .venv/dev .venv/browser  ## every test but the heavy ones
	$(BIN)/python -m pytest -n 3 --dist worksteal

coverage: .venv/dev .venv/browser  ## the same with branch coverage, half as long again
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

check: .venv/dev  ## lint, types, import arrows, dependencies, wheel
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry optimizer models datasets
	$(BIN)/python tests/wheel_check.py

gate: .venv/dev .venv/browser  ## the heavy runs before a release
	$(BIN)/python -m pytest -n 2 -m gate

bench: .venv/dev  ## benchmarks; results go to benchmarks/results
	$(BIN)/python -m benchmarks

tune: .venv/dev  ## search the shipped policy again, from the numbers set by hand; some 8 minutes
	$(BIN)/adspend tune --policy untuned --numbers doubt --trials 8 --batch 8 --worlds 3 --fresh 12 --candidates 2 --seed 0 --workers 2 --out build/tuned

samples: .venv/dev  ## write the bundled samples again
	$(BIN)/python -m adspend_models.market.samples $(SAMPLES) --seed 20261123

lock: .venv/installer  ## lock the dependencies with hashes, for every supported Python
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv plans .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

# The environments. A stamp file says that a step is done; each depends on what would make it stale.
.venv/installer: requirements-installer.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-installer.lock
	@touch $@

.venv/runtime: .venv/installer requirements.lock pyproject.toml
	@[ -e .venv/dev ] || $(BIN)/uv pip sync --quiet --require-hashes requirements.lock requirements-installer.lock
	@[ -e .venv/dev ] || $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/installer requirements-dev.lock pyproject.toml
	$(BIN)/uv pip sync --quiet --require-hashes requirements-dev.lock requirements-installer.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/browser: .venv/dev  ## Chromium and a Chinese font where the system allows; the page's tests skip otherwise
	@sh tests/install_browser.sh
	@touch $@
