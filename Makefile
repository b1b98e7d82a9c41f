# make serve: the page at http://127.0.0.1:7860    make test: lint, types, tests
# make parity: the CLAP models compared with transformers
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860

DATA ?= ../shared/data

.PHONY: serve test parity bench lint types unit format eval-bundled clean

serve: $(VENV)/web.stamp
	$(BIN)/anysound serve --port $(PORT)

test: lint types unit

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

unit: $(VENV)/dev.stamp
	$(BIN)/pytest -n auto --dist loadgroup -m "not parity"

# The CLAP models against transformers, at full size; installs torch.
parity: $(VENV)/dev.stamp $(VENV)/parity.stamp
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto -m parity

# The benchmarks of CLAP and of folders; what they compare with is installed by them, laion_clap in its own place.
bench: $(VENV)/parity.stamp
	$(BIN)/python -m benchmarks.clap
	$(BIN)/python -m benchmarks.folders
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --editable ".[parity]"
	.venv-bench/bin/pip install --quiet --requirement benchmarks/requirements.txt
	.venv-bench/bin/pip install --quiet --no-deps laion_clap==1.1.7 torchaudio==2.11.0
	.venv-bench/bin/python -m benchmarks.laion

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Accuracy on recordings that the bundled model was not trained on; DATA holds esc10/.
eval-bundled: $(VENV)/dev.stamp
	$(BIN)/python -m training.evaluate --data $(DATA)

# A stamp per extra: installing again waits for a change of pyproject.toml.
$(VENV)/%.stamp: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable ".[$*]"
	touch $@

clean:
	rm -rf $(VENV) .venv-bench .mypy_cache .ruff_cache .pytest_cache
