# The one list of developer commands; `python` is the one on PATH, with '.[test,dev]' installed.
DATA ?= ../shared/data
export PYTHONPATH := src
# The README's own test command, word for word: what it promises is what is checked.
README_TEST := $(shell sed -n '/^python3 -m venv .*pytest -q$$/p' README.md)

.PHONY: check fix test demo real lock generated simulate

check:  ## everything that must hold before a commit is shared
	ruff format --check .
	ruff check .
	python -m mypy
	lint-imports --no-cache
	test -n "$(README_TEST)"
	$(README_TEST)

fix:  ## format, and mend what ruff can mend
	ruff format .
	ruff check --fix .

test:  ## the tests alone
	python -m pytest -q

demo:  ## a month of an invented agency, on this machine
	python -m mondaybridge demo

real:  ## real tasks as boards, every month closed; DATA=folder with the two files
	python -m mondaybridge.demo.real $(DATA)

SEEDS ?= 100
FIRST ?= 0
simulate:  ## months under faults: SEEDS=n FIRST=k; SEED=n replays one; PLANTED=all hunts planted bugs
	PYTHONPATH=src:tests python -m simulation --seeds $(SEEDS) --first $(FIRST) \
		$(if $(SEED),--seed $(SEED)) $(if $(PLANTED),--planted '$(PLANTED)')

lock:  ## pin the dependencies that an installation gets, with hashes and without hosts
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-annotate pyproject.toml -o requirements.lock

generated:  ## write what is generated: the mapping's schema, the commands, the rules and their tests
	python -m mondaybridge config schema > schemas/mappings.schema.json
	python -m mondaybridge.cli.reference > docs/cli.md
	PYTHONPATH=src:tests python -m rules > docs/rules.md
