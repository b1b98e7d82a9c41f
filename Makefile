PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860

DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help serve doctor test lint types unit parity docs bench dist container format eval-bundled clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/web.stamp ## the page at http://127.0.0.1:7860; another port: make serve PORT=8080
	$(BIN)/anysound serve --port $(PORT)

doctor: $(VENV)/web.stamp ## what this machine lacks, and what to do about it
	$(BIN)/anysound doctor --port $(PORT)

test: lint types unit ## lint, types and all tests but parity

lint: $(VENV)/dev.stamp ## style, by ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp ## types, by mypy
	$(BIN)/mypy

unit: $(VENV)/dev.stamp ## all tests but parity
	$(BIN)/pytest -n auto --dist loadgroup -m "not parity"

parity: $(VENV)/dev.stamp $(VENV)/parity.stamp ## the CLAP models against transformers, at full size; installs torch
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto -m parity

docs: $(VENV)/docs.stamp ## the documentation as a site, in build/docs
	$(BIN)/python -m tools.docs_site

# What they compare with is installed by them, laion_clap in its own place.
bench: $(VENV)/parity.stamp ## the benchmarks of CLAP and of folders
	$(BIN)/python -m benchmarks.clap
	$(BIN)/python -m benchmarks.folders
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --editable ".[parity]"
	.venv-bench/bin/pip install --quiet --requirement benchmarks/requirements.txt
	.venv-bench/bin/pip install --quiet --no-deps laion_clap==1.1.7 torchaudio==2.11.0
	.venv-bench/bin/python -m benchmarks.laion

dist: $(VENV)/dev.stamp ## the wheel and the source distribution, in dist/
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

container: $(VENV)/dev.stamp ## the Dockerfile, built and run without an engine; needs root, buildah and debootstrap
	$(BIN)/python -m container.prove

format: $(VENV)/dev.stamp ## put the code in its form, by ruff
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# DATA holds esc10/.
eval-bundled: $(VENV)/dev.stamp ## accuracy of the bundled model on recordings it was not trained on
	$(BIN)/python -m training.evaluate --data $(DATA)

# A stamp per extra: installing again waits for a change of pyproject.toml.
$(VENV)/%.stamp: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable ".[$*]"
	touch $@

clean: ## remove the environments and what tools have cached
	rm -rf $(VENV) .venv-bench build dist .mypy_cache .ruff_cache .pytest_cache
