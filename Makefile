# Every verb does its own set-up: a fresh machine needs Python 3.11, make and gcc.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed

.PHONY: install demo test check format bench docs golden fuzz lock clean

install: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)  ## a real table becomes a trained network that predicts
	@$(BIN)/python examples/demo.py

test: $(READY) check  ## everything that must hold
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY)  ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)  ## rewrite the code in the project's style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(READY)  ## rewrite the files that tests compare with, to be reviewed
	$(BIN)/python -m pytest -q tests/test_docs.py tests/test_public_names.py --golden -k "fresh or golden"

bench: $(READY)  ## how fast, beside others, on this machine
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/readings.py

fuzz: $(READY)  ## a million broken model files
	LAYERWISE_FUZZ_FILES=1000000 $(BIN)/python -m pytest -q tests/model/test_bundle_fuzz.py

docs: $(READY)  ## the reference pages, and the API as HTML in build/docs
	$(BIN)/python docs/generate.py

lock: $(READY)  ## pin every dependency with its hashes
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --strip-extras --allow-unsafe --extra dev \
	  --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
