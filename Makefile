# `make` lists the targets; ARGS goes to the program that a target runs.
ARGS =
MVN = mvn -B
QUIETLY = -Dorg.slf4j.simpleLogger.defaultLogLevel=warn # -q would hide the compiler's warnings

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

check: ## what CI checks: format, compile with every warning an error, tests
	$(MVN) verify

format: ## formats every source file
	$(MVN) $(QUIETLY) -N verify -Dformat.mode=--replace

bench: ## the benchmarks, or those that ARGS names
	$(MVN) $(QUIETLY) -P bench -pl bench -am -DskipTests verify -Dbench.args="$(ARGS)"

docs: ## the documentation of core, into core/target/docs
	$(MVN) $(QUIETLY) -pl core compile exec:exec@docs

pages: ## docs/green.md and docs/green-calls.md from the tables that tests of green walk
	$(MVN) $(QUIETLY) -pl green -am test -Dtest=GreenPagesTest \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dgreen.pages=write

soak: ## the tests tagged `soak`: many seeds, many minutes
	$(MVN) -pl core,wsgi,dbpool,spawning,examples -am test -Dtests.only=soak -Dtests.except=none

autobahn: ## Autobahn's suite against the WebSocket server: some minutes
	$(MVN) -P autobahn -pl wsgi -am test -Dtest=AutobahnTest -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: help check format bench docs pages soak autobahn
