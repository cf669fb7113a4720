# One verb per chore. Every target may be run again at any time.
SHELL := /bin/bash
BIN := .venv/bin

.PHONY: setup demo run test check bench format lock clean install upgrade purge

setup:            ## bring what is missing: packages, Asterisk, Python environment, prompts
	@scripts/setup

demo: setup       ## the main job on real parts, in a throw-away city
	@$(BIN)/siaga112 demo

run: setup        ## the demo city until Ctrl-C
	@test -f var/city/siaga112.toml || $(BIN)/siaga112 init --demo-city var/city/siaga112.toml
	@$(BIN)/siaga112 --config var/city/siaga112.toml up

test: setup check ## the guards, then the whole suite, real servers included
	@$(BIN)/pytest

check:            ## style, types, the rooms' borders
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

bench: setup      ## how fast it is, beside others of its kind; twenty minutes (docs/benchmarks.md)
	@$(BIN)/python -m benchmarks.pdu
	@$(BIN)/python -m benchmarks.fuzz
	@$(BIN)/python -m benchmarks.sms_latency
	@$(BIN)/python -m benchmarks.sms_drain
	@$(BIN)/python -m benchmarks.calls_latency
	@$(BIN)/python -m benchmarks.calls_agi
	@$(BIN)/python -m benchmarks.calls_memory
	@$(BIN)/python -m benchmarks.calls_classic

format:
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock:             ## pin every dependency, with hashes, to what is newest now
	@$(BIN)/uv pip compile setup.cfg --extra dev --generate-hashes --python-version 3.11 --upgrade \
	  --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock --quiet

clean:            ## what was built, the demo city among it; var itself may hold your own city, with its tickets
	@rm -rf .venv var/demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

install:          ## on this machine, as root; with DESTDIR=FOLDER below that folder, as anybody (docs/installation.md)
	@DESTDIR="$(DESTDIR)" deploy/install $(ARGS)

upgrade:          ## the installed program to this version; deploy/rollback goes back
	@deploy/upgrade $(ARGS)

purge:            ## remove what install brought, but for the city's data
	@DESTDIR="$(DESTDIR)" deploy/purge $(ARGS)
