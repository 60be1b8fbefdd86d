# The commands of this project; `make` alone lists them. Needs Python and make, nothing else.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON := .venv/bin/python
OPENBOT := .venv/bin/openbot
ASSISTANT := bot/.venv/bin/python
PYTEST := $(PYTHON) -m pytest -q
JOBS ?= 2

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

##@ Use

help: ## list these commands
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## try it: demo company, phone page in the browser, everything started
	@$(OPENBOT) train
	@$(OPENBOT) up --demo

clean-demo: .venv/.ready ## forget the demo: its orders, customers and secrets
	@$(OPENBOT) forget-demo

run: setup ## run for real: settings from the environment or .env
	@$(OPENBOT) train
	@$(OPENBOT) migrate
	@$(OPENBOT) seed --if-empty
	@$(OPENBOT) up

talk: setup ## a conversation in the terminal, while make demo runs
	@$(OPENBOT) talk

##@ Change the assistant

train: setup ## train it, if its files changed; a running one goes on with the new model
	@$(OPENBOT) train

dialogue: setup validate nlu conversations ## check it: files, held-out sentences, YAML conversations

# Texts that actions say and intents that only taps have are not in rules, stories or sentences; the rest is a mistake.
validate: setup
	@mkdir -p var/log
	@$(ASSISTANT) -m rasa data validate --data data --domain domain.yml --config config.yml >var/log/validate.log 2>&1 \
		|| { tail -n 20 var/log/validate.log; exit 1; }
	@! tr '\r' '\n' <var/log/validate.log | sed -n 's/.*UserWarning: //p' \
		| grep -v -e 'is not used in any story or rule' -e 'is not found in the NLU training data'
	@echo "The assistant's files fit together."

nlu: setup
	@$(ASSISTANT) -m bot.nlu.evaluate
	@$(PYTHON) tests/unit/reading/heldout_items.py

conversations: setup
	@$(OPENBOT) train
	@$(PYTEST) tests/dialogue

##@ Change the code

setup: .venv/.ready bot/.venv/.ready ## make both environments (brings uv along where it is missing)
	@:

.venv/.ready: uv.lock pyproject.toml .python-version scripts/setup.sh
	@scripts/setup.sh .

bot/.venv/.ready: bot/uv.lock bot/pyproject.toml scripts/setup.sh
	@scripts/setup.sh bot

format: setup ## put the code into the common form
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format --quiet .

fast: setup format-check lint types contracts unit ## the quick checks: form, lint, types, imports, unit tests

format-check: setup
	@.venv/bin/ruff format --check --quiet .

lint: setup
	@.venv/bin/ruff check --quiet .

types: setup
	@.venv/bin/mypy

contracts: setup
	@.venv/bin/lint-imports --no-logo

unit: setup
	@$(PYTEST) -n $(JOBS) tests/unit tests/test_architecture.py

integration: setup
	@$(PYTEST) -n $(JOBS) tests/integration tests/properties tests/panel

kills: setup
	@$(PYTEST) -n $(JOBS) tests/kill_matrix

assistant: setup
	@$(ASSISTANT) -m pytest -q -c bot/pytest.ini tests/assistant
	@$(ASSISTANT) -m pytest -q tests/nlu

e2e: setup ## all processes, driven through signed webhooks
	@$(OPENBOT) train
	@$(PYTEST) tests/panel_browser tests/e2e

check: fast integration kills assistant dialogue e2e ## all that CI runs

test: setup check ## from a fresh clone: set up, then check

migration: setup ## after a change of openbot/schema.py: make migration m="add floor to address"
	@$(PYTHON) -m openbot.migrations "$(m)"
	@.venv/bin/ruff format --quiet openbot/migrations

bench-panel: setup ## the panel under load, generated company, tables in bench/results; p="--full" for ten million messages
	@$(PYTHON) -m bench.panel $(p)

generated: setup ## rewrite what is generated: .env.example
	@$(PYTHON) -m openbot.env_example > .env.example.new && mv .env.example.new .env.example

.PHONY: help demo clean-demo run talk train dialogue validate nlu conversations setup format fast format-check lint \
	types contracts unit integration kills assistant e2e check test migration generated bench-panel
